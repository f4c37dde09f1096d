"""Numbers and nouns in problems are written exactly and as a reader expects them."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Integer, Rational

from index.families.wording import a, clock, duration, fraction, mixed, money, number, part_of, pick, plural


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (Integer(1200), "1200"),
        (Rational(11, 4), "2.75"),
        (Rational(5, 3), "5/3"),
        (Rational(-1, 20), "-0.05"),
        (Fraction(1, 8), "0.125"),
        (0, "0"),
    ],
)
def test_numbers_are_plain_digits_or_exact_decimals_or_fractions(value: Rational, text: str) -> None:
    assert number(value) == text


@given(st.fractions(min_value=-10_000, max_value=10_000, max_denominator=4_000))
def test_a_number_reads_back_exactly(value: Fraction) -> None:
    assert Fraction(number(value)) == value
    assert Fraction(fraction(value)) == value


@given(st.integers(0, 10**9))
def test_money_reads_back_to_the_cent(cents: int) -> None:
    shown = money(Rational(cents, 100))
    assert shown.startswith("$")
    assert Fraction(shown[1:]) == Fraction(cents, 100)
    assert len(shown.partition(".")[2]) in (0, 2)


@pytest.mark.parametrize("value", [Rational(1, 3), Rational(1, 1000), -1])
def test_what_cannot_be_paid_is_not_written_as_money(value: Rational) -> None:
    with pytest.raises(ValueError, match="money"):
        money(value)


@pytest.mark.parametrize(
    ("value", "text"), [(Rational(5, 2), "2 1/2"), (Rational(3, 4), "3/4"), (Integer(5), "5"), (0, "0")]
)
def test_mixed_numbers(value: Rational, text: str) -> None:
    assert mixed(value) == text


def test_a_negative_mixed_number_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        mixed(Rational(-1, 2))


def test_nouns_agree_with_their_number_and_article() -> None:
    assert [plural(n, "box", "boxes") for n in (0, 1, 2, Rational(1, 2))] == [
        "0 boxes",
        "1 box",
        "2 boxes",
        "0.5 boxes",
    ]
    assert [a(noun) for noun in ("oven", "rover", "engineer")] == ["an oven", "a rover", "an engineer"]
    assert [part_of(n) for n in (2, 3, 4)] == ["half", "a third", "a quarter"]


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "12:00 AM"), (555, "9:15 AM"), (720, "noon"), (765, "12:45 PM"), (1439, "11:59 PM")]
)
def test_clock_times(minutes: int, text: str) -> None:
    assert clock(minutes) == text


@pytest.mark.parametrize("minutes", [-1, 1440])
def test_a_time_of_another_day_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="day"):
        clock(minutes)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (80, "1 hour 20 minutes"), (240, "4 hours")],
)
def test_durations(minutes: int, text: str) -> None:
    assert duration(minutes) == text


def test_the_same_seed_picks_the_same_wording_and_every_wording_is_picked() -> None:
    assert pick(Random(3), "x", "y", "z") == pick(Random(3), "x", "y", "z")
    assert {pick(Random(seed), "x", "y", "z") for seed in range(50)} == {"x", "y", "z"}
