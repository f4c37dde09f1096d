"""What a problem family is: one kind of problem, many wordings and numbers, an exact answer, a worked solution.

A family is a function `(rng, story) -> Draft`, registered with `@family(...)`. It must draw every number
from `rng` alone, so that the same seed gives the same corpus on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import sympy

from index.families.stories import STORIES, Story


@dataclass(frozen=True, slots=True)
class Draft:
    """What a family's function returns.

    `problem`: the text a student reads. `steps`: the worked solution, one step a string, each with its
    calculation written out as an equation ("12 × 4 = 48"). `answer`: exact. `check`: the same answer by a
    second route (brute force, substitution, another formula), so that a slip in one is caught by tests.
    `unit`: what the answer counts, "" for a pure number.
    """

    problem: str
    steps: tuple[str, ...]
    answer: sympy.Basic
    check: sympy.Basic
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """`topic` is one of TOPICS; `level` 1 (primary school) to 5 (first calculus); `stories` name at least
    three entries of STORIES; `formula` is the method's usual name ("unit rate", "Pythagorean theorem")."""

    name: str
    topic: str
    level: int
    formula: str
    stories: tuple[str, ...]
    write: Callable[[Random, Story], Draft]


@dataclass(frozen=True, slots=True)
class WorkedProblem:
    """One problem of the starter corpus, ready to index or to practise."""

    family: str
    topic: str
    level: int
    story: str
    problem: str
    steps: tuple[str, ...]
    answer: sympy.Basic
    check: sympy.Basic
    unit: str
    formula: str

    @property
    def solution(self) -> str:
        return "\n".join(self.steps)


TOPICS = (
    "arithmetic", "fractions", "percentages", "ratio", "rates", "mixtures", "shared work", "money", "time",
    "geometry", "number theory", "linear equations", "systems", "quadratics", "sequences", "counting",
    "probability", "statistics", "exponents", "logarithms", "calculus",
)  # fmt: skip

FAMILIES: dict[str, Family] = {}


def family(
    name: str, *, topic: str, level: int, formula: str, stories: tuple[str, ...]
) -> Callable[[Callable[[Random, Story], Draft]], Callable[[Random, Story], Draft]]:
    """Register a family. Raises ValueError where its description breaks the rules above."""
    if topic not in TOPICS:
        raise ValueError(f"{name}: unknown topic {topic!r}")
    if len(stories) < 3 or not set(stories) <= set(STORIES):
        raise ValueError(f"{name}: at least three known stories are needed, not {stories}")
    if name in FAMILIES:
        raise ValueError(f"{name} is registered twice")

    def register(write: Callable[[Random, Story], Draft]) -> Callable[[Random, Story], Draft]:
        FAMILIES[name] = Family(name, topic, level, formula, stories, write)
        return write

    return register


def instance(of: Family, story: str, seed: int) -> WorkedProblem:
    """The problem that this family writes for this story and seed: always the same one."""
    draft = of.write(Random(f"{of.name}/{story}/{seed}"), STORIES[story])
    return WorkedProblem(
        family=of.name, topic=of.topic, level=of.level, story=story, problem=draft.problem, steps=draft.steps,
        answer=draft.answer, check=draft.check, unit=draft.unit, formula=of.formula,
    )  # fmt: skip
