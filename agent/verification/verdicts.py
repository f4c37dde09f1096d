"""The rule that turns evidence into a badge: ✔ only on a second derivation that agrees and nothing refuted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.domain import Badge, Derivation, Route, Step, Verdict

SameValue = Callable[[str, str], Verdict]

_CUT_SHORT = {
    "step cap": "The solution reached the limit on steps before it gave an answer.",
    "out of room": "The solution outgrew the model's context before it gave an answer.",
    "repeating": "The solution began to repeat itself before it gave an answer.",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The badge, the answer it stands on, and the steps to show with it."""

    badge: Badge
    answer: str | None
    steps: tuple[Step, ...]


def judge(
    *,
    route: Route,
    steps: Sequence[Step],
    ended: str,
    written_answer: str | None,
    derivations: Sequence[Derivation],
    symbolic: dict[str, Any] | None,
    same_value: SameValue,
) -> Judgement:
    """Weigh what is known. Everything that could not be checked is unverified, with the reason."""
    shown = tuple(steps)
    if route is Route.CONCEPT:
        badge = Badge(Verdict.UNVERIFIED, "An explanation in words cannot be checked by calculation.")
        return Judgement(badge, None, shown)
    if symbolic is not None:
        return _judge_symbolic(symbolic, shown, written_answer, same_value)
    if written_answer is None:
        reason = _CUT_SHORT.get(ended, "The solution ended without an answer that can be read.")
        return Judgement(Badge(Verdict.UNVERIFIED, reason), None, shown)
    return Judgement(_judge_derived(shown, ended, written_answer, derivations, same_value), written_answer, shown)


def _judge_derived(
    steps: Sequence[Step], ended: str, answer: str, derivations: Sequence[Derivation], same_value: SameValue
) -> Badge:
    compared = [(d, same_value(d.answer, answer)) for d in derivations if d.answer is not None]
    agreed = any(verdict is Verdict.VERIFIED for _, verdict in compared)
    refuted = next((step for step in steps if step.verdict is Verdict.REFUTED), None)
    if refuted is not None and refuted.refutation is not None:
        if agreed:
            reason = f"A second derivation agrees, but step {refuted.number} is wrong: {refuted.refutation.reason}"
            return Badge(Verdict.UNVERIFIED, reason)
        return Badge(Verdict.REFUTED, f"Step {refuted.number} is wrong: {refuted.refutation.reason}")
    if ended in _CUT_SHORT:
        return Badge(Verdict.UNVERIFIED, f"{_CUT_SHORT[ended]} The last result in it was not confirmed.")
    if agreed:
        return Badge(Verdict.VERIFIED, "A second derivation, written from the problem alone, gives the same answer.")
    others = [d.answer for d, verdict in compared if verdict is Verdict.REFUTED and d.answer is not None]
    if len(others) > 1 and same_value(others[0], others[1]) is Verdict.VERIFIED:
        reason = f"Two derivations from the problem alone both give {others[0]} instead: be careful with this answer."
        return Badge(Verdict.UNVERIFIED, reason)
    if others:
        return Badge(Verdict.UNVERIFIED, f"A second derivation gives {others[0]} instead, so one of the two is wrong.")
    failures = [d.failure for d in derivations if d.failure]
    why = failures[0] if failures else "The two answers could not be compared."
    return Badge(Verdict.UNVERIFIED, f"There is no second derivation to compare with. {why}")


def _judge_symbolic(
    symbolic: dict[str, Any], steps: tuple[Step, ...], written_answer: str | None, same_value: SameValue
) -> Judgement:
    """SymPy's answer stands; an explanation that ends elsewhere, or holds a false step, gives way to SymPy's own."""
    answer = str(symbolic["answer"])
    sound = all(step.verdict is not Verdict.REFUTED for step in steps)
    agrees = written_answer is not None and same_value(answer, written_answer) is Verdict.VERIFIED
    if not (steps and sound and agrees):
        steps = tuple(Step(number, line) for number, line in enumerate(symbolic["steps"], start=1))
    if symbolic["checked"]:
        return Judgement(Badge(Verdict.VERIFIED, f"Computed exactly, and checked: {symbolic['check']}"), answer, steps)
    reason = "Computed exactly by SymPy, but no second way to check it was found."
    return Judgement(Badge(Verdict.UNVERIFIED, reason), answer, steps)
