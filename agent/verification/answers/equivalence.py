"""Whether two final answers are the same, however they are written. Serves the cross-check, in the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy

from agent.domain import Verdict
from agent.errors import Unreadable
from agent.verification.answers.answer_reading import Reading, Value, read_answer, statement

SIGNIFICANT_DIGITS = 3

_STRENGTH = (Verdict.REFUTED, Verdict.UNVERIFIED, Verdict.VERIFIED)
_DIMENSIONS = {"square", "cubic", "sq", "cu"}


def same_value(first: str, second: str) -> Verdict:
    """Verified for equal answers, refuted for readable and different ones, unverified for all else.

    Units, currency signs and a leading "x =" are set aside where only one answer has them; two different units
    leave it open. A percent sign is a unit, so that 50% equals 50 and equals 1/2; but 0.5% is not said to be
    0.5, which people take for 50%. A decimal equals an exact value that rounds to the digits shown, where these
    are at least three significant digits with at least one of them behind the point. Sets ("x = 2 or x = 3") do
    not depend on order, pairs "(1, 2)" do, and of "x = 3, y = 4" each value belongs to its name. Answers that
    are no values ("x > 3", "no solution") are the same where they say it in the same characters.
    """
    try:
        left, right = read_answer(first), read_answer(second)
    except Unreadable:
        said = statement(first)
        return Verdict.VERIFIED if said and said == statement(second) else Verdict.UNVERIFIED
    if len(left.values) != len(right.values):
        return Verdict.REFUTED
    if (left.ordered and right.braced) or (left.braced and right.ordered):
        return Verdict.UNVERIFIED
    if left.names and right.names:
        return _by_name(left, right)
    in_order = [_same(a, b) for a, b in zip(left.values, right.values, strict=True)]
    if len(in_order) == 1 or (left.ordered and right.ordered):
        return _all(in_order)
    as_sets = _all(_match(left, right))
    if left.ordered or right.ordered or left.names or right.names:
        # One of the two has an order, the other may have meant it.
        return Verdict.UNVERIFIED if as_sets is Verdict.VERIFIED and as_sets is not _all(in_order) else as_sets
    return as_sets


def _all(verdicts: Sequence[Verdict]) -> Verdict:
    return min(verdicts, key=_STRENGTH.index)


def _by_name(left: Reading, right: Reading) -> Verdict:
    if set(left.names) != set(right.names):
        return Verdict.UNVERIFIED
    named = dict(zip(right.names, right.values, strict=True))
    return _all([_same(value, named[name]) for name, value in zip(left.names, left.values, strict=True)])


def _match(left: Reading, right: Reading) -> list[Verdict]:
    """Each value of one set against the other set's: the best verdict that each finds."""
    rest = list(right.values)
    verdicts: list[Verdict] = []
    for value in left.values:
        found = [_same(value, other) for other in rest]
        best = max(found, key=_STRENGTH.index)
        if best is not Verdict.REFUTED:
            rest.pop(found.index(best))
        verdicts.append(best)
        if not rest:
            break
    return verdicts + [Verdict.REFUTED] * (len(left.values) - len(verdicts))


def _same(a: Value, b: Value) -> Verdict:
    if a.percent and not b.percent:
        return _same_percent(a, b)
    if b.percent and not a.percent:
        return _same_percent(b, a)
    verdict = _values(a, b)
    if _units_differ(a, b) or a.open_base is not b.open_base:
        return Verdict.UNVERIFIED
    if verdict is Verdict.VERIFIED and a.name is not None and b.name is not None and a.name != b.name:
        return Verdict.UNVERIFIED
    if verdict is Verdict.REFUTED and (a.doubtful or b.doubtful):
        return Verdict.UNVERIFIED
    return verdict


def _same_percent(percent: Value, other: Value) -> Verdict:
    """A percentage against a number without the sign, which may count hundredths or the whole."""
    decimals = other.decimals - 2 if other.decimals is not None else None
    as_share = _values(percent, replace(other, value=other.value * 100, decimals=decimals))
    as_number = _values(percent, other)
    if as_number is Verdict.VERIFIED and as_share is not Verdict.VERIFIED:
        small = percent.value.is_number and bool(abs(percent.value) <= 1)
        as_number = Verdict.UNVERIFIED if small else as_number
    verdict = max(as_share, as_number, key=_STRENGTH.index)
    return Verdict.UNVERIFIED if verdict is Verdict.VERIFIED and other.units - percent.units else verdict


def _units_differ(a: Value, b: Value) -> bool:
    if not (a.units and b.units):
        return False
    return not (a.units <= b.units or b.units <= a.units) or bool((a.units ^ b.units) & _DIMENSIONS)


def _values(a: Value, b: Value) -> Verdict:
    """The verdict on two values, of which one may be the other, rounded."""
    verdict = _equal(a.value, b.value)
    if verdict is not Verdict.REFUTED:
        return verdict
    return max(_rounds_to(a.value, b), _rounds_to(b.value, a), key=_STRENGTH.index)


def _equal(a: sympy.Expr, b: sympy.Expr) -> Verdict:
    if a == b:
        return Verdict.VERIFIED
    if a.is_Rational and b.is_Rational:
        return Verdict.REFUTED
    difference = sympy.expand(a - b)
    if difference == 0:
        return Verdict.VERIFIED
    if _is_seen_to_differ(difference):
        return Verdict.REFUTED
    return Verdict.VERIFIED if sympy.simplify(difference) == 0 else Verdict.UNVERIFIED


def _is_seen_to_differ(difference: sympy.Expr) -> bool:
    """Whether it is not zero at some rational point, to 50 digits; points outside its domain are left out."""
    names = sorted(difference.free_symbols, key=str)
    points = [(3, 7), (11, 5), (-2, 13), (17, 3)] if names else [(1, 1)]
    for number, (p, q) in enumerate(points):
        place = {name: sympy.Rational(p + 2 * k, q + number) for k, name in enumerate(names)}
        value = difference.subs(place).evalf(50)
        if value.is_number and value.is_finite and abs(value) > sympy.Rational(1, 10**30):
            return True
    return False


def _rounds_to(exact: sympy.Expr, shown: Value) -> Verdict:
    """Verified where `shown`, with the digits it was written with, is `exact` rounded to them; unverified where
    it might be, but shows too few digits to tell a rounding from another answer, or `exact` needed none."""
    if shown.decimals is None or not (exact.is_number and exact.is_real and shown.value.is_Rational):
        return Verdict.REFUTED
    unit = sympy.Integer(10) ** -shown.decimals
    distance = abs(exact - shown.value)
    cut_off = shown.truncated and distance < unit and abs(exact) > abs(shown.value)
    if not (cut_off or distance <= unit / 2):
        return Verdict.REFUTED
    digits = len(str(abs(int(shown.value / unit))))
    needed = not (exact * 100).is_Integer  # two decimals, as of money, are seldom cut to one
    behind_point = shown.decimals >= 1
    return Verdict.VERIFIED if digits >= SIGNIFICANT_DIGITS and needed and behind_point else Verdict.UNVERIFIED
