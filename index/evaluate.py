"""Measures retrievers against gold standards: recall, hits, MRR and nDCG with intervals, beside what chance gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, log2
from typing import TYPE_CHECKING

from index.standards import Query, Standard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTH = 100
RESAMPLES = 2_000
METRICS = ("hit@1", "hit@3", "hit@10", "recall@10", "MRR", "nDCG@10")

# A standard in; places of its corpus out, best first, DEPTH + left-out of them for each query (queries × n).
Retriever = Callable[[Standard], "NDArray[np.int64]"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        low, high = (f"{end:.3f}".removeprefix("0") for end in (self.low, self.high))
        return f"{self.mean:.3f} ({low}–{high})"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a retriever on a standard; `over` is its nDCG@10 less the reference's, paired."""

    standard: str
    retriever: str
    queries: int
    figures: Mapping[str, Figure]
    over: Figure | None


def evaluate(standard: Standard, retrievers: Mapping[str, Retriever], reference: str) -> list[Row]:
    """One row a retriever, each on the same queries; `reference` is the one that the others are held against."""
    measured = {name: per_query(standard, retriever(standard)) for name, retriever in retrievers.items()}
    rows = []
    for name, values in measured.items():
        figures = {metric: bootstrap(values[metric]) for metric in METRICS}
        against = measured.get(reference)
        paired = None
        if against is not None and name != reference:
            paired = bootstrap([a - b for a, b in zip(values["nDCG@10"], against["nDCG@10"], strict=True)])
        rows.append(Row(standard.name, name, len(standard.queries), figures, paired))
    return rows


def per_query(standard: Standard, rankings: NDArray[np.int64]) -> dict[str, list[float]]:
    """Every metric for every query, in the order of the standard's queries."""
    values: dict[str, list[float]] = {metric: [] for metric in METRICS}
    for query, ranking in zip(standard.queries, rankings, strict=True):
        places = [place for place in ranking.tolist() if place not in query.left_out][:DEPTH]
        for metric, value in _metrics(query, places).items():
            values[metric].append(value)
    return values


def chance(standard: Standard) -> dict[str, float]:
    """What a ranking drawn at random is expected to score: exact, no simulation."""
    means = dict.fromkeys(METRICS, 0.0)
    for query in standard.queries:
        total = len(standard.corpus) - len(query.left_out)
        right = len(query.relevant)
        for k in (1, 3, 10):
            shown = min(k, total)
            means[f"hit@{k}"] += 1 - comb(total - right, shown) / comb(total, shown)
        means["recall@10"] += min(10, total) / total
        missed = 1.0
        for rank in range(1, min(DEPTH, total) + 1):
            first = missed * right / (total - rank + 1)
            means["MRR"] += first / rank
            missed -= first
        mean_gain = sum(query.gains.values()) / total
        means["nDCG@10"] += mean_gain * sum(map(_discount, range(min(10, total)))) / _ideal(query)
    return {metric: value / len(standard.queries) for metric, value in means.items()}


def bootstrap(values: Sequence[float], *, seed: int = 0) -> Figure:
    """The mean with its percentile interval over RESAMPLES resamples of the queries."""
    import numpy as np

    array = np.asarray(values, float)
    drawn = np.random.default_rng(seed).integers(0, len(array), (RESAMPLES, len(array)))
    low, high = np.percentile(array[drawn].mean(axis=1), (2.5, 97.5))
    return Figure(float(array.mean()), float(low), float(high))


def markdown(rows: Sequence[Row], standards: Sequence[Standard]) -> str:
    """The tables, one a standard, chance first; every figure of a retriever has its interval beside it."""
    lines = []
    for standard in standards:
        own = [row for row in rows if row.standard == standard.name]
        expected = chance(standard)
        lines += [
            f"### {standard.name}: {len(standard.queries)} queries, {len(standard.corpus):,} problems (95 % intervals)",
            "",
            "| retriever | hit@1 | hit@3 | hit@10 | recall@10 | MRR | nDCG@10 | nDCG@10 over the reference |",
            "|---|---|---|---|---|---|---|---|",
            f"| chance | {' | '.join(f'{expected[metric]:.3f}' for metric in METRICS)} | |",
        ]
        for row in own:
            shown = " | ".join(str(row.figures[metric]) for metric in METRICS)
            over = f"{row.over.mean:+.3f} ({row.over.low:+.3f} to {row.over.high:+.3f})" if row.over else ""
            lines.append(f"| {row.retriever} | {shown} | {over} |")
        lines.append("")
    return "\n".join(lines)


def _metrics(query: Query, places: list[int]) -> dict[str, float]:
    hits = [place in query.relevant for place in places]
    first = next((rank for rank, hit in enumerate(hits, start=1) if hit), None)
    gained = sum(query.gains.get(place, 0.0) * _discount(rank) for rank, place in enumerate(places[:10]))
    return {
        **{f"hit@{k}": float(any(hits[:k])) for k in (1, 3, 10)},
        "recall@10": sum(hits[:10]) / len(query.relevant),
        "MRR": 1 / first if first else 0.0,
        "nDCG@10": gained / _ideal(query),
    }


def _ideal(query: Query) -> float:
    best = sorted(query.gains.values(), reverse=True)[:10]
    return sum(gain * _discount(rank) for rank, gain in enumerate(best))


def _discount(rank: int) -> float:
    return 1 / log2(rank + 2)
