"""The whitelist parser: ASCII expressions and relations to exact SymPy objects. Everything untrusted is read by it.

Nothing of the text is ever evaluated as code. A grammar of numbers, names, operators and a fixed list of
functions (precedence climbing, Pratt 1973) builds SymPy objects, and every operation is bounded before it is
carried out, so that `9**9**9**9` is refused instead of computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from agent.errors import Unreadable

MAX_CHARACTERS = 2_000
MAX_DEPTH = 60
MAX_DIGITS = 400
MAX_FACTORIAL = 200
MAX_EXPONENT = 2_000
MAX_FLOOR = 10**60

Names = Mapping[str, sympy.Basic]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d{1,3}(?![\w.]))?|\.\d+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|//|[-+*/%^()!,]))"
)
_RELATION = re.compile(r"<=|>=|!=|==|[=<>]")
_TWO_READINGS = re.compile(r"\d%(?:\s+[\w.(]|\()")  # "15% price" is a share to people, a remainder to programmers
_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "E": sympy.E}


@dataclass(frozen=True, slots=True)
class Relation:
    """`left operator right`, the operator one of = < > <= >= !=."""

    left: sympy.Expr
    operator: str
    right: sympy.Expr


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def parse_expression(
    text: str, *, names: Names | None = None, free_symbols: bool = False, implicit: bool = False
) -> sympy.Expr:
    """An expression as an exact SymPy object; decimals become rationals ("0.1" is 1/10).

    `names` gives names a value; `free_symbols` lets other names stand for themselves; `implicit` reads "2x" and
    "2(x + 1)" as products. A percent sign at the end of a factor divides it by 100, between two it is the
    remainder. Odd roots of negative numbers are the real ones, as in school. Raises Unreadable, with the reason,
    for everything outside the grammar or the bounds, and for what has two usual readings: "1/2x", "5!!", "15% 8".
    """
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"The expression is longer than {MAX_CHARACTERS:,} characters.")
    if _TWO_READINGS.search(text):
        raise Unreadable("A percent sign before a value has two readings.")
    parser = _Parser(_tokens(text), names or {}, free_symbols, implicit)
    value = parser.expression(0, 0)
    if parser.position < len(parser.tokens):
        raise Unreadable(f"“{parser.tokens[parser.position].text}” stands where nothing can follow.")
    return value


def parse_relation(
    text: str, *, names: Names | None = None, free_symbols: bool = False, implicit: bool = False
) -> Relation:
    """One relation between two expressions. Raises Unreadable where there is not exactly one."""
    signs = list(_RELATION.finditer(text[: MAX_CHARACTERS + 1]))
    if len(signs) != 1:
        raise Unreadable("This is not one relation between two expressions.")
    sign = signs[0]
    left, right = (
        parse_expression(side, names=names, free_symbols=free_symbols, implicit=implicit)
        for side in (text[: sign.start()], text[sign.end() :])
    )
    return Relation(left, "=" if sign[0] == "==" else sign[0], right)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            rest = text[position:].strip()
            if not rest:
                break
            raise Unreadable(f"“{rest[:20]}” is not part of an expression.")
        kind = match.lastgroup or ""
        if kind == "number" and len(match[kind]) > MAX_DIGITS:
            raise Unreadable(f"A number has more than {MAX_DIGITS} digits.")
        tokens.append(_Token(kind, match[kind]))
        position = match.end()
    if not tokens:
        raise Unreadable("There is no expression here.")
    return tokens


_BINDING = {"+": 10, "-": 10, "*": 20, "/": 20, "//": 20, "%": 20, "^": 40, "**": 40}
_PREFIX_BINDING, _IMPLICIT_BINDING, _POSTFIX_BINDING = 30, 25, 50


class _Parser:
    def __init__(self, tokens: list[_Token], names: Names, free_symbols: bool, implicit: bool) -> None:
        self.tokens = tokens
        self.position = 0
        self._names = names
        self._free_symbols = free_symbols
        self._implicit = implicit
        self._products = 0  # written without a sign, and outside brackets

    def _peek(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def _next(self) -> _Token:
        token = self._peek()
        if token is None:
            raise Unreadable("The expression ends too early.")
        self.position += 1
        return token

    def _expect(self, text: str) -> None:
        token = self._peek()
        if token is None or token.text != text:
            raise Unreadable(f"A “{text}” is missing.")
        self.position += 1

    def expression(self, binding: int, depth: int) -> sympy.Expr:
        if depth > MAX_DEPTH:
            raise Unreadable("The expression is nested too deeply.")
        left = self._operand(depth)
        while (token := self._peek()) is not None:
            if token.text == "!" and binding < _POSTFIX_BINDING:
                if self.tokens[self.position - 1].text == "!":
                    raise Unreadable("A double factorial sign has two readings.")
                self.position += 1
                left = _factorial(left)
            elif token.text == "%" and self._is_percent() and binding < _POSTFIX_BINDING:
                self.position += 1
                left = left / 100
            elif token.kind == "operator" and token.text in _BINDING:
                power = _BINDING[token.text]
                if power <= binding:
                    return left
                self.position += 1
                right_binding = power - 1 if token.text in ("^", "**") else power
                before = self._products
                right = self.expression(right_binding, depth + 1)
                if token.text in ("/", "//", "%") and self._products > before:
                    raise Unreadable("A product without a sign behind a division has two readings.")
                left = _apply(token.text, left, right)
            elif self._implicit and (token.kind in ("name", "number") or token.text == "("):
                if token.kind == "number" or binding >= _IMPLICIT_BINDING:
                    if token.kind == "number":
                        raise Unreadable(f"“{token.text}” follows without an operator.")
                    return left
                left = _apply("*", left, self.expression(_IMPLICIT_BINDING, depth + 1))
                self._products += 1
            else:
                return left
        return left

    def _is_percent(self) -> bool:
        """A % is a percent sign where no operand follows it."""
        following = self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else None
        return following is None or (following.kind == "operator" and following.text not in "(")

    def _operand(self, depth: int) -> sympy.Expr:
        token = self._next()
        if token.kind == "number":
            return _number(token.text)
        if token.text == "(":
            products = self._products
            value = self.expression(0, depth + 1)
            self._expect(")")
            self._products = products  # brackets leave no doubt
            return value
        if token.text in "+-" and token.kind == "operator":
            value = self.expression(_PREFIX_BINDING, depth + 1)
            return -value if token.text == "-" else value
        if token.kind == "name":
            return self._name(token.text, depth)
        raise Unreadable(f"“{token.text}” stands where a number or a name should.")

    def _name(self, name: str, depth: int) -> sympy.Expr:
        if name in self._names:
            return self._names[name]
        following = self._peek()
        function = FUNCTIONS.get(name.lower())
        if function is not None and following is not None and following.text == "(":
            self.position += 1
            products = self._products
            arguments = [self.expression(0, depth + 1)]
            while (token := self._peek()) is not None and token.text == ",":
                self.position += 1
                arguments.append(self.expression(0, depth + 1))
            self._expect(")")
            self._products = products
            return _call(name, function, arguments)
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if self._free_symbols:
            return sympy.Symbol(name, real=True)
        raise Unreadable(f"The name “{name[:40]}” has no value.")


def _number(text: str) -> sympy.Expr:
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    value = sympy.Rational(int((whole or "0") + decimals), 10 ** len(decimals))
    return value * sympy.Integer(10) ** int(exponent) if exponent else value


def _apply(operator: str, left: sympy.Expr, right: sympy.Expr) -> sympy.Expr:
    if operator == "+":
        return _bounded(left + right)
    if operator == "-":
        return _bounded(left - right)
    if operator == "*":
        return _bounded(left * right)
    if operator in ("^", "**"):
        return _power(left, right)
    if right.is_zero:
        raise Unreadable("It divides by zero.")
    if operator == "/":
        return _bounded(left / right)
    if any(side.has(sympy.floor) and side.free_symbols for side in (left, right)):
        raise Unreadable("A remainder is taken of an unknown remainder.")
    quotient = _floor(left / right)
    return _bounded(quotient if operator == "//" else left - right * quotient)


def _power(base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
    if base.is_zero and not exponent.is_positive:
        raise Unreadable("Zero has no such power.")
    if exponent.is_number:
        bounded = abs(exponent.p) <= MAX_EXPONENT and exponent.q <= 100 if exponent.is_Rational else _is_tame(exponent)
        if not bounded:
            raise Unreadable("An exponent is too large.")
        digits = _size(base) * (abs(float(exponent)) if exponent.is_Rational else 1)
        if digits > 4_000:
            raise Unreadable("A power is too large.")
        if base.free_symbols and exponent.is_Rational and abs(exponent) > 50:
            raise Unreadable("An exponent is too large.")
    elif any(power.exp.free_symbols for power in exponent.atoms(sympy.Pow)):
        raise Unreadable("The exponent has an unknown exponent.")
    if base.is_Rational and base.is_negative and exponent.is_Rational and exponent.q % 2 and exponent.q > 1:
        return _bounded(sympy.Integer(-1) ** exponent.p * (-base) ** exponent)
    return _bounded(base**exponent)


def _is_tame(exponent: sympy.Expr) -> bool:
    """Whether an irrational exponent is small: few digits, and no power tower of its own."""
    towers = any(power.exp.is_number and not power.exp.is_Rational for power in exponent.atoms(sympy.Pow))
    return _size(exponent) < 4 and not towers and not exponent.has(sympy.exp)


def _size(value: sympy.Expr) -> float:
    """About how many digits the numbers in a value have."""
    numbers = value.atoms(sympy.Rational) or {sympy.Integer(1)}
    return max(max(int(n.p).bit_length(), int(n.q).bit_length()) for n in numbers) * 0.302 + 1


def _bounded(value: sympy.Expr) -> sympy.Expr:
    if value in (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        raise Unreadable("The value is not a finite number.")
    if not isinstance(value, sympy.Expr) or _size(value) > 4_000:
        raise Unreadable("A value grows too large.")
    return value


def _factorial(value: sympy.Expr) -> sympy.Expr:
    if not (value.is_Integer and 0 <= value <= MAX_FACTORIAL):
        raise Unreadable(f"A factorial is read for whole numbers up to {MAX_FACTORIAL} only.")
    return sympy.factorial(value)


def _call(name: str, function: Callable[..., Any], arguments: list[sympy.Expr]) -> sympy.Expr:
    try:
        value = function(*arguments)
    except (TypeError, ValueError, ZeroDivisionError, ArithmeticError) as wrong:
        raise Unreadable(f"{name} cannot be applied here ({str(wrong)[:80]}).") from None
    return _bounded(value)


def _floor(value: sympy.Expr) -> sympy.Expr:
    """The floor; for an irrational number beyond MAX_FLOOR it would need too many digits."""
    if value.is_number and not value.is_Rational:
        size = abs(value.evalf(15))
        if not (size.is_number and size.is_finite and size < MAX_FLOOR):
            raise Unreadable("A number is too large to round.")
    return sympy.floor(value)


def _cbrt(value: sympy.Expr) -> sympy.Expr:
    return _power(value, sympy.Rational(1, 3))


def _whole(*values: sympy.Expr) -> None:
    if not all(value.is_Integer and abs(value) < 10**12 for value in values):
        raise ValueError("it takes whole numbers")


def _round(value: sympy.Expr, digits: sympy.Expr = sympy.S.Zero) -> sympy.Expr:
    """Rounding as in school: halves away from zero."""
    if not digits.is_Integer or abs(digits) > 20 or not value.is_real:
        raise ValueError("it takes a number and a few digits")
    scale = sympy.Integer(10) ** digits
    return sympy.sign(value) * _floor(abs(value) * scale + sympy.Rational(1, 2)) / scale


def _binomial(n: sympy.Expr, k: sympy.Expr) -> sympy.Expr:
    _whole(n, k)
    if not 0 <= n <= 1_000:
        raise ValueError("it takes numbers up to 1000")
    return sympy.binomial(n, k)


def _permutations(n: sympy.Expr, k: sympy.Expr) -> sympy.Expr:
    _whole(n, k)
    if not 0 <= k <= n <= MAX_FACTORIAL:
        raise ValueError(f"it takes numbers up to {MAX_FACTORIAL}")
    return sympy.ff(n, k)


def _gcd(*values: sympy.Expr) -> sympy.Expr:
    _whole(*values)
    return sympy.Integer(sympy.igcd(*values)) if len(values) > 1 else values[0]


def _lcm(*values: sympy.Expr) -> sympy.Expr:
    _whole(*values)
    return sympy.Integer(sympy.ilcm(*values)) if len(values) > 1 else values[0]


def _log(value: sympy.Expr, base: sympy.Expr | None = None) -> sympy.Expr:
    return sympy.log(value) if base is None else sympy.log(value, base)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": sympy.sqrt, "cbrt": _cbrt, "abs": sympy.Abs, "floor": _floor, "ceil": lambda v: -_floor(-v),
    "ceiling": lambda v: -_floor(-v), "round": _round, "int": lambda v: sympy.sign(v) * _floor(abs(v)),
    "min": sympy.Min, "max": sympy.Max, "sum": lambda *v: sympy.Add(*v), "gcd": _gcd, "lcm": _lcm,
    "factorial": _factorial, "comb": _binomial, "binomial": _binomial, "c": _binomial, "perm": _permutations,
    "p": _permutations, "log": _log, "ln": sympy.log, "log10": lambda v: sympy.log(v, 10),
    "log2": lambda v: sympy.log(v, 2), "exp": lambda v: _power(sympy.E, v), "sin": sympy.sin, "cos": sympy.cos,
    "tan": sympy.tan, "sec": sympy.sec, "csc": sympy.csc, "cot": sympy.cot, "asin": sympy.asin, "acos": sympy.acos,
    "atan": sympy.atan, "arcsin": sympy.asin, "arccos": sympy.acos, "arctan": sympy.atan, "sinh": sympy.sinh,
    "cosh": sympy.cosh, "tanh": sympy.tanh, "pow": lambda a, b: _power(a, b),
}  # fmt: skip
