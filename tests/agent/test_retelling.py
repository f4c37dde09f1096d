"""A problem told with its question first keeps every sentence, and is not passed off as retold where it is the same."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.retelling import question_first, sentences


@pytest.mark.parametrize(
    ("problem", "retold"),
    [
        (
            "Ann has 3 pens. She buys 4 more. How many has she now?",
            "How many has she now? Ann has 3 pens. She buys 4 more.",
        ),
        (
            "A pen costs $1.50 and a pad $2.25. Dr. Lee buys 2 of each. Find what Dr. Lee pays.",
            "Find what Dr. Lee pays. A pen costs $1.50 and a pad $2.25. Dr. Lee buys 2 of each.",
        ),
        (
            "How long is the rope? It was 7 m. Tom cut 2 m off. How much is left of it?",
            "How long is the rope? How much is left of it? It was 7 m. Tom cut 2 m off.",
        ),
    ],
)
def test_what_is_asked_comes_first_and_the_rest_keeps_its_order(problem: str, retold: str) -> None:
    assert question_first(problem) == retold


@pytest.mark.parametrize(
    "problem",
    ["", "What is 3 + 4?", "How many pens are there? Ann has 3. Ben has 4.", "If x is 3, what is 2x?  "],
)
def test_a_problem_that_stays_the_same_is_not_called_retold(problem: str) -> None:
    assert question_first(problem) is None


@given(st.lists(st.from_regex(r"[A-Z][a-z0-9 ]{0,20}[a-z][.?!]", fullmatch=True), min_size=1, max_size=6))
def test_no_sentence_is_lost_or_added(parts: list[str]) -> None:
    problem = " ".join(parts)
    retold = question_first(problem)
    assert retold is None or Counter(retold.split()) == Counter(problem.split())


def test_an_abbreviation_ends_no_sentence() -> None:
    assert sentences("Mr. Ray has 3 cats. J. Fox has 2.") == ["Mr. Ray has 3 cats.", "J. Fox has 2."]
