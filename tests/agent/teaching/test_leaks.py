"""The leak guard: a secret is found in every form, and what the problem says is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.teaching.leaks import leaks, secrets_of
from agent.teaching.numbers import stated_values, value_of_words

PROBLEM = "Sam has 84 stickers and gives a quarter of them away. How many of his 42 friends get one?"


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("63", "You get sixty-three."),
        ("63", "Look at 84 − 21."),
        ("63", "Work out 84 × 3/4."),
        ("63", r"It is \frac{126}{2}."),
        ("21", "84 divided by 4"),
        ("0.5", "It takes 30 minutes."),
        ("0.5 hours", "It takes 30 min."),
        ("$1.20", "120 cents"),
        ("1/2", "50%"),
        ("1/2", "½ of it"),
        ("50%", "a half"),
        ("10/3", "about 3.33"),
        ("1200", "1,200 of them"),
        ("72 km/h", "seventy-two"),
        ("36", "3 dozen"),
        ("x = 2 or x = 3", "x could be 3"),
        ("3x^2 - 4", "so -4 + 3*x^2"),
        ("2*sqrt(3)", r"\sqrt{12}"),
        ("2*sqrt(3)", "about 3.46"),
        ("42", "the answer is 42"),
        ("205", "two hundred and five"),
    ],
)
def test_a_secret_is_found_in_every_form(answer: str, hint: str) -> None:
    assert leaks(hint, secrets_of([answer]), PROBLEM)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("42", "Think of his 42 friends."),
        ("63", "How many stickers does he give away? A quarter of 84 stickers."),
        ("3", "The relation that helps: given = stickers ÷ 4."),
        ("5", "Bring the unknown to one side."),
        ("84", "Sam has 84 stickers and gives a quarter of them away."),
    ],
)
def test_what_the_problem_says_and_what_says_nothing_is_no_leak(answer: str, hint: str) -> None:
    assert not leaks(hint, secrets_of([answer]), PROBLEM)


def test_the_calculation_that_a_hint_sets_is_no_leak_of_its_own_result() -> None:
    assert not leaks("Work out 84 ÷ 4.", secrets_of(["21"], as_calculation=False), PROBLEM)
    assert leaks("Work out 84 ÷ 4 = 21.", secrets_of(["21"], as_calculation=False), PROBLEM)


@given(st.integers(100, 10**9))
def test_a_whole_number_leaks_with_and_without_separators(number: int) -> None:
    for written in (str(number), f"{number:,}", f"{number:,}".replace(",", " "), f"${number}.00"):
        assert leaks(f"That makes {written} in all.", secrets_of([str(number)]), "How many?")


@given(st.integers(2, 500), st.integers(2, 500))
def test_a_product_a_quotient_a_sum_and_a_difference_leak(first: int, second: int) -> None:
    for calculation, value in (
        (f"{first} × {second}", first * second),
        (f"{first * second} ÷ {second}", first),
        (f"{first} + {second}", first + second),
        (f"{first + second} − {second}", first),
    ):
        assert leaks(f"Try {calculation}.", secrets_of([str(value)]), "How many?")


@given(st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=60))
def test_a_fraction_leaks_as_a_fraction_and_in_latex(value: Fraction) -> None:
    top, bottom = value.numerator, value.denominator
    for written in (f"{top}/{bottom}", rf"\frac{{{top}}}{{{bottom}}}", f"{2 * top}/{2 * bottom}"):
        assert leaks(f"What about {written}?", secrets_of([f"{top}/{bottom}"]), "What part?")


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_text_is_read_without_failing(text: str) -> None:
    leaks(text, secrets_of([text[:40], "7"]), text)
    assert all(one.end >= one.start for one in stated_values(text))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("forty-two", 42), ("two hundred and five", 205), ("three quarters", Fraction(3, 4)),
        ("one and a half", Fraction(3, 2)), ("two dozen", 24), ("twelve thousand three hundred", 12_300),
    ],
)  # fmt: skip
def test_number_words_have_their_value(words: str, value: Fraction) -> None:
    assert value_of_words(words) == value
