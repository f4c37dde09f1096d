"""Does a cosine say that a neighbour is solved alike? The table behind index/nearness.py.

    python bench/nearness.py ../shared/data/gsm8k_train.jsonl --sample 1200 --seed 5 [--embedder NAME]

For each sampled problem the three nearest others: how alike their annotated solutions' structures are, by cosine,
beside pairs drawn at random.

    python bench/nearness.py --subjects ../shared/data/math_train.jsonl --sample 2000 --seed 5 [--embedder NAME]

How often the nearest other problem of the sample is of the same subject (MATH names one for each): what an embedder
finetuned on word problems is worth elsewhere.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from accuracy import read_jsonl, wilson

from index.embedder import DEFAULT_EMBEDDER, open_embedder
from index.nearness import DEVIATIONS
from index.retrievers import embedded
from index.standards import SMALLEST, annotated_problems
from index.structure import similarity

NEAREST, RANDOM_PAIRS, ALIKE = 3, 3_000, 0.5
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("--subjects", action="store_true")
    parser.add_argument("--sample", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--embedder", default=DEFAULT_EMBEDDER)
    parser.add_argument("--cache", type=Path, default=Path(".cache/retrieval"))
    options = parser.parse_args()
    if options.subjects:
        same_subject(options)
        return
    known = annotated_problems(options.problems)
    vectors = embedded([row["problem"] for row, _ in known], open_embedder(options.embedder), options.cache)
    rng = random.Random(options.seed)
    chosen = rng.sample(range(len(known)), min(options.sample, len(known)))
    pairs: list[tuple[float, float]] = []
    for place in chosen:
        own = known[place][1]
        if own is None or own.operations < SMALLEST:
            continue
        cosines = vectors @ vectors[place]
        cosines[place] = -1
        for other in np.argsort(-cosines)[:NEAREST].tolist():
            theirs = known[other][1]
            if theirs is not None:
                pairs.append((float(cosines[other]), similarity(own, theirs)))
    drawn, cosines_drawn = [], []
    for _ in range(RANDOM_PAIRS):
        places = rng.sample(chosen, 2)
        cosines_drawn.append(float(vectors[places[0]] @ vectors[places[1]]))
        one, two = (known[place][1] for place in places)
        if one is not None and two is not None and one.operations >= SMALLEST:
            drawn.append(similarity(one, two))
    out = sys.stdout.write
    out("| cosine | pairs | same calculation | similarity ≥ 0.5 |\n|---|---|---|---|\n")
    out(_row("random pairs", drawn))
    for low, high in pairwise(EDGES):
        out(_row(f"{low:.2f} to {min(high, 1):.2f}", [alike for cosine, alike in pairs if low <= cosine < high]))
    mean, spread = float(np.mean(cosines_drawn)), float(np.std(cosines_drawn))
    out(f"\nRandom pairs: cosine {mean:.3f}, standard deviation {spread:.3f}; ")
    out(f"{DEVIATIONS:.0f} of them above it: {mean + DEVIATIONS * spread:.2f}\n")


def same_subject(options: argparse.Namespace) -> None:
    rows = random.Random(options.seed).sample(read_jsonl(options.problems), options.sample)
    vectors = embedded([row["problem"] for row in rows], open_embedder(options.embedder), options.cache)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    subjects = np.array([row["subject"] for row in rows])
    good = int((subjects[cosines.argmax(axis=1)] == subjects).sum())
    chance = sum((subjects == name).mean() ** 2 for name in set(subjects.tolist()))
    low, high = wilson(good, len(rows))
    sys.stdout.write(
        f"{options.embedder}: nearest of the same subject {good:,} of {len(rows):,} "
        f"({good / len(rows):.1%}; {low:.1%} to {high:.1%}), by chance {chance:.1%}\n"
    )


def _row(label: str, alike: Sequence[float]) -> str:
    if not alike:
        return f"| {label} | 0 | | |\n"
    same, near = (sum(value >= least for value in alike) / len(alike) for least in (1.0, ALIKE))
    return f"| {label} | {len(alike):,} | {same:.1%} | {near:.1%} |\n"


if __name__ == "__main__":
    main()
