"""Two answers are the same or not, in whatever notation; different values are never called the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Verdict
from agent.verification.answers.equivalence import same_value

SAME = [
    ("8", "$8"), ("8", "8 dollars"), ("8", "8.00"), ("1,200", "1200"), ("1/2", "0.5"), ("50%", "1/2"), ("50%", "50"),
    (r"\frac{1}{2}", "0.5"), ("1 1/2", "3/2"), ("x = 5", "5"), ("x = 2 or x = 3", "x = 3, x = 2"),
    (r"\{2, 3\}", "3, 2"),
    ("(1, 2)", "(1,2)"), ("2x + 4", "2(x + 2)"), (r"\sqrt{8}", r"2\sqrt{2}"), ("π", r"\pi"), ("10/3", "3.33"),
    (r"8\text{ dollars}", "8"), ("12 cm^2", "12"), (r"\$74.80", "374/5"), ("sin(x)^2 + cos(x)^2", "1"),
    ("18 years old", "18"), (r"50\%", "0.5"), ("66.67", "200/3"), ("-5", "−5"),
    ("x = 3, y = 4", "y = 4, x = 3"), ("(x,y) = (3,4)", "x = 3, y = 4"), ("±2", "2, -2"), ("0.666...", "2/3"),
    ("3 million", "3000000"), ("12 dozen", "144"), ("0.5%", "0.005"), ("6xy", "6*x*y"), ("x > 3", "x>3"),
    ("no solution", "No solution."), ("i", "sqrt(-1)"),
]  # fmt: skip
DIFFERENT = [
    ("8", "9"), ("10/3", "3"), ("2x", "3x"), ("(1, 2)", "(2, 1)"), ("x + 1", "x + 2"), ("-5", "5"), ("12.5", "12.4"),
    ("100", "100.4"), ("x = 2 or x = 3", "x = 2"), ("sqrt(2)", "1.42"), ("x = 3, y = 4", "x = 4, y = 3"),
]  # fmt: skip
UNDECIDED = [
    ("banana", "8"),
    ("", ""),
    ("8:15", "8"),
    ("1/3", "0.33"),
    ("2 hours 30 minutes", "2"),
    ("many", "8 apples"),
    ("5 cm", "5 km"),
    ("2 apples", "2 oranges"),
    ("12 cm^2", "12 cm"),
    ("0.5%", "0.5"),
    ("x > 3", "x < 3"),
    ("log(100)", "2"),
    (r"\{1, 2\}", "(1, 2)"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_answer_in_another_notation(first: str, second: str) -> None:
    assert same_value(first, second) is Verdict.VERIFIED
    assert same_value(second, first) is Verdict.VERIFIED


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_a_different_answer(first: str, second: str) -> None:
    assert same_value(first, second) is Verdict.REFUTED
    assert same_value(second, first) is Verdict.REFUTED


@pytest.mark.parametrize(("first", "second"), UNDECIDED)
def test_what_cannot_be_compared_is_unverified(first: str, second: str) -> None:
    assert same_value(first, second) is Verdict.UNVERIFIED


def written(value: Fraction, notation: int) -> str:
    top, bottom = value.numerator, value.denominator
    return (
        f"{top}/{bottom}", rf"\frac{{{top}}}{{{bottom}}}", f"${top}/{bottom}$", f"x = {top}/{bottom}",
        f"{top}/{bottom} meters", rf"\boxed{{{top}/{bottom}}}",
    )[notation % 6]  # fmt: skip


rationals = st.builds(Fraction, st.integers(-500, 500), st.integers(1, 60))


@given(rationals, rationals, st.integers(0, 5), st.integers(0, 5))
def test_different_values_are_never_called_the_same(a: Fraction, b: Fraction, first: int, second: int) -> None:
    verdict = same_value(written(a, first), written(b, second))
    assert verdict is (Verdict.VERIFIED if a == b else Verdict.REFUTED)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_the_comparison(first: str, second: str) -> None:
    assert same_value(first, second) in Verdict


def test_point_before_the_digits_is_no_full_stop() -> None:
    assert same_value(".5", "1/2") is Verdict.VERIFIED
    assert same_value(".5", "5") is Verdict.REFUTED
