"""What a step says of ratios (12:18 = 2:3) and of times of day (9:45 + 30 minutes = 10:15). Serves the claims.

Both are written with colons. A time without a.m. or p.m. may be in either half of the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from agent.domain import Correction
from agent.verification.claims.doubts import Background
from agent.verification.claims.stated import FREE_START, Stated, judged, undecided, without_signs

HALF_DAY = 720  # minutes

_PART = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"
_RATIO = rf"{_PART}(?:\s*:\s*{_PART}){{1,4}}(?![\w:/^%]|[.,][0-9])"
_SAME = (
    r"\s*(?:=|::|\b(?:simplifies|reduces|simplified|reduced)\s+to\b|\bis\s+(?:equivalent|equal)\s+to\b"
    r"|\bis\s+the\s+same\s+as\b|\bequals\b)(?:\s+(?:the\s+ratio|a\s+ratio\s+of))?\s*"
)
_RATIOS = re.compile(
    rf"{FREE_START}(?P<first>{_RATIO}){_SAME}(?P<second>{_RATIO}|{_PART}\s*/\s*{_PART}(?![\w:/^%]|[.,][0-9]))", re.I
)
_OF_RATIOS = re.compile(r"(?i)\bratios?\b|\bproportion|simplif|reduc|equivalent|::")
_OF_TIMES = re.compile(
    r"(?i)\b(?:a\.?m|p\.?m|o'?clock|time|times|hours?|minutes?|clock|noon|midnight|leaves?|arriv\w+|starts?|ends?)\b"
)
_OF_DAY = re.compile(
    r"(?i)\b(?:a\.?m|p\.?m|o'?clock|leaves?|arriv\w+|starts?|ends?|morning|afternoon|evening|noon|hours?)\b"
)
_NO_TIME_OF_DAY = re.compile(r"(?i)\b(?:seconds?|local|zones?|flights?|clocks|timer|stopwatch|laps?|race)\b")

_HALF = r"(?:\s?(?P<{0}>[ap])\.?\s?m\b\.?)"
_TIME = r"(?P<{0}h>[01]?[0-9]|2[0-4]):(?P<{0}m>[0-5][0-9])(?![0-9:])" + _HALF.replace("{0}", "{0}x") + "?"
_T1, _T2 = (_TIME.replace("{0}", name) for name in ("s", "t"))
_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,4})?|half\s+an|an?"
_DURATION = (
    rf"(?:(?P<hours>{_NUMBER})\s*-?(?:hours?|hrs?|h)\b(?:\s*,?\s*(?:and\s+)?(?P<minutes>[0-9]{{1,4}})\s*(?:minutes?|mins?|min)\b)?"
    r"|(?P<only>[0-9]{1,4})(?:\s*-?(?:minutes?|mins?|min)\b|(?P<bare>(?![\w:.]))))"
)
_EQUALS = r"\s*(?:=|\bis\b|\bgives\b|\bbrings\s+us\s+to\b|\bequals\b)\s*"
_SUM = re.compile(rf"(?<![\w:./]){_T1}\s*(?P<sign>\+|\bplus\b|-|−|–|\bminus\b)\s*{_DURATION}{_EQUALS}{_T2}", re.I)
_AFTER = re.compile(
    rf"(?<![\w:./])(?<![0-9]\s){_DURATION}\s+(?P<sign>after|past|later\s+than|from|before|earlier\s+than)\s+{_T1}{_EQUALS}{_T2}",
    re.I,
)
_BETWEEN = re.compile(
    rf"\b(?:from|between)\s+{_T1}\s*(?:to|until|till|and|-|–)\s*{_T2}\s*,?\s*(?:=|\b(?:is|are|there\s+(?:is|are)|takes|lasts|makes)\b)"
    rf"\s*(?:exactly\s+|a\s+total\s+of\s+)?{_DURATION}",
    re.I,
)
_DIFFERENCE = re.compile(rf"(?<![\w:.]){_T2}\s*(?:-|−|–|\bminus\b)\s*{_T1}{_EQUALS}{_DURATION}", re.I)


def ratios_and_times(text: str, given: Background) -> Iterator[Stated]:
    """One claim for each statement, in no order; offsets are into `text`."""
    plain = without_signs(text)
    for pattern in (_SUM, _AFTER):
        for found in pattern.finditer(plain):
            yield _later(found, text, given)
    for pattern in (_BETWEEN, _DIFFERENCE):
        for found in pattern.finditer(plain):
            yield _duration(found, text, given)
    for found in _RATIOS.finditer(plain):
        yield _ratios(found, text, given)


def _ratios(found: re.Match[str], text: str, given: Background) -> Stated:
    first, second = (
        [Fraction(re.sub(r"\s", "", part)) for part in re.split("[:/]", found[name])] for name in ("first", "second")
    )
    start, end = found.span()
    if len(first) != len(second):
        return undecided(text, start, end, "The ratios have not as many terms.")
    same = all(a * second[0] == b * first[0] for a, b in zip(first, second, strict=True))
    around = text[max(start - 200, 0) : end + 60]
    decimal = "." in found[0] or "/" in found["second"]  # 16:9 = 1.78:1, and 3:1 = 3/4 of all
    if not same and (decimal or not _OF_RATIOS.search(around) or _OF_TIMES.search(around)):
        return undecided(text, start, end, "These may be times, or scores.")
    return judged(text, start, end, given, holds=same, truth="the ratios are not the same", own=_OF_RATIOS)


def _later(found: re.Match[str], text: str, given: Background) -> Stated:
    """What time it is, some time after or before another time."""
    start, end = found.span()
    duration = _minutes(found)
    back = found["sign"].lower() in {"-", "−", "–", "minus", "before"} or found["sign"].lower().startswith("earlier")
    first, last = _of_day(found, "s"), _of_day(found, "t")
    right = first + (-duration if back else duration)
    halves = _day(found)
    holds = (right - last) % halves == 0
    if not holds and (found["bare"] is not None or duration.denominator != 1):
        return undecided(text, start, end, "It is not said what is added to the time.")
    if not holds and _may_be_otherwise(found, text):
        return undecided(text, start, end, "These may be no times of one day in one place.")
    hour, minute = divmod(int(right) % halves, 60)
    if halves == HALF_DAY or found["sx"] or found["tx"]:
        hour = hour % 12 or 12
    shown = f"{hour:02}:{minute:02}" if found["sh"].startswith("0") else f"{hour}:{minute:02}"
    correction = Correction(found.start("th"), found.end("tm"), shown) if found["tx"] is None else None
    truth = f"it is {shown}"
    return judged(text, start, end, given, holds=holds, truth=truth, correction=correction, own=_OF_TIMES)


def _duration(found: re.Match[str], text: str, given: Background) -> Stated:
    """How long it is from one time to another."""
    start, end = found.span()
    duration = _minutes(found)
    right = (_of_day(found, "t") - _of_day(found, "s")) % _day(found)
    holds = (right - duration) % _day(found) == 0 and duration <= _day(found)
    if not holds and _may_be_otherwise(found, text):
        return undecided(text, start, end, "These may be no times of one day in one place.")
    if not holds and (found["bare"] is not None or duration > HALF_DAY):
        return undecided(text, start, end, "It is not said in what the time is counted, or on which day.")
    hours, minutes = divmod(int(right), 60)
    truth = f"it is {hours} hour{'s' * (hours != 1)} and {minutes} minute{'s' * (minutes != 1)}"
    return judged(text, start, end, given, holds=holds, truth=truth, own=_OF_TIMES)


def _day(found: re.Match[str]) -> int:
    """After how many minutes a time comes again: half a day where it is not said which half."""
    of_24 = any(found[hour].startswith("0") or int(found[hour]) > 12 for hour in ("sh", "th"))
    return 2 * HALF_DAY if of_24 or (found["sx"] and found["tx"]) else HALF_DAY


def _may_be_otherwise(found: re.Match[str], text: str) -> bool:
    """Whether minutes and seconds may be meant, two places or two clocks: no false time is called false there."""
    in_a_day = found["sx"] or found["tx"] or _OF_DAY.search(text)
    return not in_a_day or _NO_TIME_OF_DAY.search(text) is not None


def _of_day(found: re.Match[str], name: str) -> Fraction:
    hour, half = int(found[f"{name}h"]), found[f"{name}x"]
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return Fraction(60 * hour + int(found[f"{name}m"]))


def _minutes(found: re.Match[str]) -> Fraction:
    if found["only"]:
        return Fraction(found["only"])
    hours = found["hours"].lower()
    many = Fraction(1, 2) if hours.startswith("half") else Fraction(1) if hours in {"a", "an"} else Fraction(hours)
    return 60 * many + Fraction(found["minutes"] or 0)
