"""Knows how numbers, amounts of money, clock times and nouns are written in a problem; serves the families.

Every number is written exactly: nothing here rounds. Whatever cannot be written exactly raises ValueError.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from index.families.stories import STORIES

if TYPE_CHECKING:
    import sympy

Exact: TypeAlias = "int | Fraction | sympy.Rational"

EVERYWHERE = tuple(STORIES)
MAX_PLACES = 6
_MINUTES_A_DAY = 24 * 60
_PARTS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 6: "a sixth", 8: "an eighth", 10: "a tenth"}
# "an hour" but "a unit" are sounds, not letters; no noun of a story needs more than the letter.
_VOWELS = "aeiou"


def pick(rng: Random, *wordings: str) -> str:
    """One of the wordings, each as likely as the next."""
    return rng.choice(wordings)


def number(value: Exact) -> str:
    """A whole number or a terminating decimal in plain digits ("1200", "2.75"), any other as "5/3"."""
    exact = _exact(value)
    for places in range(MAX_PLACES + 1):
        if 10**places % exact.denominator == 0:
            return _decimal(exact, places)
    return fraction(value)


def fraction(value: Exact) -> str:
    """In lowest terms: "3/4", "7"."""
    return str(_exact(value))


def mixed(value: Exact) -> str:
    """As a cook writes it: "2 1/2", "3/4", "5"."""
    exact = _exact(value)
    if exact < 0:
        raise ValueError(f"a mixed number is not negative: {exact}")
    whole, rest = divmod(exact, 1)
    return f"{whole} {rest}" if whole and rest else str(whole or rest)


def money(value: Exact) -> str:
    """Dollars, with cents only where there are any: "$12", "$12.50". Raises ValueError for parts of a cent."""
    exact = _exact(value)
    if exact < 0 or 100 % exact.denominator:
        raise ValueError(f"no amount of money that can be paid: {exact}")
    return "$" + _decimal(exact, 0 if exact.denominator == 1 else 2)


def plural(count: Exact, singular: str, several: str) -> str:
    """A number with its noun: "1 box", "3 boxes", "0.5 boxes"."""
    return f"{number(count)} {singular if count == 1 else several}"


def a(noun: str) -> str:
    """With its indefinite article: "a rover", "an oven"."""
    return f"an {noun}" if noun[0].lower() in _VOWELS else f"a {noun}"


def part_of(denominator: int) -> str:
    """One part in words: "half", "a third", "a quarter"."""
    return _PARTS[denominator]


def clock(minutes: int) -> str:
    """Minutes after midnight on a 12-hour clock: 555 is "9:15 AM", 720 is "noon"."""
    if not 0 <= minutes < _MINUTES_A_DAY:
        raise ValueError(f"a day has {_MINUTES_A_DAY} minutes, so there is no minute {minutes}")
    if minutes == _MINUTES_A_DAY // 2:
        return "noon"
    hour, minute = divmod(minutes, 60)
    return f"{(hour - 1) % 12 + 1}:{minute:02d} {'AM' if hour < 12 else 'PM'}"


def duration(minutes: int) -> str:
    """Minutes as hours and minutes: "1 hour 20 minutes", "45 minutes", "2 hours"."""
    hours, rest = divmod(minutes, 60)
    parts = [plural(hours, "hour", "hours")] * bool(hours) + [plural(rest, "minute", "minutes")] * bool(rest)
    return " ".join(parts) or "0 minutes"


def _exact(value: Exact) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(int(value.numerator), int(value.denominator))


def _decimal(exact: Fraction, places: int) -> str:
    scaled = exact * 10**places
    digits = f"{abs(int(scaled)):0{places + 1}d}"
    shown = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}" if places else digits
    return f"-{shown}" if exact < 0 else shown
