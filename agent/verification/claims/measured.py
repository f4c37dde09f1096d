"""Judges what the units in an equality say: conversions, sums in different units, areas. Serves the claims."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from agent.verification.claims.readings import as_fraction, exact_value, expression
from agent.verification.claims.statements import Quantity
from agent.verification.reading.dimensions import Measure, converted, measure, same_kind
from agent.verification.reading.extraction import Kind
from agent.verification.reading.quantities import numbers_given, numbers_in_words

_SCALE = re.compile(r"(?i)\b(?:maps?|scaled?|models?|drawings?|drawn|blueprints?|represent\w*|stands? for|diagrams?)\b")
_REST = re.compile(
    r"[\s\w]{0,30}?(?:,|\b(?:and|with|plus)\b)(?:\s|and\b|with\b|plus\b){0,4}[0-9.]+\s*[A-Za-z]+\b(?!\s*=)"
)
_ADJECTIVES = {"long", "wide", "tall", "high", "deep", "away", "apart", "old", "more", "left", "altogether"}


@dataclass(frozen=True, slots=True)
class Conversion:
    """A number in one unit equated with a number in another: `value` is what the left is in the right's unit.

    `loose` where people differ or round: working days, a kilogram as 2 pounds. `rate` is how many of the right's unit
    the statement gives for one of the left's: 5 for a map on which 3 inches are 15 miles.
    """

    value: Fraction
    result: Fraction
    rate: Fraction | None
    loose: bool


def conversion(left: Quantity, right: Quantity, text: str) -> Conversion | None:
    """The conversion that "5 km = 5000 m" states; None where it is none, or the units measure different things."""
    units = [_only_unit(side) for side in (left, right)]
    if units[0] is None or units[1] is None or units[0] == units[1]:
        return None
    value, result = (as_fraction(exact_value(expression(side, text))) for side in (left, right))
    if value is None or result is None:
        return None
    there = converted(value, units[0], units[1])
    if there is None:
        return None
    loose = units[0].loose or units[1].loose or units[0].metric != units[1].metric
    return Conversion(there, result, result / value if value else None, loose)


def may_go_on(stated: Conversion, behind: str) -> bool:
    """Whether the result may be a part only ("50 inches = 4 feet, 2 inches") or a whole number of units."""
    whole = stated.result.denominator == 1 and abs(stated.value - stated.result) < 1
    return whole or _REST.match(behind) is not None


def may_be_rate(stated: Conversion, before: str) -> bool:
    """Whether the text before a false conversion has its result or its rate, or speaks of a scale."""
    if stated.rate is None or _SCALE.search(before):
        return True
    known = numbers_given(before) + list(numbers_in_words(before))
    return bool({stated.result, stated.rate} & set(known)) or (stated.rate != 0 and 1 / stated.rate in known)


def unit_doubt(left: Quantity, right: Quantity) -> str:
    """What is wrong with the units of a calculation whose numbers are right; "" where nothing is known to be."""
    terms = _two_terms(left)
    if terms is None:
        return ""
    operator, first, second = terms
    if operator in {"+", "-"}:
        if not same_kind(first, second):
            return "Different kinds of quantity are added."
        if first != second:
            return "Different units are added."
    result = _only_unit(right)
    lengths = first.power == second.power == 1 and first.base == second.base
    if operator == "*" and lengths and result == first and same_kind(first, Measure("meter", "meter")):
        return "A length times a length is an area: its unit should be a square one."
    return ""


def holds_in_units(left: Quantity, right: Quantity, value_of: Any) -> bool:
    """Whether a sum in different units holds once all is converted: 2 km + 300 m = 2300 m."""
    terms, result = _two_terms(left), _only_unit(right)
    if terms is None or result is None or terms[0] not in {"+", "-"}:
        return False
    operator, *units = terms
    numbers = [token for token in left.tokens if token.kind is Kind.NUMBER]
    values = [as_fraction(exact_value(token.value.replace(",", ""))) for token in numbers]
    shown = as_fraction(value_of)
    if shown is None or None in values:
        return False
    parts = [converted(value, unit, result) for value, unit in zip(values, units, strict=True) if value is not None]
    if None in parts:
        return False
    first, second = (part for part in parts if part is not None)
    return shown == (first + second if operator == "+" else first - second)


def _only_unit(side: Quantity) -> Measure | None:
    """The one unit that a single number has, with nothing else behind it."""
    if side.number is None or len(side.units) != 1 or side.has(Kind.CURRENCY, Kind.PERCENT):
        return None
    *unit, last = side.units[0].split()
    words = unit if unit and last in _ADJECTIVES else [*unit, last]
    if side.trailing and list(side.trailing) != side.units[0].split():
        return None
    return measure(" ".join(words))


def _two_terms(side: Quantity) -> tuple[str, Measure, Measure] | None:
    """The operator and the units of two plain numbers that both have one."""
    kinds = [token.kind for token in side.tokens]
    if kinds != [Kind.NUMBER, Kind.OPERATOR, Kind.NUMBER] or len(side.units) != 2:
        return None
    first, second = (measure(unit) for unit in side.units)
    return None if first is None or second is None else (side.tokens[1].value.strip(), first, second)
