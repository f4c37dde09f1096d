"""Which numbers a problem gives, and which of them a derivation uses.

Serves confidence: all that is found here is a ground for doubt, never a refutation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

MAX_CHARACTERS = 8_000
MAX_DIGITS = 30
_MAX_PAIRED = 12
_SMALL = 12  # counted in the head, or off a list
MAX_NUMBERS, MAX_LITERALS = 100, 200  # more than any problem gives, and than any derivation uses

_NUMBER = re.compile(r"(?<![\w.])[0-9][0-9,]*(?:\.[0-9]+)?(?:/[1-9][0-9]*)?|(?<![\w.])\.[0-9]+")
_LITERAL = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?!\w)")
_WORDS: dict[str, int | Fraction] = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1000, "million": 10**6, "dozen": 12, "twice": 2, "double": 2, "thrice": 3,
    "triple": 3, "half": Fraction(1, 2), "halves": Fraction(1, 2), "third": Fraction(1, 3), "thirds": Fraction(1, 3),
    "quarter": Fraction(1, 4), "quarters": Fraction(1, 4), "fourth": Fraction(1, 4), "fourths": Fraction(1, 4),
    "fifth": Fraction(1, 5), "fifths": Fraction(1, 5), "sixth": Fraction(1, 6), "eighth": Fraction(1, 8),
    "tenth": Fraction(1, 10), "tenths": Fraction(1, 10), "pair": 2, "couple": 2, "both": 2, "fortnight": 14,
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+")
# Numbers of the world rather than of a problem: units of time, length, money, angle; small counts and per cent.
_OF_THE_WORLD = {
    Fraction(n) for n in (0, 1, 2, 3, 4, 7, 10, 12, 16, 24, 30, 31, 36, 52, 60, 90, 100, 180, 360, 365, 1000, 3600)
}  # fmt: skip


def numbers_given(problem: str) -> list[Fraction]:
    """The numbers that a problem gives in digits, in their order, repeated ones once; at most MAX_NUMBERS."""
    distinct: dict[Fraction, None] = {}
    for value in in_digits(problem[:MAX_CHARACTERS]):
        distinct[value] = None
        if len(distinct) == MAX_NUMBERS:
            break
    return list(distinct)


def numbers_in_words(problem: str) -> set[Fraction]:
    """The numbers that a problem gives in words: three, dozen, twice, half."""
    words = (word[0].lower() for word in _WORD.finditer(problem[:MAX_CHARACTERS]))
    return {Fraction(_WORDS[word]) for word in words if word in _WORDS}


def left_out(problem: str, program: str) -> int:
    """How many of the numbers that the problem gives in digits a derivation uses in no line."""
    used = _literals(program)
    return sum(not (forms_of(value) & used) for value in numbers_given(problem))


def from_nowhere(problem: str, program: str) -> int:
    """How many numbers a derivation uses that neither the problem gives, in digits or words, nor the world."""
    known = _known(problem)
    strange = [value for value in _literals(program) if value not in known and value / 100 not in known]
    return sum(1 / value not in known and 100 / value not in known for value in strange)


def first_untraced(numbers: Sequence[str], problem: str, before: str) -> str | None:
    """The first of the numbers that stands neither in the problem nor in what was written before; None for none.

    Numbers of the world, small ones, and the usual forms of given numbers (15% as 0.15, 0.85, 1.15) are known; so is
    a sum or difference of two given ones, which people work out in their heads. Without numbers in digits in the
    problem nothing is said.
    """
    given = numbers_given(problem)
    if not given:
        return None
    known: set[Fraction] | None = None
    for number in numbers:
        if len(number) > MAX_DIGITS or not re.fullmatch(r"[0-9]*\.?[0-9]+", number):
            continue
        value = Fraction(number)
        if known is None:
            known = _known(problem)
            known |= {1 / value for value in known if value} | set(in_digits(before[-MAX_CHARACTERS:]))
            some = given[:_MAX_PAIRED]
            known |= {a + b for a in some for b in some} | {a - b for a in some for b in some}
        if value > _SMALL and not {value, value / 100, value * 100, 1 / value} & known:
            return number
    return None


def _known(problem: str) -> set[Fraction]:
    known = set(_OF_THE_WORLD) | numbers_in_words(problem)
    for value in numbers_given(problem):
        known |= forms_of(value) | {Fraction(value.numerator), Fraction(value.denominator)}
    return known


def literals_of(code: str) -> list[tuple[int, int, Fraction]]:
    """The number literals of one line's code, with their places; 3/4 counts as two."""
    return [
        (match.start(), match.end(), Fraction(match[0]))
        for match in _LITERAL.finditer(code)
        if len(match[0]) <= MAX_DIGITS
    ]


def _literals(program: str) -> set[Fraction]:
    code = "\n".join(line.split("#", 1)[0] for line in program[:MAX_CHARACTERS].splitlines())
    code = re.sub(r'"""[^"]*"""', "", code)
    distinct = (literal for literal in dict.fromkeys(_LITERAL.findall(code)) if len(literal) <= MAX_DIGITS)
    return {Fraction(literal) for literal in islice(distinct, MAX_LITERALS)}


def in_digits(text: str) -> Iterator[Fraction]:
    """The numbers in a text, each way of writing one once."""
    for part in dict.fromkeys(_written_in_digits(text)):
        top, _, bottom = part.partition("/")
        if top:  # "1,/5" is no number
            yield Fraction(top) / Fraction(bottom) if bottom else Fraction(top)


def _written_in_digits(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        digits = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", match[0]).replace(" ", "").rstrip(",")
        for part in digits.split(","):
            if 0 < len(part) <= MAX_DIGITS:
                yield part


def forms_of(value: Fraction) -> set[Fraction]:
    """How a given number may stand in a derivation: as it is, as a part of 100, as what that leaves or makes."""
    part = value / 100
    forms = {value, part, 1 - part, 1 + part, 100 - value, 100 + value}
    if value:
        forms.add(1 / value)
    if value < 1:
        forms |= {1 - value, 1 + value}
    if value.denominator != 1:
        forms.add(Fraction(value.numerator))
    return forms
