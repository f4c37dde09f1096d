"""Units of measure behind numbers: what they measure, and exact conversions between them. Serves the claims.

The units are pint's. Words are only ever looked up as names: no text is parsed as an expression.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

# What a step of school mathematics measures with. Prefixes stand only before those of the metric system.
_MEASURES = {
    "meter", "foot", "inch", "yard", "mile", "gram", "pound", "ounce", "second", "minute", "hour", "day", "week",
    "liter", "gallon", "quart", "pint", "cup", "tablespoon", "teaspoon",
}  # fmt: skip
_METRIC = {"meter", "gram", "liter"}
_PREFIXES = {"", "kilo", "hecto", "deci", "centi", "milli"}  # "Mg" is more often milligrams than megagrams
# Five working days make a week for some: a false number of them refutes nothing.
_LOOSE = {"day", "week"}
_OTHER_WORDS = {"in"}  # more often a word than inches
_POWERS = {"square": 2, "sq": 2, "cubic": 3, "cu": 3}
_POWER_BEHIND = re.compile(r"(?:\^\{?\(?([23])\)?\}?|([²³]))$")
_NAME = re.compile(r"[A-Za-z]{1,14}")


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit to a power: `name` is pint's ("kilometer"), `base` without its prefix ("meter")."""

    name: str
    base: str
    power: int = 1

    @property
    def loose(self) -> bool:
        return self.base in _LOOSE

    @property
    def metric(self) -> bool:
        return self.base in _METRIC


def measure(words: str) -> Measure | None:
    """The unit that words behind a number name ("km", "square meters", "cm^2"), None where they name none of ours."""
    parts = words.strip(" .").split()
    power = 1
    if len(parts) == 2 and parts[0].lower() in _POWERS:
        power, parts = _POWERS[parts[0].lower()], parts[1:]
    if len(parts) != 1:
        return None
    behind = _POWER_BEHIND.search(parts[0])
    if behind is not None and power == 1:
        power = int(behind[1] or {"²": "2", "³": "3"}[behind[2]])
        parts = [parts[0][: behind.start()]]
    if not _NAME.fullmatch(parts[0]) or parts[0].lower() in _OTHER_WORDS:
        return None
    found = _looked_up(parts[0]) or _looked_up(parts[0].lower())
    return None if found is None else Measure(*found, power)


def same_kind(first: Measure, second: Measure) -> bool:
    """Whether two units measure the same: lengths, areas, volumes, masses, times."""
    return bool(_unit(first).dimensionality == _unit(second).dimensionality)


def converted(value: Fraction, unit: Measure, to: Measure) -> Fraction | None:
    """The exact value in another unit, None where the two measure different things."""
    if not same_kind(unit, to):
        return None
    factor = _registry().Quantity(Fraction(1), _unit(unit)).to(_unit(to)).magnitude
    return value * Fraction(factor)


@cache
def _looked_up(name: str) -> tuple[str, str] | None:
    for prefix, base, _suffix in _registry().parse_unit_name(name):
        if base in _MEASURES and prefix in _PREFIXES and (not prefix or base in _METRIC):
            return f"{prefix}{base}", base
    return None


def _unit(unit: Measure) -> Any:
    return getattr(_registry(), unit.name) ** unit.power


@cache
def _registry() -> Any:
    import pint  # half a second, in the worker only, and only once a unit is met

    return pint.UnitRegistry(non_int_type=Fraction)
