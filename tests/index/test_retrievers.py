"""The retrievers that are compared: each finds what its own evidence speaks for, on a standard of a dozen problems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.corpus import Record
from index.embedder import OnnxMiniLM
from index.evaluate import Retriever
from index.masking import masked
from index.prediction import StructurePredictor, word_vector
from index.retrievers import (
    bm25,
    by_quantities,
    by_structure,
    dense,
    derived_structures,
    embedded,
    fused,
    reranked,
    tf_idf,
)
from index.standards import Query, Standard
from index.structure import structure_of_solution

PROBLEMS = [
    ("A zoo has 12 cages of 4 parrots each and gets 7 parrots more. How many parrots has it?", "12*4 = 48\n48+7 = 55"),
    ("Lea reads 9 pages a day for 6 days, then 5 pages. How many pages has she read?", "9*6 = 54\n54+5 = 59"),
    ("A zoo has 48 parrots in 12 cages. How many parrots are in a cage?", "48/12 = 4"),
    ("A zoo had 48 parrots and sold 12 parrots. How many parrots are left?", "48-12 = 36"),
    ("Bread costs $3 and Tom has $21. How many breads can he buy?", "21/3 = 7"),
]  # fmt: skip
CORPUS = tuple(Record(problem, solution, "", "tests", n, "MIT") for n, (problem, solution) in enumerate(PROBLEMS))
STANDARD = Standard("tiny", CORPUS, (Query(0, frozenset({1}), {1: 1.0}, frozenset({0})),))


def first(retriever: Retriever) -> int:
    (ranking,) = retriever(STANDARD)
    assert sorted(ranking.tolist()) == list(range(len(CORPUS)))
    return next(place for place in ranking.tolist() if place != 0)


def fixed(*places: int) -> Retriever:
    return lambda _: np.array([places])


def test_words_lead_to_the_same_subject() -> None:
    assert first(tf_idf) in (2, 3)
    assert first(bm25) in (2, 3)


def test_meaning_leads_to_the_same_subject_and_is_kept(tmp_path: Path) -> None:
    embedder = OnnxMiniLM(threads=1)
    assert first(dense(embedder, tmp_path)) in (2, 3)
    texts = [record.problem for record in CORPUS]
    assert np.array_equal(embedded(texts, embedder, tmp_path), embedder.embed(texts))
    assert len(list(tmp_path.iterdir())) == 2


def test_quantities_order_what_is_near_and_nothing_beyond(tmp_path: Path) -> None:
    embedder = OnnxMiniLM(threads=1)
    (near,) = dense(embedder, tmp_path)(STANDARD)
    (alone,) = by_quantities(STANDARD)
    (ordered,) = reranked(embedder, tmp_path, near=2)(STANDARD)
    others = [place for place in near.tolist() if place != 0]
    assert set(ordered[:2].tolist()) == set(others[:2])
    assert [place for place in ordered[2:].tolist() if place != 0] == others[2:]
    assert alone.tolist()[0] == 0
    (unmoved,) = reranked(embedder, tmp_path, near=1)(STANDARD)
    assert unmoved[0] == others[0]


def test_what_is_near_enough_stays_before_what_is_not(tmp_path: Path) -> None:
    embedder = OnnxMiniLM(threads=1)
    vectors = embedded([record.problem for record in CORPUS], embedder, tmp_path)
    cosines = vectors[0] @ vectors.T
    line = float(np.sort(cosines)[-3])  # the problem itself and two more
    (ordered,) = reranked(embedder, tmp_path, near=4, first_from=line)(STANDARD)
    assert min(cosines[ordered[:2]]) >= line > max(cosines[ordered[2:4]])


def test_structure_leads_to_the_same_calculation_whatever_the_subject() -> None:
    own = derived_structures([{"problem": PROBLEMS[0][0], "text": "cages = 12 * 4\nanswer = cages + 7"}])
    assert first(by_structure(own, fixed(0, 3, 2, 4, 1))) == 1
    assert first(by_structure(own, fixed(0, 3, 2, 4, 1), near=1)) == 1
    assert first(by_structure({}, fixed(0, 3, 2, 4, 1))) == 3


def test_of_several_derivations_the_first_with_the_commonest_answer_is_searched_by() -> None:
    right = "def solution():\n    cages = 12 * 4\n    return cages + 7"
    written = [
        {"problem": PROBLEMS[0][0], "text": "answer = 12 + 4 + 7", "answer": "23"},
        {"problem": PROBLEMS[0][0], "text": right, "answer": "55"},
        {"problem": PROBLEMS[0][0], "text": "answer = 7 + 4 * 12", "answer": "55"},
        {"problem": PROBLEMS[0][0], "text": "nothing to be read", "answer": None},
    ]
    alone = derived_structures([{"problem": PROBLEMS[0][0], "text": "answer = 12 * 4 + 7"}])
    assert derived_structures(written) == alone
    assert derived_structures(written[:1]) != alone


def test_fusion_prefers_what_several_rank_high() -> None:
    assert first(fused(fixed(0, 4, 1, 2, 3), fixed(0, 3, 1, 2, 4))) in (1, 3, 4)
    assert first(fused(fixed(0, 1, 2, 3, 4), fixed(0, 2, 1, 4, 3), fixed(0, 1, 3, 4, 2))) == 1


def test_masking_takes_names_things_and_numbers_and_leaves_relations() -> None:
    text = masked("Each day Maria sells 12 apples for $3, but Paul eats 4 apples. How many apples are left?")
    assert text == "Each day Person sells N things for N, but Person eats N things. How many things are left?"


def test_prediction_learns_which_words_go_with_which_calculation() -> None:
    problems, structures = [], []
    for n in range(2, 22):
        for problem, solution in (
            (f"{n} boxes hold 50 pens each. How many pens in all?", f"{n}*50 = {n * 50}"),
            (f"Of 90 pens {n} are lost. How many remain?", f"90-{n} = {90 - n}"),
        ):
            read = structure_of_solution(problem, solution)
            assert read is not None
            problems.append(problem)
            structures.append(read[0])
    predictor = StructurePredictor.fit(problems, structures)
    fits = predictor.scores(
        ["7 bags hold 60 nuts each. How many nuts in all?", "Of 80 cups 5 are lost. How many remain?"], structures[:2]
    )
    assert fits.argmax(axis=1).tolist() == [0, 1]
    assert np.linalg.norm(word_vector("What?")) == pytest.approx(1.0)
