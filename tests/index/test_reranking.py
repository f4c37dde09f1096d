"""Protects the order of what is near: the same quantities and question first, nothing moved where none differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quantities import quantities
from index.reranking import FEATURES, compared, kinship, standings

ASKED = quantities("Ada earns $15 an hour and works 6 hours each day. How much does she earn in 5 days?")
SAME = quantities("A plumber charges $40 an hour and works 3 hours each day. How much does he charge in 4 days?")
OTHER = quantities("There are 12 red and 7 blue pens in a box. How many more red than blue pens are there?")


def test_the_same_quantities_in_another_story_come_first() -> None:
    same, other = kinship(ASKED, [SAME, OTHER])
    assert same > other
    nearer = standings([0.50, 0.55, 0.2], [same, other, other])
    assert nearer[0] > nearer[1] > nearer[2]


def test_likeness_speaks_for_a_problem_and_numbers_apart_against_it() -> None:
    alike, apart = compared(ASKED, SAME), compared(ASKED, OTHER)
    assert dict(zip(FEATURES, compared(ASKED, ASKED), strict=True)) == {
        "kinds": 1.0, "relations": 1.0, "asked": 1.0, "numbers": 0.0
    }  # fmt: skip
    assert alike[:3] > apart[:3]
    assert kinship(ASKED, [ASKED])[0] >= max(kinship(ASKED, [SAME, OTHER]))


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-5, 5)), min_size=1, max_size=30))
def test_cosines_and_kinship_count_alike(candidates: list[tuple[float, float]]) -> None:
    """Kinship takes the place of neither: it spreads the standings as far as the cosines are spread."""
    cosines, kin = [one for one, _ in candidates], [other for _, other in candidates]
    moved = standings(cosines, kin)
    assert sum(moved) == pytest.approx(sum(cosines), abs=1e-6)
    if len(set(kin)) == 1:
        assert moved == cosines


def test_kinship_decides_between_equally_near_problems_only_as_far_as_cosines_differ_at_all() -> None:
    assert standings([0.6, 0.6, 0.6], [3.0, 1.0, 2.0]) == pytest.approx([0.6, 0.6, 0.6])
    far, near = standings([0.2, 0.8], [1.0, 0.0])
    assert far == pytest.approx(near)
    assert standings([0.5, 0.8, 0.5], [3.0, 0.0, 0.0])[0] > standings([0.5, 0.8, 0.5], [3.0, 0.0, 0.0])[2]
