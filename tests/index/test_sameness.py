"""Which problems count as one, and which differ by what matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sameness import MARK_BYTES, fold, mark_of, retold, wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 2 + 3?", "what  is 2 + 3"),
        ("Tom’s dog weighs 1,250 g.", "Tom's dog weighs 1250 g"),
        ("Find 6 × 7.", "find 6 * 7"),
        ("He said: “Stop.”", 'He said "stop"'),
        ("Is it 4–2?", "is it 4-2?"),
    ],
)
def test_case_space_and_punctuation_do_not_make_another_problem(one: str, other: str) -> None:
    assert mark_of(one) == mark_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 2 + 3?", "What is 2 - 3?"),
        ("What is 2.5 + 3?", "What is 25 + 3?"),
        ("Ann is at 3:45.", "Ann is at 34:5."),
        ("(2 + 3) * 4", "2 + 3 * 4"),
        ("Solve x^2 = 4", "Solve x2 = 4"),
        ("What is 5!?", "What is 5?"),
        ("Is 2 < 3?", "Is 2 > 3?"),
    ],
)
def test_numbers_and_the_signs_of_arithmetic_do(one: str, other: str) -> None:
    assert mark_of(one) != mark_of(other)


def test_the_same_story_with_the_same_numbers_is_retold_and_with_others_is_not() -> None:
    text = "{} buys {} red apples at the market and eats {} of them. How many apples are left?"
    one = wording(text.format("Ann", 12, 5))
    assert retold(one, wording(text.format("Bob", 12, 5)))
    assert retold(one, wording("At the market " + text.format("Ann", 12, 5)))
    assert not retold(one, wording(text.format("Ann", 12, 6)))
    assert not retold(one, wording("There are 12 boys and 5 girls in a class. What share of the class are girls?"))


@given(st.text(max_size=300))
def test_any_text_has_a_mark_and_folding_twice_changes_nothing(text: str) -> None:
    assert len(mark_of(text)) == MARK_BYTES
    assert wording(text) == wording(text)
    assert mark_of(f"  {text}\n") == mark_of(text)
    assert "  " not in fold(text)
