"""Puts problems with the same kinds of quantities, relations and question before others that are as near in meaning.

The weights are those of a logistic regression on four comparisons of two problems' texts (`python -m
finetune.reranker`), which lie in tuned/reranker.json with where they come from.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import sqrt
from pathlib import Path
from statistics import fmean

from index.quantities import Quantities

FILE = Path(__file__).parent / "tuned" / "reranker.json"
FEATURES = ("kinds", "relations", "asked", "numbers")
MOST_NUMBERS_APART = 5
NO_DIFFERENCE = 1e-9  # of kinships: less is a matter of rounding


def compared(one: Quantities, other: Quantities) -> tuple[float, ...]:
    """FEATURES of two problems: how far the counts overlap, in [0, 1], and how many numbers more one has."""
    apart = min(abs(one.kinds.total() - other.kinds.total()), MOST_NUMBERS_APART)
    return (
        _overlap(one.kinds, other.kinds),
        _overlap(one.relations, other.relations),
        _overlap(one.asked, other.asked),
        float(apart),
    )


def kinship(problem: Quantities, others: Sequence[Quantities]) -> list[float]:
    """How much each of the others is a problem of the same kind: log-odds but for a constant."""
    weights = _weights()
    return [
        sum(weight * value for weight, value in zip(weights, compared(problem, other), strict=True)) for other in others
    ]


def standings(cosines: Sequence[float], kinships: Sequence[float]) -> list[float]:
    """Cosines, moved by kinship: the two count alike, each by how far it stands out among these candidates."""
    middle, spread = _spread(kinships)
    if spread < NO_DIFFERENCE:
        return list(cosines)
    scale = _spread(cosines)[1] / spread
    return [cosine + scale * (kin - middle) for cosine, kin in zip(cosines, kinships, strict=True)]


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation, both 0 for no values; `statistics` is exact, and takes half a millisecond for it."""
    middle = fmean(values) if values else 0.0
    return middle, sqrt(fmean((value - middle) ** 2 for value in values)) if values else 0.0


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    """Shared ÷ all (weighted Jaccard); 0 where neither has anything."""
    shared = sum(min(count, other[name]) for name, count in one.items() if name in other)
    everything = one.total() + other.total() - shared
    return shared / everything if everything else 0.0


@cache
def _weights() -> tuple[float, ...]:
    kept = json.loads(FILE.read_text(encoding="utf-8"))["weights"]
    return tuple(float(kept[name]) for name in FEATURES)
