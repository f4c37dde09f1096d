"""Knows when an equation with letters in it holds: for all values, or for those that the letters have by now.

Serves the claims.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from agent.domain import Claim, Verdict
from agent.errors import Unreadable
from agent.verification.claims.doubts import Background, context_doubt, sentence
from agent.verification.claims.names import Known, known_names
from agent.verification.claims.statements import Side, Statement, statements
from agent.verification.claims.writing import tidy, unread
from agent.verification.reading.extraction import Kind
from agent.verification.reading.notation import normalise

_MAX_IDENTITY = 160  # characters a side
_MAX_TERMS = 2_000
_MAX_POWER = 12
_LEADS_IN = {"so", "then", "therefore", "thus", "hence", "and", "now", "we", "get", "have", "that", "is", "means"}
_TO_SOLVE = re.compile(
    r"(?i)\b(?:if|when|where|whether|for|need\w*|wants?|must|requir\w*|should|solv\w*|equations?|find|check\w*|try"
    r"|tests?|let|set\w*|roots?|solutions?|satisf\w*|until|at)\b"
)
_ON_ITS_OWN = "An equation with unknowns is not judged on its own."
_FACTORS = re.compile(r"(?i)\bfactor(?!ial)")
_FACTORS_OTHERWISE = re.compile(
    r"(?i)\b(?:solv\w*|expand\w*|equations?|try|trying|trap|mistake\w*|beware|would|field|over)\b|\\mathbb|GF\("
)
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
        yield from _identity(statement, text, given)


def _with_known_names(statement: Statement, text: str, given: Background) -> Claim | None:
    """An equation whose letters all have a value by now, judged with the values put in; None for any other."""
    names = set(statement.left.symbols) | set(statement.right.symbols)
    if statement.relation != "=" or not names or any(_is_bare_name(side) for side in (statement.left, statement.right)):
        return None  # "x = 12" is a definition, not a claim
    before = f"{given.everything}\n{text[: statement.start]}"
    known = known_names(given.problem, before)
    if not names <= known.keys():
        return None
    left, right, led_in, followed = _without_words(statement)
    written = [_source(side, text) for side in (left, right) if side.tokens]
    if len(written) < 2 or max(map(len, written)) > _MAX_IDENTITY:
        return None
    sides = [_put_in(side, known) for side in written]
    if None in sides:
        return None
    shown = tidy(f"{written[0]} = {written[1]}")
    means = ", ".join(f"{name} = {known[name].value}" for name in sorted(names))
    if sides[0] == sides[1]:
        return Claim(shown, Verdict.VERIFIED, f"{shown} is right for {means}.")
    around = sentence(text, statement.start, statement.end)
    firm = all(known[name].firm for name in names) and statement.chain < 3 and not (led_in or followed)
    if not firm or context_doubt(statement, text, given) or _TO_SOLVE.search(around) or _at_odds(names, known, before):
        return unread(shown, f"It does not hold for {means}, which may not be meant.")
    return Claim(shown, Verdict.REFUTED, f"{shown} is false for {means}.")


def _is_bare_name(side: Side) -> bool:
    kinds = [token.kind for token in side.tokens if token.kind is not Kind.WORD]
    return kinds == [Kind.SYMBOL]


def _without_words(statement: Statement) -> tuple[Side, Side, bool, bool]:
    """The sides without the words around them; whether words in front, and words behind, may belong to them."""
    left, right = statement.left.tokens, statement.right.tokens
    words = [place for place, token in enumerate(left) if token.kind is Kind.WORD]
    start = words[-1] + 1 if words else 0
    end = next((place for place, token in enumerate(right) if token.kind is Kind.WORD), len(right))
    led_in = any(token.kind is not Kind.WORD or token.value.lower() not in _LEADS_IN for token in left[:start])
    return (
        replace(statement.left, tokens=left[start:]),
        replace(statement.right, tokens=right[:end]),
        led_in,
        end < len(right),
    )


def _at_odds(names: set[str], known: Mapping[str, Known], before: str) -> bool:
    """Whether some statement before does not hold for the values: a letter in an equation to solve, or given anew."""
    for statement in statements(before):
        if not names & (set(statement.left.symbols) | set(statement.right.symbols)):
            continue
        left, right, _, _ = _without_words(statement)
        if not left.tokens or not right.tokens or statement.relation != "=":
            return True
        try:
            sides = [_put_in(_source(side, before), known) for side in (left, right)]
        except Unreadable:
            return True
        if None in sides or sides[0] != sides[1]:
            return True
    return False


def _put_in(written: str, known: Mapping[str, Known]) -> Any:
    """The rational value of an expression with its letters' values put in, None where it has none."""
    import sympy

    from agent.verification.reading.language import parse_expression  # brings SymPy: not before it is needed

    side = parse_expression(normalise(written), free_symbols=True, implicit=True)
    names = {symbol: known.get(symbol.name) for symbol in side.free_symbols}
    if None in names.values():
        return None
    value = side.subs({s: sympy.Rational(k.value.numerator, k.value.denominator) for s, k in names.items() if k})
    return value if value.is_Rational else None


def _identity(statement: Statement, text: str, given: Background) -> Iterator[Claim]:
    """An equation with unknowns is confirmed where it holds for all values, and refuted only as a false factoring."""
    left, right = (_source(side, text) for side in (statement.left, statement.right))
    written = tidy(f"{left} {statement.relation} {right}")
    names = any([token.kind for token in side.tokens] == [Kind.SYMBOL] for side in (statement.left, statement.right))
    around = text[max(statement.start - 200, 0) : statement.end + 60]
    if statement.relation != "=" or names or not statement.is_mathematics:
        return
    alone = statement.chain < 3 and not _CHANGES_FORM.search(around)
    if max(len(left), len(right)) > _MAX_IDENTITY or left == right:
        if alone:
            yield unread(written, _ON_ITS_OWN)
        return
    from agent.verification.reading.language import parse_expression  # brings SymPy: not before it is needed

    try:
        first, second = (parse_expression(normalise(side), free_symbols=True, implicit=True) for side in (left, right))
    except Unreadable as error:
        yield unread(written, _ON_ITS_OWN if alone else str(error))
        return
    if _expanded_terms(first) * _expanded_terms(second) > _MAX_TERMS:
        yield unread(written, _ON_ITS_OWN if alone else "The two sides are too large to be compared.")
    elif _vanishes(first - second):
        yield Claim(written, Verdict.VERIFIED, f"{written} holds for all values.")
    elif statement.chain == 2 and _is_factoring(first, second) and _states_a_form(text, statement, given):
        yield Claim(written, Verdict.REFUTED, f"{written} is false: multiplied out, the sides are not the same.")
    elif alone:
        yield unread(written, _ON_ITS_OWN)
    else:
        yield unread(written, "The two sides are not equal for all values; it may be an equation to solve.")


def _states_a_form(text: str, statement: Statement, given: Background) -> bool:
    """Whether a sentence says that it factors or multiplies out, and states that as a fact."""
    around = sentence(text, statement.start, statement.end)
    firm = _FACTORS.search(around) is not None and not _FACTORS_OTHERWISE.search(around)
    return firm and not context_doubt(statement, text, given)


def _is_factoring(first: Any, second: Any) -> bool:
    """Whether one side is a product of sums, the other a sum, in one letter, and both begin with the same term.

    So no equation to solve is taken for a factoring: its sides need not be of one degree.
    """
    import sympy

    names = first.free_symbols | second.free_symbols
    total, product = (first, second) if first.is_Add else (second, first)
    if len(names) != 1 or not total.is_Add or len(total.args) < 3 or not (product.is_Mul or product.is_Pow):
        return False
    factors = [factor for factor in product.args if factor.free_symbols] if product.is_Mul else [product]
    if len(factors) < 2 and not factors[0].is_Pow:
        return False
    (name,) = names
    if not (first.is_polynomial(name) and second.is_polynomial(name)):
        return False
    ends = [sympy.Poly(sympy.expand(side), name) for side in (first, second)]
    return bool(ends[0].degree() == ends[1].degree() > 1 and ends[0].LC() == ends[1].LC())


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

    # One point at which it does not vanish is enough, and soon found.
    names = sorted(expression.free_symbols, key=str)
    there = expression.subs({name: sympy.Rational(10 + place, 7) for place, name in enumerate(names)})
    if there.is_Rational and there != 0:
        return False
    numerator, _ = sympy.fraction(sympy.together(expression))
    return bool(sympy.expand(numerator) == 0)


def _source(side: Side, text: str) -> str:
    return text[side.tokens[0].start : side.tokens[-1].end]
