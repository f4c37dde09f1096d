"""What a problem gives is counted as often as it is given; what a derivation uses, as often as it uses it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.verification.derivations.unused_numbers import quantities_of, unused

GIVEN = [
    ("Ed had 2 shells. He found 2 oysters and 2 more.", {2: 3}),
    ("She bought two cakes and a pie. The pie is two times as dear. It cost $12.", {2: 2, 12: 1}),
    ("Of the 20 pupils, 5 left. The 20 pupils sang.", {20: 1, 5: 1}),
    (
        "A third of twenty-one is half of two hundred, twice.",
        {Fraction(1, 3): 1, 21: 1, Fraction(1, 2): 1, 200: 1, 2: 1},
    ),
    ("On the 3rd day, one dog ate 2/3 of 1,200 bones.", {Fraction(2, 3): 1, 1200: 1}),
    ("The third man sat down.", {}),
    ("", {}),
]
USED = [
    ("7 red, 2 blue and 2 old ones", "answer = 7 + 2", 1),
    ("7 red, 2 blue and 2 old ones", "answer = 7 + 2 + 2", 0),
    ("2 cats and 2 dogs", "pair = 2\nanswer = pair * 3 + pair", 0),
    ("2 cats and 2 dogs", "pair = 2  # 2 of them\nanswer = pair * 3", 1),
    ("15% of 80 and 25% of 40", "answer = 80 * 0.85 + 40 / 4", 1),
    ("half of 60", "answer = 60 / 2", 0),
    ("two thirds of 60", "answer = 60 * 2 / 3", 0),
    ("5 men", 'def solution():\n    """5 men"""\n    return 4', 1),
    ("5 men", "", 1),
]


@pytest.mark.parametrize(("problem", "counts"), GIVEN)
def test_each_quantity_of_the_problem_counts_once(problem: str, counts: dict[Fraction | int, int]) -> None:
    assert quantities_of(problem) == Counter({Fraction(value): often for value, often in counts.items()})


@pytest.mark.parametrize(("problem", "program", "left"), USED)
def test_what_a_derivation_leaves_out_is_counted(problem: str, program: str, left: int) -> None:
    assert unused(quantities_of(problem), program) == left


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_is_read(problem: str, program: str) -> None:
    quantities = quantities_of(problem)
    assert 0 <= unused(quantities, program) <= quantities.total()
