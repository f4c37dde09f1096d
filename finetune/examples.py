"""Training examples from worked problems: filtered, kept apart from benchmarks, checked, in the tutor's own form.

A row goes through the cheap filters first, then the subset is drawn, stratified by source, and only what is drawn is
checked by the tutor's verifier. Everything left out is counted by its reason.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.domain import Verdict
from agent.errors import BadConfiguration, CheckFailed
from finetune.contract import Checker, Turn, Tutor
from finetune.overlap import HeldOut, Seen
from finetune.sources import FAMILIES, Row, read_problems, read_rows
from finetune.targets import MAX_STEPS, STEP_END, program, solution_steps, with_answer

MAX_PROBLEM_CHARACTERS = 4_000  # the tutor reads no longer ones
MAX_SOLUTION_CHARACTERS = 8_000
SOLUTION, PROGRAM = "solution", "program"
TARGETS = (SOLUTION, PROGRAM)

Progress = Callable[[str, int], None]


def _unwatched(_doing: str, _done: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Example:
    """What the tutor says to the model, what the model is to write, and the answer that this leads to."""

    prompt: tuple[Turn, ...]
    completion: str
    problem: str
    answer: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which examples to make. `train` and `held_out` are numbers of problems; a problem gives one example a target.

    `apart` are files or hub data sets whose problems must not be trained on.
    """

    places: tuple[str, ...]
    train: int
    held_out: int
    targets: tuple[str, ...] = (SOLUTION,)
    apart: tuple[str, ...] = ()
    seed: int = 0
    max_steps: int = MAX_STEPS
    check_steps: bool = True


@dataclass(slots=True)
class Report:
    """What became of the rows: how many were read, why others were left out, what was made of the rest."""

    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    apart: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "read": self.read, "dropped": dict(self.dropped), "made": dict(self.made),
            "sources": dict(self.sources), "kept_apart": self.apart,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Examples:
    """`train` to learn from, `held_out` to measure with: other problems of the same sources."""

    train: list[Example]
    held_out: list[Example]
    report: Report


def make_examples(wanted: Wanted, tutor: Tutor, progress: Progress = _unwatched) -> Examples:
    """Read, filter, draw and check. The same wish gives the same examples.

    Raises BadConfiguration where nothing usable is left, BadInput and FetchFailed as read_rows does.
    """
    if unknown := set(wanted.targets) - set(TARGETS):
        raise BadConfiguration(f"There is no target {min(unknown)}: use {' or '.join(TARGETS)}.")
    report = Report()
    held_out = HeldOut()
    for place in wanted.apart:
        held_out.add(place, read_problems(place))
    report.apart = dict(held_out.problems)
    strata: dict[str, list[Row]] = defaultdict(list)
    for row in _filtered(wanted, held_out, tutor, report, progress):
        strata[row.source].append(row)
    with tutor.open_checker() as checker:
        making = _Making(wanted, tutor, checker, report, progress)
        # Those to measure with are drawn first, so that they stay the same when more are trained on.
        measured = making.draw(strata, wanted.held_out)
        trained = making.draw(strata, wanted.train)
    if not trained:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in report.dropped.most_common(3))
        raise BadConfiguration(
            f"None of {report.read:,} rows can be trained on ({reasons or 'nothing was read'}): name other data."
        )
    report.sources.update(example.source for example in trained)
    random.Random(wanted.seed).shuffle(trained)  # noqa: S311
    return Examples(trained, measured, report)


def _filtered(wanted: Wanted, held_out: HeldOut, tutor: Tutor, report: Report, progress: Progress) -> Iterator[Row]:
    seen = Seen()
    for row in read_rows(list(wanted.places), report.dropped):
        report.read += 1
        if report.read % 500 == 0:
            progress("reading", report.read)
        reason = _unusable(row, wanted, held_out, seen, tutor)
        if reason:
            report.dropped[reason] += 1
        else:
            yield row


def _unusable(row: Row, wanted: Wanted, held_out: HeldOut, seen: Seen, tutor: Tutor) -> str:
    """Why a row cannot be used, "" where it can, as far as that shows without the verifier."""
    if len(row.problem) > MAX_PROBLEM_CHARACTERS or len(row.solution) > MAX_SOLUTION_CHARACTERS:
        return "too long"
    if r"\boxed" not in row.solution and not row.answer:
        return "no boxed answer"
    steps = with_answer(solution_steps(row.solution, tutor.step_is_open), row.answer)
    if not tutor.final_answer(STEP_END.join(steps)):
        return "no boxed answer"
    if SOLUTION in wanted.targets and len(steps) > wanted.max_steps:
        return "more steps than the tutor takes"
    if seen.is_duplicate(row.problem):
        return "duplicate"
    if places := held_out.found_in(row.problem):
        return f"shares {held_out.size} words with {min(places)}"
    # Our own families are variations on purpose; their numbers are what differs.
    if row.source != FAMILIES and seen.is_near_duplicate(row.problem):
        return "near-duplicate"
    return ""


@dataclass(slots=True)
class _Making:
    wanted: Wanted
    tutor: Tutor
    checker: Checker
    report: Report
    progress: Progress
    checked: int = 0

    def draw(self, strata: dict[str, list[Row]], number: int) -> list[Example]:
        """The examples of `number` problems, each source in proportion; what is drawn leaves the strata."""
        found: list[Example] = []
        for source, share in proportional(number, {name: len(rows) for name, rows in strata.items()}).items():
            rows = strata[source]
            random.Random(f"{self.wanted.seed}/{source}/{len(rows)}").shuffle(rows)  # noqa: S311
            kept = 0
            while rows and kept < share:
                made = self._examples(rows.pop())
                kept += bool(made)
                found += made
        return found

    def _examples(self, row: Row) -> list[Example]:
        self.checked += 1
        self.progress("checking", self.checked)
        steps = with_answer(solution_steps(row.solution, self.tutor.step_is_open), row.answer)
        text = STEP_END.join(steps)
        answer = self.tutor.final_answer(text) or row.answer
        if self.checker.same_value(answer, answer) is not Verdict.VERIFIED:
            self.report.dropped["an answer that cannot be read"] += 1
            return []
        if self.wanted.check_steps and self._is_refuted(steps, row.problem):
            self.report.dropped["a refuted step"] += 1
            return []
        made = []
        for target in self.wanted.targets:
            if target == SOLUTION:
                made.append(self._example(row, self.tutor.solution_turns(row.problem), text, answer, target))
            elif written := self._program(row, answer):
                made.append(
                    self._example(row, self.tutor.program_turns(row.problem), f"```\n{written}\n```", answer, target)
                )
        self.report.made.update(example.target for example in made)
        return made

    def _example(self, row: Row, prompt: Sequence[Turn], completion: str, answer: str, target: str) -> Example:
        return Example(tuple(prompt), completion, row.problem, answer, row.source, target)

    def _is_refuted(self, steps: list[str], problem: str) -> bool:
        for place, step in enumerate(steps):
            claims = self.checker.check_step(step, earlier=steps[:place], problem=problem)
            if any(claim.verdict is Verdict.REFUTED for claim in claims):
                return True
        return False

    def _program(self, row: Row, answer: str) -> str | None:
        """The row's calculations as a program, where the tutor can evaluate it and it gives the row's answer."""
        written = program(row) if row.annotated else None
        if written is None:
            self.report.dropped["no program: no marked calculations"] += 1
            return None
        try:
            value = self.checker.evaluate_derivation(written)
        except CheckFailed:
            self.report.dropped["no program: it cannot be evaluated"] += 1
            return None
        if self.checker.same_value(answer, value) is not Verdict.VERIFIED:
            self.report.dropped["no program: it gives another answer"] += 1
            return None
        return written


def proportional(number: int, sizes: dict[str, int]) -> dict[str, int]:
    """`number` divided among strata in proportion to their sizes, by largest remainders, none more than it has."""
    total = sum(sizes.values())
    number = min(number, total)
    if not total:
        return {}
    exact = {name: number * size / total for name, size in sorted(sizes.items())}
    shares = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
    for name in by_remainder[: number - sum(shares.values())]:
        shares[name] += 1
    return shares


def rows_of(examples: Iterable[Example]) -> list[dict[str, Any]]:
    """Examples as JSON objects, to be kept with a run and read again by its measurement."""
    return [
        {
            "prompt": [{"role": turn.role, "content": turn.content} for turn in example.prompt],
            "completion": example.completion, "problem": example.problem, "answer": example.answer,
            "source": example.source, "target": example.target,
        }
        for example in examples
    ]  # fmt: skip


def examples_of(rows: Iterable[dict[str, Any]]) -> list[Example]:
    return [Example(**{**row, "prompt": tuple(Turn(**turn) for turn in row["prompt"])}) for row in rows]
