"""Knows how a recognised formula becomes a SymPy object, and what every family of answers is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from agent.errors import Unreadable
from agent.verification.reading.language import parse_expression
from agent.verification.symbolic.exact_writing import decimals_of
from agent.verification.symbolic.formula_tree import DIGITS, Node, Point, as_real, value_at

MAX_DEGREE = 8
# Rational points without a special role for any usual formula.
POINTS = tuple(Fraction(*pair) for pair in ((7, 11), (-13, 9), (29, 13), (-37, 12), (3, 17), (88, 19), (-5, 23)))


@dataclass(frozen=True, slots=True)
class Worked:
    """What a family hands back: answer and LaTeX, method, steps, and the second route's verdict.

    `agrees` is None where the second route could not be carried out, False where it contradicts the answer.
    `roots` are an equation's solutions as SymPy numbers, in increasing order.
    """

    answer: str
    latex: str
    method: str
    steps: tuple[str, ...]
    check: str
    agrees: bool | None
    roots: tuple[Any, ...] = ()


def in_decimals(worked: Worked, given: Sequence[str]) -> Worked:
    """The answer in decimals where the problem has them and the answer, a number or a point, ends as one."""
    text = decimals_of(worked.roots) if worked.roots and any("." in number for number in given) else ""
    return replace(worked, answer=text, latex=text) if text else worked


def read_exact(text: str, *unknowns: str, real: bool = True) -> Any:
    """Explicit ASCII as a SymPy expression in real (or complex) unknowns. Raises Unreadable."""
    import sympy

    names = {name: symbol(name, real=real) for name in unknowns}
    expression = parse_expression(text, names=names)
    if sympy.count_ops(expression) > 200:
        raise Unreadable("The expression has too many operations; solve it in parts.")
    return expression


def symbol(name: str, *, real: bool = True) -> Any:
    """The SymPy symbol that stands for an unknown."""
    import sympy

    return sympy.Symbol(name, real=True) if real else sympy.Symbol(name)


def number_at(expression: Any, point: Point) -> Any:
    """The real value of a SymPy expression at a point: a Fraction where it is rational, else an mpf.

    Raises Unreadable where there is no finite real value.
    """
    import mpmath
    import sympy

    digits = max(DIGITS, mpmath.mp.dps + 5)
    exact = {
        symbol(name): sympy.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else
        sympy.Float(value, digits)
        for name, value in point.items()
    }  # fmt: skip
    value = expression.subs(exact)
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    numeric = value.evalf(digits)
    if not numeric.is_Float and not numeric.is_Rational:
        raise Unreadable("The expression has no real value there.")
    return mpmath.mpf(numeric._to_mpmath(mpmath.mp.prec)) if numeric.is_Float else as_real(Fraction(str(numeric)))


def close(left: Any, right: Any, *, digits: int = 25) -> bool:
    """Whether two values are the same: exactly for Fractions, else relative to 1 + |value|, to `digits` digits."""
    import mpmath

    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left == right
    first, second = as_real(left), as_real(right)
    return bool(abs(first - second) <= mpmath.mpf(10) ** -digits * (1 + abs(first)))


def same_function(tree: Node, expression: Any, unknowns: tuple[str, ...], *, enough: int = 4) -> bool | None:
    """Whether the formula as written and a SymPy expression agree at rational points.

    False on the first point where they differ; None where fewer than `enough` points lie in the domain.
    """
    import mpmath

    agreeing = 0
    with mpmath.workdps(DIGITS):
        for point in _points(unknowns):
            try:
                value = value_at(tree, point)
            except Unreadable:
                continue
            try:
                if not close(value, number_at(expression, point)):
                    return False
            except Unreadable:
                return False  # defined as written, so the answer must be too
            agreeing += 1
    return True if agreeing >= enough else None


def _points(unknowns: tuple[str, ...]) -> Iterator[dict[str, Fraction]]:
    for shift in range(len(POINTS)):
        point = {name: POINTS[(shift + 2 * n) % len(POINTS)] + n for n, name in enumerate(unknowns)}
        yield point
        yield {name: abs(value) / 5 for name, value in point.items()}
