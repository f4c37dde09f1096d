"""The numbers of a problem are found however they stand, and traced into a derivation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.verification.reading.quantities import from_nowhere, left_out, numbers_given

RINGS = "Jo makes 18 rings a day and sells every 4 of them for $5. How much does she earn in 3 days?"


@pytest.mark.parametrize(
    ("problem", "numbers"),
    [
        ("A shop sells pens at 3 for $2.", [3, 2]),
        ("It costs $1,200.50, and 1,200.50 again.", [Fraction(120050, 100)]),
        ("He eats 3/4 of 12, then 15%.", [Fraction(3, 4), 12, 15]),
        ("At 7:30, room B12 held 5, 6, and .5 liters.", [7, 30, 5, 6, Fraction(1, 2)]),
        ("Between 1,/5 and 3,,/7.", [1, 3]),
        ("Nothing in digits here.", []),
    ],
)
def test_numbers_are_found_as_they_are_written(problem: str, numbers: list[Fraction]) -> None:
    assert numbers_given(problem) == numbers


def test_a_number_that_no_line_uses_is_left_out() -> None:
    assert left_out(RINGS, "rings = 18 * 3\nanswer = rings * 5  # 4 of them") == 1
    assert left_out(RINGS, "rings = 18 * 3\nanswer = rings / 4 * 5") == 0


@pytest.mark.parametrize("line", ["80 * 15/100", "80 * 0.15", "80 * (1 - 15/100)", "80 * 0.85", "80 * 1.15"])
def test_a_percentage_is_used_in_any_of_its_forms(line: str) -> None:
    assert left_out("A coat of $80 at 15% off.", f"answer = {line}") == 0


def test_numbers_from_the_problem_its_words_and_the_world_are_not_from_nowhere() -> None:
    problem = "Twice a day, Al walks 30 minutes for three weeks, half of it uphill."
    assert from_nowhere(problem, "answer = 2 * 30 * 3 * 7 / 60 * 0.5") == 0
    assert from_nowhere(problem, "answer = 30 * 17") == 1


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_survived(problem: str, program: str) -> None:
    assert 0 <= left_out(problem, program) <= len(numbers_given(problem))
    assert from_nowhere(problem, program) >= 0
