"""Every family: its answer is right by a second route, its solution passes the step checker, its text reads well."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import sympy

from agent.domain import Verdict
from agent.verification.claims import check_step
from index.families.corpus import all_families
from index.families.family import TOPICS, Family, WorkedProblem, instance
from index.families.stories import STORIES

FAMILIES = tuple(all_families())
SEEDS = range(4)


def problems(of: Family) -> list[WorkedProblem]:
    return [instance(of, story, seed) for story in of.stories[:4] for seed in SEEDS]


def test_there_are_at_least_sixty_families_over_every_topic() -> None:
    assert len(FAMILIES) >= 60
    assert {of.topic for of in FAMILIES} == set(TOPICS)


def test_stories_are_shared_so_that_none_gives_the_mathematics_away() -> None:
    uses = Counter(story for of in FAMILIES for story in of.stories)
    assert all(len(set(of.stories)) >= 3 for of in FAMILIES)
    assert min(uses[story] for story in STORIES) >= 8


@pytest.mark.parametrize("of", FAMILIES, ids=lambda of: of.name)
def test_the_answer_is_right_by_a_second_route(of: Family) -> None:
    for problem in problems(of):
        assert sympy.simplify(problem.answer - problem.check) == 0, problem.problem


@pytest.mark.parametrize("of", FAMILIES, ids=lambda of: of.name)
def test_the_worked_solution_passes_the_step_checker(of: Family) -> None:
    for problem in problems(of)[::3]:
        for step in problem.steps:
            refuted = [claim.reason for claim in check_step(step) if claim.verdict is Verdict.REFUTED]
            assert not refuted, step


def test_most_equations_of_the_solutions_are_verified() -> None:
    steps = [step for of in FAMILIES for step in problems(of)[0].steps if "=" in step]
    verified = sum(any(claim.verdict is Verdict.VERIFIED for claim in check_step(step)) for step in steps)
    assert verified / len(steps) >= 0.6


@pytest.mark.parametrize("of", FAMILIES, ids=lambda of: of.name)
def test_the_text_reads_well(of: Family) -> None:
    for problem in problems(of):
        assert 30 <= len(problem.problem) <= 700
        for text in (problem.problem, *problem.steps):
            assert not re.search(r"[{}]|None|  |\b1 \w+es\b(?<!times)", text), text
        assert problem.steps


@pytest.mark.parametrize("of", FAMILIES, ids=lambda of: of.name)
def test_numbers_and_wording_vary_and_the_same_seed_gives_the_same_text(of: Family) -> None:
    story = of.stories[0]
    texts = {instance(of, story, seed).problem for seed in range(12)}
    assert len(texts) >= 4
    assert instance(of, story, 3) == instance(of, story, 3)
    wordings = {re.sub(r"[\d.,/]+", "#", text) for text in texts}
    assert len(wordings) >= 2
