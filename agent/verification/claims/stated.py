"""What the readers of sentences share: a claim with its place, and a text without the signs that only shape it.

Serves number_facts, ratios_and_times, transformations and calculus_claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.domain import Claim, Correction, Verdict
from agent.verification.claims.doubts import Background, doubtful_words, sentence
from agent.verification.claims.writing import tidy

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?![0-9])"
# No part of a longer number, a formula, a fraction, a date or a name.
FREE_START = r"(?<![\w.,/^:_{])(?<![-+*/×·^÷(=<>_]\s)(?<![-+*/×·^÷(]\s\s)(?<![-+*/×·^÷(])"
FREE_END = r"(?![\w/^!%°]|[.,:][0-9]|\s*(?:[-+*/×·÷^!%°(=]|\\[a-z]))"
_CONDITION = re.compile(
    r"(?i)\b(?:if|whether|would|could|should|must|need\w*|let|requir\w+|want\w*|so that|such that)\b"
)
_SHAPING = re.compile(r"\\[()\[\],;:! ]|\\(?:left|right|displaystyle|quad)(?![A-Za-z])|\\text(?:bf|it|rm)?\{|\$|\*\*|~")

_GAP = re.compile(r"\s{40,}")
_IN_NUMBERS = re.compile(r"(?<=[0-9])\\[,;:! ](?=[0-9])")


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim and where in the step it stands."""

    start: int
    end: int
    claim: Claim


def without_signs(text: str) -> str:
    """The text in the same length, without the delimiters of formulas, bold marks and thin spaces.

    A number with spaces in it, 52\\,284, is none that is read afterwards, and no sentence goes on over a long gap: what
    looks for spaces, one or more, time and again would take the square of its length.
    """
    plain = _SHAPING.sub(lambda sign: " " * len(sign[0]), _IN_NUMBERS.sub("__", text))
    return _GAP.sub(lambda gap: "_" * len(gap[0]), plain)


def whole(written: str) -> int:
    return int(written.replace(",", ""))


def judged(
    text: str,
    start: int,
    end: int,
    given: Background,
    *,
    holds: bool,
    truth: str,
    correction: Correction | None = None,
    own: re.Pattern[str] | None = None,
) -> Stated:
    """A verdict on what stands from `start` to `end`; `truth` says what is so where it does not hold.

    It is refuted only where the rest of its sentence states it as a fact. `own` are words that are no ground for doubt
    here, as "ratio" beside a ratio.
    """
    written = _quoted(text, start, end)
    if holds:
        return Stated(start, end, Claim(written, Verdict.VERIFIED, f"{written} is right."))
    around = sentence(text, start, end).replace(text[start:end], " ", 1)
    if own is not None:
        around = own.sub(" ", around)
    condition = _CONDITION.search(sentence(text, start, start))
    ground = doubtful_words(around, given) or (f"It may be a condition (“{condition[0]}”)." if condition else "")
    if ground:
        return Stated(start, end, Claim(written, Verdict.UNVERIFIED, ground))
    return Stated(start, end, Claim(written, Verdict.REFUTED, f"{written} is false: {truth}.", correction))


def undecided(text: str, start: int, end: int, reason: str) -> Stated:
    return Stated(start, end, Claim(_quoted(text, start, end), Verdict.UNVERIFIED, reason))


def _quoted(text: str, start: int, end: int) -> str:
    return tidy(without_signs(text[start:end]))
