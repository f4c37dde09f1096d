"""Knows what a symbolic task is and the words common to all wordings; serves recognition, without SymPy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from agent.verification.recognition.formulas import GREEK, Formula, Relation, read_formula, read_relation


class Kind(StrEnum):
    """What is asked of the formula."""

    SOLVE = "solve"
    SYSTEM = "system"
    SIMPLIFY = "simplify"
    FACTOR = "factor"
    EXPAND = "expand"
    DIFFERENTIATE = "differentiate"
    INTEGRATE = "integrate"
    LIMIT = "limit"
    EVALUATE = "evaluate"
    SOLUTIONS = "about solutions"
    COMPLEX = "complex numbers"
    WHOLE_NUMBERS = "whole numbers"
    DATA = "data"
    COORDINATES = "coordinates"
    SEQUENCE = "sequences"


@dataclass(frozen=True, slots=True)
class SymbolicTask:
    """A task without its words. All mathematics is explicit ASCII as `formulas` writes it.

    `expressions` holds one formula, one relation, or a system's equations; `bounds` the limits of a definite
    integral, or two ends; `point` where a derivative, a value or a limit is taken ("oo" and "-oo" are infinite);
    `side` is "+" or "-" for a one-sided limit, and says whether the two ends or all roots count; `order` that of the
    derivative; `question` says what is asked about whole numbers, data or solutions; `point` may be a base, or the
    formula whose value at the solutions is asked.
    """

    kind: Kind
    expressions: tuple[str, ...]
    variables: tuple[str, ...] = ()
    bounds: tuple[str, str] | None = None
    point: str = ""
    side: str = ""
    order: int = 1
    question: str = ""


_MAX_EQUATIONS = 4
VARIABLE = rf"(?:[A-Za-z]|\\?(?:{GREEK.replace(' ', '|')}))"
ASK = (
    r"(?:find|evaluate|calculate|compute|determine|work out|give|state|what is|what's|what are|solve|get|obtain)"
    r"(?: the)?(?: exact)?(?: value of(?: the)?)?"
)
ANSWER = r"(?:give|write|express|leave|state)(?: your| the)?(?: final)? answers?"
AS_FRACTION = re.compile(
    rf"(?<![\s,.;?])[\s,.;?]*\b(?:{ANSWER} )?as an? "
    r"(?:simplified |common |reduced |single |proper )*fraction(?: in (?:simplest form|lowest terms))?$",
    re.I,
)
THE = r"(?: the| this| these| each of the)?(?: following)?"
OBJECT = (
    r"(?: (?:expression|function|polynomial|quadratic|trinomial|binomial|product|fraction|equation|sum|integral)(?!"
    r" of))*"
)
SUCH = (
    r"(?:if|when|where|given(?: that)?|such that|so that|for which|in|from|for|of|to|satisfying|that satisf(?:y|ies))"
)
EQUATION_OF = (
    r"(?: (?:linear|quadratic|cubic|polynomial|rational|radical|exponential|absolute value|algebraic|simultaneous"
    r"|system of|system|pair of|inequality|equations?))*"
)
WRT = rf"(?:,? (?:with respect to|w\.?r\.?t\.?) (?P<wrt>{VARIABLE}))?"
NAMED = rf"(?:(?P<fn>[A-Za-z])\s?\((?P<of>{VARIABLE})\)\s?=|y\s?=(?!=))?"
_SPOKEN = (
    (re.compile(r"\bplus\b", re.I), "+"),
    (re.compile(r"\bminus\b", re.I), "-"),
    (re.compile(r"(?<!\\)\b(?:times|multiplied by)\b", re.I), "*"),
    (re.compile(r"\b(?:divided by|over(?= [0-9]))\b", re.I), "/"),
    (re.compile(r"(?<=[0-9A-Za-z)])\s+squared\b", re.I), "^2"),
    (re.compile(r"(?<=[0-9A-Za-z)])\s+cubed\b", re.I), "^3"),
    (re.compile(r"(?<=[0-9A-Za-z)])\s+(?:raised )?to the power(?: of)?\s+(?=[0-9])", re.I), "^"),
    (re.compile(r"\b(?:is )?equal(?:s| to)\b", re.I), "="),
)


_SPOKEN_PRODUCT = re.compile(r"(?<!\\)\b(?:times|multiplied by|divided by|over)\b", re.I)
_SUM = re.compile(r"\b(?:plus|minus)\b|[+\-−]", re.I)


def without_spoken_signs(text: str) -> str:
    """Operators in words as signs. "6 plus 2 divided by 4" is left alone: speech has no order of operations."""
    if _SPOKEN_PRODUCT.search(text) and _SUM.search(text):
        return text
    for pattern, sign in _SPOKEN:
        text = pattern.sub(sign, text)
    return text


def whole_formula(text: str, *, imaginary: bool = False) -> Formula | None:
    """The formula that a text is, operators in words included, or None; nothing infinite."""
    formula = read_formula(without_spoken_signs(text.strip().rstrip(",;:")), imaginary=imaginary)
    return None if formula is None or "oo" in formula.text else formula


def constant(text: str) -> str | None:
    """A number such as 3, -1/2 or pi/4, or None."""
    formula = whole_formula(text)
    return formula.text if formula is not None and not formula.names else None


def unknown(formula: Formula, *stated: str | None) -> str | None:
    """The variable meant: the one stated, else the only one; None where it is not clear or stated twice."""
    names = {name.lstrip("\\") for name in stated if name}
    if len(names) > 1:
        return None
    if names:
        return names.pop()
    return next(iter(formula.names)) if len(formula.names) == 1 else ("x" if not formula.names else None)


def function_body(text: str) -> Formula | None:
    """The formula of `f(x) = x^2`, `y = x^2`, `the function x^2` or of `x^2` alone."""
    match = re.fullmatch(rf"(?:the )?(?:function |expression )?{NAMED}\s*(?P<formula>.+)", text.strip(), re.I | re.S)
    if match is None:
        return None
    formula = whole_formula(match["formula"])
    if formula is not None and match["of"] and formula.names - {match["of"].lstrip("\\")}:
        return None
    return formula


_BETWEEN_EQUATIONS = re.compile(r"\s*(?:;|\n|\\\\)\s*(?:and\b\s*)?|\s*,\s*(?:and\b\s*)?|\s+and\s+")


def read_relations(body: str) -> list[Relation] | None:
    """The equations and inequalities that a text is, up to four with commas or "and" between them, or None."""
    body = without_spoken_signs(body)
    whole = read_relation(body)
    if whole is not None:
        return [whole]
    pieces = [piece.strip().rstrip(".") for piece in _BETWEEN_EQUATIONS.split(body) if piece.strip()]
    if not 2 <= len(pieces) <= _MAX_EQUATIONS:
        return None
    relations = [read_relation(piece) for piece in pieces]
    known = [relation for relation in relations if relation is not None]
    return known if len(known) == len(pieces) else None
