"""Unknowns in a program that tries cases: polynomials built from its numbers, and their equations, solved by SymPy.

SymPy is only ever given its own objects, made here from numbers and names, and polynomials of bounded size. Serves
python_values and python_functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from agent.errors import CheckFailed

Value = Any

MAX_PARTS = 120  # of an expression
MAX_DEGREE = 8
MAX_TERMS = 2_000
MAX_UNKNOWNS = 4

_FACTS = {"real", "positive", "negative", "integer", "nonnegative", "nonpositive", "nonzero", "rational", "even", "odd"}
_TOO_LARGE = "An expression in the program is too large."
_UNKNOWN = "The program does with an unknown what is not known."


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression with unknowns, or an irrational number."""

    expression: sympy.Expr


@dataclass(frozen=True, slots=True)
class Equation:
    left: sympy.Expr
    right: sympy.Expr


def symbol(name: str, kind: dict[str, bool]) -> Formula:
    if not kind.keys() <= _FACTS or not all(value is True for value in kind.values()):
        raise CheckFailed("The program assumes of an unknown what is not known here.")
    if not name.isidentifier() or not name.isascii() or len(name) > 40:
        raise CheckFailed("An unknown of the program has no name that is known.")
    return Formula(sympy.Symbol(name, **kind))


def expression_of(value: Value) -> sympy.Expr:
    """A number or a formula as SymPy's; a float is taken for the decimal that it shows. Raises CheckFailed."""
    if isinstance(value, Formula):
        return value.expression
    if isinstance(value, float) and abs(value) < 1e15:
        value = Fraction(repr(value))
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise CheckFailed("The program calculates with something that is no number.")
    value = Fraction(value)
    return sympy.Rational(value.numerator, value.denominator)


def value_of(expression: sympy.Expr) -> Fraction | Formula:
    """A rational number as such. Raises CheckFailed for what is too large, infinite or not defined."""
    if expression.is_Rational:
        return Fraction(int(expression.p), int(expression.q))
    if expression.has(sympy.zoo, sympy.nan, sympy.oo, sympy.Float):
        raise CheckFailed("A value of the program is not defined.")
    if sum(1 for _ in sympy.preorder_traversal(expression)) > MAX_PARTS:
        raise CheckFailed(_TOO_LARGE)
    return Formula(expression)


def apply_to_formulas(operator: str, left: Value, right: Value) -> Fraction | Formula:
    a, b = expression_of(left), expression_of(right)
    if operator == "**":
        if not b.is_Integer or abs(int(b)) > MAX_DEGREE:
            if b != sympy.Rational(1, 2):
                raise CheckFailed(_UNKNOWN)
            return square_root_of(left)
        return value_of(_small(a ** int(b)))
    if operator == "/" and b == 0:
        raise CheckFailed("The program divides by zero.")
    operation: Callable[[sympy.Expr, sympy.Expr], sympy.Expr] | None = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    }.get(operator)  # fmt: skip
    if operation is None:
        raise CheckFailed(_UNKNOWN)
    return value_of(operation(a, b))


def compare_formulas(operator: str, left: Value, right: Value, *, exact: bool) -> bool:
    """Of real numbers, by their exact difference; of formulas, and as SymPy has it, whether they are written alike."""
    a, b = expression_of(left), expression_of(right)
    if operator in ("==", "!=") and (not exact or a.free_symbols or b.free_symbols):
        return (a == b) is (operator == "==")
    difference = sympy.expand(_small(a - b))
    if operator in ("==", "!="):
        if difference != 0 and abs(difference.evalf(30)) < 1e-20:
            raise CheckFailed("The program compares numbers that are too close to tell apart.")
        return (difference == 0) is (operator == "==")
    if difference.free_symbols or not difference.is_real:
        raise CheckFailed("The program compares with an unknown.")
    if difference != 0 and abs(difference.evalf(30)) < 1e-20:
        raise CheckFailed("The program compares numbers that are too close to tell apart.")
    sign = 0 if difference == 0 else 1 if difference.evalf(30) > 0 else -1
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


def square_root_of(value: Value) -> Fraction | Formula:
    expression = expression_of(value)
    if expression.free_symbols or not expression.is_nonnegative:
        raise CheckFailed(_UNKNOWN)
    return value_of(sympy.sqrt(expression))


def solved(equations: Sequence[Value], unknowns: Sequence[Value], *, several: bool, listed: bool) -> Value:
    """What sympy.solve gives, in its own shape: values, tuples or dicts in a list, or a dict.

    `several` and `listed` say that equations, and unknowns, were given as lists. Raises CheckFailed.
    """
    asked = unknowns or unknowns_of(equations)
    symbols = [unknown.expression for unknown in asked if isinstance(unknown, Formula)]
    differences = [
        given.left - given.right if isinstance(given, Equation) else expression_of(given) for given in equations
    ]
    if len(symbols) != len(asked) or not all(one.is_Symbol for one in symbols) or len(set(symbols)) < len(symbols):
        raise CheckFailed(_UNKNOWN)
    if not (0 < len(symbols) <= MAX_UNKNOWNS and 0 < len(differences) <= MAX_UNKNOWNS):
        raise CheckFailed("The program solves too many equations together.")
    degrees = []
    for difference in differences:
        top, bottom = sympy.fraction(sympy.together(_small(difference)))
        polynomial = top.is_polynomial(*symbols) and bottom.is_polynomial(*symbols)
        if not polynomial or top.free_symbols - set(symbols) or not top.free_symbols:
            raise CheckFailed("The program solves an equation that is not one of its unknowns' polynomials.")
        degrees.append(sympy.Poly(_small(top), *symbols).total_degree())
    alone = len(symbols) == len(differences) == 1
    # SymPy takes very long over two curves: one of the two has to be a line.
    of_lines = len(differences) <= 2 and sorted(degrees)[:-1] in ([], [1])
    if max(degrees) > (MAX_DEGREE if alone else 2) or (max(degrees) > 1 and not alone and not of_lines):
        raise CheckFailed(_TOO_LARGE)
    left = differences if several else differences[0]
    return _in_shape(sympy.solve(left, *([symbols] if listed else symbols if unknowns else [])))


def _in_shape(found: Any) -> Value:
    if isinstance(found, dict):
        return {Formula(unknown): value_of(value) for unknown, value in found.items()}
    if isinstance(found, list):
        return [_in_shape(each) for each in found]
    return tuple(map(value_of, found)) if isinstance(found, tuple) else value_of(found)


def unknowns_of(equations: Sequence[Value]) -> list[Formula]:
    """Those that stand in the equations, in the order of their names."""
    known: set[sympy.Symbol] = set()
    for given in equations:
        sides = (given.left, given.right) if isinstance(given, Equation) else (expression_of(given),)
        known |= set().union(*(side.free_symbols for side in sides))
    return [Formula(one) for one in sorted(known, key=str)]


def _small(expression: sympy.Expr) -> sympy.Expr:
    """The expression. Raises CheckFailed where multiplied out it may have too many terms."""
    if _terms(expression) > MAX_TERMS:
        raise CheckFailed(_TOO_LARGE)
    return expression


def _terms(expression: sympy.Expr) -> int:
    """A bound on the number of terms of an expression that is multiplied out."""
    if expression.is_Pow and expression.exp.is_Integer:
        return min(int(_terms(expression.base) ** abs(int(expression.exp))), MAX_TERMS + 1)
    parts = [_terms(part) for part in expression.args]
    bound = sum(parts) if expression.is_Add else math.prod(parts)
    return max(1, min(bound, MAX_TERMS + 1))


def put_in(formula: Formula, old: Value, new: Value) -> Fraction | Formula:
    known = expression_of(old)
    if not known.is_Symbol:
        raise CheckFailed(_UNKNOWN)
    return value_of(formula.expression.subs(known, expression_of(new)))


def changed(how: Callable[..., sympy.Expr]) -> Callable[..., Fraction | Formula]:
    """A function of SymPy's for polynomials and their quotients."""

    def change(value: Value, *given: Value) -> Fraction | Formula:
        expression = _small(expression_of(value))
        if any(isinstance(one, int | Fraction) and not 0 < one <= MAX_DEGREE for one in given) or len(given) > 2:
            raise CheckFailed(_UNKNOWN)
        top, bottom = sympy.fraction(sympy.together(expression))
        names = sorted(expression.free_symbols, key=str)
        if names and not (top.is_polynomial(*names) and bottom.is_polynomial(*names)):
            raise CheckFailed(_UNKNOWN)
        if names and max(sympy.Poly(part, *names).total_degree() for part in (top, bottom)) > MAX_DEGREE:
            raise CheckFailed(_TOO_LARGE)
        return value_of(how(expression, *map(expression_of, given)))

    return change


def irrational(value: Formula) -> str:
    """A real number as text that language.parse_expression reads. Raises CheckFailed for everything else."""
    expression = value.expression
    if expression.free_symbols or not expression.is_real or expression.has(sympy.CRootOf):
        raise CheckFailed("The program ends on something else than one exact number.")
    return str(expression)


def as_float(value: Value) -> float:
    expression = expression_of(value)
    if expression.free_symbols or not expression.is_real:
        raise CheckFailed("The program takes an unknown for a number.")
    return float(expression.evalf(20))
