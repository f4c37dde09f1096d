"""Equations in one unknown, line by line: whether a line has the solutions of the line before.

Two equations of polynomials have the same solutions where their square-free parts are multiples of each other (over the
complex numbers, and so over any others). Serves the claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from agent.domain import Claim, Verdict
from agent.errors import Unreadable
from agent.verification.claims.doubts import Background, doubtful_words
from agent.verification.claims.stated import Stated
from agent.verification.claims.statements import Side, Statement, statements
from agent.verification.claims.writing import tidy
from agent.verification.reading.extraction import Kind, Token
from agent.verification.reading.notation import normalise
from agent.verification.reading.tolerance import is_rounding

MAX_SIDE = 120  # characters
MAX_EQUATIONS = 12
MAX_BEFORE = 500  # characters of what stands before a step: what is farther away is no line before
MAX_DEGREE = 6
MAX_OPERATIONS = 60
MAX_BETWEEN = 160  # characters between two lines

_CASES = re.compile(
    r"(?i)\b(?:if|each|every|all|factors?|equations|inconsistent|no|addition|additionally|after|rows?|lines?|cases?|suppos\w*|assum\w*|either|or|otherwise|instead|another|other|second|next|also|let|when|where"
    r"|similarly|again|now|check\w*|test\w*|try|guess\w*|substitut\w*|plug\w*|first|third|both\s+equations|system|likewise"
    r"|for|unless|part)\b"
)
_GOES_ON = re.compile(
    r"(?i)(?:\\(?:implies|[Rr]ightarrow|Longrightarrow|to)(?![A-Za-z])|=>|⇒|⟹|\\\\|&|\\[\[\]()]|\$|[\s,.;:]|\*\*"
    r"|\\(?:begin|end)\{[a-z]+\*?\}|\\q?quad(?![A-Za-z])"
    r"|\b(?:so|then|thus|therefore|hence|we|get|have|obtain|find|this|that|which|gives|giving|means|yields|it|follows)\b)*"
)
_APPLIED = re.compile(
    r"(?<![A-Za-z\\])[f-hp-rA-Z]\s*(?:\\left\s*)?\(|(?<![A-Za-z\\])[A-Za-z]\(\s*-?[0-9]+\s*\)"
    r"|^\s*\([0-9]+\)\s|\s\([0-9]+\)\s*$|[-+]\s*[0-9.]+\s*\\?%|\|"
)
_OF_A_SUM = {
    "of", "than", "and", "plus", "minus", "times", "twice", "half", "divided", "by", "or", "from", "thrice", "double",
}  # fmt: skip
_BEGIN_ANEW = {"or", "so", "then", "which", "since", "because", "thus", "hence", "therefore", "that", "get", "but"}
_LINK = re.compile(
    r"(?i)\b(?:so|then|thus|therefore|hence|gives|giving|means|get|obtain)\b|=>|⇒|⟹|\\(?:implies|[Rr]ightarrow|Longrightarrow)"
)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_LETTER = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_OTHER_FIELDS = re.compile(r"\\mathbb|\b[ZFQR]_|\bGF\(|(?i:\bmod(?:ulo)?\b)")
_ONE_OF_SEVERAL = re.compile(r"(?i)\b(?:or|either)\b")
_BOTH_SIDES = re.compile(
    r"(?i)\b(?:both|each|either)\s+sides?\b|\b(?:subtract|divide|multiply|simplify|add)(?:ing)?\s+(?!up\b)"
)


@dataclass(frozen=True, slots=True)
class _Equation:
    """An equation in the one unknown `name`; its solutions are the roots of `polynomial`, which is square-free."""

    start: int
    end: int
    written: str
    name: str
    polynomial: Any
    names_value: bool  # x = 5
    in_chain: bool  # a = b = c
    is_factor: bool  # x - 2 = 0
    unit: str  # the words behind it

    @property
    def degree(self) -> int:
        return int(self.polynomial.degree())


def transformations(text: str, given: Background) -> Iterator[Stated]:
    """What each equation of the step is, beside the one before it; offsets are into `text`."""
    if not _LETTER.search(_COMMAND.sub(" ", text)):
        return
    earlier = given.everything[-MAX_BEFORE:]
    if len(given.everything) > MAX_BEFORE:
        earlier = earlier.partition("\n")[2]  # whole lines, so that no formula is cut
    whole = f"{earlier}\n\n{text}"
    offset = len(earlier) + 2
    found = list(_equations(whole))
    here = sum(equation is not None and equation.start >= offset for equation in found)
    before: _Equation | None = None
    for equation in found[-here - 2 :] if here else []:
        if equation is None:
            before = None
            continue
        if before is not None and before.name == equation.name and equation.start >= offset:
            claim = _beside(before, equation, whole, given, apart=before.start < offset)
            if claim is not None:
                yield Stated(equation.start - offset, equation.end - offset, claim)
        if before is None or not (equation.names_value and before.name == equation.name and before.degree > 1):
            before = equation


def _beside(before: _Equation, equation: _Equation, whole: str, given: Background, *, apart: bool) -> Claim | None:
    """`apart`: the line before stands in an earlier step."""
    if before.names_value and not equation.names_value:
        return None  # a value put in, which is identities' to judge
    between = whole[before.end : equation.start]
    if equation.names_value and before.degree > 1:
        between = _ONE_OF_SEVERAL.sub(" ", between)
    if len(between) > MAX_BETWEEN or _CASES.search(between) or _OTHER_FIELDS.search(whole):
        return None
    if before.polynomial == equation.polynomial:
        if before.written == equation.written:
            return None
        return Claim(
            equation.written, Verdict.VERIFIED, f"{equation.written} has the same solutions as {before.written}."
        )
    lost, gained = (
        first.polynomial.rem(second.polynomial).is_zero for first, second in ((before, equation), (equation, before))
    )
    if lost and equation.names_value:
        return Claim(equation.written, Verdict.VERIFIED, f"{equation.written} solves {before.written}.")
    if lost:
        reason = f"Not every solution of {before.written} is one of {equation.written}."
        return Claim(equation.written, Verdict.UNVERIFIED, reason)
    if gained:
        reason = f"Not every solution of {equation.written} is one of {before.written}."
        return Claim(equation.written, Verdict.UNVERIFIED, reason)
    goes_on = not apart and _LINK.search(between) and _GOES_ON.fullmatch(between)
    firm = goes_on or (not apart and _BOTH_SIDES.search(between))
    plain = before.degree == equation.degree == 1 and not (before.names_value or before.in_chain or equation.in_chain)
    plain = plain and not (before.is_factor and equation.is_factor) and before.unit == equation.unit
    around = whole[max(before.start - 100, 0) : before.start] + between + whole[equation.end : equation.end + 60]
    if not firm or not plain or _CASES.search(around) or doubtful_words(around, given):
        return None
    value, other = (-one.polynomial.nth(0) / one.polynomial.nth(1) for one in (before, equation))
    shown = equation.written.rpartition("=")[2].strip()
    if equation.names_value and is_rounding(Fraction(int(value.p), int(value.q)), shown):
        return Claim(equation.written, Verdict.VERIFIED, f"{equation.written} solves {before.written}, rounded.")
    near = "." in before.written + equation.written and abs(value - other) <= abs(value) / 20
    if near or (equation.names_value and other.is_Integer and abs(value - other) < 1):
        reason = f"It is near to {before.name} = {value}, which follows from {before.written}, and may be rounded."
        return Claim(equation.written, Verdict.UNVERIFIED, reason)
    reason = f"{equation.written} is false: from {before.written} it follows that {before.name} = {value}."
    return Claim(equation.written, Verdict.REFUTED, reason)


def _equations(text: str) -> Iterator[_Equation | None]:
    """The equations in one unknown; None where something else with unknowns stands between them."""
    count = 0
    for statement in statements(text):
        if not _LETTER.search(_COMMAND.sub(" ", text[statement.start : statement.end])):
            continue
        count += 1
        if count > 4 * MAX_EQUATIONS:
            return
        try:
            equation = _equation(statement, text)
            if equation is not None:
                yield equation
        except (Unreadable, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError):
            yield None


def _equation(statement: Statement, text: str) -> _Equation | None:
    """None for an equation without an unknown. Raises Unreadable for what is no equation of polynomials in one."""
    if statement.relation != "=":
        raise Unreadable("It is no equation.")
    sides = [_without_words(side, last=place == 0) for place, side in enumerate((statement.left, statement.right))]
    if not all(sides) or any(one.kind is Kind.ODD for side in sides for one in side):
        raise Unreadable("A side cannot be read.")
    first = sides[0][0]
    before = [one for one in statement.left.tokens if one.end <= first.start]
    behind = [one for one in statement.right.tokens if one.start >= sides[1][-1].end]
    if _may_belong(before[::-1]) or _may_belong(behind) or first.value == "+":
        raise Unreadable("Words stand in a side.")  # 10° + 2x = 50°, half of x + 5 = 9
    if text[first.start - 1 : first.start] in {"'", "′", "’"}:
        raise Unreadable("It is about a derivative.")
    start, end = sides[0][0].start, sides[1][-1].end
    written = [text[side[0].start : side[-1].end] for side in sides]
    if max(map(len, written)) > MAX_SIDE:
        raise Unreadable("A side is too long.")
    if any(_APPLIED.search(side) for side in written):
        raise Unreadable("It is about the values of a function.")
    if len({letter[0] for side in written for letter in _LETTER.finditer(_COMMAND.sub(" ", side))}) > 1:
        raise Unreadable("It has several unknowns.")
    import sympy

    from agent.verification.reading.language import parse_expression  # brings SymPy: not before it is needed

    left, right = (parse_expression(normalise(side), free_symbols=True, implicit=True) for side in written)
    names = left.free_symbols | right.free_symbols
    if not names:
        return None
    if len(names) != 1 or len((name := next(iter(names))).name) != 1:
        raise Unreadable("It has several unknowns.")
    difference = left - right
    whole = difference.is_polynomial(name)
    top, bottom = (difference, sympy.S.One) if whole else sympy.fraction(sympy.together(difference))
    if not (top.is_polynomial(name) and bottom.is_polynomial(name)) or top.count_ops() > MAX_OPERATIONS:
        raise Unreadable("It is no equation of polynomials.")
    if _degree(top) > MAX_DEGREE:
        raise Unreadable("Its degree is too high.")
    polynomial = sympy.Poly(top, name)
    if polynomial.degree() > MAX_DEGREE or not all(coefficient.is_Rational for coefficient in polynomial.coeffs()):
        raise Unreadable("Its degree is too high, or its coefficients are irrational.")
    roots = polynomial.sqf_part()
    common = roots.gcd(sympy.Poly(bottom, name))
    roots = roots.quo(common).monic() if common.degree() > 0 else roots.monic()
    if roots.degree() < 1:
        raise Unreadable("It has no solution.")
    letters = [one for one in sides[0] if one.kind is not Kind.CURRENCY]  # $x, where the delimiters do not pair
    bare = len(letters) == 1 and letters[0].kind is Kind.SYMBOL and right.is_number
    shown = tidy(f"{written[0]} = {written[1]}")
    unit = " ".join(one.value for one in behind[:2] if one.kind is Kind.WORD and one.value.lower() not in _BEGIN_ANEW)
    return _Equation(start, end, shown, name.name, roots, bare, statement.chain > 2, right == 0, unit)


def _may_belong(cut: Sequence[Token]) -> bool:
    """Whether the words beside an equation, from there on, may belong to it: numbers among them, or "of", "half"."""
    if not cut or cut[0].value.lower() in _BEGIN_ANEW:
        return False
    return any(one.kind is not Kind.WORD or one.value.lower() in _OF_A_SUM for one in cut)


def _degree(expression: Any) -> int:
    """A bound on the degree of what is multiplied out."""
    if expression.is_Pow:
        return _degree(expression.base) * (abs(int(expression.exp)) if expression.exp.is_Integer else MAX_DEGREE + 1)
    parts = [_degree(part) for part in expression.args]
    return (sum(parts) if expression.is_Mul else max(parts, default=0)) if parts else int(expression.is_Symbol)


def _without_words(side: Side, *, last: bool) -> tuple[Any, ...]:
    """The tokens behind the last word, or before the first."""
    words = [place for place, token in enumerate(side.tokens) if token.kind is Kind.WORD]
    if not words:
        return side.tokens
    return side.tokens[words[-1] + 1 :] if last else side.tokens[: words[0]]
