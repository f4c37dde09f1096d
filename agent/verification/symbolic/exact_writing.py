"""Knows how exact values are written for a student, as plain text and as LaTeX; serves the symbolic answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_COEFFICIENT = re.compile(r"(?<![\w.^)])([0-9]+)\*(?=[A-Za-z(])")
_SHORT_EXPONENT = re.compile(r"\^\(([0-9]+|[A-Za-z])\)")


def plain(expression: Any) -> str:
    """An expression as plain text that reads like a textbook and parses again: `3x^2 + 2x`, `e^(2x)`, `ln(|x|)`."""
    from sympy import E
    from sympy.printing.str import StrPrinter

    text = str(expression)
    bars = text.count("Abs(") == 1  # two pairs of bars can be paired in more than one way

    class Plain(StrPrinter):  # type: ignore[misc]
        def _print_exp(self, expr: Any) -> str:
            return str(self._print_Pow(expr)) if expr.is_Pow else f"e^({self._print(expr.args[0])})"

        def _print_Exp1(self, expr: Any) -> str:  # noqa: N802
            return "e"

        def _print_log(self, expr: Any) -> str:
            return f"ln({self._print(expr.args[0])})"

        def _print_Abs(self, expr: Any) -> str:  # noqa: N802
            inner = self._print(expr.args[0])
            return f"|{inner}|" if bars else f"abs({inner})"

        def _print_Pow(self, expr: Any, rational: bool = False) -> str:  # noqa: N802
            if expr.base is E:
                return f"e^({self._print(expr.exp)})"
            if expr.exp.is_Integer and expr.exp < -1:
                return f"1/{self._print(expr.base**-expr.exp)}"
            return str(super()._print_Pow(expr, rational=rational))

        def _print_asin(self, expr: Any) -> str:
            return f"arcsin({self._print(expr.args[0])})"

        def _print_acos(self, expr: Any) -> str:
            return f"arccos({self._print(expr.args[0])})"

        def _print_atan(self, expr: Any) -> str:
            return f"arctan({self._print(expr.args[0])})"

    text = str(Plain().doprint(expression)).replace("**", "^")
    text = _COEFFICIENT.sub(r"\1", text).replace(")*(", ")(")
    return _SHORT_EXPONENT.sub(r"^\1", text)


def latex(expression: Any) -> str:
    """An expression in LaTeX, with ln for the natural logarithm."""
    import sympy

    return str(sympy.latex(expression, ln_notation=True, inv_trig_style="full"))


def decimal(value: Any) -> str:
    """A rational whose decimal expansion ends, as that decimal; empty where it does not end within 12 places."""
    numerator, denominator = int(value.p), int(value.q)
    places = next((n for n in range(13) if 10**n % denominator == 0), None)
    if places is None:
        return ""
    scaled = abs(numerator) * 10**places // denominator
    whole, behind = divmod(scaled, 10**places)
    return f"{'-' if numerator < 0 else ''}{whole}" + (f".{behind:0{places}d}" if places else "")


def decimals_of(values: Sequence[Any]) -> str:
    """A number, or a point's coordinates, as decimals that end; empty where one of them has none."""
    texts = [decimal(value) if value.is_Rational else "" for value in values]
    if not all(texts):
        return ""
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def listed(texts: list[str], word: str = "and") -> str:
    """`a`, `a and b`, or `a, b and c`."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"
