"""The verifier as the graph sees it: text in, verdicts out, and nothing that fails is ever a confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from agent.domain import Claim, Picture, Verdict
from agent.errors import CheckFailed
from agent.verification.encoding import decode_claim, decode_picture
from agent.verification.students.outcomes import Judged, Outcome
from agent.verification.symbolic.answers import SymbolicAnswer
from agent.verification.worker import Worker

SYMBOLIC_PATIENCE = 4  # SymPy's integrals and solutions take several times as long as a step's claims
WORK_PATIENCE = 6  # a whole solution against three derivations


class Verifier:
    """Checks in a worker process, each within `deadline` seconds; usable from any thread."""

    def __init__(self, *, deadline: float = 2.0) -> None:
        self._deadline = deadline
        self._worker = Worker()

    def __enter__(self) -> Verifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the worker in the background, before it is needed."""
        self._worker.start()

    def close(self) -> None:
        self._worker.close()

    def check_step(self, text: str, *, earlier: Sequence[str] = (), problem: str = "") -> tuple[Claim, ...]:
        """The claims found in a step, each with its verdict. A check that fails is one unverified claim."""
        try:
            found = self._worker.call(
                "check_step",
                {"text": text, "earlier": list(earlier), "problem": problem},
                deadline=self._deadline,
            )
        except CheckFailed as failure:
            return (Claim(text[:200], Verdict.UNVERIFIED, str(failure)),)
        return tuple(decode_claim(data) for data in found)

    def evaluate_derivation(self, program: str) -> str:
        """The exact value of a derivation's answer, as text. Raises CheckFailed with the reason."""
        return str(self._worker.call("evaluate_derivation", {"program": program}, deadline=self._deadline))

    def explain_derivation(self, program: str) -> list[str]:
        """The lines of a derivation with their values put in. Raises CheckFailed where it cannot be evaluated."""
        lines = self._worker.call("explain_derivation", {"program": program}, deadline=self._deadline)
        return [str(line) for line in lines]

    def worked_lines(self, program: str) -> list[dict[str, str]]:
        """The lines of a derivation with name, expression, put_in, value, remark. Raises CheckFailed like the above."""
        lines = self._worker.call("worked_lines", {"program": program}, deadline=self._deadline)
        return [{str(key): str(value) for key, value in line.items()} for line in lines]

    def same_value(self, first: str, second: str) -> Verdict:
        """Whether two answers are the same: verified, refuted, or unverified where that cannot be said."""
        try:
            verdict = self._worker.call("same_value", {"first": first, "second": second}, deadline=self._deadline)
        except CheckFailed:
            return Verdict.UNVERIFIED
        return Verdict(verdict)

    def same_function(self, problem: str, first: str, second: str) -> Verdict:
        """Whether two derivations stay equal when the problem's numbers change; unverified where it cannot be said."""
        arguments = {"problem": problem, "first": first, "second": second}
        try:
            return Verdict(self._worker.call("same_function", arguments, deadline=self._deadline))
        except CheckFailed:
            return Verdict.UNVERIFIED

    def oddities(self, problem: str, answer: str) -> list[str]:
        """What makes an answer improbable for what is asked; nothing where it cannot be read."""
        arguments = {"problem": problem, "answer": answer}
        try:
            found = self._worker.call("oddities_of_answer", arguments, deadline=self._deadline)
        except CheckFailed:
            return []
        return [str(oddity) for oddity in found]

    def picture(self, problem: str, answer: str) -> Picture | None:
        """A graph of a symbolic problem with its exact answer; None where there is nothing to draw."""
        arguments = {"problem": problem, "answer": answer}
        try:
            found = self._worker.call("picture", arguments, deadline=SYMBOLIC_PATIENCE * self._deadline)
        except CheckFailed:
            return None
        return decode_picture(found) if found is not None else None

    def judge_answer(self, given: str, answer: str, *, unit: str = "", problem: str = "") -> Judged:
        """What a student's answer is worth against the exact one; unreadable where that cannot be said."""
        arguments = {"given": given, "answer": answer, "unit": unit, "problem": problem}
        try:
            judged = self._worker.call("judge_answer", arguments, deadline=self._deadline)
        except CheckFailed:
            return Judged(Outcome.UNREADABLE, "I cannot work this out as an answer: write the value alone.")
        return Judged(Outcome(judged["outcome"]), judged["remark"])

    def examine_work(self, problem: str, steps: Sequence[str], programs: Sequence[str]) -> dict[str, Any] | None:
        """Where a student's work leaves the ways of the derivations: student_work.Examined as JSON data.

        None where that could not be found out in time.
        """
        arguments = {"problem": problem, "steps": list(steps), "programs": list(programs)}
        try:
            found: dict[str, Any] = self._worker.call(
                "examine_work", arguments, deadline=WORK_PATIENCE * self._deadline
            )
        except CheckFailed:
            return None
        return found

    def solve_symbolic(self, problem: str) -> SymbolicAnswer | None:
        """SymPy's exact answer to a symbolic problem; None where it is none, or could not be solved."""
        try:
            found = self._worker.call(
                "solve_symbolic", {"problem": problem}, deadline=SYMBOLIC_PATIENCE * self._deadline
            )
        except CheckFailed:
            return None
        return SymbolicAnswer.from_json(found) if found is not None else None
