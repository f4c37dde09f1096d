"""Predicts a solution's structure from the problem's text alone, with ridge regression on its words.

Measured beside the other retrievers (index/evaluate.py), which it does not beat: a problem's words say little of the
calculation, and a regression answers with the structures that it was trained on. The product does not use it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index.masking import masked
from index.structure import Structure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

WORD_BUCKETS, STRUCTURE_BUCKETS = 2048, 256
RIDGE = 2.0
_WORD = re.compile(r"[a-z]+|\?")
_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True)
class StructurePredictor:
    """`weights` (WORD_BUCKETS, STRUCTURE_BUCKETS) map words, less `words_mean`, to a structure, less `mean`."""

    weights: Vectors
    words_mean: Vectors
    mean: Vectors

    @classmethod
    def fit(cls, problems: Sequence[str], structures: Sequence[Structure]) -> StructurePredictor:
        import numpy as np

        words = np.stack([word_vector(problem) for problem in problems])
        wanted = np.stack([structure_vector(structure) for structure in structures])
        words_mean, mean = words.mean(axis=0), wanted.mean(axis=0)
        centred = words - words_mean
        normal = centred.T @ centred + RIDGE * np.eye(WORD_BUCKETS, dtype=np.float32)
        return cls(np.linalg.solve(normal, centred.T @ (wanted - mean)), words_mean, mean)

    def scores(self, problems: Sequence[str], structures: Sequence[Structure]) -> Vectors:
        """(problems, structures): how well each structure fits what is predicted, both less their mean; a cosine
        but for the length of the prediction, which orders nothing."""
        import numpy as np

        predicted = (np.stack([word_vector(problem) for problem in problems]) - self.words_mean) @ self.weights
        held = np.stack([structure_vector(structure) for structure in structures]) - self.mean
        held /= np.maximum(np.linalg.norm(held, axis=1, keepdims=True), 1e-9)
        fits: Vectors = predicted @ held.T
        return fits


def word_vector(problem: str) -> Vectors:
    """Unit vector of single words, pairs and triples of the text without its story, and of how many numbers it has."""
    words = _WORD.findall(masked(problem.replace("$", " dollars ").replace("%", " percent ")).lower())
    told = len(_NUMBER.findall(problem))
    triples = (f"{one} {two} {three}" for (one, two), (_, three) in pairwise(pairwise(words)))
    counts = (f"#{least}" for least in range(min(told, 9) + 1))
    return _hashed((*words, *map(" ".join, pairwise(words)), *triples, *counts), WORD_BUCKETS)


def structure_vector(structure: Structure) -> Vectors:
    """Unit vector of a structure's features."""
    return _hashed(structure.features.elements(), STRUCTURE_BUCKETS)


def _hashed(features: Iterable[str], buckets: int) -> Vectors:
    import numpy as np

    vector = np.zeros(buckets, np.float32)
    for feature in features:
        vector[zlib.crc32(feature.encode()) % buckets] += 1
    vector = np.sqrt(vector)
    unit: Vectors = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
