"""Whether two final answers are the same, however they are written. Serves the cross-check, in the worker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import sympy

from agent.domain import Verdict
from agent.errors import Unreadable
from agent.verification.language import parse_expression
from agent.verification.notation import normalise

MAX_CHARACTERS = 400
MAX_ELEMENTS = 20
SIGNIFICANT_DIGITS = 3

_STRENGTH = (Verdict.REFUTED, Verdict.UNVERIFIED, Verdict.VERIFIED)

_NUMBER = r"[-+]?\d+(?:\.\d+)?|[-+]?\.\d+"
_UNIT = r"(?:[A-Za-z°][A-Za-z°.]*(?:\^\(?[23]\)?)?)"
GREEK = {"alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "omega", "phi", "sigma"}


@dataclass(frozen=True, slots=True)
class _Reading:
    """An answer as values: one, or several of a set or a tuple. `decimals` of the digits shown, None if exact."""

    values: tuple[sympy.Expr, ...]
    ordered: bool
    decimals: int | None
    percent: bool


def same_value(first: str, second: str) -> Verdict:
    """Verified for equal answers, refuted for readable and different ones, unverified for all else.

    Units, currency signs and a leading "x =" are set aside; a percent sign is a unit, so that 50% equals 50 and
    equals 1/2. A decimal equals an exact value that rounds to the digits shown, where these are at least three
    significant digits with at least one of them behind the point. Sets ("x = 2 or x = 3") do not depend on
    order, pairs "(1, 2)" do.
    """
    try:
        left, right = _read(first), _read(second)
    except Unreadable:
        return Verdict.UNVERIFIED
    if len(left.values) != len(right.values):
        return Verdict.REFUTED
    if left.ordered or right.ordered or len(left.values) == 1:
        verdicts = [_same(a, b, left, right) for a, b in zip(left.values, right.values, strict=True)]
    else:
        verdicts = _match(left, right)
    if all(verdict is Verdict.VERIFIED for verdict in verdicts):
        return Verdict.VERIFIED
    return Verdict.REFUTED if Verdict.REFUTED in verdicts else Verdict.UNVERIFIED


def _match(left: _Reading, right: _Reading) -> list[Verdict]:
    """Each value of one set against the other set's: the best verdict that each finds."""
    rest = list(right.values)
    verdicts: list[Verdict] = []
    for value in left.values:
        found = [_same(value, other, left, right) for other in rest]
        if Verdict.VERIFIED in found:
            rest.pop(found.index(Verdict.VERIFIED))
            verdicts.append(Verdict.VERIFIED)
        else:
            verdicts.append(Verdict.UNVERIFIED if Verdict.UNVERIFIED in found else Verdict.REFUTED)
    return verdicts


def _same(a: sympy.Expr, b: sympy.Expr, left: _Reading, right: _Reading) -> Verdict:
    verdict = _equal(a, b)
    if verdict is Verdict.REFUTED and left.percent != right.percent:
        a, b = (a / 100, b) if left.percent else (a, b / 100)
        verdict = _equal(a, b)
    if verdict is Verdict.REFUTED:
        return _rounding(a, b, left, right)
    return verdict


def _rounding(a: sympy.Expr, b: sympy.Expr, left: _Reading, right: _Reading) -> Verdict:
    """The verdict on different values of which one may be the other, rounded."""
    return max((_rounds_to(a, b, right), _rounds_to(b, a, left)), key=_STRENGTH.index)


def _equal(a: sympy.Expr, b: sympy.Expr) -> Verdict:
    if a == b:
        return Verdict.VERIFIED
    if a.is_Rational and b.is_Rational:
        return Verdict.REFUTED
    difference = sympy.expand(a - b)
    if difference == 0:
        return Verdict.VERIFIED
    if any(abs(value) > 1e-30 for value in _samples(difference)):
        return Verdict.REFUTED
    return Verdict.VERIFIED if sympy.simplify(difference) == 0 else Verdict.UNVERIFIED


def _samples(difference: sympy.Expr) -> list[float]:
    """The difference's size at a few rational points, to 50 digits; points outside its domain are left out."""
    names = sorted(difference.free_symbols, key=str)
    points = [(3, 7), (11, 5), (2, 13), (17, 3)] if names else [(1, 1)]
    sizes: list[float] = []
    for number, (p, q) in enumerate(points):
        place = {name: sympy.Rational(p + 2 * k, q + number) for k, name in enumerate(names)}
        value = difference.subs(place).evalf(50)
        if value.is_number and value.is_finite:
            sizes.append(float(abs(value)))
    return sizes


def _rounds_to(exact: sympy.Expr, shown: sympy.Expr, reading: _Reading) -> Verdict:
    """Verified where `shown`, with the digits it was written with, is `exact` rounded to them; unverified where
    it might be, but shows too few digits to tell a rounding from another answer."""
    decimals = reading.decimals
    if not (exact.is_number and exact.is_real and shown.is_Rational):
        return Verdict.REFUTED
    if decimals is None or abs(exact - shown) * 10**decimals > sympy.Rational(1, 2):
        return Verdict.REFUTED
    digits = len(str(abs(int(shown * 10**decimals))))
    return Verdict.VERIFIED if digits >= SIGNIFICANT_DIGITS else Verdict.UNVERIFIED


def _read(text: str) -> _Reading:
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("The answer is too long to compare.")
    percent = bool(re.search(r"\\?%\W*$|\bpercent\W*$", text))
    bare = re.sub(r"(?:\\?%|\bpercent)(?=\W*$)", "", text)
    plain = normalise(bare, keep_words=True).strip().strip(".").strip()
    ordered = bool(re.fullmatch(r"\(.*,.*\)", plain)) and _outer_brackets(plain)
    if ordered or re.fullmatch(r"\{.*\}", plain):
        plain = plain[1:-1]
    parts = [part for part in _split(plain) if part.strip()]
    if not 1 <= len(parts) <= MAX_ELEMENTS:
        raise Unreadable("There is no answer to compare.")
    values = tuple(_value(part) for part in parts)
    shown = re.fullmatch(r"\D*?(?:\d+\.(\d+))\D*", plain)
    return _Reading(values, ordered, len(shown[1]) if shown else None, percent)


def _outer_brackets(text: str) -> bool:
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1
    return False


def _split(text: str) -> list[str]:
    """The elements of a list, cut at separators outside brackets."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[()]|\s+or\s+|\s+and\s+|[,;]", text):
        if match[0] in "()":
            depth += 1 if match[0] == "(" else -1
        elif depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _value(part: str) -> sympy.Expr:
    text = re.sub(r"^\s*[A-Za-z]\w*(?:\([a-z]\))?\s*=", "", part).strip()
    if "=" in text or re.search(r"[<>]", text):
        raise Unreadable("An equation or inequality is no value.")
    number = re.fullmatch(
        rf"(?P<value>{_NUMBER})\s*(?:/\s*(?P<below>\d+))?(?P<unit>\s*{_UNIT}(?:[\s/]+{_UNIT})*)?", text
    )
    if number is not None and _is_unit(number["unit"]):
        value = Fraction(number["value"]) / int(number["below"] or 1) if number["below"] != "0" else None
        if value is None:
            raise Unreadable("It divides by zero.")
        return sympy.Rational(value.numerator, value.denominator)
    try:
        return _expression(text)
    except Unreadable:
        # "(2/3) dollars": words of two letters and more behind an expression are its unit
        without_unit = re.sub(rf"(?:\s+{_UNIT})+$", "", text)
        if without_unit == text:
            raise
        return _expression(without_unit)


def _expression(text: str) -> sympy.Expr:
    """An expression whose names are single letters, as in mathematics; a longer name is a word, not a value."""
    value = parse_expression(text, free_symbols=True, implicit=True)
    words = [str(name) for name in value.free_symbols if len(str(name)) > 1 and str(name) not in GREEK]
    if words:
        raise Unreadable(f"“{words[0]}” is a word, not a value.")
    return value


def _is_unit(words: str | None) -> bool:
    """Words behind a number are its unit; a single letter right behind it ("2x") is a variable."""
    return words is None or words.startswith(" ") or len(words.strip()) > 1
