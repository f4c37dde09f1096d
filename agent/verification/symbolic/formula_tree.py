"""Knows an explicit formula exactly as it was written: its value at a point, its LaTeX, its divisors.

SymPy simplifies while it reads ((x - 1)/(x - 1) is 1 there). The second routes need the formula as written, read
and calculated apart from SymPy: with fractions where they suffice, else with mpmath at 60 digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from agent.errors import Unreadable

DIGITS = 60
_MAX_EXPONENT = 2_000
_MAX_FACTORIAL = 200
_MAX_BITS = 20_000

_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?|\.[0-9]+)|([A-Za-z]+(?:_[0-9])?)|([-+*/^(),]))")
_GREEK = {"alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "rho", "phi", "omega", "pi"}
_INVERSES = {"asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan"}

Point = Mapping[str, Any]  # unknown -> Fraction or mpf


@dataclass(frozen=True, slots=True)
class Node:
    """An operation (+, -, *, /, ^, neg, group, call) with its operands, or a leaf (number, name)."""

    kind: str
    text: str = ""
    parts: tuple[Node, ...] = ()


def read_tree(text: str) -> Node:
    """The tree of explicit ASCII as `formulas` writes it. Raises Unreadable for anything else."""
    tokens: list[tuple[str, str, str]] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unreadable("This is not an explicit formula; write it with * and brackets.")
        tokens.append((match[1] or "", match[2] or "", match[3] or ""))
        at = match.end()
    reader = _Reader(tokens)
    tree = reader.sum()
    if reader.at < len(tokens):
        raise Unreadable("This is not an explicit formula; write it with * and brackets.")
    return tree


class _Reader:
    def __init__(self, tokens: list[tuple[str, str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def sign(self) -> str:
        return self.tokens[self.at][2] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> tuple[str, str, str]:
        if self.at >= len(self.tokens) or (expected and self.tokens[self.at][2] != expected):
            raise Unreadable("The formula ends too early or lacks a bracket.")
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> Node:
        negative = self.sign() == "-" and bool(self.take())
        left = self.product()
        if negative:
            left = Node("neg", parts=(left,))
        while self.sign() in {"+", "-"}:
            left = Node(self.take()[2], parts=(left, self.product()))
        return left

    def product(self) -> Node:
        left = self.power()
        while self.sign() in {"*", "/"}:
            left = Node(self.take()[2], parts=(left, self.power()))
        return left

    def power(self) -> Node:
        base = self.atom()
        if self.sign() == "^":
            self.take()
            return Node("^", parts=(base, self.power()))
        return base

    def atom(self) -> Node:
        number, name, _ = self.take()
        if number:
            return Node("number", number)
        if name:
            if self.sign() != "(":
                return Node("name", name)
            self.take()
            arguments = [self.sum()]
            while self.sign() == ",":
                self.take()
                arguments.append(self.sum())
            self.take(")")
            return Node("call", name, tuple(arguments))
        self.at -= 1
        self.take("(")
        inner = self.sum()
        self.take(")")
        return Node("group", parts=(inner,))


def divisors(tree: Node) -> Iterator[Node]:
    """Everything the formula divides by, negative powers included."""
    if tree.kind == "/":
        yield tree.parts[1]
    elif tree.kind == "^" and _is_negative(tree.parts[1]):
        yield tree.parts[0]
    for part in tree.parts:
        yield from divisors(part)


def _is_negative(tree: Node) -> bool:
    return tree.kind == "neg" or (tree.kind == "group" and _is_negative(tree.parts[0]))


def written(tree: Node) -> str:
    """The tree as explicit ASCII again."""
    inner = [written(part) for part in tree.parts]
    if tree.kind in {"number", "name"}:
        return tree.text
    if tree.kind == "call":
        return f"{tree.text}({','.join(inner)})"
    if tree.kind == "group":
        return f"({inner[0]})"
    return f"-{inner[0]}" if tree.kind == "neg" else f"{inner[0]}{tree.kind}{inner[1]}"


def names(tree: Node) -> frozenset[str]:
    """The unknowns of the formula."""
    if tree.kind == "name":
        return frozenset() if tree.text in {"pi", "e"} else frozenset({tree.text})
    return frozenset().union(*(names(part) for part in tree.parts))


def value_at(tree: Node, point: Point) -> Any:
    """The real value of the formula at a point: a Fraction where it is rational by arithmetic alone, else an mpf.

    Raises Unreadable where it is undefined over the real numbers (a zero divisor, the root of a negative
    number), not given a name's value, or out of bounds. Precision is mpmath's at the time of the call.
    """
    try:
        value = _value(tree, point)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Unreadable("The formula has no value there.") from error
    if not isinstance(value, Fraction):
        import mpmath

        if isinstance(value, mpmath.mpc) or not mpmath.isfinite(value):
            raise Unreadable("The formula has no real value there.")
    return value


def _value(tree: Node, point: Point) -> Any:
    import mpmath

    if tree.kind == "number":
        return Fraction(tree.text)
    if tree.kind == "name":
        if tree.text in {"pi", "e"} and tree.text not in point:
            return +mpmath.pi if tree.text == "pi" else mpmath.e + 0
        if tree.text not in point:
            raise Unreadable(f"The unknown {tree.text} has no value.")
        return point[tree.text]
    parts = [_value(part, point) for part in tree.parts]
    if tree.kind == "group":
        return parts[0]
    if tree.kind == "neg":
        return -parts[0]
    if tree.kind == "call":
        return _call(tree.text, parts)
    if tree.kind == "^":
        return _power(parts[0], parts[1])
    left, right = parts if all(isinstance(part, Fraction) for part in parts) else map(as_real, parts)
    if tree.kind == "/":
        if right == 0:
            raise ZeroDivisionError
        return left / right
    return left + right if tree.kind == "+" else left - right if tree.kind == "-" else left * right


def as_real(value: Any) -> Any:
    """A Fraction as an mpf at mpmath's present precision; an mpf as it is."""
    import mpmath

    return mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def _power(base: Any, exponent: Any) -> Any:
    import mpmath

    if base == 0 and exponent <= 0:
        raise ZeroDivisionError
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        if abs(exponent) > _MAX_EXPONENT:
            raise OverflowError
        if isinstance(base, Fraction):
            bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(int(exponent))
            if bits > _MAX_BITS:
                raise OverflowError
        return base ** int(exponent)
    if base < 0:
        if not isinstance(exponent, Fraction) or exponent.denominator % 2 == 0:
            raise ValueError
        sign = -1 if exponent.numerator % 2 else 1  # the real root: (-8)^(1/3) is -2
        return sign * _power(-base, exponent)
    if base == 0:
        return mpmath.mpf(0)
    return _exponential(as_real(exponent) * mpmath.log(as_real(base)))


def _exponential(exponent: Any) -> Any:
    import mpmath

    if exponent > 10**6:
        raise OverflowError
    return mpmath.exp(exponent) if exponent > -(10**6) else mpmath.mpf(0)


def _call(name: str, arguments: list[Any]) -> Any:
    import mpmath

    if name == "abs":
        return abs(arguments[0])
    if name == "factorial":
        n = arguments[0]
        if not isinstance(n, Fraction) or n.denominator != 1 or not 0 <= n <= _MAX_FACTORIAL:
            raise ValueError
        product = Fraction(1)
        for factor in range(2, int(n) + 1):
            product *= factor
        return product
    if name == "binomial":
        return _binomial(*arguments)
    real = [as_real(argument) for argument in arguments]
    if name == "log":
        if real[0] <= 0 or real[1] <= 0 or real[1] == 1:
            raise ValueError
        return mpmath.log(real[0]) / mpmath.log(real[1])
    if (name == "ln" and real[0] <= 0) or (name == "sqrt" and real[0] < 0):
        raise ValueError
    if name in {"tan", "sec", "cot", "csc"}:
        divisor = mpmath.cos(real[0]) if name in {"tan", "sec"} else mpmath.sin(real[0])
        if abs(divisor) < mpmath.mpf(10) ** (-mpmath.mp.dps // 2):
            raise ZeroDivisionError
    if name in {"sinh", "cosh", "tanh"} and abs(real[0]) > 10**6:
        raise OverflowError
    functions: dict[str, Callable[[Any], Any]] = {
        "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "cot": mpmath.cot, "sec": mpmath.sec,
        "csc": mpmath.csc, "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan, "sinh": mpmath.sinh,
        "cosh": mpmath.cosh, "tanh": mpmath.tanh, "ln": mpmath.log, "exp": _exponential, "sqrt": mpmath.sqrt,
    }  # fmt: skip
    if name not in functions:
        raise ValueError
    return functions[name](*real)


def _binomial(n: Any, k: Any) -> Fraction:
    if not all(isinstance(value, Fraction) and value.denominator == 1 for value in (n, k)):
        raise ValueError
    if not 0 <= n <= _MAX_FACTORIAL or k < 0:
        raise ValueError
    return Fraction(math.comb(int(n), int(k)))


def latex(tree: Node) -> str:
    """The formula as it was written, in LaTeX."""
    if tree.kind == "number":
        return tree.text
    if tree.kind == "name":
        return f"\\{tree.text}" if tree.text in _GREEK else tree.text
    if tree.kind == "group":
        inner = tree.parts[0]
        plain = inner.kind in {"group", "number", "name"} or (inner.kind == "/" and not _is_sum(inner))
        return latex(inner) if plain else rf"\left({latex(inner)}\right)"
    if tree.kind == "neg":
        return f"-{latex(tree.parts[0])}"
    if tree.kind == "call":
        return _latex_call(tree)
    left, right = tree.parts
    if tree.kind == "/":
        return rf"\frac{{{latex(_inside(left))}}}{{{latex(_inside(right))}}}"
    if tree.kind == "^":
        base = latex(left)
        if left.kind == "group" and not base.startswith(r"\left(") and len(base) > 1:
            base = rf"\left({base}\right)"
        return f"{base}^{{{latex(_inside(right))}}}"
    if tree.kind == "*":
        sign = r" \cdot " if latex(right)[0].isdecimal() else " "
        return f"{latex(left)}{sign}{latex(right)}"
    return f"{latex(left)} {tree.kind} {latex(right)}"


def _is_sum(tree: Node) -> bool:
    return tree.kind in {"+", "-", "neg"}


def _inside(tree: Node) -> Node:
    return _inside(tree.parts[0]) if tree.kind == "group" else tree


def _latex_call(tree: Node) -> str:
    inner = latex(_inside(tree.parts[0]))
    if tree.text == "sqrt":
        return rf"\sqrt{{{inner}}}"
    if tree.text == "abs":
        return rf"\left|{inner}\right|"
    if tree.text == "binomial":
        return rf"\binom{{{inner}}}{{{latex(_inside(tree.parts[1]))}}}"
    if tree.text == "factorial":
        return f"{inner}!" if tree.parts[0].kind in {"number", "name"} else rf"\left({inner}\right)!"
    if tree.text == "log":
        return rf"\log_{{{latex(tree.parts[1])}}}\left({inner}\right)"
    return rf"{_INVERSES.get(tree.text, chr(92) + tree.text)}\left({inner}\right)"
