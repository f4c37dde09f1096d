"""Makes the lesson of a solved problem: the solution with the moves that hints and explanations are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from agent.domain import Derivation, Lesson, Move, Solution, Verdict
from agent.errors import CheckFailed
from agent.teaching.moves import moves_of_derivation, moves_of_text


class Checks(Protocol):
    """What of the verifier a lesson needs; `agent.verification.verifier.Verifier` is one."""

    def same_value(self, first: str, second: str) -> Verdict: ...

    def worked_lines(self, program: str) -> list[dict[str, str]]: ...


def lesson_of(question: str, solution: Solution, symbolic: dict[str, Any] | None, checks: Checks) -> Lesson:
    """The lesson of a solution; `symbolic` is the SymbolicAnswer's JSON of an exactly computed one."""
    kept = replace(solution, examples=())
    if symbolic is not None:
        lines = tuple(str(line) for line in symbolic["steps"])
        return Lesson(question, kept, method=str(symbolic["method"]), lines=lines)
    return Lesson(question, kept, _moves(question, solution, checks))


def _moves(question: str, solution: Solution, checks: Checks) -> tuple[Move, ...]:
    """The moves of the derivation, or else the text, that gives the answer and says most about its quantities."""
    found: list[tuple[Move, ...]] = [
        moves
        for one in solution.derivations
        if agrees(one, solution, checks) and (moves := _of_derivation(one, question, checks))
    ]
    written = moves_of_text([step.text for step in solution.steps])
    if written and solution.answer and checks.same_value(written[-1].result, solution.answer) is Verdict.VERIFIED:
        found.append(written)
    return max(found, key=_telling, default=())


def agrees(derivation: Derivation, solution: Solution, checks: Checks) -> bool:
    """Whether a derivation gives the solution's answer."""
    if derivation.answer is None or solution.answer is None:
        return False
    return checks.same_value(derivation.answer, solution.answer) is Verdict.VERIFIED


def _of_derivation(derivation: Derivation, question: str, checks: Checks) -> tuple[Move, ...]:
    try:
        return moves_of_derivation(checks.worked_lines(derivation.text), question)
    except CheckFailed:
        return ()


def _telling(moves: Sequence[Move]) -> float:
    """How much the moves say by themselves: the share of them with a relation or a name."""
    told = sum(1.0 if move.relation else 0.7 if move.quantity else 0.0 for move in moves)
    return told / len(moves)
