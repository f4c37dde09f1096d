"""Nasty texts neither hang nor crash nor swell anything and are never confirmed; afterwards all works as before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent import parsing, routing
from agent.domain import Route, Step, Verdict
from agent.errors import CheckFailed
from agent.verification.derivations import ambiguity, unused_numbers
from agent.verification.reading import quantities
from agent.verification.recognition.recognition import MAX_PROBLEM
from agent.verification.verifier import SYMBOLIC_PATIENCE, Verifier
from tests.agent.verification.nasty import HOSTILE, nasty

COUNT, SEED = 2_000, 20261126
TURNS = 3  # operations for each text, of the eight below; they take turns, so that each sees texts of every kind
DEADLINE, MARGIN = 2.0, 0.5
GROWTH = 100_000  # kB that the worker may gain while it reads all of it: SymPy's caches fill once
IN_PROCESS_SECONDS = 0.05
PROBLEM, MODEL_TEXT = routing.MAX_CHARACTERS, 8_000

TEXTS = [("hostile", text) for text in HOSTILE] + list(nasty(COUNT, SEED))


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(deadline=DEADLINE) as running:
        yield running


@pytest.fixture(scope="module")
def impatient() -> Iterator[Verifier]:
    """For symbolic problems, which have several times the deadline and which SymPy may never solve."""
    with Verifier(deadline=DEADLINE / SYMBOLIC_PATIENCE) as running:
        yield running


def check_step(verifier: Verifier, text: str) -> None:
    claims = verifier.check_step(text, earlier=[text], problem=text)
    assert len(claims) <= 60
    assert sum(len(claim.text) + len(claim.reason) for claim in claims) < 1_000_000


def evaluate_derivation(verifier: Verifier, text: str) -> None:
    with suppress(CheckFailed):
        assert 0 < len(verifier.evaluate_derivation(text)) < 20_000


def explain_derivation(verifier: Verifier, text: str) -> None:
    with suppress(CheckFailed):
        assert verifier.explain_derivation(text)


def end_on_an_unknown(verifier: Verifier, text: str) -> None:
    with pytest.raises(CheckFailed):
        verifier.evaluate_derivation(f"answer = {text}\nanswer = answer + never_given")


def same_value(verifier: Verifier, text: str) -> None:
    assert verifier.same_value(text, "a word that no value is") is not Verdict.VERIFIED
    verifier.same_value(text, text)


def same_function(verifier: Verifier, text: str) -> None:
    assert verifier.same_function(text, text, "no program") is Verdict.UNVERIFIED
    verifier.same_function(f"2 and 3 make 5. {text}", "answer = 2 * 3", text)


def oddities(verifier: Verifier, text: str) -> None:
    assert len(verifier.oddities(f"How many are left? {text}", text)) <= 5
    verifier.oddities(text, "1/2")


def solve_symbolic(verifier: Verifier, text: str) -> None:
    verifier.solve_symbolic(text)


OPERATIONS = [
    check_step, evaluate_derivation, explain_derivation, solve_symbolic, end_on_an_unknown, same_value, same_function,
    oddities,
]  # fmt: skip


def calls_in(operation: Callable[[Verifier, str], None]) -> int:
    return 2 if operation in (same_value, same_function, oddities) else 1


def resident(pid: int | None) -> int:
    """The memory of a process in kB; 0 where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS"))


@dataclass
class Watched:
    """A verifier, the worker that it had last, and how much memory any of its workers has gained."""

    verifier: Verifier
    pid: int | None = None
    before: int = 0
    grown: int = 0

    def settle(self) -> None:
        """Wait for a new worker: its start counts towards no deadline, and its memory is its own."""
        if self.verifier._worker.pid != self.pid:
            assert self.verifier.evaluate_derivation("answer = 6 * 7") == "42"
            self.pid = self.verifier._worker.pid
            self.before = resident(self.pid)

    def times(self, operation: Callable[[Verifier, str], None], text: str, allowed: float) -> Iterator[float]:
        """Seconds of the operation, and where they were too many, of another try: only a real hang happens again."""
        for _ in range(2):
            self.settle()
            started = time.perf_counter()
            operation(self.verifier, text)
            taken = time.perf_counter() - started
            yield taken
            if taken <= allowed:
                return

    def note(self) -> None:
        if self.verifier._worker.pid == self.pid:
            self.grown = max(self.grown, resident(self.pid) - self.before)


def test_nasty_texts_neither_hang_nor_crash_nor_swell_the_worker(verifier: Verifier, impatient: Verifier) -> None:
    ordinary, symbolic = Watched(verifier), Watched(impatient)
    for number, (kind, text) in enumerate(TEXTS):
        turns = range(len(OPERATIONS)) if kind == "hostile" else range(number, number + TURNS)
        for turn in turns:
            operation = OPERATIONS[turn % len(OPERATIONS)]
            watched = symbolic if operation is solve_symbolic else ordinary
            allowed = calls_in(operation) * (DEADLINE + MARGIN)
            taken = min(watched.times(operation, text, allowed))
            assert taken <= allowed, f"{operation.__name__}, {kind}: {text[:200]!a}"
            watched.note()
    assert max(ordinary.grown, symbolic.grown) < GROWTH
    assert_all_is_well(verifier)


def assert_all_is_well(verifier: Verifier) -> None:
    (claim,) = verifier.check_step("So 7 × 8 = 54 cups.")
    assert claim.verdict is Verdict.REFUTED
    assert verifier.evaluate_derivation("cups = 4\nanswer = cups * 5") == "20"
    assert verifier.explain_derivation("answer = 2 + 2")
    assert verifier.same_value("1/2", "0.5") is Verdict.VERIFIED
    assert verifier.same_function("2 and 3", "answer = 2 * 3", "answer = 3 * 2") is Verdict.VERIFIED
    assert verifier.oddities("How many apples are there?", "1/2")
    solved = verifier.solve_symbolic("Solve 2x + 1 = 7 for x.")
    assert solved is not None
    assert "3" in solved.answer


def test_garbage_is_the_same_as_nothing_else(verifier: Verifier) -> None:
    garbage = [text for kind, text in TEXTS if kind in {"soup", "injection", "odd characters"}]
    for text in garbage[:60]:
        for other in ("", "?", "8 or so", f"{text} + x_", f"not {text}"):
            assert verifier.same_value(text, other) is not Verdict.VERIFIED, ascii(text)


IN_PROCESS: dict[str, Callable[[str], Any]] = {
    "the numbers of a problem": lambda text: quantities.numbers_given(text[:PROBLEM]),
    "its numbers in words": lambda text: quantities.numbers_in_words(text[:PROBLEM]),
    "numbers left out": lambda text: quantities.left_out(text[:PROBLEM], text[:MODEL_TEXT]),
    "unused numbers": lambda text: unused_numbers.unused(
        unused_numbers.quantities_of(text[:PROBLEM]), text[:MODEL_TEXT]
    ),
    "two readings": lambda text: ambiguity.two_readings(text[:PROBLEM]),
    "numbers from nowhere": lambda text: quantities.from_nowhere(text[:PROBLEM], text[:MODEL_TEXT]),
    "the way": lambda text: routing.decide(text[:PROBLEM]),
    "the way of a short message": lambda text: routing.decide(text[:MAX_PROBLEM]),
    "the way of a second message": lambda text: routing.decide(text[:300], previous=text[:PROBLEM]),
    "the plan": lambda text: parsing.describe_plan(text[:PROBLEM], Route.WORD_PROBLEM, []),
    "the answer": lambda text: parsing.final_answer(text[:MODEL_TEXT]),
    "the end of a step": lambda text: parsing.step_is_open(text[:MODEL_TEXT]),
    "the formulas": lambda text: parsing.formulas_used([Step(1, text[:MODEL_TEXT])]),
    "mathematics for a terminal": lambda text: parsing.plain_mathematics(text[:MODEL_TEXT]),
}


@pytest.mark.parametrize("name", IN_PROCESS)
def test_what_reads_in_the_tutors_own_process_is_quick_on_any_text(name: str) -> None:
    read = IN_PROCESS[name]
    for kind, text in TEXTS:
        assert min(seconds_of(read, text, tries=3)) <= IN_PROCESS_SECONDS, f"{kind}: {text[:200]!a}"


def seconds_of(read: Callable[[str], Any], text: str, tries: int) -> Iterator[float]:
    """Seconds of this thread's own work, which other processes do not lengthen; further tries only where slow."""
    for _ in range(tries):
        started = time.thread_time()
        read(text)
        taken = time.thread_time() - started
        yield taken
        if taken <= IN_PROCESS_SECONDS:
            return
