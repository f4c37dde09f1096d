"""A law of arithmetic gives other calculations and never another answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from agent.domain import Verdict
from agent.errors import CheckFailed
from agent.teaching.moves import goes_another_way, moves_of_derivation
from agent.teaching.other_ways import other_ways
from agent.verification.derivations.derivation import evaluate_derivation, worked_lines
from agent.verification.verifier import Verifier


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(deadline=20) as running:
        running.start()
        yield running


def first_way(verifier: Verifier, program: str, problem: str) -> list[str]:
    shown = moves_of_derivation(verifier.worked_lines(program), problem)
    for way in other_ways(verifier.worked_lines(program), problem):
        moves = moves_of_derivation(verifier.worked_lines(way.derivation), problem)
        if goes_another_way(moves, shown):
            return [f"{move.calculation} = {move.result}" for move in moves]
    return []


@pytest.mark.parametrize(
    ("program", "problem", "calculations"),
    [
        ("pens = 12\nanswer = pens / 3 * 2", "12 pens at 3 for $2", ["12 × 2 = 24", "24 ÷ 3 = 8"]),
        ("a = 40 * 4\nb = 26 * 4\nanswer = a + b", "40 and 26 an hour for 4 hours", ["40 + 26 = 66", "66 × 4 = 264"]),
        ("a = 39 + 36\nanswer = a * 3", "39 and 36 a day, 3 days", ["39 × 3 = 117", "36 × 3 = 108", "117 + 108 = 225"]),
        ("p = 500\noff = p * 20 / 100\nanswer = p - off", "$500 at 20% off",
         ["500 × 80 = 40000", "40000 ÷ 100 = 400"]),
        ("b = 850 * 2\nanswer = 850 + b", "850 loaves, and 2 times as many", ["2 + 1 = 3", "850 × 3 = 2550"]),
        ("a = 636 + 8\nanswer = 636 + a", "636 loaves, and 8 more", ["2 × 636 = 1272", "1272 + 8 = 1280"]),
        ("answer = 90 - 20 - 15", "90 cards, 20 and 15 are lost", ["20 + 15 = 35", "90 − 35 = 55"]),
    ],
)  # fmt: skip
def test_what_is_done_differently(verifier: Verifier, program: str, problem: str, calculations: list[str]) -> None:
    assert first_way(verifier, program, problem) == calculations


@pytest.mark.parametrize(
    "program",
    [
        "answer = 336 / 48",  # one calculation
        "answer = ceil(23 / 7) * 2",  # rounding keeps to no law
        "answer = 23 // 7 * 2",
        "2 * answer = 10",  # an equation
        "a = 2 + 3\nanswer = a / 3",  # 2/3 + 1: no numbers to calculate with
    ],
)
def test_no_other_way(verifier: Verifier, program: str) -> None:
    assert not list(other_ways(verifier.worked_lines(program), "23 of 7"))


def test_a_number_that_the_problem_states_twice_is_not_taken_for_one_thing(verifier: Verifier) -> None:
    program = "apples = 5 * 5\nanswer = apples + 5"
    assert not list(other_ways(verifier.worked_lines(program), "5 bags of 5 apples, and 5 pears"))


def test_names_that_double_line_by_line_take_no_time(verifier: Verifier) -> None:
    """Written out, the last of these 60 lines would have 2^60 terms."""
    lines = ["a0 = 1", *(f"a{n} = a{n - 1} + a{n - 1}" for n in range(1, 59)), "answer = a58"]
    started = time.perf_counter()
    assert not list(other_ways(verifier.worked_lines("\n".join(lines)), "1 grain, doubled"))
    assert time.perf_counter() - started < 5


numbers = st.integers(1, 40)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(numbers.map(str), st.sampled_from(["first", "second"])))
    left, right = draw(expressions(depth=depth - 1)), draw(expressions(depth=depth - 1))
    return f"({left} {draw(st.sampled_from('+-*/'))} {right})"


@settings(max_examples=150, deadline=None)
@given(expressions(), expressions(), numbers, numbers)
def test_every_other_way_has_the_same_value(one: str, two: str, first: int, second: int) -> None:
    program = f"first = {first}\nsecond = {second}\nthird = {one}\nanswer = {two} + third * 2"
    try:
        lines = [{"name": line.name, "expression": line.expression, "put_in": line.put_in, "value": line.value}
                 for line in worked_lines(program)]  # fmt: skip
        expected = Fraction(evaluate_derivation(program))
    except CheckFailed:  # a division by zero
        reject()
    for way in other_ways(lines, f"{first} and {second}"):
        assert Fraction(evaluate_derivation(way.derivation)) == expected


def test_the_laws_are_checked_by_the_verifier_as_well(verifier: Verifier) -> None:
    program = "a = 40 * 4\nb = 26 * 4\nanswer = a + b"
    ways = list(other_ways(verifier.worked_lines(program), "40 and 26 an hour for 4 hours"))
    assert ways
    for way in ways:
        assert verifier.same_value(verifier.evaluate_derivation(way.derivation), "264") is Verdict.VERIFIED
