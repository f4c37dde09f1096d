"""Every quantity that a derivation calculates on its way, as a function of the problem's numbers.

A derivation is one way to an answer; a student may take another through the same quantities, or group them otherwise:
8 × 60 × 2 by way of 16 pictures or of 480 dollars a month. And 2 + 2 is not 2 × 2: a quantity is its value for the
numbers as they are and for others in their place. Serves the checking of students' work, in the worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, combinations, islice

import sympy

from agent.errors import CheckFailed
from agent.verification.derivations.derivation import assignments, values_of
from agent.verification.reading.language import parse_expression
from agent.verification.reading.quantities import literals_of, numbers_given, numbers_in_words
from agent.verification.reading.wording import read_kindly

Quantity = tuple[Fraction, ...]  # the value for the problem's numbers, then for each changed set of them

MAX_GROUPED = 5  # factors of a product, terms of a sum: all their groups are looked at
MAX_PARTS = 1_500  # of one program
MAX_OPERATIONS, MAX_TERMS = 40, 12  # of an expression that is multiplied out
MAX_NUMBERS = 12
# What the numbers are multiplied by, one after another: whole, and without divisors in common.
_CHANGES = ((3, 7, 5, 11, 13, 17, 19, 23, 29, 31, 37, 41), (7, 3, 11, 5, 17, 13, 23, 19, 31, 29, 41, 37))
# Halving, doubling and one of something are written in too many ways to be told from a given number.
_CONSTANTS = {Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2)}
_HUNDREDTHS = re.compile(r"(?i)(\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b|cents?\b)")
_LITERAL = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")


class Numbers:
    """The numbers that a problem gives, and what each becomes when they are changed."""

    def __init__(self, problem: str) -> None:
        given = list(dict.fromkeys([*numbers_given(problem), *sorted(numbers_in_words(problem))]))
        given = [value for value in given if value not in _CONSTANTS][:MAX_NUMBERS]
        hundredths = {Fraction(found[1]) for found in _HUNDREDTHS.finditer(problem)}
        self._forms: dict[Fraction, Quantity] = {}
        for place, value in enumerate(given):
            changed = tuple(value * factors[place] for factors in _CHANGES)
            for form, others in _forms((value, *changed), value in hundredths):
                self._forms.setdefault(form, others)

    def quantity(self, value: Fraction) -> Quantity:
        """A written number as a quantity: one that the problem gives, in any usual form, changes with it."""
        return self._forms.get(value, (value,) * (1 + len(_CHANGES)))

    def gives(self, value: Fraction) -> bool:
        return value in self._forms

    @property
    def quantities(self) -> set[Quantity]:
        """The given numbers in every form."""
        return set(self._forms.values())


def known_quantities(numbers: Numbers, programs: Sequence[str]) -> set[Quantity]:
    """The quantities of the programs: every name, part of a line and regrouped part. Those that fail add nothing."""
    found = numbers.quantities
    for program in programs:
        try:
            names = _names(numbers, program)
            found |= set(names.values())
            found |= set(islice(_parts(numbers, program, names), MAX_PARTS))
        except CheckFailed:
            continue
    return found


def answer_of(numbers: Numbers, program: str) -> Quantity | None:
    """What the program answers, as a quantity; None where it fails for the numbers as they are."""
    try:
        return _names(numbers, program).get("answer")
    except CheckFailed:
        return None


def _forms(value: Quantity, of_hundred: bool) -> Iterator[tuple[Fraction, Quantity]]:
    """A given number as it is; per cent also as a share, and as what that leaves or makes; a share also turned over."""
    yield value[0], value
    if of_hundred:
        share = tuple(v / 100 for v in value)
        yield share[0], share
        yield from ((w - p[0], tuple(w - v for v in p)) for w, p in ((1, share), (100, value)))
        yield from ((w + p[0], tuple(w + v for v in p)) for w, p in ((1, share), (100, value)))
    elif 0 < value[0] < 1:
        yield 1 - value[0], tuple(1 - v for v in value)
        yield 1 + value[0], tuple(1 + v for v in value)
        yield 1 / value[0], tuple(1 / v for v in value)


def _names(numbers: Numbers, program: str) -> dict[str, Quantity]:
    """Each name's quantity. A change that the program does not bear leaves only what it is for the numbers given."""
    values = [values_of(program)]
    for change in range(1, 1 + len(_CHANGES)):
        try:
            values.append(values_of(_changed(numbers, program, change)))
        except CheckFailed:
            values.append(values[0])
    found = {}
    for name in values[0]:
        quantity = [_fraction(each[name]) if name in each else None for each in values]
        if None not in quantity:
            found[name] = tuple(value for value in quantity if value is not None)
    return found


def _changed(numbers: Numbers, program: str, change: int) -> str:
    lines = []
    for line in program.splitlines():
        code, mark, remark = line.partition("#")
        for start, end, literal in reversed(literals_of(code)):
            new = numbers.quantity(literal)[change]
            code = f"{code[:start]}({new.numerator}/{new.denominator}){code[end:]}" if new != literal else code
        lines.append(code + mark + remark)
    return "\n".join(lines)


def _parts(numbers: Numbers, program: str, names: dict[str, Quantity]) -> Iterator[Quantity]:
    """The parts of each line, the groups of its terms and factors, and those of its products with all names put in."""
    values: dict[sympy.Symbol, Quantity] = {sympy.Symbol(name, positive=True): q for name, q in names.items()}
    letters = {str(symbol): symbol for symbol in values}
    meaning: dict[sympy.Symbol, sympy.Expr] = {}

    def letter(number: re.Match[str]) -> str:
        symbol = sympy.Symbol(f"number{len(values)}", positive=True)
        values[symbol], letters[str(symbol)] = numbers.quantity(Fraction(number[0])), symbol
        return str(symbol)

    for assigned, right in assignments(program):
        text = _LITERAL.sub(letter, read_kindly(right, names.keys()))
        try:
            expression = parse_expression(text, names=letters)
        except CheckFailed:
            continue
        whole = expression.subs(meaning)
        meaning.update({letters[name]: whole for name in assigned if name in letters})
        for part in dict.fromkeys(chain(_regrouped(expression), _products(whole))):
            if (quantity := _quantity(part, values)) is not None:
                yield quantity


def _regrouped(expression: sympy.Expr) -> Iterator[sympy.Expr]:
    for node in islice(sympy.preorder_traversal(expression), 60):
        yield node
        if node.is_Add:
            yield from _groups(node.args, sympy.Add)
        elif node.is_Mul:
            yield from _groups(node.args, sympy.Mul)


def _products(whole: sympy.Expr) -> Iterator[sympy.Expr]:
    """The groups of the factors of each product, of a whole multiplied out and of one whose sums stay together."""
    if sympy.count_ops(whole) > MAX_OPERATIONS:
        return
    for node in islice(sympy.preorder_traversal(whole), 60):
        if node.is_Mul:
            for factor in [factor for factor in node.args if factor.is_Add]:
                yield from (term * node / factor for term in factor.args)
    for term in sympy.Add.make_args(sympy.expand(whole))[:MAX_TERMS]:
        yield from _groups(sympy.Mul.make_args(term), sympy.Mul)


def _groups(parts: Iterable[sympy.Expr], join: type[sympy.Add] | type[sympy.Mul]) -> Iterator[sympy.Expr]:
    few = list(parts)[:MAX_GROUPED]
    for size in range(1, len(few) + 1):
        for chosen in combinations(few, size):
            yield join(*chosen)


def _quantity(part: sympy.Expr, values: dict[sympy.Symbol, Quantity]) -> Quantity | None:
    found = []
    for place in range(1 + len(_CHANGES)):
        put_in = {s: sympy.Rational(q[place].numerator, q[place].denominator) for s, q in values.items()}
        value = _fraction(part.subs(put_in) if part.free_symbols else part)
        if value is None:
            return None
        found.append(value)
    return tuple(found)


def _fraction(value: sympy.Expr) -> Fraction | None:
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else None
