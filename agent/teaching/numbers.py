"""The numbers that a text states in any form, and the calculations that stand in it; serves the leak guard.

Digits with separators, decimals, fractions, per cent, LaTeX, Unicode fractions, number words; each with the word
behind it, which may be a unit. Everything is exact (fractions), bounded, and read by our own tokens: nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from agent.errors import Unreadable
from agent.parsing import plain_mathematics
from agent.verification.symbolic.formula_tree import read_tree, value_at

MAX_TEXT = 4_000
MAX_NUMBERS_IN_A_RUN = 10
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_LARGE = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: number for number, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * number for number, word in enumerate(_LARGE.split(), start=2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8,
    "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10, "twelfth": 12, "twelfths": 12, "hundredth": 100,
    "hundredths": 100,
}  # fmt: skip
_DOZEN = {"dozen": 12, "dozens": 12, "pair": 2, "couple": 2, "score": 20}
_NUMBER_WORDS = {**_UNITS, **_TENS, **_SCALES, **_PARTS, **_DOZEN}
_WORD = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
_SIGNS = {
    ord(sign): ascii_sign
    for sign, ascii_sign in {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "²": "^2", "³": "^3"}.items()
}
_SPOKEN = {
    "times": "*",
    "multiplied by": "*",
    "plus": "+",
    "minus": "-",
    "divided by": "/",
    "over": "/",
    "of": "*",
}
_TOKEN = re.compile(
    rf"(?P<words>\b(?:{_WORD})\b(?:[\s-]+(?:(?:and|a)[\s-]+){{0,2}}(?:{_WORD})\b)*)"
    r"|(?P<number>\d{1,3}(?:[,\u00a0\u202f' ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<percent>\s*(?:%|percent\b|per cent\b))?"
    r"|(?P<spoken>\b(?:multiplied by|divided by|times|plus|minus|over|of)\b)"
    r"|(?P<sign>[-+*/^()])|(?P<word>[^\W\d_]+)|(?P<other>\S)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that a text states: at `[start:end]` of the plain text, as one number or as a calculation.

    `unit` is the word behind it, in lower case ("%" for per cent), "" for none.
    """

    value: Fraction
    start: int
    end: int
    calculated: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str  # as the formula reader takes it
    start: int
    end: int
    number: bool
    unit: str = ""


def plain(text: str) -> str:
    """The text with LaTeX and typographic signs as plain ASCII arithmetic."""
    text = re.sub(r"(\d)\s*([" + "".join(_VULGAR) + "])", r"\1 + \2", text[:MAX_TEXT])
    text = re.sub("[" + "".join(_VULGAR) + "]", lambda sign: f"({_VULGAR[sign[0]]})", text)
    text = plain_mathematics(re.sub(r"\\(?:text|mathrm)\{\s*,?\s*\}|\{,\}", ",", text)).replace("\\", " ")
    text = re.sub(r"(?<!\w)(\d+)\s+(\d+)/(\d+)", r"(\1 + \2/\3)", text)
    text = text.translate(_SIGNS)
    text = re.sub(r"(?<=[\d)])\s*[xX]\s*(?=[\d($€£])", " * ", text)
    text = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)\s+dozen\b", r"(\1 * 12)", text)
    return re.sub(r"[$€£{}]", " ", text.replace("√", "sqrt"))


def stated_values(text: str) -> list[Stated]:
    """All values that a text states, each number by itself and each calculation with every part of it."""
    ready = plain(text)
    found: list[Stated] = []
    for run in _runs(ready):
        found += _values_of(run)
    return found


def _runs(text: str) -> Iterator[list[_Piece]]:
    """Stretches of numbers and signs. A word or two between a number and a sign is its unit."""
    run: list[_Piece] = []
    waiting: list[_Piece] = []  # words after a number: its unit if a sign follows
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match[0]
        start, end = match.span()
        if kind == "word":
            if run and run[-1].number and len(waiting) < 2:
                waiting.append(_Piece(piece.lower(), start, end, False))
                continue
            if run:
                yield _closed(run, waiting)
            run, waiting = [], []
            continue
        sign = _SPOKEN.get(piece.lower(), piece) if kind == "spoken" else piece
        if kind in ("sign", "spoken"):
            if waiting:
                run[-1] = _with_unit(run[-1], waiting)
                waiting = []
            run.append(_Piece(sign, start, end, False))
            continue
        if kind in ("words", "number", "percent"):
            if run and (run[-1].number or waiting):
                yield _closed(run, waiting)
                run, waiting = [], []
            number = _number(match)
            if number:
                run.append(number)
            continue
        if run:
            yield _closed(run, waiting)
        run, waiting = [], []
    if run:
        yield _closed(run, waiting)


def _closed(run: list[_Piece], waiting: list[_Piece]) -> list[_Piece]:
    return [*run[:-1], _with_unit(run[-1], waiting)] if waiting and run[-1].number else run


def _with_unit(piece: _Piece, words: list[_Piece]) -> _Piece:
    return _Piece(piece.text, piece.start, piece.end, piece.number, piece.unit or words[0].text)


def _number(match: re.Match[str]) -> _Piece | None:
    start, end = match.span()
    if match["words"]:
        value = value_of_words(match["words"])
        return None if value is None else _Piece(f"({value})", start, end, True)
    digits = re.sub(r"[,\u00a0\u202f' ]", "", match["number"])
    if len(digits) > 30:
        return None
    if match["percent"]:
        return _Piece(f"({digits}/100)", start, end, True, "%")
    return _Piece(digits, start, end, True)


def value_of_words(words: str) -> Fraction | None:
    """The number that the words say ("two hundred and five", "three quarters", "one and a half"), None for none."""
    total, current = Fraction(0), Fraction(0)
    counted = joined = False
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in _UNITS or word in _TENS:
            current += _NUMBER_WORDS[word]
            counted = True
        elif word in _SCALES:
            current = max(current, Fraction(1)) * _SCALES[word]
            if _SCALES[word] > 100:
                total, current = total + current, Fraction(0)
            counted = True
        elif word in _PARTS:
            part = Fraction(1, _PARTS[word])
            current = current + part if joined or not counted else current * part
            counted = True
        elif word in _DOZEN:
            current = (current if counted else Fraction(1)) * _DOZEN[word]
            counted = True
        joined = word in ("and", "a")
    return total + current if counted else None


def _values_of(run: list[_Piece]) -> Iterator[Stated]:
    numbers = [place for place, piece in enumerate(run) if piece.number]
    for place in numbers:
        piece = run[place]
        negative = place > 0 and run[place - 1].text == "-" and (place == 1 or run[place - 2].text in "(*/+-^")
        value = _evaluated(("-" if negative else "") + piece.text)
        if value is not None:
            yield Stated(value, piece.start, piece.end, False, piece.unit)
    numbers = numbers[:MAX_NUMBERS_IN_A_RUN]
    for first in numbers:
        for last in numbers:
            if last > first and (value := _evaluated(_part(run, first, last))) is not None:
                fraction = last == first + 2 and run[first + 1].text == "/" and value.denominator > 1
                yield Stated(value, run[first].start, run[last].end, not fraction, run[last].unit)


def _part(run: list[_Piece], first: int, last: int) -> str:
    """The stretch from one number to another, with the brackets around it that belong to it."""
    text = "".join(piece.text for piece in run[first : last + 1])
    missing = text.count(")") - text.count("(")
    while missing > 0 and first > 0 and run[first - 1].text in "(-":
        first -= 1
        text = run[first].text + text
        missing = text.count(")") - text.count("(")
    while missing < 0 and last + 1 < len(run) and run[last + 1].text == ")":
        last += 1
        text += run[last].text
        missing = text.count(")") - text.count("(")
    return text


def _evaluated(text: str) -> Fraction | None:
    try:
        value = value_at(read_tree(text), {})
    except Unreadable:
        return None
    return value if isinstance(value, Fraction) else None
