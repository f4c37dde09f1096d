"""The starter corpus: the same on every machine, distinct, readable, and cheap to ask about."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random

import pytest
import sympy
from sympy import Integer, Rational, pi, sqrt

from index.families.corpus import (
    LICENCE,
    SOURCE,
    all_families,
    readable_answer,
    starter_corpus,
    starter_digest,
    starter_records,
)
from index.families.family import Draft, Family
from index.families.stories import Story

DIGEST = (
    "import hashlib; from index.families.corpus import starter_records; "
    "print(hashlib.sha256(repr(list(starter_records(per_family=4))).encode()).hexdigest())"
)


def _write_sum(rng: Random, story: Story) -> Draft:
    a, b = rng.randint(1, 99), rng.randint(1, 99)
    text = f"{rng.choice(story.people)} has {a} {story.items} and gets {b} more. How many is that?"
    return Draft(text, (f"{a} + {b} = {a + b}",), Integer(a + b), Integer(b + a), story.items)


def _write_one_fact(rng: Random, story: Story) -> Draft:
    return Draft("How many minutes has an hour?", ("60",), Integer(60), Integer(60), "minutes")


STORIES = ("bakery", "garden", "harbor")
SUMS = Family("sums", "arithmetic", 1, "addition", STORIES, _write_sum)
FACT = Family("fact", "time", 1, "units of time", STORIES, _write_one_fact)


def test_the_corpus_is_the_same_in_every_process() -> None:
    digests = set()
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", DIGEST]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        digests.add(ran.stdout)
    assert len(digests) == 1


def test_the_corpus_is_large_distinct_and_from_every_family() -> None:
    problems = list(starter_corpus())
    assert len(problems) >= 1000
    assert len({" ".join(problem.problem.casefold().split()) for problem in problems}) == len(problems)
    assert {problem.family for problem in problems} == {family.name for family in all_families()}


def test_records_end_in_their_answer_and_name_their_method_and_licence() -> None:
    for row, record in enumerate(starter_records(per_family=1)):
        assert record.solution.splitlines()[-1] == f"Answer: {record.answer}"
        assert record.answer
        assert record.method
        assert (record.source, record.licence, record.row) == (SOURCE, LICENCE, row)


def test_a_family_gives_as_many_as_asked_with_its_stories_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.families.corpus.all_families", lambda: [SUMS])
    problems = list(starter_corpus(per_family=7))
    assert [problem.story for problem in problems] == [STORIES[n % 3] for n in range(7)]
    assert len({problem.problem for problem in problems}) == 7


def test_another_seed_gives_other_problems_and_the_same_seed_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.families.corpus.all_families", lambda: [SUMS])
    first, again, other = (
        [problem.problem for problem in starter_corpus(per_family=5, seed=seed)] for seed in (0, 0, 1)
    )
    assert first == again
    assert not set(first) & set(other)


def test_a_family_that_repeats_itself_gives_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.families.corpus.all_families", lambda: [FACT, SUMS])
    assert [problem.family for problem in starter_corpus(per_family=2)] == ["fact", "sums", "sums"]


@pytest.mark.parametrize(
    ("answer", "unit", "text"),
    [
        (Integer(48), "", "48"),
        (Integer(-3), "rolls", "-3 rolls"),
        (Rational(3, 4), "", "3/4"),
        (Rational(-7, 3), "hours", "-7/3 hours"),
        (Rational(5, 2), "liters", "2.5 liters"),
        (Rational(1, 8), "kilograms", "0.125 kilograms"),
        (Rational(-1, 4), "meters", "-0.25 meters"),
        (Rational(25, 2), "dollars", "$12.50"),
        (Integer(12), "dollars", "$12"),
        (Rational(-5, 4), "$", "-$1.25"),
        (Rational(1, 20), "euros", "€0.05"),
        (Rational(1, 3), "dollars", "1/3 dollars"),
        (Rational(1, 8), "dollars", "0.125 dollars"),
        (Integer(15), "%", "15%"),
        (Rational(25, 2), "%", "12.5%"),
        (2 * sqrt(3), "", "2·sqrt(3)"),
        (9 * pi, "square meters", "9π square meters"),
        (sympy.Symbol("x") ** 2 + 2, "", "x^2 + 2"),
        (sympy.FiniteSet(2, -5), "", "-5 and 2"),
        (sympy.Tuple(Integer(3), Rational(1, 2)), "", "3 and 1/2"),
        (10**30 * Integer(1), "grains", "1" + "0" * 30 + " grains"),
    ],
)
def test_answers_are_written_as_a_student_writes_them(answer: sympy.Basic, unit: str, text: str) -> None:
    assert readable_answer(answer, unit) == text


def test_asking_for_the_digest_imports_no_sympy() -> None:
    code = "import sys; from index.families.corpus import starter_digest; print(starter_digest()); "
    code += "assert 'sympy' not in sys.modules"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == starter_digest()
