"""The controlled families: every family in every story, whole numbers, a solution that ends on the answer."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction

import pytest

from index.controlled.families import FAMILIES, ControlledProblem, controlled_corpus, controlled_problem, stories
from index.structure import structure_of_solution


@pytest.fixture(scope="module")
def problems() -> list[ControlledProblem]:
    return list(controlled_corpus())


def test_every_family_is_told_in_every_story_and_no_problem_twice(problems: list[ControlledProblem]) -> None:
    told = {(p.family, p.story) for p in problems}
    assert len(told) == len(FAMILIES) * len(stories()) >= 330
    assert len({p.problem for p in problems}) == len(problems)


def test_the_solution_calculates_the_answer_from_numbers_of_the_problem(problems: list[ControlledProblem]) -> None:
    for p in problems:
        found = structure_of_solution(p.problem, p.solution)
        assert found is not None
        assert found[1] == Fraction(p.answer)
        assert p.answer.isdigit()


def test_different_families_calculate_differently(problems: list[ControlledProblem]) -> None:
    families: defaultdict[str, set[str]] = defaultdict(set)
    for p in problems:
        found = structure_of_solution(p.problem, p.solution)
        assert found is not None
        families[found[0].signature].add(p.family)
    shared = {signature: names for signature, names in families.items() if len(names) > 1}
    assert not shared


def test_stories_have_the_same_clauses_in_sentences_of_their_own() -> None:
    kinds = [set(clauses) for clauses in stories().values()]
    assert all(kind == kinds[0] for kind in kinds)
    for clause in kinds[0]:
        told = [words[clause] for words in stories().values()]
        assert len(set(told)) >= len(told) - 1
        assert {frozenset(re.findall(r"{(\w+)}", text)) for text in told} <= {
            frozenset(names) for names in ((), ("n",), ("part",), ("k",), ("k", "n"), ("a", "b", "c"))
        }


def test_a_text_is_whole_sentences(problems: list[ControlledProblem]) -> None:
    for p in problems:
        assert p.problem.endswith("?")
        assert not re.search(r"[{}]| {2}|\.\.", p.problem)
        assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in re.split(r"(?<=[.?]) ", p.problem))


def test_the_same_arguments_give_the_same_problem() -> None:
    family = FAMILIES[0]
    assert controlled_problem(family, "farm", 0, 5) == controlled_problem(family, "farm", 0, 5)
    assert controlled_problem(family, "farm", 0, 5) != controlled_problem(family, "farm", 0, 6)
