"""Fits the weights of index/reranking.py on annotated problems: `python -m finetune.reranker`.

Queries are of signatures that index/standards.py lets something be trained on. Their candidates come from words and
from MiniLM as it is, which has seen none of them; from the embedder that was trained on these problems they would
come as from no other.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from index.embedder import MINILM, open_embedder
from index.quantities import quantities
from index.reranking import FEATURES, FILE, compared
from index.retrievers import bm25, dense
from index.standards import Standard, structure_standard

QUERIES, SEED = 700, 1
CANDIDATES = 100
PENALTY = 1.0  # L2, scikit-learn's C: far from mattering with so many pairs and four weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds gsm8k_train.jsonl")
    parser.add_argument("--cache", type=Path, default=Path(".cache/retrieval"), help="where embeddings are kept")
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    standard = structure_standard(options.data / "gsm8k_train.jsonl", queries=QUERIES, seed=SEED, training=True)
    weights, pairs = fit(standard, options.cache)
    kept = {
        "weights": {name: round(weight, 4) for name, weight in weights.items()},
        "fitted on": f"{len(standard.queries)} problems of GSM8K train, {pairs} pairs, seed {SEED}",
        "fitted again by": "python -m finetune.reranker --data FOLDER",
    }
    options.out.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def fit(standard: Standard, cache: Path) -> tuple[dict[str, float], int]:
    """The weights by feature, and on how many pairs; a pair is good where the structures are alike in some degree."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    told = [quantities(record.problem) for record in standard.corpus]
    rankings = np.hstack([ranker(standard)[:, :CANDIDATES] for ranker in (bm25, dense(open_embedder(MINILM), cache))])
    values: list[tuple[float, ...]] = []
    gains: list[float] = []
    for query, ranking in zip(standard.queries, rankings, strict=True):
        for place in sorted(set(ranking.tolist()) - query.left_out):
            values.append(compared(told[query.place], told[place]))
            gains.append(query.gains.get(place, 0.0))
    features, gain = np.array(values), np.array(gains)
    spread = features.std(axis=0) + 1e-9
    model = LogisticRegression(C=PENALTY).fit(features / spread, gain > 0, sample_weight=np.maximum(gain, 1.0))
    return dict(zip(FEATURES, (model.coef_[0] / spread).tolist(), strict=True)), len(values)


if __name__ == "__main__":
    main()
