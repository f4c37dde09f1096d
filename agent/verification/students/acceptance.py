"""Whether a student's answer to a problem with a known exact answer is right, and if not quite, what is missing.

Serves practice, in the worker. A different value is never accepted; the same value is, in every usual form.
"""

from __future__ import annotations

import re
from fractions import Fraction

import sympy

from agent.domain import Verdict
from agent.errors import Unreadable
from agent.verification.answers.answer_reading import read_answer
from agent.verification.answers.equivalence import same_value
from agent.verification.reading.dimensions import Measure, converted, measure
from agent.verification.reading.language import parse_expression
from agent.verification.students.outcomes import Judged, Outcome
from agent.verification.students.typed_answers import Typed, read_typed

MIN_ROUNDED_DIGITS = 2
_ABOUT_PI = (sympy.Rational(314, 100), sympy.Rational(22, 7), sympy.Rational(31416, 10000))

_RANK = tuple(Outcome)
_SEVERAL = re.compile(r"\bor\b|^\s*\\?\{|[;±]|(?<=\d)\s*,\s+(?=[-−+\d.A-Za-z])|(?<=\d)\s+and\s+(?=[-−+\d]|[a-z]\s*=)")
_ABBREVIATED = {
    "mph": "miles per hour", "kph": "kilometers per hour", "kmh": "kilometers per hour", "mps": "meters per second",
    "hrs": "hours", "mins": "minutes", "secs": "seconds", "sqm": "square meters", "ft": "feet", "sq.": "square",
}  # fmt: skip
_MONEY: dict[str, int | Fraction] = {
    "dollar": 1,
    "dollars": 1,
    "buck": 1,
    "bucks": 1,
    "usd": 1,
    "cent": Fraction(1, 100),
    "cents": Fraction(1, 100),
}
_OTHER_MONEY = {"euro", "euros", "eur", "pounds sterling", "sterling", "yen"}
_DEGREES = {"degree", "degrees", "°"}


def judge_answer(given: str, answer: str, unit: str = "", problem: str = "") -> Judged:
    """Judge what a student typed against the exact `answer` ("11/2", "484*pi", "{-3, 3}") in `unit` ("" for none).

    `problem` tells the nouns of the problem from other words: muffins are no rolls, but "12 pieces" may be.
    Bad input of any kind is Outcome.UNREADABLE with what to write instead; nothing is raised.
    """
    given = re.sub(r"\+\s*/?\s*[-−]", "±", given)
    try:
        if re.search(r"[{,]", answer):
            return _judge_several(given, answer)
        expected = parse_expression(answer)
        if _SEVERAL.search(given) and not re.search(r"\d\s*and\s*\d+/\d|\b(?:hours?|minutes?|and a)\b", given):
            return _judge_list(given, expected)
        readings = read_typed(given)
    except Unreadable as unreadable:
        return Judged(Outcome.UNREADABLE, _say(str(unreadable)))
    judged = [_judge(reading, expected, unit, problem) for reading in readings]
    return min(judged, key=lambda one: _RANK.index(one.outcome))


def _say(reason: str) -> str:
    return reason if "write" in reason else f"I cannot read this as an answer: {reason[0].lower()}{reason[1:]}"


def _judge_several(given: str, answer: str) -> Judged:
    verdict = same_value(answer, given)
    if verdict is Verdict.VERIFIED:
        return Judged(Outcome.RIGHT)
    found, asked = read_answer(given), read_answer(answer)
    if verdict is Verdict.REFUTED:
        known = [value.value for value in asked.values]
        some = sum(value.value in known for value in found.values)
        if some == len(found.values) < len(known):
            return Judged(Outcome.WRONG, "What you give belongs to the answer, but it is not all of it.")
        return Judged(Outcome.WRONG, "Some of it is right, and some is not." if some else "")
    return Judged(Outcome.UNREADABLE, "Write the values with a comma between them, for example “3, −3”.")


def _judge_list(given: str, expected: sympy.Expr) -> Judged:
    """Several values where one is asked for."""
    values = {value.value for value in read_answer(given).values}
    if values == {expected}:
        return Judged(Outcome.RIGHT)
    return Judged(Outcome.WRONG, f"You give {len(values)} values: one is asked for." if len(values) > 1 else "")


def _judge(typed: Typed, expected: sympy.Expr, unit: str, problem: str) -> Judged:
    factor = _factor(typed.unit, unit, problem)
    if factor is None:
        if _same(typed.value, expected):
            return Judged(Outcome.WRONG_UNIT, f"The number is right, the unit is not: {_asked(unit)}.")
        return Judged(Outcome.WRONG)
    values = [typed.value * sympy.Rational(factor.numerator, factor.denominator)]
    if unit == "%" and typed.unit == "":
        values.append(typed.value * 100)  # 1/2 for 50 %
    if any(_same(value, expected) for value in values):
        if not typed.plain:
            return Judged(Outcome.NOT_SIMPLIFIED, "The value is right; it can be written more simply.")
        remark = f"It is the same, though {_asked(unit)}." if factor != 1 and unit else ""
        return Judged(Outcome.RIGHT, remark)
    if factor != 1 and unit and _same(typed.value, expected):
        return Judged(Outcome.WRONG_UNIT, f"The number is right, the unit is not: {_asked(unit)}.")
    if expected.has(sympy.pi) and any(_same(values[0], expected.subs(sympy.pi, about)) for about in _ABOUT_PI):
        return Judged(Outcome.ROUNDED, "That is the value with π rounded: leave π in it.")
    if any(_is_rounding(value, expected, typed, value / typed.value if typed.value else 1) for value in values):
        return Judged(Outcome.ROUNDED, "That is the value rounded: give it exactly, as a fraction if need be.")
    return Judged(Outcome.WRONG)


def _asked(unit: str) -> str:
    return (
        f"the answer is asked for in {unit if unit != '%' else 'per cent'}" if unit else "a plain number is asked for"
    )


def _same(value: sympy.Expr, expected: sympy.Expr) -> bool:
    if value.is_Rational and expected.is_Rational:
        return bool(value == expected)
    if value.is_Rational is not expected.is_Rational and not (value.is_irrational or expected.is_irrational):
        return bool(sympy.simplify(value - expected) == 0)
    difference = sympy.expand(value - expected)
    return bool(difference == 0 or (abs(difference.evalf(40)) < 1e-30 and sympy.simplify(difference) == 0))


def _is_rounding(value: sympy.Expr, expected: sympy.Expr, typed: Typed, scale: sympy.Expr) -> bool:
    """Whether the digits shown are those of the exact value, rounded or cut off, and enough of them."""
    if typed.digits < MIN_ROUNDED_DIGITS or not value.is_Rational or _shows_too_little(typed):
        return False
    step = abs(scale) * sympy.Rational(1, 10 ** (typed.decimals or 0))
    distance = abs(value - expected)
    cut_off = bool(distance < step) and bool(abs(value) < abs(expected)) and bool(value * expected > 0)
    return bool(distance <= step / 2) or cut_off


def _shows_too_little(typed: Typed) -> bool:
    """A whole number of two digits is rather another answer than a rounded one, but 33 % is rounded."""
    return typed.decimals is None and typed.digits < 3 and typed.unit != "%"


def _factor(given: str, asked: str, problem: str) -> Fraction | None:
    """What a value in the given unit is multiplied by to be in the unit asked for; None where they do not fit."""
    given = " ".join(_ABBREVIATED.get(word.lower(), word) for word in given.split())
    if given == asked or not given:
        return Fraction(1)
    if given == "%":
        return Fraction(1, 100) if not asked else None
    if not asked or (asked == "%" and not _is_measure(given)):
        return Fraction(1)
    tops, bottoms = zip(_parts(given), _parts(asked), strict=True)
    above = _one_factor(tops[0], tops[1], problem)
    if bottoms[1] and not bottoms[0]:  # $5 for dollars a kilogram is usual, 22 km for a speed is not
        return above if _measure_in(tops[0]) is None else None
    below = _one_factor(bottoms[0], bottoms[1], problem) if bottoms[0] and bottoms[1] else Fraction(not bottoms[0])
    return above / below if above is not None and below else None


def _parts(unit: str) -> tuple[str, str]:
    """What is above and what is below "per": "kilometers an hour", "km/h"."""
    above, _, below = re.sub(r"\s*/\s*|\s+(?:per|an?|each|every)\s+(?=\w)", "/", unit).partition("/")
    return above.strip(), below.strip()


def _one_factor(given: str, asked: str, problem: str) -> Fraction | None:
    if given.lower() == asked.lower() or (given == "m" and asked.startswith("minute")):
        return Fraction(1)
    if given.lower() in _MONEY or given.lower() in _OTHER_MONEY:
        same = asked.lower() in _MONEY and given.lower() in _MONEY
        return Fraction(_MONEY[given.lower()]) / Fraction(_MONEY[asked.lower()]) if same else None
    first, second = _measure_in(given), _measure_in(asked)
    if first is not None and second is not None:
        return converted(Fraction(1), first, second)
    if first is not None or given.lower() in _DEGREES:
        return Fraction(1) if asked.lower() in _DEGREES and given.lower() in _DEGREES else None
    stems, wanted = _stems(given), _stems(asked)
    elsewhere = stems & _stems(problem) - wanted
    return None if elsewhere and not stems & wanted and elsewhere & _last_stem(given) else Fraction(1)


def _is_measure(unit: str) -> bool:
    return _measure_in(unit) is not None or unit.lower() in _MONEY


def _measure_in(unit: str) -> Measure | None:
    """The unit of measure with which the words begin: "minutes late", "square meters of cloth"."""
    words = unit.split()
    for length in (2, 1):
        found = measure(" ".join(words[:length])) if len(words) >= length else None
        if found is not None:
            return found
    return None


def _stems(text: str) -> set[str]:
    return {re.sub(r"(?:(?<=[sxzh])e)?s$", "", word) for word in re.findall(r"[a-z]{3,}", text.lower())}


def _last_stem(unit: str) -> set[str]:
    """The noun of "red rolls": the last word, or that before "of", "in", "left", …"""
    head = re.split(r"\b(?:of|in|on|at|for|left|more|each|altogether|together|remaining|are|were)\b", unit.lower())[0]
    found = re.findall(r"[a-z]{3,}", head)
    return _stems(found[-1]) if found else set()
