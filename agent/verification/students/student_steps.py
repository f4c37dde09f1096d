"""What a student's steps calculate, each result as a function of the problem's numbers. Serves the checking of work.

Runs in the worker: the text is untrusted. A number in a calculation is one that an earlier step arrived at, or one
that the problem gives, or a constant; where it may be two of these, each is a reading of the calculation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

import sympy

from agent.errors import CheckFailed
from agent.verification.claims.readings import as_fraction, exact_value, expression
from agent.verification.claims.statements import Quantity as Side
from agent.verification.claims.statements import statements
from agent.verification.derivations.known_quantities import Numbers, Quantity
from agent.verification.reading.extraction import Kind
from agent.verification.reading.language import parse_expression
from agent.verification.reading.quantities import numbers_given

MAX_RESULTS = 12  # of one step
MAX_READINGS = 8
SMALL = 2  # up to here a number is a constant rather than worked out in the head
_NUMBER = re.compile(r"(?<![\w.])(?:\d+(?:\.\d+)?|\.\d+)(?![\w.])")


@dataclass(frozen=True, slots=True)
class Result:
    """A number that a step arrives at. `readings` are the quantities that it may be, none where it is only stated.

    `operands` are the numbers that it was calculated from; `text` is the calculation as written.
    """

    value: Fraction
    text: str
    operands: tuple[Fraction, ...] = ()
    readings: tuple[Quantity, ...] = ()


def results_of(
    steps: Sequence[str], problem: str, numbers: Numbers, known: Set[Quantity] = frozenset()
) -> list[list[Result]]:
    """The results of each step in order; where a step calculates nothing, the numbers that are new in it.

    Where a result may be several quantities, later steps take it for one of the `known` ones, if it is one of these.
    """
    reached: dict[Fraction, list[Quantity]] = {}
    found: list[list[Result]] = []
    for place, step in enumerate(steps):
        results = list(islice(_calculated(step, numbers, reached, known), MAX_RESULTS))
        if not results:
            before = set(numbers_given("\n".join([problem, *steps[:place]])))
            stated = [value for value in numbers_given(step) if value not in before and not numbers.gives(value)]
            results = [Result(value, str(value)) for value in stated[:MAX_RESULTS]]
        for result in results:
            reached.setdefault(result.value, []).append(_meant(result, numbers, known))
        found.append(results)
    return found


def final_number(steps: Sequence[str], results: Sequence[Sequence[Result]]) -> Fraction | None:
    """The number on which the work ends."""
    for step, arrived_at in zip(reversed(steps), reversed(results), strict=True):
        if arrived_at:
            return arrived_at[-1].value
        if numbers := numbers_given(step):
            return numbers[-1]
    return None


def _meant(result: Result, numbers: Numbers, known: Set[Quantity]) -> Quantity:
    """The one quantity that a result is taken for."""
    readings = result.readings or (numbers.quantity(result.value),)
    return next((reading for reading in readings if reading in known), readings[0])


def _calculated(
    step: str, numbers: Numbers, reached: dict[Fraction, list[Quantity]], known: Set[Quantity]
) -> Iterator[Result]:
    own: dict[Fraction, list[Quantity]] = {}
    for statement in statements(step):
        left, right = statement.left.to_end, statement.right.from_start
        if statement.relation not in {"=", "≈"} or right is None or right.has(Kind.OPERATOR):
            continue
        value = _value(right, step)
        if value is None:
            continue
        text = " ".join(step[statement.start : statement.end].split())
        if left is None or not left.has(Kind.OPERATOR):
            if left is None or (left.number is not None and _value(left, step) != value):
                yield Result(value, text)
            continue
        operands, readings = _readings(left, step, numbers, {**reached, **own}, known)
        result = Result(value, text, operands, readings)
        yield result
        own.setdefault(value, [*reached.get(value, [])]).append(_meant(result, numbers, known))


def _readings(
    side: Side, step: str, numbers: Numbers, reached: dict[Fraction, list[Quantity]], known: Set[Quantity]
) -> tuple[tuple[Fraction, ...], tuple[Quantity, ...]]:
    """The numbers of a calculation, and the quantities that it may be."""
    written = expression(side, step)
    values = [Fraction(number[0]) for number in _NUMBER.finditer(written)]
    symbols = iter([sympy.Symbol(f"number{place}", positive=True) for place in range(len(values))])
    names: dict[str, sympy.Symbol] = {}

    def letter(_number: re.Match[str]) -> str:
        symbol = next(symbols)
        names[str(symbol)] = symbol
        return str(symbol)

    try:
        parsed = parse_expression(_NUMBER.sub(letter, written), names=names)
    except CheckFailed:
        return tuple(values), ()
    meant = [_meanings(value, numbers, reached, known) for value in values]
    readings = []
    for chosen in islice(product(*meant), MAX_READINGS):
        quantity = []
        for place in range(len(numbers.quantity(Fraction(0)))):
            put_in = {
                symbol: sympy.Rational(choice[place].numerator, choice[place].denominator)
                for symbol, choice in zip(names.values(), chosen, strict=True)
            }
            quantity.append(as_fraction(parsed.subs(put_in)))
        if None not in quantity:
            readings.append(tuple(value for value in quantity if value is not None))
    return tuple(values), tuple(dict.fromkeys(readings))


def _meanings(
    value: Fraction, numbers: Numbers, reached: dict[Fraction, list[Quantity]], known: Set[Quantity]
) -> list[Quantity]:
    """What a number in a calculation may be: an earlier result, a given number, one found in the head, a constant."""
    meanings = [*reached.get(value, [])[-2:], numbers.quantity(value)]
    if len(meanings) == 1 and not numbers.gives(value) and value > SMALL:
        meanings = [*islice((quantity for quantity in known if quantity[0] == value), 3), *meanings]
    return list(dict.fromkeys(meanings))


def _value(side: Side, text: str) -> Fraction | None:
    try:
        return as_fraction(exact_value(expression(side, text)))
    except (CheckFailed, ArithmeticError, ValueError, TypeError):
        return None
