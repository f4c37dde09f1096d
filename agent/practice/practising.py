"""Practice as a front end sees it: a problem, its hints, an answer and what it is worth. No model is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from agent.errors import BadInput
from agent.practice.choice import choose_skill
from agent.practice.mastery import DEFAULTS, after_answer
from agent.practice.problems import PracticeProblem, Skill, hints_for, new_problem, problem_named
from agent.practice.store import Attempt, OpenProblem, PracticeStore
from agent.verification.students.outcomes import Judged, Outcome
from agent.verification.verifier import Verifier

LONGEST_KEPT = 200  # characters of an answer
RECENT = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an answer; `attempt` is there once the problem is done with."""

    judged: Judged
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    """One student's practice. Everything is kept in the store: a page that is loaded again goes on where it was."""

    store: PracticeStore
    verifier: Verifier
    owner: str
    rng: Random
    now: Callable[[], float] = time.time

    def current(self) -> PracticeProblem | None:
        """The problem that is open; None where there is none, or where this version no longer knows it."""
        found = self.store.open_problem(self.owner)
        if found is None:
            return None
        try:
            return problem_named(found.name)
        except BadInput:
            self.store.clear_open(self.owner)
            return None

    def next(self, skills: Sequence[Skill]) -> PracticeProblem:
        """A new problem of one of the skills, chosen by what the student knows. An open one is skipped."""
        self.skip()
        attempts = self.store.attempts(self.owner)
        recent = [attempt.skill for attempt in attempts[-RECENT:]]
        records = self.store.records(self.owner)
        skill = choose_skill(skills, records, self.rng, now=self.now(), recent=recent)
        seen = {(attempt.family, attempt.story, attempt.seed) for attempt in attempts}
        problem = new_problem(skill, self.rng)
        for _ in range(8):
            name = problem.name
            if (name.family, name.story, name.seed) not in seen:
                break
            problem = new_problem(skill, self.rng)
        self.store.set_open(self.owner, OpenProblem(problem.name, self.now()))
        return problem

    def answer(self, text: str) -> Reply:
        """Judge an answer to the open problem. Raises BadInput where none is open.

        The first answer that can be read is what counts for mastery; a wrong unit, a rounded value and an unreadable
        text are asked for again and count for nothing.
        """
        problem, state = self._open()
        judged = self.verifier.judge_answer(text, problem.answer, unit=problem.unit, problem=problem.text)
        if judged.outcome is Outcome.UNREADABLE:
            return Reply(judged)
        if not state.typed and (judged.outcome.is_right or judged.outcome.is_wrong):
            state = replace(state, typed=text[:LONGEST_KEPT], outcome=judged.outcome.value)
        state = replace(state, tries=state.tries + 1)
        if judged.outcome.is_right:
            return Reply(judged, self._finish(problem, state))
        self.store.set_open(self.owner, state)
        return Reply(judged)

    def hint(self) -> str | None:
        """The next hint, None where there is no further one. Raises BadInput where no problem is open."""
        problem, state = self._open()
        hints = hints_for(problem)
        if state.hints >= len(hints):
            return None
        self.store.set_open(self.owner, replace(state, hints=state.hints + 1))
        return hints[state.hints]

    def hints_shown(self) -> list[str]:
        """The hints to the open problem that have been given."""
        problem, state = self._open()
        return hints_for(problem)[: state.hints]

    def solution(self) -> tuple[PracticeProblem, Attempt]:
        """The open problem with its worked solution, which ends it. Raises BadInput where none is open."""
        problem, state = self._open()
        return problem, self._finish(problem, replace(state, outcome=state.outcome or Outcome.WRONG.value))

    def skip(self) -> None:
        """Leave the open problem. It counts where something was tried or a hint taken, as not known."""
        found = self.store.open_problem(self.owner)
        problem = self.current()
        if found is not None and problem is not None and (found.typed or found.hints):
            self._finish(problem, found)
        self.store.clear_open(self.owner)

    def _open(self) -> tuple[PracticeProblem, OpenProblem]:
        problem, state = self.current(), self.store.open_problem(self.owner)
        if problem is None or state is None:
            raise BadInput("There is no open problem: ask for one first.")
        return problem, state

    def _finish(self, problem: PracticeProblem, state: OpenProblem) -> Attempt:
        independent = not state.hints and bool(state.outcome) and Outcome(state.outcome).is_right
        record = self.store.records(self.owner).get(problem.skill)
        attempt = Attempt(
            skill=problem.skill, topic=problem.topic, level=problem.level, family=problem.name.family,
            story=problem.name.story, seed=problem.name.seed, asked=state.asked, answered=self.now(), typed=state.typed,
            outcome=state.outcome, independent=independent, hints=state.hints, tries=state.tries,
            mastery=after_answer(record.mastery if record else DEFAULTS.known, independent),
        )  # fmt: skip
        self.store.add(self.owner, attempt)
        return attempt
