"""Works out Python's arithmetic as Python would, in integers and floats, without running any of it.

A grammar of numbers, names, operators and a fixed list of functions (precedence climbing, as Python's own grammar has
it); everything outside it is refused, and so is what would grow beyond bounds. Serves program_output.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from agent.errors import CheckFailed

Number = int | float | Fraction

MAX_DEPTH = 40
MAX_TOKENS = 400
MAX_BITS = 4_000
MAX_FACTORIAL = 200
MAX_DIGITS_ROUNDED = 30

_TOKEN = re.compile(
    r"[ \t]*(?:(?P<number>(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)(?![\w.])"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)?)(?![\w.])"
    r"|(?P<operator>\*\*|//|[-+*/%(),]))",
    re.ASCII,
)
_IMPORT = re.compile(r"import\s+(?P<module>math|numpy\s+as\s+np|numpy|sympy\s+as\s+sp|sympy)")
_FROM = re.compile(r"from\s+(?P<module>math|sympy|fractions)\s+import\s+(?P<names>\w+(?:\s*,\s*\w+)*)")
_PREFIXES = {"math": "math", "np": "math", "numpy": "math", "sp": "sympy", "sympy": "sympy"}
_BINDING = {"+": 10, "-": 10, "*": 20, "/": 20, "//": 20, "%": 20}


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(exponent, int) and not isinstance(base, float) and _bits(base) * abs(exponent) > MAX_BITS:
        raise CheckFailed("A power in it is too large.")
    if base < 0 and not isinstance(exponent, int) and exponent != int(exponent):
        raise CheckFailed("It takes a root of a negative number.")
    if isinstance(base, Fraction) and not isinstance(exponent, int):
        raise CheckFailed("It takes a root of a fraction.")
    return _bounded(base**exponent)


def _round(value: Number, digits: Number | None = None) -> Number:
    if digits is None:
        return round(value)
    if not isinstance(digits, int) or abs(digits) > MAX_DIGITS_ROUNDED:
        raise CheckFailed("It rounds to too many digits.")
    return _bounded(round(value, digits))


def _factorial(n: Number) -> int:
    if not isinstance(n, int) or not 0 <= n <= MAX_FACTORIAL:
        raise CheckFailed("A factorial in it is too large.")
    return math.factorial(n)


def _choose(count: Callable[[int, int], int]) -> Callable[[Number, Number], int]:
    def counted(n: Number, k: Number) -> int:
        if not (isinstance(n, int) and isinstance(k, int) and 0 <= n <= MAX_FACTORIAL):
            raise CheckFailed("A number of choices in it is too large.")
        return count(n, k)

    return counted


_OPERATORS: dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "**": _power,
}  # fmt: skip
_BUILT_IN: dict[str, Callable[..., Number]] = {
    "abs": abs, "round": _round, "int": int, "float": float, "min": min, "max": max, "pow": _power,
}  # fmt: skip
_MODULES: dict[str, dict[str, Callable[..., Number]]] = {
    "math": {
        "ceil": math.ceil, "floor": math.floor, "trunc": math.trunc, "sqrt": math.sqrt, "fabs": math.fabs,
        "gcd": math.gcd, "lcm": math.lcm, "factorial": _factorial, "comb": _choose(math.comb),
        "perm": _choose(math.perm), "pow": lambda a, b: _power(float(a), float(b)), "log": math.log,
        "log2": math.log2, "log10": math.log10, "exp": math.exp, "sin": math.sin, "cos": math.cos, "tan": math.tan,
        "radians": math.radians, "degrees": math.degrees, "hypot": math.hypot,
    },
    "sympy": {"Rational": Fraction},
    "fractions": {"Fraction": Fraction},
}  # fmt: skip
_CONSTANTS: dict[str, Number] = {"pi": math.pi, "e": math.e}


@dataclass(slots=True)
class Names:
    """What a program has given values to, exactly as it writes them, and what it has imported by name."""

    values: dict[str, Number] = field(default_factory=dict)
    functions: dict[str, Callable[..., Number]] = field(default_factory=lambda: dict(_BUILT_IN))

    def load(self, line: str) -> bool:
        """Whether the line is an import, of functions that are known. Raises CheckFailed for others."""
        if _IMPORT.fullmatch(line):
            return True
        if (found := _FROM.fullmatch(line)) is None:
            return False
        for name in re.split(r"\s*,\s*", found["names"]):
            if name in _MODULES[found["module"]]:
                self.functions[name] = _MODULES[found["module"]][name]
            elif found["module"] == "math" and name in _CONSTANTS:
                self.give([name], _CONSTANTS[name])
            else:
                raise CheckFailed(f"It uses more than arithmetic: “{line[:60]}”.")
        return True

    def give(self, names: Sequence[str], value: Number) -> None:
        for name in names:
            self.functions.pop(name, None)
            self.values[name] = value

    def evaluate(self, expression: str) -> Number:
        """The value that Python gives the expression. Raises CheckFailed, with the reason, for all that is no
        arithmetic with names that have a value, and where Python itself would raise an error."""
        try:
            reader = _Reader(_tokens(expression), self)
            value = reader.expression(0, 0)
        except (ArithmeticError, ValueError, TypeError) as error:
            raise CheckFailed(f"“{expression[:60]}” has no value ({type(error).__name__}).") from None
        if reader.position < len(reader.tokens):
            raise CheckFailed(f"“{expression[:60]}” is no arithmetic.")
        return value


@dataclass(slots=True)
class _Reader:
    tokens: list[tuple[str, str]]
    names: Names
    position: int = 0

    def expression(self, binding: int, depth: int) -> Number:
        """Everything from here that binds more tightly than `binding`; operators of one rank from the left."""
        if depth > MAX_DEPTH:
            raise CheckFailed("It is nested too deeply.")
        value = self._factor(depth)
        while (operator := self._next()) in _BINDING and _BINDING[operator] > binding:
            self.position += 1
            value = _bounded(_OPERATORS[operator](value, self.expression(_BINDING[operator], depth + 1)))
        return value

    def _factor(self, depth: int) -> Number:
        if depth > MAX_DEPTH:
            raise CheckFailed("It is nested too deeply.")
        if (sign := self._next()) in ("+", "-"):
            self.position += 1
            value = self._factor(depth + 1)
            return value if sign == "+" else -value
        base = self._atom(depth)
        if self._next() != "**":
            return base
        self.position += 1
        return _bounded(_power(base, self._factor(depth + 1)))

    def _atom(self, depth: int) -> Number:
        kind, text = self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")
        self.position += 1
        if kind == "number":
            return _literal(text)
        if kind == "name":
            return self._call(text, depth) if self._next() == "(" else self._value(text)
        if text == "(":
            value = self.expression(0, depth + 1)
            self._expect(")")
            return value
        raise CheckFailed(f"“{text[:20]}” stands where a value should.")

    def _value(self, name: str) -> Number:
        prefix, _, constant = name.partition(".")
        if constant and _PREFIXES.get(prefix) == "math" and constant in _CONSTANTS:
            return _CONSTANTS[constant]
        if name not in self.names.values:
            raise CheckFailed(f"“{name[:40]}” has no value there.")
        return self.names.values[name]

    def _call(self, name: str, depth: int) -> Number:
        prefix, _, member = name.partition(".")
        known = _MODULES.get(_PREFIXES.get(prefix, ""), {}) if member else self.names.functions
        function = known.get(member or name)
        if function is None or prefix in self.names.values:
            raise CheckFailed(f"“{name[:40]}” is no function that is known.")
        self.position += 1
        arguments = [self.expression(0, depth + 1)]
        while self._next() == ",":
            self.position += 1
            arguments.append(self.expression(0, depth + 1))
        self._expect(")")
        return _bounded(function(*arguments))

    def _next(self) -> str:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def _expect(self, text: str) -> None:
        if self._next() != text:
            raise CheckFailed(f"A “{text}” is missing.")
        self.position += 1


def apply(operator: str, left: Number, right: Number) -> Number:
    """`left operator right`, as Python has it. Raises CheckFailed."""
    try:
        return _bounded(_OPERATORS[operator](left, right))
    except (ArithmeticError, ValueError, TypeError) as error:
        raise CheckFailed(f"A calculation has no value ({type(error).__name__}).") from None


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    text = text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or len(found) == MAX_TOKENS:
            raise CheckFailed(f"“{text[:60]}” is no arithmetic.")
        found.append((str(token.lastgroup), token[str(token.lastgroup)]))
        at = token.end()
    return found


def _literal(text: str) -> Number:
    if re.fullmatch(r"[\d_]+", text):
        if len(text) > 1 and text[0] == "0" and text.strip("0_"):
            raise CheckFailed(f"“{text[:40]}” is no number in Python.")
        if len(text) > MAX_BITS // 8:
            raise CheckFailed("A number in it is too long.")
        return int(text)
    return float(text)


def _bits(value: Number) -> int:
    if isinstance(value, Fraction):
        return max(value.numerator.bit_length(), value.denominator.bit_length())
    return value.bit_length() if isinstance(value, int) else 0


def _bounded(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise CheckFailed("A value of it is no number.")
    if _bits(value) > MAX_BITS or (isinstance(value, float) and not math.isfinite(value)):
        raise CheckFailed("A number in it is too large.")
    return value
