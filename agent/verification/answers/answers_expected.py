"""What can be said of an answer from the question alone: whether it must be whole, how large it can be.

A property test, not a proof: what is found is a ground for doubt, and keeps an answer from being called verified.
Serves confidence, in the worker.
"""

from __future__ import annotations

import re
from fractions import Fraction

from agent.errors import Unreadable
from agent.verification.answers.answer_reading import read_answer
from agent.verification.reading.quantities import MAX_CHARACTERS, numbers_given

_MEASURES = (
    r"(?:hour|minute|second|day|week|month|year|mile|meter|metre|kilometer|kilometre|centimeter|foot|feet|inche|inch"
    r"|yard|gram|kilogram|ounce|pound|ton|liter|litre|gallon|cup|quart|pint|dollar|cent|euro|degree|percent|more|much"
    r"|less|times|square|cubic|tablespoon|teaspoon|calorie|unit|point)"
)
_COUNT_ASKED = re.compile(rf"(?i)\bhow many (?!{_MEASURES}s?\b)[a-z]+")
_SIZE_ASKED = re.compile(r"(?i)\bhow (?:many|much|old|long|far|tall|fast|heavy|often|wide|deep)\b")
_LEFT_ASKED = re.compile(r"(?i)\bhow (?:many|much)\b[^.?!]*\b(?:left|remain\w*|still ha(?:s|ve))\b")
_PROBABILITY_ASKED = re.compile(r"(?i)\b(?:what (?:is|are) the (?:probability|chance|fraction)|what fraction)\b")
_AVERAGE_ASKED = re.compile(r"(?i)\bwhat (?:is|was) (?:the|their|his|her) (?:average|mean)\b")


def oddities_of_answer(problem: str, answer: str) -> list[str]:
    """The same for an answer as it is written; nothing where it is no single rational number."""
    try:
        values = read_answer(answer).values
    except Unreadable:
        return []
    if len(values) != 1 or not values[0].value.is_Rational:
        return []
    value = values[0].value
    return oddities(problem[:MAX_CHARACTERS], Fraction(int(value.p), int(value.q)))


def oddities(problem: str, answer: Fraction) -> list[str]:
    """What makes an answer improbable for what is asked, each in a sentence; a property test, not a proof.

    Bounds and integrality: a count is a whole number, a size is not negative, what is left is not more than all
    that there was, a probability or fraction lies in [0, 1], an average between the numbers averaged.
    """
    found = []
    given = numbers_given(problem)
    if _COUNT_ASKED.search(problem) and answer.denominator != 1:
        found.append("A count should be a whole number.")
    if _SIZE_ASKED.search(problem) and answer < 0:
        found.append("What is asked for should not be negative.")
    if _LEFT_ASKED.search(problem) and len(given) > 1 and answer > _product(given):
        found.append("What is left should not be more than there was.")
    if _PROBABILITY_ASKED.search(problem) and not 0 <= answer <= 1:
        found.append("What is asked for should lie between 0 and 1.")
    if _AVERAGE_ASKED.search(problem) and len(given) > 2 and not 0 <= answer <= max(given):
        found.append("An average should lie between the numbers averaged.")
    return found


def _product(given: list[Fraction]) -> Fraction:
    product = Fraction(1)
    for value in given:
        product *= max(value, Fraction(1))
    return product
