"""Knows which statements of a step can be checked exactly, and judges them; serves the solving graph."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from agent.domain import Claim, Correction, Verdict
from agent.errors import Unreadable
from agent.verification.doubts import Background, changes_size, doubt
from agent.verification.extraction import Kind
from agent.verification.notation import normalise
from agent.verification.readings import exact_value, expression, readings
from agent.verification.statements import Quantity, Side, Statement, statements
from agent.verification.tolerance import decimals, is_near, is_rounding, rewritten

MAX_CLAIMS = 40
MAX_CHARACTERS = 8_000
_MAX_IDENTITY = 160  # characters a side
_MAX_TERMS = 2_000
_MAX_POWER = 12
_ROUNDING = re.compile(r"(?i)\b(?:round|about|approx|rough|nearly|almost|around|close to|nearest|estimat)")
_LAYOUT = re.compile(r"&|\\\\|\\(?:left|right|quad|qquad|displaystyle)(?![A-Za-z])|\\end\{[a-z]+\*?\}|\*\*")
_CHANGES_FORM = re.compile(r"(?i)\b(?:expand|simplif|factor|distribut|combin|rewrit|identit)")


def check_step(text: str, earlier: Sequence[str] = (), problem: str = "") -> list[Claim]:
    """Find the statements between numbers in one step and judge each exactly.

    `text` is Markdown with LaTeX, as the model wrote it. `problem` is the question: its decimals are exact,
    the step's own may be rounded. `earlier` holds the steps before: a base or modulus named there counts.
    A claim is refuted only where no usual reading makes it true; what may be meant otherwise is unverified
    and says why. Offsets of corrections are offsets into `text`. Nothing is raised.
    At most `MAX_CLAIMS` claims come back, and only the first `MAX_CHARACTERS` characters are read.
    """
    claims: list[Claim] = []
    given = Background(problem, "\n".join([problem, *earlier])[-MAX_CHARACTERS:])
    try:
        for statement in statements(text[:MAX_CHARACTERS]):
            if len(claims) == MAX_CLAIMS - 1:
                claims.append(_unread(text[statement.start : statement.end], "The step has too many statements."))
                break
            claims += _judged(statement, text, given)
    except Exception as error:  # one statement's trouble is no reason to lose the step
        claims.append(_unread(text[:80], f"The step could not be read ({type(error).__name__})."))
    if len(text) > MAX_CHARACTERS:
        claims.append(_unread("…", f"Only the first {MAX_CHARACTERS} characters of the step were read."))
    return claims


def _judged(statement: Statement, text: str, given: Background) -> Iterator[Claim]:
    written = _tidy(text[statement.start : statement.end])
    left, right = statement.left.to_end, statement.right.from_start
    try:
        if left is None or right is None:
            yield from _with_symbols(statement, text, written)
        elif statement.relation == "=":
            yield from _equality(statement, left, right, text, given, written)
        elif statement.relation == "≈":
            yield from _approximation(left, right, text, written)
        elif statement.relation in {"<", ">", "≤", "≥", "≠"}:
            yield from _order(statement, left, right, text, given, written)
        else:
            yield _unread(written, "Congruences and definitions are not judged.")
    except Unreadable as error:
        yield _unread(written, str(error))
    except (ArithmeticError, ValueError, TypeError, RecursionError, AttributeError) as error:
        yield _unread(written, f"The statement could not be worked out ({type(error).__name__}).")


def _equality(
    statement: Statement, left: Quantity, right: Quantity, text: str, given: Background, written: str
) -> Iterator[Claim]:
    if left.number is not None and right.number is not None:
        if left.number.value != right.number.value and not (left.before or statement.chain > 2):
            yield from _two_numbers(statement, left, right, text, written)
        return
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    if right.blocked:
        yield _unread(written, f"What follows the result (“{right.blocked}”) may belong to it.")
        return
    if word := changes_size(left, right):
        yield _unread(written, f"The word “{word}” changes the size of a number.")
        return
    same = _equal(value, result)
    if same is None:
        yield _unread(written, "The sides agree closely, but could not be proved equal.")
        return
    if same:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right.")
        return
    rounded = _rounded(value, right, text, statement)
    if rounded:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right, {rounded}.")
        return
    if convention := _other_reading(left, right, text):
        yield Claim(written, Verdict.VERIFIED, f"{written} is right, {convention}.")
        return
    if ground := doubt(statement, left, right, text, given):
        yield _unread(written, ground)
        return
    yield _refuted(left, right, value, text, written)


def _two_numbers(statement: Statement, left: Quantity, right: Quantity, text: str, written: str) -> Iterator[Claim]:
    """Numbers on both sides: 1/2 = 0.5 is confirmed; 60 minutes = 1 hour and mere names are left alone."""
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    rounded = not value.is_integer and _rounded(value, right, text, statement)
    if (_equal(value, result) or rounded) and not left.units and not right.trailing:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right.")
    else:
        yield _unread(written, "Two numbers with nothing to calculate: units or names decide.")


def _equal(value: Any, result: Any) -> bool | None:
    """Whether two exact numbers are equal; None where that is too hard to tell."""
    if value.is_Rational and result.is_Rational:
        return bool(value == result)
    difference = value - result
    if abs(difference.evalf(30)) > 1e-15 * (1 + abs(value.evalf(15))):
        return False
    import sympy

    reduced = sympy.radsimp(sympy.expand(difference))
    return True if reduced == 0 or sympy.sqrtdenest(reduced).expand() == 0 else None


def _rounded(value: Any, right: Quantity, text: str, statement: Statement) -> str:
    number = right.number
    if number is None or number.kind is not Kind.NUMBER:
        return ""
    near = _rational(value)
    if right.has(Kind.PERCENT):
        near *= 100
    signed = exact_value(expression(right, text, percent_as_unit=True))
    if (near < 0) != bool(signed < 0):
        return ""
    if is_rounding(near, number.value):
        return f"rounded to {decimals(number.value)} decimal{'s' * (decimals(number.value) > 1)}"
    around = text[max(statement.start - 60, 0) : statement.end + 60]
    whole = not decimals(number.value) and abs(near - _rational(signed)) <= Fraction(1, 2)
    return "as a rounded number" if whole and _ROUNDING.search(around) else ""


def _rational(value: Any) -> Fraction:
    """The value itself if rational, else to 30 digits: enough to see what it rounds to."""
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    return Fraction(str(value.evalf(30)))


def _other_reading(left: Quantity, right: Quantity, text: str) -> str:
    plain = exact_value(expression(left, text)), exact_value(expression(right, text))
    lefts = [(exact_value(written), convention) for written, convention in readings(left, text)]
    rights = [(exact_value(written), convention) for written, convention in readings(right, text)]
    for value, convention in lefts:
        if value == plain[1]:
            return convention
    for result, convention in rights:
        if result == plain[0]:
            return convention
    for value, convention in lefts:
        if any(value == result for result, other in rights if other == convention):
            return convention
    number = right.number
    if number is not None and any(
        value.is_Rational and is_rounding(_rational(value), number.value)
        for value in [*(value for value, _ in lefts), *([plain[0]] if right.has(Kind.PERCENT) else [])]
    ):
        return "rounded"
    return ""


def _approximation(left: Quantity, right: Quantity, text: str, written: str) -> Iterator[Claim]:
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    near = is_near(_rational(value), _rational(result), right.number.value if right.number else "")
    if right.blocked or right.has(Kind.PERCENT) or left.units or left.number is not None:
        near = near or None
    if near:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right to the digits shown.")
    elif near is None or right.trailing:
        yield _unread(written, "It is not clear how close an approximation is meant.")
    else:
        fraction = _rational(value)
        about = rewritten(fraction, right.number.value) if right.number else None
        right_value = f": {_tidy(text[left.start : left.end])} ≈ {about}" if about else ""
        yield Claim(written, Verdict.REFUTED, f"{written} is false{right_value}.")


def _order(
    statement: Statement, left: Quantity, right: Quantity, text: str, given: Background, written: str
) -> Iterator[Claim]:
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    equal = _equal(value, result)
    if equal is None:
        yield _unread(written, "The sides are too close to be told apart.")
        return
    below = not equal and bool((value - result).evalf(30) < 0)
    holds = {"<": below, ">": not below and not equal, "≤": below or equal, "≥": not below, "≠": not equal}
    if right.blocked or left.units or right.trailing or left.has(Kind.PERCENT) != right.has(Kind.PERCENT):
        yield _unread(written, "Units or words may change what is compared.")
    elif holds[statement.relation]:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right.")
    elif left.number is not None or (ground := doubt(statement, left, right, text, given)):
        yield _unread(written, "The comparison may be a condition, not a statement." if left.number else ground)
    else:
        yield Claim(written, Verdict.REFUTED, f"{written} is false.")


def _refuted(left: Quantity, right: Quantity, value: Any, text: str, written: str) -> Claim:
    calculation = _tidy(text[left.start : left.end])
    exact = Fraction(int(value.p), int(value.q)) if value.is_Rational else None
    span = _result_span(right)
    if exact is None or span is None:
        return Claim(written, Verdict.REFUTED, f"{written} is false.")
    if right.has(Kind.PERCENT):
        if "100" in calculation:
            return Claim(written, Verdict.REFUTED, f"{written} is false.")
        exact *= 100
    start, end, shown = span
    replacement = rewritten(exact, shown.removeprefix("-"), right.has(Kind.CURRENCY))
    if replacement is None or (right.has(Kind.CURRENCY) and exact < 0):
        return Claim(written, Verdict.REFUTED, f"{written} is false.")
    amount = _tidy(text[right.start : start] + replacement + text[end : right.end])
    sign = "=" if _stands_for(replacement, exact) else "≈"
    reason = f"{written} is false: {calculation} {sign} {amount}."
    return Claim(written, Verdict.REFUTED, reason, Correction(start, end, replacement))


def _stands_for(replacement: str, exact: Fraction) -> bool:
    value = _rational(exact_value(normalise(replacement)))
    return value == exact


def _result_span(right: Quantity) -> tuple[int, int, str] | None:
    """Where the single number on the right stands: its offsets and its spelling, with its sign."""
    tokens = [token for token in right.tokens if token.kind not in {Kind.CURRENCY, Kind.PERCENT}]
    sign = ""
    start = tokens[0].start
    if tokens[0].kind is Kind.OPERATOR and len(tokens) > 1:
        if tokens[0].value != "-" or tokens[1].start != tokens[0].end:
            return None
        sign, tokens = "-", tokens[1:]
    is_number = len(tokens) == 1 and tokens[0].kind in {Kind.NUMBER, Kind.ATOM} and "(" not in tokens[0].value
    is_fraction = [token.kind for token in tokens] == [Kind.NUMBER, Kind.OPERATOR, Kind.NUMBER]
    if not is_number and not (is_fraction and tokens[1].value == "/"):
        return None
    spelling = tokens[0].value if is_number else f"{tokens[0].value}/{tokens[2].value}"
    return start, tokens[-1].end, sign + spelling


def _with_symbols(statement: Statement, text: str, written: str) -> Iterator[Claim]:
    left, right = statement.left, statement.right
    odd = left.odd or right.odd
    if not left.tokens or not right.tokens or not (left.numerical or right.numerical or statement.is_mathematics):
        return
    if odd:
        yield _unread(written, f"“{_tidy(odd)}” is not read as a number here.")
    elif left.symbols or right.symbols:
        yield from _identity(statement, text)


def _identity(statement: Statement, text: str) -> Iterator[Claim]:
    """An equation with unknowns is confirmed where it holds for all values, and never refuted."""
    left, right = (_source(side, text) for side in (statement.left, statement.right))
    written = _tidy(f"{left} {statement.relation} {right}")
    names = any([token.kind for token in side.tokens] == [Kind.SYMBOL] for side in (statement.left, statement.right))
    around = text[max(statement.start - 200, 0) : statement.end + 60]
    if statement.relation != "=" or names or not statement.is_mathematics:
        return
    if statement.chain < 3 and not _CHANGES_FORM.search(around):
        yield _unread(written, "An equation with unknowns is not judged on its own.")
        return
    if max(len(left), len(right)) > _MAX_IDENTITY or left == right:
        return
    from agent.verification.language import parse_expression  # brings SymPy: not before it is needed

    first, second = (parse_expression(normalise(side), free_symbols=True, implicit=True) for side in (left, right))
    if _expanded_terms(first) * _expanded_terms(second) > _MAX_TERMS:
        yield _unread(written, "The two sides are too large to be compared.")
    elif _vanishes(first - second):
        yield Claim(written, Verdict.VERIFIED, f"{written} holds for all values.")
    else:
        yield _unread(written, "The two sides are not equal for all values; it may be an equation to solve.")


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


def _unread(written: str, reason: str) -> Claim:
    return Claim(written, Verdict.UNVERIFIED, reason)


def _tidy(written: str) -> str:
    written = _LAYOUT.sub(" ", written)
    if written.count("{") != written.count("}"):
        written = written.replace(r"\boxed{", "")
    return " ".join(written.split())
