"""The rule that turns evidence into a badge: ✔ only on a second derivation that agrees and nothing refuted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.domain import Badge, Derivation, Route, Step, Verdict
from agent.verification.confidence import Calibration, Comparisons, Evidence, Support, weigh

_CUT_SHORT = {
    "step cap": "The solution reached the limit on steps before it gave an answer.",
    "out of room": "The solution outgrew the model's context before it gave an answer.",
    "repeating": "The solution began to repeat itself before it gave an answer.",
}


_NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The badge, the answer it stands on, and the steps to show with it.

    `open` says that further derivations may settle it. `corrected_by` is the derivation whose answer takes the
    place of the text's; the steps to show with it are its own, then.
    """

    badge: Badge
    answer: str | None
    steps: tuple[Step, ...]
    open: bool = False
    corrected_by: Derivation | None = None


def judge(
    *,
    route: Route,
    steps: Sequence[Step],
    ended: str,
    evidence: Evidence,
    symbolic: dict[str, Any] | None,
    compare: Comparisons,
    calibration: Calibration,
) -> Judgement:
    """Weigh what is known. Everything that could not be checked is unverified, with the reason."""
    shown = tuple(steps)
    if route is Route.CONCEPT:
        badge = Badge(Verdict.UNVERIFIED, "An explanation in words cannot be checked by calculation.")
        return Judgement(badge, None, shown)
    if symbolic is not None:
        return _judge_symbolic(symbolic, shown, evidence.text_answer, compare)
    return _judge_derived(shown, ended, weigh(evidence, compare), evidence.derivations, calibration)


def _judge_derived(
    steps: tuple[Step, ...],
    ended: str,
    supports: Sequence[Support],
    derivations: Sequence[Derivation],
    calibration: Calibration,
) -> Judgement:
    """The text's answer with what speaks for it; another answer where much more speaks for that."""
    text = next((support for support in supports if support.in_text), None)
    believed = {support.answer: calibration.confidence(support) for support in supports}
    refuted = next((step for step in steps if step.verdict is Verdict.REFUTED), None)
    flaw = _flaw(ended, text, refuted)
    rivals = [support for support in supports if not support.in_text and support.independent]
    best = max(rivals, key=lambda support: believed[support.answer], default=None)
    if best is not None and believed[best.answer] > (believed[text.answer] if text and not flaw else 0.0):
        badge = _badge_of_correction(best, believed[best.answer], text)
        return Judgement(badge, best.answer, steps, open=True, corrected_by=best.agreeing[0])
    if text is None:
        return Judgement(Badge(Verdict.UNVERIFIED, flaw), None, steps, open=True)
    if refuted is not None:
        seconded = text.independent
        reason = f"A second derivation agrees, but {flaw[0].lower()}{flaw[1:]}" if seconded else flaw
        verdict = Verdict.UNVERIFIED if seconded else Verdict.REFUTED
        return Judgement(Badge(verdict, reason), text.answer, steps, open=True)
    if flaw:
        return Judgement(Badge(Verdict.UNVERIFIED, flaw), text.answer, steps, open=True)
    if text.may_be_verified and calibration.suffices(believed[text.answer], text):
        badge = Badge(Verdict.VERIFIED, _agreement(text), round(believed[text.answer], 3))
        return Judgement(badge, text.answer, steps)
    badge = Badge(Verdict.UNVERIFIED, _doubt(text, supports, derivations), round(believed[text.answer], 3))
    settled = text.independent and text.two_readings is not None  # nothing more to ask: all read it in the same way
    return Judgement(badge, text.answer, steps, open=not settled)


def _flaw(ended: str, text: Support | None, refuted: Step | None) -> str:
    """What is wrong with the text itself, however many derivations give its answer; "" where nothing is known."""
    if refuted is not None and refuted.refutation is not None:
        return f"Step {refuted.number} is wrong: {refuted.refutation.reason}"
    if ended in _CUT_SHORT:
        return _CUT_SHORT[ended] + (" The last result in it was not confirmed." if text is not None else "")
    return "" if text is not None else "The solution ended without an answer that can be read."


def _agreement(support: Support) -> str:
    count = len(support.agreeing)
    if count == 1:
        return "A second derivation, written from the problem alone, gives the same answer."
    of = f" of {count + support.against}" if support.against else ""
    return (
        f"{_NUMBERS.get(count, str(count))}{of} derivations, each written from the problem alone, give the same answer."
    )


def _badge_of_correction(support: Support, believed: float, text: Support | None) -> Badge:
    """Never ✔: an answer that the text contradicts was right in half of the calibration's cases only."""
    count = len(support.agreeing)
    reason = f"{_NUMBERS.get(count, str(count))} derivations, each written from the problem alone, agree on this answer"
    if text is not None:
        reason += (
            f", but the first solution gave {text.answer}: where the two contradict each other, neither is verified."
        )
    else:
        reason += ", but the solution itself ended without one, so that nothing else confirms it."
    return Badge(Verdict.UNVERIFIED, reason, round(believed, 3))


def _doubt(text: Support, supports: Sequence[Support], derivations: Sequence[Derivation]) -> str:
    """Why the text's answer is not verified, in one sentence."""
    others = sorted((s for s in supports if not s.in_text), key=lambda s: -s.voices)
    if text.oddities:
        return f"The answer looks odd: {text.oddities[0][0].lower()}{text.oddities[0][1:]}"
    if text.agreeing and text.two_readings:
        return f"A second derivation gives the same answer, but {text.two_readings}"
    if text.agreeing and text.fuller is not None:
        other = text.fuller.answer
        return f"Derivations agree, but one that uses more of the numbers in the problem gives {other} instead."
    if text.agreeing and text.unused and not any(derivation.retold for derivation in derivations):
        return "Derivations agree, but none has a use for all the numbers in the problem: they may all have missed one."
    if text.agreeing and not others:
        return "A second derivation gives the same answer, but both were written with too little certainty."
    if text.agreeing:
        count = len(text.agreeing)
        return f"{count} of {count + text.against} further derivations agree: too few to be sure."
    if others and others[0].independent:
        many = _NUMBERS.get(others[0].voices, str(others[0].voices))
        return f"{many} derivations from the problem alone give {others[0].answer}: be careful with this answer."
    if others:
        return f"A second derivation gives {others[0].answer} instead, so one of the two is wrong."
    why = next((derivation.failure for derivation in derivations if derivation.failure), "")
    return f"There is no second derivation to compare with. {why}".strip()


def _judge_symbolic(
    symbolic: dict[str, Any], steps: tuple[Step, ...], written_answer: str | None, compare: Comparisons
) -> Judgement:
    """SymPy's answer stands; an explanation that ends elsewhere, or holds a false step, gives way to SymPy's own."""
    answer = str(symbolic["answer"])
    sound = all(step.verdict is not Verdict.REFUTED for step in steps)
    agrees = written_answer is not None and compare.same_value(answer, written_answer) is Verdict.VERIFIED
    if not (steps and sound and agrees):
        steps = tuple(Step(number, line) for number, line in enumerate(symbolic["steps"], start=1))
    if symbolic["checked"]:
        return Judgement(Badge(Verdict.VERIFIED, f"Computed exactly, and checked: {symbolic['check']}"), answer, steps)
    reason = "Computed exactly by SymPy, but no second way to check it was found."
    return Judgement(Badge(Verdict.UNVERIFIED, reason), answer, steps)
