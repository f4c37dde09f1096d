"""Which numbers a problem's text gives, in digits or in words: tells what is given from what a solver brings along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS, start=1) if word != "one"},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    "hundred": 100, "thousand": 1000, "half": 2, "halves": 2, "twice": 2, "double": 2, "doubled": 2, "doubles": 2,
    "both": 2, "pair": 2, "pairs": 2, "couple": 2, "third": 3, "thirds": 3, "triple": 3, "tripled": 3, "thrice": 3,
    "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "quadruple": 4, "fifth": 5, "fifths": 5, "sixth": 6,
    "sixths": 6, "seventh": 7, "eighth": 8, "eighths": 8, "ninth": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:(?P<percent>\s?(?:%|percent))|/(?P<below>\d+))?"
    r"|(?P<word>[A-Za-z]+)"
)
MAX_DIGITS = 18


@dataclass(frozen=True, slots=True)
class TextNumbers:
    """`percents` are the numbers that are followed by a percent sign; they are among the `values` too."""

    values: frozenset[Fraction]
    percents: frozenset[Fraction]


def numbers_told(text: str) -> TextNumbers:
    values: set[Fraction] = set()
    percents: set[Fraction] = set()
    ten = 0  # "twenty" waits for "five"
    for match in _NUMBER.finditer(text):
        if (word := match["word"]) is not None:
            spelt = WORDS.get(word.lower(), 0)
            if spelt:
                values.add(Fraction(spelt))
                if ten and spelt < 10:
                    values.add(Fraction(ten + spelt))
            ten = spelt if word.lower() in _TENS else 0
            continue
        ten = 0
        digits = match["digits"].replace(",", "")
        if len(digits) > MAX_DIGITS:
            continue
        value = Fraction(digits)
        values.add(value)
        if match["percent"]:
            percents.add(value)
        below = match["below"]
        if below and len(below) <= MAX_DIGITS and int(below):
            values.update((Fraction(below), value / int(below)))
    return TextNumbers(frozenset(values), frozenset(percents))
