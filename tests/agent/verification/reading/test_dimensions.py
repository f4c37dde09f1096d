"""Units of measure in a step: conversions are judged exactly, different kinds of quantity are not added."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.verification.claims.claims import check_step
from agent.verification.reading.dimensions import converted, measure


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("5 km = 5000 m", "✔"),
        ("3 hours = 180 minutes", "✔"),
        ("1.5 hours = 90 minutes", "✔"),
        ("1 mile = 5280 feet", "✔"),
        ("50 cm = 0.5 m", "✔"),
        ("3 m = 9.84 feet", "✔"),  # rounded to the digits shown
        ("2 square meters = 20000 square centimeters", "✔"),
        ("2 weeks = 14 days", "✔"),
        ("2 feet = 20 inches", "✘"),
        ("2 kg = 200 g", "✘"),
        ("1 hour = 100 minutes", "✘"),
        ("1 week = 5 days", "◌"),  # of work
        ("If 1 hour = 100 minutes, then", "◌"),
        ("Half of 2 hours = 60 minutes", "◌"),
        ("2 hours = 30 miles", "◌"),
        ("50 inches = 4 feet, 2 inches", "◌"),
        ("200 minutes = 2 hours, 80 minutes", "◌"),
        ("90 minutes = 1 hour, with 30 minutes left", "◌"),
        (r"\(5\text{ km} = 5000\text{ m}\)", "✔"),
        (r"\(60 \text{ km} / 2 \text{ h} = 30 \text{ km/h}\)", "✔"),
        ("1 mile = 1600 m", "◌"),  # between the systems people round
        ("5 kg = 11 pounds", "◌"),
        ("1 liter = 4 cups", "◌"),
        ("5 Mg = 0.005 g", "✔"),
        ("60 km / 2 h = 30 km/h", "✔"),
        ("60 km/h × 2 h = 120 km", "✔"),
        ("60 miles per hour × 2 hours = 120 miles", "✔"),
        ("3 quarters = 75 cents", "◌"),
        ("$1 = 100 cents", "◌"),
        ("2 km + 300 m = 2300 m", "✔"),
        ("2 km + 300 m = 302 km", "◌"),
        ("5 m + 3 s = 8 s", "◌"),
        ("2 m × 3 m = 6 m", "◌"),
        ("2 m × 3 m = 6 m²", "✔"),
        ("5 apples + 3 apples = 8 apples", "✔"),
        ("6 boxes × 4 cups = 24 cups", "✔"),
    ],
)
def test_units_are_judged(text: str, mark: str) -> None:
    assert [claim.verdict.mark for claim in check_step(text)] == [mark]


def test_a_false_conversion_names_the_right_value_and_is_put_right() -> None:
    text = "It is 2 feet = 20 inches long."
    (claim,) = check_step(text)
    assert claim.reason == "2 feet = 20 inches long is false: 2 feet = 24 inches long."
    assert claim.correction is not None
    corrected = text[: claim.correction.start] + claim.correction.replacement + text[claim.correction.end :]
    assert corrected == "It is 2 feet = 24 inches long."


def test_a_conversion_that_the_problem_makes_its_own_is_not_refuted() -> None:
    problem = "In this land 1 foot = 10 inches. How many inches are 2 feet?"
    assert all(claim.verdict.mark != "✘" for claim in check_step("1 foot = 10 inches", problem=problem))


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        ("A map has a scale of 1 inch to 5 miles.", "So 3 inches = 15 miles."),
        ("Each inch is 5 miles.", "So 3 inches = 15 miles."),
        ("A drawing of a house.", "2 feet = 20 inches"),
        ("An hour of work earns 15 minutes of rest.", "8 hours = 120 minutes"),
        ("Mix 3 cups of juice and 5 gallons of water.", "3 cups = 5 gallons"),
    ],
)
def test_units_that_the_problem_relates_in_its_own_way_are_not_refuted(problem: str, text: str) -> None:
    assert all(claim.verdict.mark == "◌" for claim in check_step(text, problem=problem))


@given(st.integers(2, 500), st.sampled_from([("hours", "minutes", 60), ("km", "m", 1000), ("feet", "inches", 12)]),
       st.integers(-3, 3))  # fmt: skip
def test_conversions_within_one_system_are_judged_as_integers_say(
    number: int, units: tuple[str, str, int], error: int
) -> None:
    first, second, factor = units
    (claim,) = check_step(f"{number} {first} = {number * factor + error} {second}")
    assert claim.verdict.mark == ("✘" if error else "✔")


@pytest.mark.parametrize(
    "words", ["apples", "dollars", "in", "x", "", "meters per hour", "hands", "__class__", "m" * 50]
)
def test_other_words_are_no_measure(words: str) -> None:
    assert measure(words) is None


@given(st.integers(-10**6, 10**6), st.sampled_from(["km", "feet", "hours", "gallons", "kg"]),
       st.sampled_from(["m", "inches", "minutes", "cups", "pounds"]))  # fmt: skip
def test_there_and_back_is_the_same(number: int, first: str, second: str) -> None:
    unit, other = measure(first), measure(second)
    assert unit is not None
    assert other is not None
    there = converted(Fraction(number), unit, other)
    assert there is None or converted(there, other, unit) == number


@given(st.text(max_size=40))
def test_any_words_are_looked_up_safely(words: str) -> None:
    found = measure(words)
    assert found is None or found.power in {1, 2, 3}
