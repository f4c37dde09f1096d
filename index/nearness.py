"""From which cosine on a neighbour is worth showing, which depends on the embedder whose cosine it is."""

from __future__ import annotations

from typing import Any

from index.embedder import MATHLEARN, MINILM
from index.vectors import sample

# From these on, eight times as many neighbours as problems drawn at random are solved by the same calculation (our own
# embedder), and almost five times as many (MiniLM as it comes): bench/nearness.py, bench/RESULTS.md.
MEASURED = {MATHLEARN: 0.60, MINILM: 0.70}
# How far above the mean of random pairs a neighbour stands with an embedder that nobody measured, in their standard
# deviations. For the two above, on GSM8K (400 problems), it comes to 0.59 and 0.76: about as careful, or more so.
# bench/nearness.py says it for any embedder.
DEVIATIONS = 4.0
# More is asked of no embedder, and so much wherever too few vectors tell nothing of how its cosines lie.
AT_MOST = 0.95
SAMPLED, FEW = 300, 20


def near_from(embedder: str, index: Any) -> float:
    """The least cosine worth showing, of the embedder of that name, in the FAISS index that it made."""
    import numpy as np

    if embedder in MEASURED:
        return MEASURED[embedder]
    vectors = sample(index, SAMPLED)
    if len(vectors) < FEW:
        return AT_MOST
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    return min(AT_MOST, float(cosines.mean() + DEVIATIONS * cosines.std()))
