"""Numbers written in words, as digits: "twenty-one", "three quarters", "two and a half". Serves students' answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8,
    "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10, "twelfth": 12, "twelfths": 12, "hundredth": 100,
    "hundredths": 100,
}  # fmt: skip
NUMBER_WORDS = frozenset((*_UNITS, *_TENS, "hundred", *_SCALES, *_PARTS, "dozen"))
_ALONE = {"dozen": Fraction(12), "half": Fraction(1, 2), "quarter": Fraction(1, 4), "nothing": Fraction(0)}


def number_in_words(text: str) -> tuple[Fraction, str] | None:
    """The number with which a text begins, and what follows it; None where it begins with none."""
    words: list[tuple[str, int]] = []
    at = 0
    while (match := re.compile(r"[\s-]*([A-Za-z]+)").match(text, at)) is not None:
        words.append((match[1].lower(), match.end()))
        at = match.end()
    negative = bool(words) and words[0][0] in ("minus", "negative")
    start = int(negative)
    best: tuple[Fraction, int] | None = None
    for end in range(len(words), start, -1):
        value = _value([word for word, _ in words[start:end]])
        if value is not None:
            best = (-value if negative else value), words[end - 1][1]
            break
    return None if best is None else (best[0], text[best[1] :].strip())


def _value(words: Sequence[str]) -> Fraction | None:
    """The value of words that are a number from the first to the last."""
    if len(words) == 1 and words[0] in _ALONE:
        return _ALONE[words[0]]
    if words[-1] in _PARTS and len(words) > 1:
        return _with_part(words)
    if words[-1] == "dozen":
        dozens = _whole(["one" if word in ("a", "an") else word for word in words[:-1]])
        return None if dozens is None else 12 * Fraction(dozens)
    whole = _whole(words)
    return None if whole is None else Fraction(whole)


def _with_part(words: Sequence[str]) -> Fraction | None:
    """ "three quarters", "a half", "two and a half", "five and two thirds"."""
    for split in [place for place, word in enumerate(words) if word == "and"][::-1]:
        whole, part = _whole(words[:split]), _with_part(words[split + 1 :])
        if whole is not None and part is not None and part < 1:
            return whole + part
    top = 1 if list(words[:-1]) in (["a"], ["an"]) else _whole(words[:-1])
    return None if top is None else Fraction(top, _PARTS[words[-1]])


def _whole(words: Sequence[str]) -> int | None:
    """A whole number in words: at most one hundred, thousand, … after another, from large to small."""
    total = group = 0
    last = 10**12  # what the next scale must be smaller than
    room = 100  # what may still be added to the group: less than a hundred, less than ten, nothing
    seen = False
    for place, word in enumerate(words):
        if word == "and":
            if not seen or place == len(words) - 1:
                return None
        elif word in _UNITS and _UNITS[word] < room and not (seen and word == "zero"):
            group, room, seen = group + _UNITS[word], 1, True
        elif word in _TENS and room == 100:
            group, room, seen = group + _TENS[word], 10, True
        elif word == "hundred" and (group or (place == 1 and words[0] == "a") or not seen) and group < 100:
            group, room, seen = max(group, 1) * 100, 100, True
        elif word in _SCALES and _SCALES[word] < last:
            total, group, room, last, seen = total + max(group, 1) * _SCALES[word], 0, 100, _SCALES[word], True
        elif not (word == "a" and place == 0 and len(words) > 1 and words[1] in {"hundred", *_SCALES}):
            return None
    return total + group if seen else None
