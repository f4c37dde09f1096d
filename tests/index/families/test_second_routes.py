"""The problems of geometry and beyond hold in a brute-force loop, and their texts alone lead to their answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from math import isqrt

import pytest
import sympy
from sympy import Integer, Rational, pi

from index.families.calculus import _secant, _simpson
from index.families.corpus import all_families, readable_answer
from index.families.family import FAMILIES, Family, WorkedProblem, instance
from index.families.stories import STORIES

TOPICS = {
    "geometry", "number theory", "linear equations", "systems", "quadratics", "sequences", "counting",
    "probability", "statistics", "exponents", "logarithms", "calculus",
}  # fmt: skip
CHOSEN = tuple(of for of in all_families() if of.topic in TOPICS)
SEEDS = range(1000, 1060)


def problems(of: Family) -> list[WorkedProblem]:
    return [instance(of, of.stories[seed % len(of.stories)], seed) for seed in SEEDS]


def names_of(answer: sympy.Basic, unit: str) -> set[str]:
    """The ways in which a final step may write the answer."""
    written = {readable_answer(answer), readable_answer(answer, unit).removesuffix(unit).strip()}
    return {text.removeprefix("$").replace("·", "") for text in written}


def test_every_topic_has_at_least_four_families() -> None:
    assert {topic: sum(of.topic == topic for of in CHOSEN) >= 4 for topic in TOPICS} == dict.fromkeys(TOPICS, True)


@pytest.mark.parametrize("of", CHOSEN, ids=lambda of: of.name)
def test_both_routes_agree_exactly_and_nothing_is_rounded(of: Family) -> None:
    for problem in problems(of):
        assert isinstance(problem.answer, sympy.Basic)
        assert isinstance(problem.check, sympy.Basic)
        assert not problem.answer.has(sympy.Float)
        assert sympy.simplify(problem.answer - problem.check) == 0, problem.problem


@pytest.mark.parametrize("of", CHOSEN, ids=lambda of: of.name)
def test_the_last_step_states_the_answer(of: Family) -> None:
    for problem in problems(of):
        last = problem.steps[-1]
        found = (
            re.search(rf"(?<![\d./]){re.escape(name)}(?![\d/]|\.\d)", last)
            for name in names_of(problem.answer, problem.unit)
        )
        assert any(found), (problem.answer, last)
        assert 2 <= len(problem.steps) <= 6


@pytest.mark.parametrize("of", CHOSEN, ids=lambda of: of.name)
def test_three_wordings_and_ten_stories(of: Family) -> None:
    assert set(of.stories) == set(STORIES)
    for name, story in list(STORIES.items())[:3]:
        people = re.compile("|".join(story.people))
        texts = {people.sub("@", instance(of, name, seed).problem)[:30] for seed in range(60)}
        assert len({re.sub(r"[\d?]+", "#", text) for text in texts}) >= 3, texts


@pytest.mark.parametrize("of", CHOSEN, ids=lambda of: of.name)
def test_nothing_is_negative_and_one_is_not_many(of: Family) -> None:
    for problem in problems(of):
        assert problem.answer > 0 or of.name in {"smudged-digit", "last-digit"}
        for text in (problem.problem, *problem.steps):
            assert not re.search(
                r"(?<![\d.,/^+−×÷=] )(?<![\d.,/])1 (\w+ters|dollars|days|hours|months|people|more \w+s)\b", text
            ), text
            assert not re.search(r"\ba (?:8|11|18|8\d)\b|\+ [-−]|− [-−]| [,.?]", text), text


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _perimeter(text: str) -> sympy.Basic:
    length, area = sorted(_numbers(text))
    return 2 * (length + Rational(area, length))


def _height(text: str) -> sympy.Basic:
    base, area = sorted(_numbers(text))
    return Rational(2 * area, base)


def _surface(text: str) -> sympy.Basic:
    x, y, z = _numbers(text)
    return Integer((x + y + z) ** 2 - x * x - y * y - z * z)


def _digit(text: str) -> sympy.Basic:
    (shown,) = re.findall(r"\d+\?\d+", text)
    return next(Integer(digit) for digit in count() if int(shown.replace("?", str(digit))) % 9 == 0)


def _last_digit(text: str) -> sympy.Basic:
    base, power = re.findall(r"(\d+)\^(\d+)", text)[0]
    return Integer(pow(int(base), int(power), 10))


def _landing(text: str) -> sympy.Basic:
    start, speed = map(int, re.findall(r"h\(t\) = (\d+) \+ (\d+)t − 5t²", text)[0])
    return next(Integer(t) for t in count() if start + speed * t - 5 * t * t <= 0)


def _speed(text: str) -> sympy.Basic:
    a, b, c = (int(part or 1) for part in re.findall(r"= (\d*)t³ \+ (\d*)t² \+ (\d*)t", text)[0])
    at = int(re.findall(r"t = (\d+)|exactly (\d+)", text)[0][0] or re.findall(r"exactly (\d+)", text)[0])
    t = sympy.Symbol("t")
    return sympy.diff(a * t**3 + b * t**2 + c * t, t).subs(t, at)


def _profit(text: str) -> sympy.Basic:
    a, b, c = map(int, re.findall(r"−x³ \+ (\d+)x² − (\d+)x \+ (\d+)", text)[0])
    end = int(re.findall(r"(?:to|and) (\d+)", text)[0])
    return Integer(max(range(end + 1), key=lambda x: -(x**3) + a * x * x - b * x + c))


def _circle(text: str) -> sympy.Basic:
    (around,) = re.findall(r"(\d+)π", text)
    return (int(around) * pi) ** 2 / (4 * pi)


def _teams(text: str) -> sympy.Basic:
    (games,) = _numbers(text)
    return Integer((1 + isqrt(1 + 8 * games)) // 2)


def _rows(text: str) -> sympy.Basic:
    return sympy.divisor_count(_numbers(text)[0])


@pytest.mark.parametrize(
    ("name", "solve"),
    [
        ("perimeter-from-area", _perimeter),
        ("triangle-height", _height),
        ("painted-box", _surface),
        ("smudged-digit", _digit),
        ("last-digit", _last_digit),
        ("thrown-ball", _landing),
        ("speed-at-a-moment", _speed),
        ("greatest-profit", _profit),
        ("circle-from-rim", _circle),
        ("games-to-teams", _teams),
        ("ways-into-rows", _rows),
    ],
)
def test_the_text_alone_leads_to_the_answer(name: str, solve: Callable[[str], sympy.Basic]) -> None:
    for problem in problems(FAMILIES[name]):
        assert sympy.simplify(solve(problem.problem) - problem.answer) == 0, problem.problem


@pytest.mark.parametrize("power", range(4))
def test_simpsons_rule_is_exact_up_to_the_third_degree(power: int) -> None:
    t = sympy.Symbol("t")
    assert _simpson(lambda x: 7 * x**power, 5) == sympy.integrate(7 * t**power, (t, 0, 5))


@pytest.mark.parametrize("power", range(5))
def test_extrapolated_secants_are_exact_up_to_the_fourth_degree(power: int) -> None:
    t = sympy.Symbol("t")
    assert _secant(lambda x: 7 * x**power, 3) == sympy.diff(7 * t**power, t).subs(t, 3)
