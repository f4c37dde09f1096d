"""Knows when an equation with letters in it holds: for all values, or for those that the letters have by now.

Serves the claims.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from agent.domain import Claim, Verdict
from agent.verification.doubts import Background, context_doubt
from agent.verification.extraction import Kind
from agent.verification.names import Known, known_names
from agent.verification.notation import normalise
from agent.verification.statements import Side, Statement
from agent.verification.writing import tidy, unread

_MAX_IDENTITY = 160  # characters a side
_MAX_TERMS = 2_000
_MAX_POWER = 12
_CHANGES_FORM = re.compile(r"(?i)\b(?:expand|simplif|factor|distribut|combin|rewrit|identit)")


def judge_symbols(statement: Statement, text: str, given: Background, written: str) -> Iterator[Claim]:
    left, right = statement.left, statement.right
    odd = left.odd or right.odd
    if not left.tokens or not right.tokens or not (left.numerical or right.numerical or statement.is_mathematics):
        return
    claim = _with_known_names(statement, text, given) if not odd else None
    if claim is not None:
        yield claim
    elif odd:
        yield unread(written, f"“{tidy(odd)}” is not read as a number here.")
    elif left.symbols or right.symbols:
        yield from _identity(statement, text)


def _with_known_names(statement: Statement, text: str, given: Background) -> Claim | None:
    """An equation whose letters all have a value by now, judged with the values put in; None for any other."""
    left, right = statement.left, statement.right
    names = set(left.symbols) | set(right.symbols)
    if statement.relation != "=" or not names or any(len(side.tokens) == 1 for side in (left, right) if side.symbols):
        return None  # "x = 12" is a definition, not a claim
    known = known_names(given.problem, f"{given.everything}\n{text[: statement.start]}")
    if not names <= known.keys():
        return None
    written = [_source(side, text) for side in (left, right)]
    if max(map(len, written)) > _MAX_IDENTITY:
        return None
    sides = [_put_in(side, known) for side in written]
    if None in sides:
        return None
    shown = tidy(f"{written[0]} = {written[1]}")
    means = ", ".join(f"{name} = {known[name].value}" for name in sorted(names))
    if sides[0] == sides[1]:
        return Claim(shown, Verdict.VERIFIED, f"{shown} is right for {means}.")
    firm = all(known[name].firm for name in names) and statement.chain < 3
    if not firm or context_doubt(statement, text, given):
        return unread(shown, f"It does not hold for {means}, which may not be meant.")
    return Claim(shown, Verdict.REFUTED, f"{shown} is false for {means}.")


def _put_in(written: str, known: Mapping[str, Known]) -> Any:
    """The rational value of an expression with its letters' values put in, None where it has none."""
    import sympy

    from agent.verification.language import parse_expression  # brings SymPy: not before it is needed

    side = parse_expression(normalise(written), free_symbols=True, implicit=True)
    names = {symbol: known.get(symbol.name) for symbol in side.free_symbols}
    if None in names.values():
        return None
    value = side.subs({s: sympy.Rational(k.value.numerator, k.value.denominator) for s, k in names.items() if k})
    return value if value.is_Rational else None


def _identity(statement: Statement, text: str) -> Iterator[Claim]:
    """An equation with unknowns is confirmed where it holds for all values, and never refuted."""
    left, right = (_source(side, text) for side in (statement.left, statement.right))
    written = tidy(f"{left} {statement.relation} {right}")
    names = any([token.kind for token in side.tokens] == [Kind.SYMBOL] for side in (statement.left, statement.right))
    around = text[max(statement.start - 200, 0) : statement.end + 60]
    if statement.relation != "=" or names or not statement.is_mathematics:
        return
    if statement.chain < 3 and not _CHANGES_FORM.search(around):
        yield unread(written, "An equation with unknowns is not judged on its own.")
        return
    if max(len(left), len(right)) > _MAX_IDENTITY or left == right:
        return
    from agent.verification.language import parse_expression  # brings SymPy: not before it is needed

    first, second = (parse_expression(normalise(side), free_symbols=True, implicit=True) for side in (left, right))
    if _expanded_terms(first) * _expanded_terms(second) > _MAX_TERMS:
        yield unread(written, "The two sides are too large to be compared.")
    elif _vanishes(first - second):
        yield Claim(written, Verdict.VERIFIED, f"{written} holds for all values.")
    else:
        yield unread(written, "The two sides are not equal for all values; it may be an equation to solve.")


def _expanded_terms(expression: Any) -> int:
    """A bound on the number of terms of an expression once it is multiplied out; huge for other powers."""
    if expression.is_Pow:
        power = expression.exp
        if not power.is_Rational or abs(power) > _MAX_POWER:
            return _MAX_TERMS + 1
        return min(int(_expanded_terms(expression.base) ** max(abs(power), 1)), _MAX_TERMS + 1)
    parts = [_expanded_terms(part) for part in expression.args]
    bound = sum(parts) if expression.is_Add else math.prod(parts)
    return max(1, min(bound, _MAX_TERMS + 1))


def _vanishes(expression: Any) -> bool:
    import sympy

    numerator, _ = sympy.fraction(sympy.together(expression))
    return bool(sympy.expand(numerator) == 0)


def _source(side: Side, text: str) -> str:
    return text[side.tokens[0].start : side.tokens[-1].end]
