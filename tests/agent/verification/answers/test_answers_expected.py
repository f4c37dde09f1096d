"""Property tests of an answer: bounds and wholeness that the question alone gives away."""

from __future__ import annotations

import pytest

from agent.verification.answers.answers_expected import oddities_of_answer

ODD = [
    ("How many boxes must it buy?", "6.25", "whole"),
    ("How many children are there?", "31/2", "whole"),
    ("How much does it cost?", "-4", "negative"),
    ("She had 10 and gave 3 away. How many are left?", "31", "left"),
    ("What is the probability of a six?", "5/3", "between 0 and 1"),
    ("The scores are 70, 80 and 90. What is the average score?", "240", "average"),
]
PLAUSIBLE = [
    ("How many hours does it take?", "4.5"),
    ("How many more dollars does he need?", "2.50"),
    ("How many miles does she run?", "3/4"),
    ("What is 3 - 7?", "-4"),
    ("She had 10 boxes of 3 and gave 3 away. How many are left?", "27"),
    ("What is the probability of a six?", "1/6"),
    ("How many boxes must it buy?", "no idea"),
    ("How many boxes must it buy?", "7 boxes"),
    ("How many children are there?", "x = 3 or x = 4"),
]


@pytest.mark.parametrize(("problem", "answer", "why"), ODD)
def test_an_odd_answer_is_named(problem: str, answer: str, why: str) -> None:
    assert why in " ".join(oddities_of_answer(problem, answer))


@pytest.mark.parametrize(("problem", "answer"), PLAUSIBLE)
def test_a_plausible_answer_raises_no_doubt(problem: str, answer: str) -> None:
    assert oddities_of_answer(problem, answer) == []
