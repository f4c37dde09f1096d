"""Wordings with two readings are known; those with one, which look alike, are left alone."""

from __future__ import annotations

import pytest

from agent.verification.derivations.ambiguity import two_readings

TWO = [
    ("Ann has 40 stamps. Ben has three times more stamps than Ann. How many has Ben?", "three times more"),
    ("The oak is 2.5 times\ntaller than the birch.", "2.5 times taller"),
    ("A van costs 4 Times More than a bike.", "4 Times More"),
    ("A farm is a hundred times larger than a garden.", "a hundred times larger"),
]
ONE = [
    "Ben has three times as many stamps as Ann, and 5 more than Carl.",
    "The birch is 3 times smaller than the oak.",
    "She ran 3 times, more or less slowly.",
    "He went there three times a week, and more often in May.",
    "How many times more expensive is the van?",
    "Twice as much, and 3 more.",
    "",
]


@pytest.mark.parametrize(("problem", "wording"), TWO)
def test_both_readings_are_named_with_the_wording(problem: str, wording: str) -> None:
    found = two_readings(problem)
    assert found is not None
    assert f"“{wording}”" in found


@pytest.mark.parametrize("problem", ONE)
def test_what_has_one_reading_is_left_alone(problem: str) -> None:
    assert two_readings(problem) is None
