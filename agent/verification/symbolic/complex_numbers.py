"""Knows how a formula in i is worked out exactly: by SymPy, and with pairs of fractions apart from it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from agent.errors import Unreadable
from agent.verification.reading.language import parse_expression
from agent.verification.symbolic.exact_reading import Worked
from agent.verification.symbolic.exact_writing import plain
from agent.verification.symbolic.formula_tree import Node, read_tree, value_at

_MAX_POWER = 200  # beyond it only powers of numbers of size 1, as those of i
_MAX_BITS = 20_000


class Gaussian(NamedTuple):
    """A complex number with rational parts."""

    real: Fraction
    imaginary: Fraction

    def times(self, other: Gaussian) -> Gaussian:
        return Gaussian(
            self.real * other.real - self.imaginary * other.imaginary,
            self.real * other.imaginary + self.imaginary * other.real,
        )

    def inverse(self) -> Gaussian:
        """Raises ZeroDivisionError for 0."""
        size = self.real**2 + self.imaginary**2
        return Gaussian(self.real / size, -self.imaginary / size)


ONE, I = Gaussian(Fraction(1), Fraction(0)), Gaussian(Fraction(0), Fraction(1))  # noqa: E741


def evaluate_complex(text: str) -> Worked | None:
    """The value of a formula in rational numbers and i, as a + bi. Raises Unreadable for other formulas."""
    import sympy

    tree = read_tree(text)
    if tree.kind == "call" and tree.text == "abs":
        return _absolute(tree.parts[0])
    second = gaussian(tree)  # first: it knows bounds
    value = sympy.expand(sympy.expand_complex(parse_expression(text, names={"i": sympy.I})))
    real, imaginary = value.as_real_imag()
    if not (real.is_Rational and imaginary.is_Rational):
        return None
    found = Gaussian(Fraction(int(real.p), int(real.q)), Fraction(int(imaginary.p), int(imaginary.q)))
    answer = written(found)
    if answer.replace(" ", "") == text.replace(" ", "").replace("*", ""):
        return None
    steps = ("Work with i as with a variable, and put i^2 = -1.", f"The value is {answer}.")
    check = "A second calculation with real and imaginary parts as fractions, apart from SymPy, gives the same value."
    return Worked(answer, sympy.latex(value), "arithmetic of complex numbers", steps, check, found == second)


def _absolute(inside: Node) -> Worked:
    import sympy

    number = gaussian(inside)
    size = number.real**2 + number.imaginary**2
    value = sympy.Abs(
        sympy.Rational(*number.real.as_integer_ratio()) + sympy.I * sympy.Rational(*number.imaginary.as_integer_ratio())
    )
    answer = plain(value)
    steps = (f"The number is {written(number)}.", f"The square of its absolute value is a^2 + b^2 = {size}.")
    agrees = bool(value**2 == sympy.Rational(*size.as_integer_ratio()) and value.is_nonnegative)
    check = "Its square is the sum of the squares of real and imaginary part, calculated as fractions."
    return Worked(answer, sympy.latex(value), "absolute value", steps, check, agrees)


def gaussian(tree: Node) -> Gaussian:
    """The value of a formula in i. Raises Unreadable for what is not rational in it, and where it has no value."""
    try:
        return _value(tree)
    except ArithmeticError as error:
        raise Unreadable("The formula has no value.") from error


def _value(tree: Node) -> Gaussian:
    if tree.kind == "number":
        return Gaussian(Fraction(tree.text), Fraction(0))
    if tree.kind == "name" and tree.text == "i":
        return I
    if tree.kind == "group":
        return _value(tree.parts[0])
    if tree.kind == "neg":
        part = _value(tree.parts[0])
        return Gaussian(-part.real, -part.imaginary)
    if tree.kind == "^":
        return _power(_value(tree.parts[0]), value_at(tree.parts[1], {}))
    if tree.kind not in {"+", "-", "*", "/"}:
        raise Unreadable("Only sums, products, quotients and powers are worked out with i.")
    left, right = (_value(part) for part in tree.parts)
    if tree.kind in {"*", "/"}:
        return left.times(right if tree.kind == "*" else right.inverse())
    sign = 1 if tree.kind == "+" else -1
    return Gaussian(left.real + sign * right.real, left.imaginary + sign * right.imaginary)


def _power(base: Gaussian, exponent: Any) -> Gaussian:
    if not isinstance(exponent, Fraction) or exponent.denominator != 1:
        raise Unreadable("The exponent is no whole number.")
    times = int(exponent)
    is_unit = base.real**2 + base.imaginary**2 == 1 and base.real.denominator == base.imaginary.denominator == 1
    if is_unit:
        times %= 4
    parts = (base.real.numerator, base.real.denominator, base.imaginary.numerator, base.imaginary.denominator)
    if abs(times) > _MAX_POWER or abs(times) * max(part.bit_length() for part in parts) > _MAX_BITS:
        raise Unreadable("The power is too large to be written out.")
    if times < 0:
        base, times = base.inverse(), -times
    product = ONE
    for _ in range(times):
        product = product.times(base)
    return product


def written(number: Gaussian) -> str:
    """3 + 4i, -i, 1/2 - 3i/2, 0."""
    real, imaginary = number
    size = abs(imaginary)
    part = f"{size.numerator if size.numerator != 1 else ''}i" + (
        f"/{size.denominator}" if size.denominator > 1 else ""
    )
    if imaginary == 0:
        return str(real)
    if real == 0:
        return f"-{part}" if imaginary < 0 else part
    return f"{real} {'-' if imaginary < 0 else '+'} {part}"
