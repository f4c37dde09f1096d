"""A student's answer in every usual form against the exact one: the same value is accepted, another one never."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.verification.reading.number_words import number_in_words
from agent.verification.students.acceptance import judge_answer
from agent.verification.students.outcomes import Outcome
from agent.verification.verifier import Verifier

RIGHT, SIMPLIFY, UNIT = Outcome.RIGHT, Outcome.NOT_SIMPLIFIED, Outcome.WRONG_UNIT
ROUNDED, WRONG, UNREADABLE = Outcome.ROUNDED, Outcome.WRONG, Outcome.UNREADABLE
BAKERY = "A bakery sells rolls and muffins from trays. How many rolls are left?"

CASES = [
    # (answer, unit, outcome, what is typed)
    ("1/2", "", RIGHT, ["1/2", "0.5", ".5", "0,5", "50%", "50 percent", "½", "1:2", "half", "one half", "x = 1/2"]),
    ("1/2", "", RIGHT, [r"\frac{1}{2}", r"$\frac12$", r"\boxed{0.5}", "The answer is 1/2.", "P(A) = 1/2", "0.50"]),
    ("1/2", "", SIMPLIFY, ["2/4", "3/6", "1 - 1/2"]),
    ("1/2", "", WRONG, ["2", "5", "0.5%", "-1/2", "1/2 or 1/3"]),
    ("1/2", "", UNREADABLE, ["", "?", "idk", "no idea", "x", "1/0", "(" * 99, "9" * 500, "3 > 2"]),
    ("{-3, 3}", "", RIGHT, ["x = 3 or x = -3", "{3, -3}", "±3", "3 and -3", "x=+-3", "-3; 3"]),
    ("{-3, 3}", "", WRONG, ["3", "x = 3", "3 or 4"]),
    ("3/2", "hours", RIGHT, ["1.5", "1 1/2 hours", "1½", "90 minutes", "1 hour 30 minutes", "1h 30min", "1.5 h"]),
    ("3/2", "hours", RIGHT, ["one and a half hours", "1,5", "it takes 1.5 hrs", "t = 3/2"]),
    ("3/2", "hours", UNIT, ["1.5 minutes", "1.5 dollars", "1.5 meters"]),
    ("3/2", "hours", WRONG, ["90", "15 minutes", "1 hour 20 minutes"]),
    ("22", "kilometers per hour", RIGHT, ["22", "22 km/h", "22 kph", "22 kilometers an hour", "22000 m/h"]),
    ("22", "kilometers per hour", UNIT, ["22 km", "22 mph", "22 hours", "22 kilometers per minute"]),
    ("25/2", "dollars", RIGHT, ["$12.50", "12.5", "12,50", "12.50$", "USD 12.50", "1250 cents", "twelve and a half"]),
    ("25/2", "dollars", UNIT, ["€12.50", "12.5 hours"]),
    ("25/2", "dollars", WRONG, ["12", "13", "12.49", "$125"]),
    ("12", "rolls", RIGHT, ["12", "12 rolls", "twelve", "a dozen", "12 pieces", "rolls: 12", "3 × 4 = 12", "12.0"]),
    ("12", "rolls", UNIT, ["12 muffins", "12 trays", "12 kg", "12 dollars"]),
    ("12", "rolls", UNREADABLE, ["12 or so rolls and 3 muffins", "twelve five"]),
    ("484*pi", "square meters", RIGHT, ["484π", "484 pi m^2", "484π m²", "484*pi", "484π square meters"]),
    ("484*pi", "square meters", ROUNDED, ["1520.53", "484*3.14"]),
    ("484*pi", "square meters", UNIT, ["484π m", "484π cm²"]),
    ("484*pi", "square meters", SIMPLIFY, ["4*121*pi", "22^2 pi"]),
    ("1/3", "", ROUNDED, ["0.33", "0.333", "33%", "33.3 %"]),
    ("1/3", "", WRONG, ["0.3", "0.34", "3"]),
    ("1/3", "", RIGHT, ["33 1/3 %", "one third", "1/3"]),
    ("1250", "", RIGHT, ["1,250", "1 250", "1'250", "1.250,00", "$1,250", "twelve hundred fifty", "1250.0"]),
    ("1250", "", WRONG, ["125", "12.50", "1,251"]),
    ("50", "%", RIGHT, ["50", "50%", "fifty percent", "1/2", "0.5"]),
    ("50", "%", UNIT, ["50 dollars"]),
    ("50", "%", WRONG, ["5%", "0.05"]),
    ("2*sqrt(2)", "", RIGHT, ["2√2", r"2\sqrt{2}", "2*sqrt(2)"]),
    ("2*sqrt(2)", "", SIMPLIFY, ["sqrt(8)", r"\sqrt{8}", "sqrt 8"]),
    ("2*sqrt(2)", "", ROUNDED, ["2.83", "2.828"]),
    ("7/3", "", RIGHT, ["2 1/3", "7/3", "two and one third"]),
    ("7/3", "", SIMPLIFY, ["2 2/6", "14/6"]),
]


@pytest.mark.parametrize(
    ("answer", "unit", "outcome", "typed"),
    [(answer, unit, outcome, typed) for answer, unit, outcome, many in CASES for typed in many],
)
def test_typed_answer_is_told_apart(answer: str, unit: str, outcome: Outcome, typed: str) -> None:
    assert judge_answer(typed, answer, unit, BAKERY).outcome is outcome


def test_remarks_do_not_give_the_answer_away() -> None:
    for answer, unit, _, many in CASES:
        for typed in many:
            judged = judge_answer(typed, answer, unit, BAKERY)
            if not judged.outcome.is_right and typed.strip():
                assert answer not in judged.remark.replace("3, −3", "") or answer in typed


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("twenty-one rolls", Fraction(21), "rolls"),
        ("three quarters of an hour", Fraction(3, 4), "of an hour"),
        ("two thousand one hundred forty", Fraction(2140), ""),
        ("minus seven eighths", Fraction(-7, 8), ""),
        ("two dozen", Fraction(24), ""),
    ],
)
def test_numbers_are_read_in_words(text: str, number: Fraction, rest: str) -> None:
    assert number_in_words(text) == (number, rest)


@pytest.mark.parametrize("text", ["", "cat", "and", "a", "percent of one", "hundredth"])
def test_words_that_are_no_number_are_none(text: str) -> None:
    assert number_in_words(text) is None


rationals = st.builds(Fraction, st.integers(-5_000, 5_000), st.sampled_from([1, 2, 3, 4, 5, 8, 20, 25, 100]))


def _decimal(value: Fraction) -> str:
    """Exact for denominators that divide 1000."""
    scaled = abs(int(value * 1000))
    return f"{'-' * (value < 0)}{scaled // 1000}.{scaled % 1000:03d}"


def _mixed(value: Fraction) -> str:
    whole, rest = divmod(abs(value), 1)
    return f"{'-' * (value < 0)}{whole} {rest}" if rest and whole else str(value)


REWRITINGS: list[Callable[[Fraction], str]] = [
    str,
    lambda v: f"{v.numerator * 6}/{v.denominator * 6}",
    lambda v: rf"\frac{{{v.numerator}}}{{{v.denominator}}}",
    lambda v: f"x = {v}",
    lambda v: f"  The answer is {v}. ",
    _mixed,
    lambda v: f"({v})",
    lambda v: f"{v + 1} - 1",
    lambda v: f"{v * 100}%" if v.denominator == 1 or 100 % v.denominator == 0 else str(v),
    lambda v: _decimal(v) if 1000 % v.denominator == 0 else str(v),
    lambda v: _decimal(v).replace(".", ",") + "0" if 1000 % v.denominator == 0 else str(v),
    lambda v: f"{v.numerator:,}" if v.denominator == 1 else str(v),
    lambda v: f"{v.numerator:,}".replace(",", " ") if v.denominator == 1 else str(v),
]


@settings(max_examples=60, deadline=None)
@given(rationals, st.sampled_from(REWRITINGS))
def test_every_rewriting_of_the_value_is_accepted(value: Fraction, rewrite: Callable[[Fraction], str]) -> None:
    judged = judge_answer(rewrite(value), str(value))
    assert judged.outcome in (RIGHT, SIMPLIFY), rewrite(value)


@settings(max_examples=60, deadline=None)
@given(rationals, rationals, st.sampled_from(REWRITINGS), st.sampled_from(["", "rolls", "hours", "dollars"]))
def test_a_different_value_is_never_accepted(
    value: Fraction, other: Fraction, rewrite: Callable[[Fraction], str], unit: str
) -> None:
    if value != other:
        assert not judge_answer(rewrite(other), str(value), unit).outcome.is_right


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert judge_answer(text, "12345/7", "rolls").outcome in (WRONG, UNREADABLE, UNIT)


def test_the_verifier_judges_in_its_worker_and_survives_a_hostile_answer() -> None:
    with Verifier(deadline=5.0) as verifier:
        assert verifier.judge_answer("1/2", "0.5").outcome is RIGHT
        assert verifier.judge_answer("9^(9^(9^9))", "5").outcome is UNREADABLE
        assert verifier.judge_answer("2^(2^(2^(2^99)))", "5").outcome in (UNREADABLE, WRONG)
