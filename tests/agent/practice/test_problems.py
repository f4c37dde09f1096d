"""Practice problems: every skill has them, their own answers are accepted, and no hint gives the result away."""

from __future__ import annotations

from random import Random

import pytest

from agent.domain import Example
from agent.errors import BadInput
from agent.practice.problems import (
    Name,
    Skill,
    all_skills,
    hints_for,
    new_problem,
    problem_named,
    skills_for,
    skills_near,
    topics,
)
from agent.verification.students.acceptance import judge_answer
from agent.verification.students.outcomes import Outcome

PROBLEMS = [new_problem(skill, Random(seed)) for seed, skill in enumerate(all_skills())]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.skill)
def test_shown_answer_of_every_skill_is_accepted_and_another_is_not(problem: object) -> None:
    from agent.practice.problems import PracticeProblem

    assert isinstance(problem, PracticeProblem)
    for typed in (problem.shown, problem.answer):
        judged = judge_answer(typed, problem.answer, problem.unit, problem.text)
        assert judged.outcome.is_right, (typed, judged)
    other = judge_answer("123457/11", problem.answer, problem.unit, problem.text)
    assert other.outcome is Outcome.WRONG


def test_a_problem_is_the_same_by_its_name() -> None:
    for problem in PROBLEMS[:20]:
        assert problem_named(problem.name) == problem


def test_a_problem_of_another_version_is_said_to_be_one() -> None:
    with pytest.raises(BadInput, match="another version"):
        problem_named(Name("no-such-family", "bakery", 1))


def test_hints_begin_with_the_method_and_hold_no_answer() -> None:
    shown = 0
    for problem in PROBLEMS:
        first, *others = hints_for(problem)
        assert problem.method in first
        shown += len(others)
        number = problem.shown.split()[0].strip("$")
        for hint in others:
            assert number not in hint.replace("=", " ").split()
    assert shown > len(PROBLEMS)  # more than one real step each, on average


def test_topics_are_found_by_any_spelling_and_levels_narrow_them() -> None:
    assert {skill.topic for skill in skills_for("Number-Theory")} == {"number theory"}
    assert {skill.topic for skill in skills_for("fraction")} == {"fractions"}
    for skill in skills_for("percentages", 3):
        assert {new_problem(skill, Random(seed)).level for seed in range(4)} == {3}
    assert len(topics()) == 21


@pytest.mark.parametrize(
    ("topic", "level", "said"), [("cooking", None, "choose one of"), ("arithmetic", 5, "levels 1")]
)
def test_a_topic_or_level_without_problems_says_what_there_is(topic: str, level: int | None, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        skills_for(topic, level)


class _Search:
    near_from = 0.6

    def __init__(self, *found: Example) -> None:
        self.found = found

    def search(self, problem: str, k: int, *, derivation: str = "") -> tuple[Example, ...]:
        return self.found[:k]


def test_near_skills_are_those_of_near_family_problems_alone() -> None:
    skill = all_skills()[5]

    def example(source: str, similarity: float) -> Example:
        return Example("p", "s", source, 0, "l", similarity, "", skill.method)

    family = "mathlearn families"
    assert [s.name for s in skills_near("p", _Search(example(family, 0.8), example(family, 0.7)))] == [skill.name]
    assert skills_near("p", _Search(example(family, 0.1), example("another corpus", 0.9))) == ()


def test_drawing_avoids_what_is_named() -> None:
    skill = Skill("fractions", "fraction of a fraction", 2, ("part-of-a-part",))
    first = new_problem(skill, Random(1)).name
    assert new_problem(skill, Random(1), avoid=[first]).name != first
