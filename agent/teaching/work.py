"""Checks a student's own solution: which steps hold, which is the first that does not, and what speaks for that.

A step is called wrong, and an answer right, on evidence alone: a refuted calculation, or derivations that are trusted
as much as a verified answer of the tutor's own. Where two derivations agree and are trusted less, the step that leaves
their way is asked about; one derivation by itself is no reason to ask a student anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.derivations import Request
from agent.domain import Claim, Derivation, Verdict
from agent.errors import BadInput
from agent.parsing import final_answer
from agent.retelling import sentences
from agent.teaching.reviews import Fault, Outcome, ReviewedStep, StepVerdict, WorkReview
from agent.verification.confidence import Calibration, Evidence, Support, weigh
from agent.verification.verifier import Verifier

MAX_CHARACTERS = 6_000
MAX_STEPS = 40
# Forms make different mistakes, samples of one the same.
FORMS = (Request("program"), Request("function"), Request("sentences"))

_NUMBERED = re.compile(r"^\s*(?:step\s*)?\(?(?:\d{1,2}|[a-h])[.):]\s+", re.I)
_BULLET = re.compile(r"^\s*[-*•–]\s+")
_CALCULATES = re.compile(r"=|≈|\d\s*[-+*/×÷x]\s*\d")


def split_work(work: str) -> list[str]:
    """A solution as its steps: numbered items, lines, or the sentences of a paragraph, each with its calculation.

    Raises BadInput where there is nothing, or too much.
    """
    if not work.strip():
        raise BadInput("There is no solution here yet: write down your steps, one a line.")
    if len(work) > MAX_CHARACTERS:
        raise BadInput(f"This is longer than {MAX_CHARACTERS:,} characters: send the solution of one problem.")
    lines = [line.strip() for line in work.replace("\r", "\n").replace("\\\\\n", "\n").split("\n")]
    lines = [line for line in lines if line.strip(" -*_#=")]
    steps: list[str] = []
    for line in lines:
        text = _BULLET.sub("", _NUMBERED.sub("", line)).strip()
        if steps and re.match(r"[=≈]", text):
            steps[-1] = f"{steps[-1]}\n{text}"  # a chain that goes on in the next line
        elif len(lines) <= 2 or len(text) > 200:
            steps += sentences(text)
        else:
            steps.append(text or line)
    if len(steps) > MAX_STEPS:
        raise BadInput(f"This has more than {MAX_STEPS} steps: send the part that you are unsure of.")
    return steps


def derive_for_work(derive: Callable[[Sequence[Request]], list[Derivation]]) -> list[Derivation]:
    """The derivations that a check rests on: all forms side by side, because the verdict is on somebody's own work."""
    return derive(FORMS)


def review_work(
    problem: str,
    steps: Sequence[str],
    derivations: Sequence[Derivation],
    verifier: Verifier,
    calibration: Calibration,
) -> WorkReview:
    """Judge a student's steps by the derivations of the problem, which were written without them."""
    claims = [verifier.check_step(s, earlier=steps[:n], problem=problem) for n, s in enumerate(steps)]
    refuted = next((n for n, of in enumerate(claims) if any(c.verdict is Verdict.REFUTED for c in of)), None)
    answer = _answer_of(steps)
    supports = weigh(Evidence(problem, answer, None, list(derivations)), verifier)
    own = next((support for support in supports if support.in_text), None)
    rival = max((s for s in supports if not s.in_text), key=lambda s: (len(s.agreeing), s.share), default=None)
    trusted = own if own is not None and own.agreeing and not _outweighed(own, rival) else rival
    programs = [derivation.text for derivation in trusted.agreeing] if trusted is not None else []
    examined = verifier.examine_work(problem, steps, programs) if programs else None
    confirmed = trusted is not None and trusted is own
    confidence = calibration.confidence(trusted) if trusted is not None else 0.0
    sure = trusted is not None and trusted.may_be_verified and calibration.suffices(confidence, trusted)
    leaves = examined["leaves"] if examined else None
    pointed, fault = refuted, Fault.CALCULATION if refuted is not None else None
    heard = sure or (trusted is not None and not confirmed and len(trusted.agreeing) >= 2)
    if examined is not None and heard and not (confirmed and leaves is None):
        off = leaves if leaves is not None else examined["last_result"]
        if off is not None and (refuted is None or off < refuted):
            pointed, fault = off, Fault.OFF_THE_WAY if leaves is not None else Fault.NOT_ASKED
    certain = fault is Fault.CALCULATION or (pointed is not None and sure and not confirmed and answer is not None)
    outcome = _outcome(fault, certain, confirmed, sure)
    reviewed = [
        _reviewed(n, step, claims[n], examined if heard else None, pointed, certain, confirmed)
        for n, step in enumerate(steps)
    ]  # fmt: skip
    return WorkReview(
        problem=problem, steps=tuple(reviewed), outcome=outcome, answer=answer,
        pointed=None if pointed is None else pointed + 1, fault=fault,
        unused=tuple(examined["unused"]) if examined is not None and pointed is not None and not confirmed else (),
        confidence=round(confidence, 3), derivations=tuple(derivations),
    )  # fmt: skip


def _answer_of(steps: Sequence[str]) -> str | None:
    """What the work gives as its answer: announced, else the last line where that is nothing but a value."""
    last = steps[-1].strip().rstrip(".")
    if re.fullmatch(r"[-−]?\\?[$€£]?\s?[\d.,]+(?:/\d+)?\s*(?:%|[A-Za-z ]{0,30})", last):
        return last
    found = final_answer("\n\n".join(steps))
    if found is not None:
        return found
    numbers = re.findall(r"[$€£]?\d[\d,]*(?:\.\d+)?(?:/\d+)?%?", last)
    return numbers[-1].rstrip(",") if numbers else None


def _outweighed(own: Support, rival: Support | None) -> bool:
    return rival is not None and len(rival.agreeing) > len(own.agreeing)


def _outcome(fault: Fault | None, certain: bool, confirmed: bool, sure: bool) -> Outcome:
    if confirmed and sure:
        return Outcome.RIGHT if fault is None else Outcome.RIGHT_OTHER_WAY
    if fault is None:
        return Outcome.AGREED if confirmed else Outcome.UNDECIDED
    if not certain:
        return Outcome.DOUBTFUL
    return Outcome.WRONG_ANSWER_RIGHT_WAY if fault is Fault.NOT_ASKED else Outcome.WRONG_ANSWER


def _reviewed(
    place: int,
    text: str,
    claims: tuple[Claim, ...],
    examined: dict[str, object] | None,
    pointed: int | None,
    certain: bool,
    confirmed: bool,
) -> ReviewedStep:
    findings = examined["findings"] if examined is not None else []
    finding = findings[place] if isinstance(findings, list) and place < len(findings) else None
    calculation = str(finding["calculation"]) if finding is not None else ""
    checked = any(claim.verdict is Verdict.VERIFIED for claim in claims)
    false = next((claim for claim in claims if claim.verdict is Verdict.REFUTED), None)
    verdict = StepVerdict.OPEN
    if place == pointed:
        verdict = StepVerdict.WRONG if certain else StepVerdict.ASKED
        calculation = false.text if false is not None else calculation
    elif pointed is not None and place > pointed and not confirmed:
        verdict = StepVerdict.AFTER
    elif checked and finding is not None and finding["reach"] == "on the way" and _CALCULATES.search(text):
        verdict = StepVerdict.RIGHT
    return ReviewedStep(place + 1, text, verdict, claims, calculation)
