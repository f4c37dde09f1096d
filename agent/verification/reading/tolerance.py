"""Knows how exact values are written by hand (rounded, as money, as fractions); serves the claims."""

from __future__ import annotations

import re
from fractions import Fraction

_DECIMAL = re.compile(r"-?[0-9]*(?:\.([0-9]*))?")
_LATEX_FRACTION = re.compile(r"(\\[dtc]?frac)\s*(?:\{\s*-?[0-9]+\s*\}|[0-9])\s*(?:\{\s*[0-9]+\s*\}|[0-9])")
_SLASH_FRACTION = re.compile(r"[0-9]+(\s*/\s*)[0-9]+")
_MIXED_NUMBER = re.compile(r"[0-9]+ [0-9]+/[0-9]+")
_MAX_DIGITS = 30


def decimals(written: str) -> int:
    """How many digits stand behind the decimal point of a written number; 0 for a whole number."""
    _, _, behind = written.partition(".")
    return len(behind) if behind.isdecimal() else 0


def is_rounding(value: Fraction, written: str) -> bool:
    """Whether the decimal number `written` is `value` rounded (either way at a half) or truncated."""
    places = decimals(written)
    digits = re.sub(r"[^0-9.]", "", written)
    if not places or digits.count(".") != 1 or not digits.strip("0."):
        return False
    shown, unit = Fraction(digits), Fraction(1, 10**places)
    error = shown - abs(value)
    return abs(error) <= unit / 2 or -unit < error <= 0


def is_near(value: Fraction, shown: Fraction, written: str) -> bool | None:
    """Whether `shown` passes for "about" `value`: yes within its digits or 2 %, no beyond 20 %, else None."""
    digits = re.sub(r"[^0-9.]", "", written)
    zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits and digits.strip("0") else 0
    unit = Fraction(10**zeros) if not decimals(written) else Fraction(1, 10 ** decimals(written))
    error = abs(value - shown)
    if error < unit or error <= abs(value) / 50:
        return True
    return False if error > abs(value) / 5 else None


def rewritten(value: Fraction, like: str, money: bool = False) -> str | None:
    """`value` in the style of the number `like`: None where that style cannot hold it in a readable way."""
    if len(str(value.numerator)) + len(str(value.denominator)) > _MAX_DIGITS:
        return None
    like = like.strip()
    command = _LATEX_FRACTION.fullmatch(like)
    slash = _SLASH_FRACTION.fullmatch(like)
    mixed = _MIXED_NUMBER.fullmatch(like)
    sign = "-" if value < 0 else ""
    top, bottom = abs(value.numerator), value.denominator
    if command:
        return f"{sign}{top}" if bottom == 1 else f"{sign}{command[1]}{{{top}}}{{{bottom}}}"
    if slash:
        return f"{sign}{top}" if bottom == 1 else f"{sign}{top}{slash[1]}{bottom}"
    if mixed:
        whole, rest = divmod(top, bottom)
        return f"{sign}{whole}" if not rest else f"{sign}{whole or ''} {rest}/{bottom}".replace("  ", " ").strip()
    if not re.fullmatch(r"[0-9]{1,3}(?:(?:,\\!|,|\{,\}|\\,|\\!)[0-9]{3})+(?:\.[0-9]+)?|[0-9]*(?:\.[0-9]+)?", like):
        return None
    separator = re.search(r"(?<=[0-9])(?:,\\!|,|\{,\}|\\,|\\!)(?=[0-9]{3})", like)
    return sign + _decimal(abs(value), decimals(like), money, separator[0] if separator else "")


def _decimal(value: Fraction, shown: int, money: bool, separator: str) -> str:
    places = next((n for n in range(5) if (value * 10**n).denominator == 1), None)
    if places is None:
        places = max(2, min(shown, 4))
    elif money and (shown == 2 or places):
        places = max(places, 2)
    scaled = (value * 10**places + Fraction(1, 2)).__floor__()
    whole, behind = divmod(scaled, 10**places)
    grouped = f"{whole:,}".replace(",", separator) if separator else str(whole)
    return f"{grouped}.{behind:0{places}d}" if places else grouped
