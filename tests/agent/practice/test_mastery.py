"""Knowledge tracing: the published formulas, and what must hold of them whatever the parameters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.practice.mastery import DEFAULTS, MASTERED, Parameters, after_answer, after_answers, chance_of_right

chances = st.floats(0.01, 0.49)
parameters = st.builds(Parameters, st.floats(0.01, 0.9), st.floats(0.0, 0.5), chances, chances)


def test_one_right_answer_is_the_published_update() -> None:
    p = Parameters(known=0.5, learn=0.2, guess=0.2, slip=0.1)
    posterior = 0.5 * 0.9 / (0.5 * 0.9 + 0.5 * 0.2)
    assert after_answer(0.5, True, p) == pytest.approx(posterior + (1 - posterior) * 0.2)
    posterior = 0.5 * 0.1 / (0.5 * 0.1 + 0.5 * 0.8)
    assert after_answer(0.5, False, p) == pytest.approx(posterior + (1 - posterior) * 0.2)


def test_two_right_answers_in_a_row_are_mastery_and_one_is_not() -> None:
    assert after_answers([True]) < MASTERED <= after_answers([True, True])
    assert after_answers([True, True, False]) < MASTERED


@given(st.floats(0.001, 0.999), parameters)
def test_a_right_answer_speaks_for_the_skill_and_a_wrong_one_against_it(mastery: float, p: Parameters) -> None:
    right, wrong = after_answer(mastery, True, p), after_answer(mastery, False, p)
    assert 0 <= wrong <= right <= 1
    assert right >= mastery - 1e-9


@given(st.floats(0.0, 1.0), parameters)
def test_a_right_answer_is_never_less_probable_than_a_guess(mastery: float, p: Parameters) -> None:
    assert p.guess - 1e-9 <= chance_of_right(mastery, p) <= 1 - p.slip + 1e-9


def test_no_history_is_what_is_assumed_at_first() -> None:
    assert after_answers([]) == DEFAULTS.known
