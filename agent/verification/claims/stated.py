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
    r"(?i)\b(?:if|whether|would|could|should|must|might|may|need\w*|let|requir\w+|want\w*"
    r"|so that|such that|set|setting|solv\w+|think|thought|claims?|claimed|says?|said|statements?"
    r"|options?|misconceptions?|glance|no way|probabilit\w+"
    r"|untrue|nonsense|try|trying|trap|beware|neither|none|nor|base|rings?|fields?|rationals?|gaussian)\b"
    r"|\\mathbb|\b[ZFQR]_|\bGF\(|Z\["
)
_AND = re.compile(r"(?i)\s*,?\s+and\b(?!\s+(?:an?|one|half|[0-9]+\s*(?:min|hour|sec)))")
# In what comes after: what was stated was no fact.
_TAKEN_BACK = re.compile(
    r"(?i)\b(?:contradict\w*|absurd\w*|ridiculous|impossib\w*|false|nonsense|untrue|wrong|incorrect|check)\b|⇒⇐|↯"
)
# What a statement may follow: the beginning of a sentence, or words that only lead to it. All else may belong to it:
# twice the gcd of 4 and 6 is 4.
_LEADS = re.compile(
    r"(?:^|[\n.:;!?]|(?<![0-9\s,])\s*,|(?<![\w)\]}])\(|=>|[=⇒⟹]|\\(?:implies|Rightarrow|therefore|because)"
    r"|\b(?:so|then|that|is|get|have|find|obtain|see|know|note|notice|observe|since|because|thus|hence|therefore|means|gives"
    r"|clearly|as|ratio|ratios|also|but|now|finally|recall|namely)\b)\s*(?:(?:the|an?|this|that|our|number)\s+)*$",
    re.I,
)
_ENDS = re.compile(
    r"\s*(?:$|[.;:!?)\]}](?![0-9])|\n|\\\\|\\\]|,(?!\s*(?:(?:and|or|nor|but)\s+)?(?:[0-9]|not\b|or\b|nor\b))|=>|⇒|⟹"
    r"|\\(?:implies|Rightarrow|q?quad|text|end)(?![A-Za-z])|(?:so|because|since|which|but|then|hence|therefore|thus|while)\b"
    r"|and\s+(?!(?:not|by|of|to|an?|the)\b)[A-Za-z\\])",
    re.I,
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


def stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether nothing in front of a statement or behind it may belong to it: sentences end there, or words lead in."""
    return _LEADS.search(plain, max(start - 60, 0), start) is not None and ends(plain, end)


def ends(plain: str, end: int) -> bool:
    """Whether what stands before `end` ends there: with its sentence, or before words that begin another."""
    more = not plain[end - 1 : end].isdecimal() and _AND.match(plain, end) is not None
    return more or _ENDS.match(plain, end) is not None


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
    condition = condition or _TAKEN_BACK.search(text, end, end + 120)
    ground = doubtful_words(around, given) or (
        f"It may not be stated as a fact (“{condition[0]}”)." if condition else ""
    )
    if ground:
        return Stated(start, end, Claim(written, Verdict.UNVERIFIED, ground))
    return Stated(start, end, Claim(written, Verdict.REFUTED, f"{written} is false: {truth}.", correction))


def undecided(text: str, start: int, end: int, reason: str) -> Stated:
    return Stated(start, end, Claim(_quoted(text, start, end), Verdict.UNVERIFIED, reason))


def _quoted(text: str, start: int, end: int) -> str:
    return tidy(without_signs(text[start:end]))
