"""The problems to practise: those of the families, by topic, level and skill, each with its exact answer.

A skill is a family's method within its topic ("percentages: reverse percentage"). A problem is named by its family, its
story and its seed, and by nothing else: the same name is the same problem on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from agent.errors import BadInput

if TYPE_CHECKING:
    from agent.context import ExampleSearch
    from index.families.family import Family

SEEDS = 2**31
FIRST_SEED = 1_000_000  # below lies the corpus that examples are shown from
NEIGHBOURS, NEAR = 12, 0.35  # looked at, and the least cosine with the student's problem


@dataclass(frozen=True, slots=True)
class Skill:
    """One method of one topic, from its easiest family on. `families` are names."""

    topic: str
    method: str
    level: int
    families: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.topic}: {self.method}"


@dataclass(frozen=True, slots=True)
class Name:
    """What identifies a problem."""

    family: str
    story: str
    seed: int


@dataclass(frozen=True, slots=True)
class PracticeProblem:
    """`answer` is exact and parseable ("11/2", "484*pi"), `shown` the same as a student writes it."""

    name: Name
    skill: str
    topic: str
    level: int
    text: str
    answer: str
    shown: str
    unit: str
    steps: tuple[str, ...]
    method: str


@cache
def all_skills() -> tuple[Skill, ...]:
    """Every skill, by topic and level."""
    families: dict[tuple[str, str], list[Family]] = {}
    for family in _families().values():
        families.setdefault((family.topic, family.formula), []).append(family)
    skills = [
        Skill(topic, method, min(f.level for f in of), tuple(f.name for f in sorted(of, key=lambda f: f.level)))
        for (topic, method), of in families.items()
    ]
    return tuple(sorted(skills, key=lambda skill: (skill.topic, skill.level, skill.method)))


def topics() -> dict[str, tuple[int, int, int]]:
    """Each topic with its lowest and highest level and the number of its skills."""
    found: dict[str, list[int]] = {}
    for skill in all_skills():
        found.setdefault(skill.topic, []).append(skill.level)
    return {topic: (min(levels), max(_levels(topic)), len(levels)) for topic, levels in found.items()}


def skills_for(topic: str | None = None, level: int | None = None) -> tuple[Skill, ...]:
    """The skills of a topic (any spelling) and a level. Raises BadInput where there are none, naming what there is."""
    known = topics()
    wanted = _topic_named(topic, list(known)) if topic else None
    chosen = tuple(
        Skill(skill.topic, skill.method, level or skill.level, families)
        for skill in all_skills()
        if wanted in (None, skill.topic) and (families := _of_level(skill.families, level))
    )
    if not chosen:
        where = f" in {wanted}, which has levels {known[wanted][0]} to {known[wanted][1]}" if wanted else ""
        raise BadInput(f"There are no problems of level {level}{where}: choose another level.")
    return chosen


def skills_near(problem: str, search: ExampleSearch) -> tuple[Skill, ...]:
    """The skills whose problems are nearest to a student's own problem, nearest first; none where none is near.

    All of one topic: a method such as "working backwards" belongs to several, and the neighbours vote for theirs.
    """
    from index.families.corpus import SOURCE

    votes: dict[str, float] = {}
    found: dict[str, Skill] = {}
    for example in search.search(problem, NEIGHBOURS):
        if example.source == SOURCE and example.similarity >= NEAR:
            matching = [skill for skill in all_skills() if skill.method == example.method]
            for skill in matching:
                votes[skill.topic] = votes.get(skill.topic, 0.0) + example.similarity**2 / len(matching)
                found.setdefault(skill.name, skill)
    topic = max(votes, key=lambda name: votes[name], default="")
    return tuple(skill for skill in found.values() if skill.topic == topic)[:3]


def new_problem(skill: Skill, rng: Random, avoid: Sequence[Name] = ()) -> PracticeProblem:
    """A problem of the skill that is not one of `avoid`, drawn from `rng` alone."""
    for _ in range(20):
        family = _families()[rng.choice(skill.families)]
        name = Name(family.name, rng.choice(family.stories), FIRST_SEED + rng.randrange(SEEDS))
        if name not in avoid:
            break
    return problem_named(name)


def problem_named(name: Name) -> PracticeProblem:
    """The problem of that name. Raises BadInput where this version knows no such family or story."""
    from index.families.corpus import readable_answer
    from index.families.family import instance

    family = _families().get(name.family)
    if family is None or name.story not in family.stories:
        raise BadInput("This problem is of another version of Mathlearn: ask for a new one.")
    worked = instance(family, name.story, name.seed)
    return PracticeProblem(
        name=name, skill=f"{family.topic}: {family.formula}", topic=family.topic, level=family.level,
        text=worked.problem, answer=str(worked.answer), shown=readable_answer(worked.answer, worked.unit),
        unit=worked.unit, steps=worked.steps, method=family.formula,
    )  # fmt: skip


def hints_for(problem: PracticeProblem) -> list[str]:
    """From the method to the last step's beginning, one a request; none holds a result that is still to be found.

    A step is shown up to its last equals sign, and only where the answer itself does not stand before it.
    """
    hints = [f"The method: {problem.method}."]
    for number, step in enumerate(problem.steps):
        asked, sign, _ = step.rpartition("=")
        hint = f"{asked.strip()} = ?" if sign else step
        later = [_result(step) for step in problem.steps[number:]]
        if not any(_stands_in(result, hint) for result in [*later, problem.shown, problem.answer] if result):
            hints.append(hint)
    return hints


def _result(step: str) -> str:
    """The number that a step ends on, "" where it ends on none."""
    found = re.search(r"(-?[\d.,]*\d(?:/\d+)?)[^\d=]*$", step.rpartition("=")[2])
    return found[1] if found and "=" in step else ""


def _stands_in(result: str, hint: str) -> bool:
    number = re.search(r"[\d.,]*\d(?:/\d+)?", result)
    if number is None:
        return result.lower() in hint.lower()
    return re.search(rf"(?<![\d.,/]){re.escape(number[0])}(?![\d/]|[.,]\d)", hint) is not None


@cache
def _families() -> dict[str, Family]:
    from index.families.corpus import all_families

    return {family.name: family for family in all_families()}


def _levels(topic: str) -> list[int]:
    return [family.level for family in _families().values() if family.topic == topic]


def _of_level(families: Sequence[str], level: int | None) -> tuple[str, ...]:
    return tuple(name for name in families if level is None or _families()[name].level == level)


def _topic_named(topic: str, known: Sequence[str]) -> str:
    asked = " ".join(topic.lower().replace("-", " ").replace("_", " ").split())
    exact = [name for name in known if name == asked]
    near = exact or [name for name in known if name.startswith(asked) or asked.rstrip("s") == name.rstrip("s")]
    if len(near) != 1:
        raise BadInput(f"There is no topic “{topic[:40]}”: choose one of {', '.join(known)}.")
    return near[0]
