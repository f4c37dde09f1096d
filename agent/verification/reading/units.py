"""Which words behind a number are its unit, and which change its value. Serves derivations and answers."""

from __future__ import annotations

import re
import string

from agent.verification.reading.language import FUNCTIONS

SCALES = {
    "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
}  # fmt: skip

# Two letters behind a number may be a product (2 ab), so that short units are listed.
_SHORT_UNITS = {
    "am", "cc", "cl", "cm", "dl", "dm", "ft", "gb", "hr", "hz", "in", "kb", "kg", "km", "kw", "lb", "mb", "mg", "mi",
    "ml", "mm", "mw", "oz", "pm", "pt", "qt", "tb", "yd", "yr", "hrs", "lbs", "mph", "kph", "yrs", "kwh", "min", "sec",
    "mins", "secs", "days", "m/s", "ft/s", "km/h", "mi/h", "km/hr", "mi/hr", "g/ml", "st", "nd", "rd", "th",
}  # fmt: skip

# "5 squared", "5 thirds", "5 less than x": what these stand behind is not yet the value.
_CHANGING_WORDS = {
    "of", "than", "to", "or", "by", "plus", "minus", "divided", "multiplied", "mod", "modulo", "base", "remainder",
    "squared", "cubed", "factorial", "below", "under", "doubled", "tripled", "percent", "percents", "pi",
    "half", "halves", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fifth", "fifths", "sixth",
    "sixths", "seventh", "sevenths", "eighth", "eighths", "ninth", "ninths", "tenth", "tenths", "hundredth",
    "hundredths", "thousandth", "thousandths", "ones", "tens", "hundreds", "thousands", "millions", "billions",
    "dozens", "score", "gross", "negative", "positive", "radical", "root", "infinity", "alpha", "beta", "gamma",
    "delta", "theta", "lambda", "omega", "phi", "sigma", "choose", "factor", "power", "degree", "not", "non",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z°][A-Za-z°.'-]*(?:/[A-Za-z]+)?(?:\^\(?-?[23]\)?)?")


def is_unit(word: str) -> bool:
    """Whether a word behind a number names what is counted or measured ("dollars", "cm^2", "apples").

    A single letter is a variable, and two or three that spell no known unit and no word may be a product of
    variables; number words and words of calculation change the value.
    """
    bare = re.sub(r"\^.*$", "", word).strip(".").lower()
    if not _WORD.fullmatch(word) or bare in _CHANGING_WORDS | SCALES.keys() or bare in FUNCTIONS:
        return False
    if bare in _SHORT_UNITS or bare.startswith("°"):
        return True
    return len(bare) > 2 and bare not in string.ascii_lowercase and bool(re.search("[aeiouy]", bare))


def is_glued_unit(word: str) -> bool:
    """Whether letters right behind a number ("5cm") are its unit: only known ones, for "5xy" is a product."""
    bare = re.sub(r"\^.*$", "", word).strip(".").lower()
    return bare in _SHORT_UNITS or bare.startswith("°")


def unit_names(words: list[str]) -> frozenset[str]:
    """Units in a form in which "Dollars" and "dollar" are one."""
    return frozenset(re.sub(r"(?<=[a-z]{2})s$", "", word.strip(".").lower()) for word in words)
