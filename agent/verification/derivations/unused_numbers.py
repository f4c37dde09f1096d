"""How many of the quantities that a problem gives a derivation has no use for.

A misreading often drops something: two friends taken for one, what was there before forgotten. Each quantity of the
problem is counted as often as it is given, in digits or in words: "2 shells … 2 oyster shells … 2 more" are three.
Serves confidence: a ground for doubt, never a refutation, as a problem may give more than it needs.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from agent.verification.reading.number_words import NUMBER_WORDS, number_in_words
from agent.verification.reading.quantities import (
    MAX_CHARACTERS,
    MAX_LITERALS,
    MAX_NUMBERS,
    forms_of,
    in_digits,
    literals_of,
)

_DIGITS = r"\d[\d,]{0,30}(?:\.\d{1,30})?(?:/[1-9]\d{0,8})?|\.\d{1,30}"
_TOKEN = re.compile(rf"(?<![\w.])(?:{_DIGITS})(?!\d{{0,30}}(?:st|nd|rd|th)\b)|(?<![A-Za-z])[A-Za-z]+")
_WORDED = re.compile(rf"(?i)(?:an?[\s-]{{1,4}})?(?:{'|'.join(sorted(NUMBER_WORDS))})\b")
MAX_WORDS = 1_500  # of a problem, numbers among them
_LONGEST = 50  # characters of a number in words
_TIMES = {"twice": 2, "double": 2, "thrice": 3, "triple": 3}
_PLAIN = {Fraction(0), Fraction(1)}  # "one day", "no apples": nothing is calculated with them
_NAMED = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*[0-9.]+\s*$")
_NAME = re.compile(r"[A-Za-z_]\w*")


def quantities_of(problem: str) -> Counter[Fraction]:
    """How often the problem gives each number, the same number of the same thing counted once."""
    text = problem[:MAX_CHARACTERS]
    told: set[tuple[Fraction, str]] = set()
    at = seen = 0
    while (token := _TOKEN.search(text, at)) is not None and seen < MAX_WORDS and len(told) < MAX_NUMBERS:
        at, seen = token.end(), seen + 1
        values = [Fraction(_TIMES[token[0].lower()])] if token[0].lower() in _TIMES else list(in_digits(token[0]))
        may_begin = not values and _WORDED.match(text, token.start()) is not None
        if may_begin and (worded := number_in_words(text[token.start() : token.start() + _LONGEST])) is not None:
            values, at = [worded[0]], max(at, min(token.start() + _LONGEST, len(text)) - len(worded[1]))
        counted = re.match(r"[\s$%-]*([A-Za-z]*)", text[at : at + 60])
        told |= {(value, counted[1].lower().rstrip("s") if counted else "") for value in values}
    return Counter(value for value, _ in told if value not in _PLAIN)


def unused(given: Counter[Fraction], program: str) -> int:
    """How many of the given quantities the program has no use for.

    A number that has a name in it is used as often as the name is; in which form (15% as 0.15, 0.85, 1.15, …) is no
    matter.
    """
    used = _uses(program)
    return sum(max(0, often - sum(used[form] for form in forms_of(value))) for value, often in given.items())


def _uses(program: str) -> Counter[Fraction]:
    code = re.sub(r'"""[^"]*"""', "", program[:MAX_CHARACTERS])
    lines = [line.split("#", 1)[0] for line in code.splitlines()]
    names = Counter(name for line in lines for name in _NAME.findall(line.partition("=")[2] or line))
    used: Counter[Fraction] = Counter()
    for line in lines:
        often = max(1, names[named[1]]) if (named := _NAMED.match(line)) else 1
        for _, _, value in literals_of(line)[:MAX_LITERALS]:
            used[value] += often
        if used.total() >= MAX_LITERALS:
            break
    return used
