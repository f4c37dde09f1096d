"""The guard before every hint: does it state the answer, or a result that is still to be found, in any form?

A secret leaks as digits, in words, as a fraction, as per cent, as a rounded decimal, in another unit, or as a
calculation that comes to it. What the problem itself says is no leak, unless it is stated as a result. The guard
errs on the side of silence: a hint that it stops wrongly is only replaced by one that says less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.errors import Unreadable
from agent.teaching.numbers import Stated, plain, stated_values
from agent.verification.recognition.formulas import read_formula
from agent.verification.symbolic.formula_tree import read_tree, value_at

# How many of the first unit of a row make one of another: a value in one is the same as another value in another.
_DIMENSIONS: tuple[dict[str, Fraction], ...] = (
    {"second": Fraction(1), "sec": Fraction(1), "s": Fraction(1), "minute": Fraction(60), "min": Fraction(60),
     "hour": Fraction(3600), "h": Fraction(3600), "hr": Fraction(3600), "day": Fraction(86400),
     "week": Fraction(604800), "month": Fraction(2629800), "year": Fraction(31557600)},
    {"millimeter": Fraction(1), "mm": Fraction(1), "centimeter": Fraction(10), "cm": Fraction(10),
     "decimeter": Fraction(100), "dm": Fraction(100), "meter": Fraction(1000), "m": Fraction(1000),
     "kilometer": Fraction(10**6), "km": Fraction(10**6)},
    {"inch": Fraction(1), "in": Fraction(1), "foot": Fraction(12), "feet": Fraction(12), "ft": Fraction(12),
     "yard": Fraction(36), "yd": Fraction(36), "mile": Fraction(63360), "mi": Fraction(63360)},
    {"milligram": Fraction(1), "mg": Fraction(1), "gram": Fraction(1000), "g": Fraction(1000),
     "kilogram": Fraction(10**6), "kg": Fraction(10**6), "ton": Fraction(10**9), "tonne": Fraction(10**9)},
    {"ounce": Fraction(1), "oz": Fraction(1), "pound": Fraction(16), "lb": Fraction(16)},
    {"milliliter": Fraction(1), "ml": Fraction(1), "centiliter": Fraction(10), "cl": Fraction(10),
     "liter": Fraction(1000), "l": Fraction(1000)},
    {"cent": Fraction(1), "penny": Fraction(1), "pence": Fraction(1), "p": Fraction(1), "dollar": Fraction(100),
     "euro": Fraction(100)},
    {"piece": Fraction(1), "dozen": Fraction(12)},
)  # fmt: skip
_STATES_RESULT = re.compile(
    r"(?:=|≈|\bequals?|\b(?:is|are|be|becomes|get|gets|gives?|makes?|obtain|leaves|reach|find|yields?|comes? to)"
    r"|\b(?:answer|result|solution|total|sum|product|difference|quotient)s?(?:\s+(?:is|are|be|of)|\s*:)?)"
    r"\s*(?:about|exactly|just|only|then|therefore|now)?[\s(*]*$",
    re.I,
)
_MATHEMATICS = re.compile(r"(?:(?<![A-Za-z])[A-Za-z](?![A-Za-z])|\d|[-+*/^().]|\s|sqrt|sin|cos|tan|ln|exp|log|pi)+")
_POINTS = (Fraction(3, 7), Fraction(11, 5), Fraction(17, 3))
_QUANTITY = re.compile(r"\s*-?\d[\d.,/ ]*\s[A-Za-z%][A-Za-z%/]*(?:\^?\d)?\s*")
MAX_SECRETS = 40


@dataclass(frozen=True, slots=True)
class Secret:
    """What must not be said: a value, or `text` that is no single number.

    With `as_calculation` a calculation that comes to it is a leak as well; the result of the very calculation that a
    hint sets as a task is a secret without.
    """

    value: Fraction | None
    text: str
    unit: str = ""
    as_calculation: bool = True


def secrets_of(results: Iterable[str], *, as_calculation: bool = True) -> list[Secret]:
    """The secrets in results as they are written: "72 km/h", "37/4", "x = 2 or x = 3", "3x^2 - 4"."""
    found: list[Secret] = []
    for result in results:
        ready = plain(result)
        for side in re.split(r"[=<>≤≥≈;]|\bor\b|\band\b|,(?!\d{3})", ready):
            stated = stated_values(side)
            in_letters = re.search(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])|sqrt|\bpi\b|\d:\d", side)
            if not stated or (in_letters and not _QUANTITY.fullmatch(side)):
                found += _in_letters(side.strip(" ."), as_calculation)
            else:
                whole = max(stated, key=lambda one: one.end - one.start)
                found.append(Secret(whole.value, result, whole.unit, as_calculation))
    return found[:MAX_SECRETS]


def _in_letters(side: str, as_calculation: bool) -> list[Secret]:
    """An expression, a time of day, a word; with its decimal value where it is a number."""
    if len(side) < 2:  # the name of an unknown
        return []
    secrets = [Secret(None, side, "", as_calculation)]
    values = _at_points(side)
    if values is not None and len(values) == len(_POINTS):
        secrets.append(Secret(Fraction(values[0]), side, "", as_calculation))
    return secrets


def leaks(hint: str, secrets: Sequence[Secret], problem: str) -> list[str]:
    """What the hint gives away, each as it stands in the (plain) text; nothing where it is safe to show."""
    text = plain(_without_quotations(hint, problem))
    stated = stated_values(text)
    given = {one.value for one in stated_values(problem) if not one.calculated}
    found: list[str] = []
    for secret in secrets:
        if secret.value is None:
            found += _texts(text, secret, problem)
            continue
        for one in stated:
            if _gives_away(one, secret, given, text):
                found.append(text[one.start : one.end])
    return list(dict.fromkeys(found))


def _without_quotations(hint: str, problem: str) -> str:
    """The hint without the sentences that it takes from the problem word for word."""
    for sentence in re.split(r"(?<=[.?!])\s+|\n+", problem):
        if len(sentence) > 8:
            hint = hint.replace(sentence.strip(), " … ")
    return hint


def _gives_away(one: Stated, secret: Secret, given: set[Fraction], text: str) -> bool:
    assert secret.value is not None  # noqa: S101 - leaks() asks
    if one.calculated:
        return secret.as_calculation and one.value == secret.value
    same = one.value == secret.value or _rounded(one, secret.value, text) or _as_percent(one, secret)
    if not same and not _converted(one, secret):
        return False
    return one.value not in given or bool(_STATES_RESULT.search(text[: one.start]))


def _rounded(one: Stated, secret: Fraction, text: str) -> bool:
    """Whether a decimal is the secret, rounded or cut to its places."""
    places = len(text[one.start : one.end].partition(".")[2])
    return places > 0 and secret.denominator > 1 and abs(one.value - secret) < Fraction(1, 10**places)


def _as_percent(one: Stated, secret: Secret) -> bool:
    assert secret.value is not None  # noqa: S101
    if one.unit == "%" and secret.unit != "%":
        return one.value * 100 == secret.value
    return one.unit != "%" and secret.unit == "%" and one.value == secret.value * 100


def _converted(one: Stated, secret: Secret) -> bool:
    """Whether it is the secret in another unit; a secret without a unit may have any."""
    assert secret.value is not None  # noqa: S101
    for dimension in _DIMENSIONS:
        size = _size(one.unit, dimension)
        if size is None:
            continue
        own = _size(secret.unit, dimension)
        sizes = {own} if own is not None else set(dimension.values()) if not _has_dimension(secret.unit) else set()
        if any(one.value * size == secret.value * other for other in sizes):
            return True
    return False


def _size(unit: str, dimension: dict[str, Fraction]) -> Fraction | None:
    unit = unit.lower().replace("metre", "meter").replace("litre", "liter")
    return dimension.get(unit) or dimension.get(unit.removesuffix("s")) or dimension.get(unit.removesuffix("es"))


def _has_dimension(unit: str) -> bool:
    return any(_size(unit, dimension) is not None for dimension in _DIMENSIONS)


def _texts(text: str, secret: Secret, problem: str) -> list[str]:
    """Where a secret that is no number stands in the text: letter by letter, or as an equal expression."""
    wanted = _compact(secret.text)
    if wanted and wanted in _compact(text) and wanted not in _compact(plain(problem)):
        return [secret.text]
    values = _at_points(secret.text)
    if not secret.as_calculation or values is None:
        return []
    in_problem = {_at_points(run) for run in _formulas(plain(problem))}
    return [
        run
        for run in _formulas(text)
        if (found := _at_points(run)) == values and (found not in in_problem or _compact(run) == wanted)
    ]


def _compact(text: str) -> str:
    return re.sub(r"[\s*]", "", plain(text)).lower()


def _formulas(text: str) -> list[str]:
    return [
        run.strip(" .") for part in re.split(r"[=<>,;:]", text) for run in _MATHEMATICS.findall(part) if run.strip(" .")
    ]


def _at_points(text: str) -> tuple[str, ...] | None:
    """The values of an expression in one unknown at a few points, None where it is none."""
    formula = read_formula(text[:200])
    if formula is None or len(formula.names) > 2:
        return None
    names = sorted(formula.names)
    try:
        tree = read_tree(formula.text)
        values = [value_at(tree, {name: point + place for place, name in enumerate(names)}) for point in _POINTS]
    except (Unreadable, OverflowError):
        return None
    return (*names, *(f"{float(value):.9g}" for value in values))
