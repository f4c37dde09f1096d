"""The measure of retrieval: metrics, chance and intervals on a standard small enough to reckon by hand."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from index.corpus import Record
from index.evaluate import METRICS, bootstrap, chance, evaluate, markdown, per_query
from index.standards import (
    Query,
    Standard,
    families_standard,
    graded,
    held_out,
    held_out_families,
    held_out_stories,
)

CORPUS = tuple(Record(f"Problem {n}", "", "", "tests", n, "MIT") for n in range(6))
ONE = Query(0, frozenset({2}), {2: 7.0, 3: 1.0}, frozenset({0}))
STANDARD = Standard("tiny", CORPUS, (ONE,))


def test_metrics_are_those_of_the_ranking_without_the_query_itself() -> None:
    (values,) = zip(*per_query(STANDARD, np.array([[0, 3, 2, 1, 4, 5]])).values(), strict=True)
    gained = 1.0 + 7.0 / log2(3)
    assert dict(zip(METRICS, values, strict=True)) == pytest.approx(
        {"hit@1": 0, "hit@3": 1, "hit@10": 1, "recall@10": 1, "MRR": 0.5, "nDCG@10": gained / (7.0 + 1.0 / log2(3))}
    )


def test_chance_is_what_random_rankings_score_on_average() -> None:
    rng = np.random.default_rng(1)
    rankings = [rng.permutation(np.arange(1, 6)) for _ in range(4_000)]
    many = Standard("many", CORPUS, (ONE,) * len(rankings))
    simulated = {m: float(np.mean(v)) for m, v in per_query(many, np.array(rankings)).items()}
    expected = chance(STANDARD)
    for metric in ("hit@1", "hit@3", "MRR", "nDCG@10"):
        assert expected[metric] == pytest.approx(simulated[metric], abs=0.03)


def test_the_table_holds_every_retriever_against_the_reference() -> None:
    right = np.array([[2, 3, 1, 4, 5]])
    rows = evaluate(STANDARD, {"base": lambda _: right[:, ::-1], "better": lambda _: right}, "base")
    assert rows[0].over is None
    assert rows[1].over is not None
    assert rows[1].over.mean > 0
    table = markdown(rows, [STANDARD])
    assert "| chance | 0.200 |" in table
    assert "| better | 1.000 (1.000–1.000) |" in table


def test_every_figure_of_the_table_has_its_interval_beside_it() -> None:
    queries = (ONE, Query(1, frozenset({3}), {3: 1.0}, frozenset({1})))
    standard = Standard("two", CORPUS, queries)
    (row,) = evaluate(standard, {"half right": lambda _: np.array([[2, 3, 1, 4, 5], [0, 2, 4, 5, 3]])}, "none")
    (shown,) = (line for line in markdown([row], [standard]).splitlines() if line.startswith("| half right |"))
    cells = [cell.strip() for cell in shown.split("|")[2 : 2 + len(METRICS)]]
    assert cells == [str(row.figures[metric]) for metric in METRICS]
    assert cells[0] == "0.500 (.000–1.000)"
    assert cells[METRICS.index("MRR")] == "0.600 (.200–1.000)"


def test_an_interval_holds_its_mean_and_narrows_with_more_queries() -> None:
    few, many = bootstrap([0.0, 1.0] * 10), bootstrap([0.0, 1.0] * 500)
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < few.high - few.low


def test_what_is_held_out_is_a_fixed_share_by_name() -> None:
    names = [f"sum({n})" for n in range(4_000)]
    share = sum(held_out(name, 0.3) for name in names) / len(names)
    assert share == pytest.approx(0.3, abs=0.03)
    assert held_out("a", 1.0)
    assert not held_out("a", 0.0)


def test_gains_grow_with_similarity() -> None:
    assert [graded(s) for s in (0.2, 0.5, 0.69, 0.7, 0.99, 1.0)] == [0.0, 1.0, 1.0, 3.0, 3.0, 7.0]


def test_families_are_relevant_in_other_stories_alone_and_asked_where_unseen() -> None:
    standard = families_standard()
    assert len(standard.queries) == 72
    stories = held_out_stories()
    assert len(stories) == 3
    for query in standard.queries:
        asked = standard.corpus[query.place]
        assert asked.method in held_out_families()
        assert {standard.corpus[place].method for place in query.relevant} == {asked.method}
        assert query.place in query.left_out
        assert not query.relevant & query.left_out
