"""Equal values are a coincidence where a change of the problem's numbers parts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Verdict
from agent.verification.derivations.functions import same_function


@pytest.mark.parametrize(
    ("problem", "first", "second", "verdict"),
    [
        ("2 boxes of 2", "answer = 2 + 2", "answer = 2 * 2", Verdict.REFUTED),
        ("3 pens at $4", "answer = 3 * 4", "total = 4 + 4 + 4\nanswer = total", Verdict.UNVERIFIED),
        ("3 pens at $4", "n = 3\nanswer = n * 4", "def f():\n    p = 4\n    return p * 3", Verdict.VERIFIED),
        ("a coat of $80 at 15% off", "answer = 80 * (1 - 15/100)", "answer = 80 - 80 * 15/100", Verdict.VERIFIED),
        ("6 and 3", "answer = 6 - 3", "answer = 6 / (3 - 1)", Verdict.REFUTED),
        ("150 cups, 24 a box", "answer = ceil(150 / 24)", "answer = floor(150 / 24) + 1", Verdict.VERIFIED),
        ("12 shells", "answer = 12 - 5", "while True: pass", Verdict.UNVERIFIED),
        ("no number", "answer = 3", "answer = 3", Verdict.UNVERIFIED),
    ],
)
def test_functions_are_compared_on_changed_numbers(problem: str, first: str, second: str, verdict: Verdict) -> None:
    found = same_function(problem, first, second)
    if verdict is Verdict.UNVERIFIED and "4 + 4 + 4" in second:
        assert found is not Verdict.REFUTED  # the 3 stands in one of them only, so that it cannot part them
    else:
        assert found is verdict


@given(st.integers(2, 99), st.integers(2, 99), st.sampled_from("+-*/"))
def test_a_derivation_agrees_with_itself(first: int, second: int, operator: str) -> None:
    program = f"a = {first}\nb = {second}\nanswer = a {operator} b"
    assert same_function(f"{first} and {second}", program, program) is Verdict.VERIFIED


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_survived(problem: str, first: str, second: str) -> None:
    assert same_function(problem, first, second) in Verdict
