"""Protects what is read of a problem's quantities: kinds, relations and question, and nothing of its story."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from index.quantities import MAX_TEXT, quantities


def test_numbers_are_told_by_kind() -> None:
    told = quantities("Ada pays $12 for 3 pens, 20% of 1/2 a dozen, in 45 minutes and 2 fine hours. How much is left?")
    assert told.kinds == Counter(money=1, count=1, percent=1, part=1, time=2)


def test_relations_and_question_are_told() -> None:
    told = quantities("Each box holds twice as many as a bag. How many more are in a box than in a bag?")
    assert told.relations == Counter(each=1, times=1, compare=3, more=1)
    assert told.asked["how many more"] == 1
    assert told.asked["more"] == 1
    assert "each" not in told.asked


def test_another_story_tells_the_same() -> None:
    one = quantities("Ada has 12 pens and buys 3 more. How many pens does she have altogether?")
    other = quantities("Ben owns 40 goats and finds 9 more. How many goats does he own altogether?")
    assert one == other


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    told = quantities(text)
    assert all(count > 0 for part in (told.kinds, told.relations, told.asked) for count in part.values())


def test_a_text_without_end_is_read_to_its_bound() -> None:
    assert quantities("7 " * 1_000_000).kinds.total() <= MAX_TEXT / 2
