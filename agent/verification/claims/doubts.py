"""Knows what makes a calculation that looks false possibly meant otherwise; serves the claims.

A refutation is shown to the student as a fact, so every ground for doubt here turns it into "unverified".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from agent.verification.claims.readings import (
    as_compound_fraction,
    as_fraction,
    exact_value,
    expression,
    from_left_to_right,
    spread,
    without_mixed_numbers,
)
from agent.verification.claims.statements import Quantity, Statement
from agent.verification.reading.extraction import Kind
from agent.verification.reading.tolerance import decimals

_HYPOTHETICAL = re.compile(
    r"(?i)\b(?:suppose|assum\w*|contradict\w*|impossible|absurd|cannot|can't|never|false|wrong|incorrect\w*"
    r"|(?:is|are|does|do|did|would) not|not (?:equal|true|correct|possible|valid)|mistake\w*|error|instead"
    r"|unless|guess\w*|no solution|fails?|extraneous|isn't|doesn't|don't)\b"
)
_OTHER_ARITHMETIC = re.compile(
    r"(?i)\b(?:mod|modulo|modular|binary|octal|hexadecimal|congruent|(?:units?|ones|last) digit|parity"
    r"|remainders?|ratios?|o'clock|a\.m|am|p\.m|pm"
    r"|clock|vectors?|matri\w+)\b|\\(?:pmod|bmod|mod|equiv|begin\{[bp]?matrix)"
)
_LASTING = re.compile(
    r"(?i)\b(?:mod|modulo|modular|congruen\w+|binary|octal|hexadecimal"
    r"|(?:units?|ones|last) digit|parity"
    r"|base[ -](?:[0-9]+|[a-z]|two|three|four|five|six|seven|eight|nine|twelve))\b"
    r"|\\pmod|[0-9]_\{?[0-9b]|\bdefine[^.]{0,80}\boperation|\boperation\b[^.]{0,80}\bdefine"
    r"|\b[a-z]\s?(?:[*@#]|\\(?:ast|star|circ|diamond))\s?[a-z]\s?="
)
_WHOLE = re.compile(
    r"(?i)\b(?:whole|integers?|floor|ceiling|truncat\w*|complete|completely|full|left ?over|quotient|round\w*"
    r"|at least|at most|nearest|up to|extra|drop\w*|estimat\w*"
    r"|remain\w*|left|about|approx\w*|roughly|nearly|almost|around"
    r"|minimum|maximum)\b|\\l?(?:floor|ceil)"
)
_MULTIPLIERS = {
    "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "dozen", "dozens",
    "k", "pair", "pairs", "¢", "score", "percent", "percentage", "r", "mod", "remainder", "base",
    "squared", "cubed", "factorial", "halves", "thirds", "quarters", "fourths", "fifths", "sixths",
    "eighths", "tenths",
}  # fmt: skip
_POWERS_OF_TEN = {"hundred", "thousand", "million", "billion", "trillion", "dozen", "squared", "cubed"}
_PRECEDING = {"at", "than", "by", "times", "minus", "plus"}
_TOTALS = (["total"], ["sum"], ["altogether"])
_PARTS = {
    "half", "halves", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fifth", "fifths",
    "sixth", "eighth", "tenth", "twice", "double", "triple", "thrice", "percent", "%", "fraction",
    "multiple", "hundred", "thousand", "million", "dozen", "root", "squared", "cubed", "sum", "product",
    "difference", "average", "mean", "median", "power",
}  # fmt: skip
_SCALED = {
    "second", "minute", "hour", "day", "week", "fortnight", "month", "quarter", "year", "decade",
    "century", "inch", "inche", "foot", "feet", "yard", "mile", "cm", "mm", "m", "km", "meter", "metre",
    "centimeter", "centimetre", "kilometer", "kilometre", "g", "kg", "mg", "gram", "kilogram", "ton",
    "tonne", "pound", "lb", "lbs", "ounce", "oz", "ml", "l", "liter", "litre", "milliliter", "gallon",
    "quart", "pint", "cup", "tablespoon", "teaspoon", "cent", "penny", "pennie", "nickel", "dime",
    "dollar", "dozen", "pair", "thousand", "million", "hundred", "mph", "kph", "kmh", "ft", "in", "yd",
    "mi", "min", "hr", "sec", "s", "h", "degree", "radian",
}  # fmt: skip
_CONTAINERS = {
    "box", "boxe", "case", "bag", "pack", "packet", "package", "set", "group", "bunch", "carton",
    "crate", "row", "tray", "bundle", "roll", "deck", "basket", "jar", "bottle", "can", "trip",
}  # fmt: skip
_LABELS = {
    "step", "day", "week", "month", "year", "part", "case", "option", "question", "problem", "grade",
    "chapter", "equation", "room", "number", "no", "row", "column", "round", "game", "level", "page",
    "line", "figure",
}  # fmt: skip
# Ratios between units of one kind: time, length, mass, volume, money, per cent, dozens.
_BASIC_FACTORS = (2, 3, 4, 7, 10, 12, 16, 24, 30, 36, 52, 60, 100, 365, 1000, 1760, 2000, 5280)
_FACTORS = frozenset(
    Fraction(a * b) ** power for a in (1, *_BASIC_FACTORS) for b in _BASIC_FACTORS for power in (1, -1)
)
_HUNDREDS = {Fraction(100), Fraction(1, 100), Fraction(1000), Fraction(1, 1000)}
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Background:
    """What the step builds on: the problem, and the problem with all earlier steps."""

    problem: str
    everything: str


def changes_size(left: Quantity, right: Quantity) -> str:
    """A word such as "million" beside a number, which changes what the number is; "" where there is none."""
    words = [unit.split()[0] for unit in left.units] + list(right.trailing[:1]) + [u.split()[0] for u in right.units]
    return next((word for word in words if word in _POWERS_OF_TEN), "")


def doubt(statement: Statement, left: Quantity, right: Quantity, text: str, given: Background) -> str:
    """Why a statement that is false as it stands may be meant otherwise; "" where there is no such reason."""
    context = sentence(text, statement.start, statement.end)
    return (
        doubtful_words(context, given)
        or _doubtful_left(left, right, text)
        or _doubtful_right(right)
        or ("The exclamation mark may be a factorial." if text[right.end : right.end + 1] == "!" else "")
        or _doubtful_units(left, right, text, context)
        or _doubtful_arithmetic(left, right, text, context)
        or _doubtful_rounding(left, right, text, given)
    )


def context_doubt(statement: Statement, text: str, given: Background) -> str:
    """Why the sentence around a statement may not state it as a fact; "" where it does."""
    return doubtful_words(sentence(text, statement.start, statement.end), given)


def sentence(text: str, start: int, end: int) -> str:
    """The line around a statement, cut at the ends of its sentence; at most 400 characters on each side."""
    before = re.split(r"\n|[.?!;]\s", text[max(start - 400, 0) : start])[-1]
    after = re.split(r"\n|(?<=[.?!;])\s", text[end : end + 400], maxsplit=1)[0]
    return before + text[start:end] + after


def doubtful_words(context: str, given: Background) -> str:
    """Why words like these may not state what stands among them as a fact; "" where they do."""
    if context.rstrip().rstrip("*_)$").endswith("?"):
        return "The sentence asks rather than states."
    word = _HYPOTHETICAL.search(context)
    if word:
        return f"The sentence may not state this as a fact (“{word[0]}”)."
    word = _OTHER_ARITHMETIC.search(context) or _LASTING.search(given.everything)
    return f"The numbers may belong to another kind of arithmetic (“{word[0]}”)." if word else ""


def _doubtful_left(left: Quantity, right: Quantity, text: str) -> str:
    if left.number is not None:
        return "A single number on the left may be a name or a condition, not a calculation."
    before = [word.lower() for word in left.before]
    if before and (before[-1] in _LABELS | _PRECEDING or set(before[-3:]) & _PARTS or before == ["of"]):
        return f"The words before it (“{' '.join(before[-3:])}”) may belong to the calculation."
    if before[-1:] == ["of"] and before[-2:-1] not in _TOTALS and _names_a_number(left, text):
        return "The number may belong to a name (“the cost of 12 pens”)."
    if left.has(Kind.FUNCTION):
        return "Functions may be meant with another base or another unit of angle."
    if any(len(unit) == 1 and unit != "a" for unit in left.units):
        return "The letter beside a number may be an unknown."
    if any(unit.startswith("of ") for unit in left.units):
        return "It is a part of something that has no number here."
    if right.has(Kind.CURRENCY) and _is_proper_fraction([token.value for token in left.tokens]):
        return "The fraction may be a part of an amount."
    if _takes_part_of_sum(left):
        return "It is not clear how far the part that is taken reaches."
    if any(b.value == "+" and a.kind is Kind.OPERATOR for a, b in pairwise(left.tokens)):
        return "Two signs stand side by side."
    if _is_range(left):
        return "This may be a range or a name."
    bullet = text[max(left.start - 6, 0) : left.start].rpartition("\n")[2].strip()
    if (before and left.tokens[0].kind is Kind.OPERATOR) or bullet in {"-", "−", "–", "+"}:
        return "The sign in front may be a dash or a minus."
    return ""


def _names_a_number(left: Quantity, text: str) -> bool:
    """The cost of 12 pens + 5: the first number has a noun of its own behind it."""
    first = left.tokens[0]
    return first.kind is Kind.NUMBER and re.match(r"\s+[A-Za-z]{3,}", text[first.end : first.end + 8]) is not None


def _takes_part_of_sum(left: Quantity) -> bool:
    """10% of the 400 + 1580: a part is taken, and a sum follows."""
    taken = [place for place, token in enumerate(left.tokens) if token.value == " * "]
    later = left.tokens[taken[0] :] if taken else ()
    return any(token.kind is Kind.OPERATOR and token.value in {"+", "-"} for token in later)


def _is_proper_fraction(spelling: list[str]) -> bool:
    if len(spelling) != 3 or spelling[1] != "/" or not (spelling[0].isdecimal() and spelling[2].isdecimal()):
        return False
    return int(spelling[0][:15]) < int(spelling[2][:15])


def _is_range(left: Quantity) -> bool:
    """3-5 or 3-4-5: whole numbers that only tight hyphens join, the second not smaller than the first."""
    numbers, hyphens = left.tokens[::2], left.tokens[1::2]
    tight = all(a.end == b.start for a, b in pairwise(left.tokens))
    plain = all(token.kind is Kind.NUMBER and token.value.isdecimal() for token in numbers)
    if not (tight and plain and all(token.value == "-" for token in hyphens)):
        return False
    return int(numbers[0].value[:15]) < int(numbers[1].value[:15])


def _doubtful_right(right: Quantity) -> str:
    if right.blocked:
        return f"What follows the result (“{right.blocked}”) may belong to it."
    if any(token.value == " * " for token in right.tokens):
        return "It is not clear what the part on the right is taken of."
    number = right.number
    part_of = right.trailing[:1] == ("of",) and (number is None or number.kind is not Kind.NUMBER)
    if part_of or (right.trailing and right.trailing[0] in _MULTIPLIERS):
        return f"The word “{right.trailing[0]}” may change the result's size."
    return ""


def _doubtful_units(left: Quantity, right: Quantity, text: str, context: str) -> str:
    words = {_singular(unit.split()[0]) for unit in left.units}
    adds = any(token.value in {"+", "-"} for token in left.tokens)
    if adds and words & (_SCALED | _CONTAINERS) and len(words) > 1:
        return "Different units are added."
    value, result = (as_fraction(exact_value(expression(side, text))) for side in (left, right))
    if not value or not result:
        return ""
    scaled = {_singular(word) for word in _WORD.findall(context.lower())} & _SCALED
    money = "$" in context or left.has(Kind.CURRENCY, Kind.PERCENT) or right.has(Kind.CURRENCY, Kind.PERCENT)
    same = bool(words) and bool(right.trailing) and words == {_singular(right.trailing[0])}
    ratio = abs(value / result)
    if not same and ((scaled and ratio in _FACTORS) or (money and ratio in _HUNDREDS)):
        return "The sides may be in different units."
    return ""


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def _doubtful_arithmetic(left: Quantity, right: Quantity, text: str, context: str) -> str:
    value, result = as_fraction(exact_value(expression(left, text))), exact_value(expression(right, text))
    if right.number is None and value is not None:
        for token in right.tokens:
            if token.kind is Kind.NUMBER and as_fraction(exact_value(expression_of(token.value))) == value:
                return "The calculation runs on: the result on the left is used in the next one."
    folded = from_left_to_right(left, text)
    if folded is not None and exact_value(folded) == result:
        return "It holds only if worked out from left to right, so brackets are missing."
    compound = as_compound_fraction(left, text)
    if compound is not None:
        return "It is not clear what the division applies to."
    products = [exact_value(without_mixed_numbers(side, text)) for side in (left, right)]
    if products[0] in {result, products[1]} or products[1] == exact_value(expression(left, text)):
        return "A number beside a fraction may be a product or a mixed number."
    operators = [token.value for token in left.tokens if token.kind is Kind.OPERATOR]
    if "" in operators and any(sign in {"/", "//"} for sign in operators):
        return "It is not clear what the division applies to."
    shown = as_fraction(result)
    if value is not None and shown is not None and abs(value - shown) < 1 and shown.denominator == 1:
        word = _WHOLE.search(context)
        if word or "//" in operators or left.tokens[0].value == "[":
            return "The result may be meant as a whole number."
    return ""


def expression_of(number: str) -> str:
    """A written number in the parser's ASCII."""
    return re.sub(r"[^0-9./()+*]", "", number) or "0"


def _doubtful_rounding(left: Quantity, right: Quantity, text: str, given: Background) -> str:
    value, shown = (
        as_fraction(exact_value(expression(left, text))),
        as_fraction(exact_value(expression(right, text))),
    )
    if value is None or shown is None:
        return ""
    places = decimals(right.number.value) if right.number else 0
    slack = spread(left, text, given.problem) + spread(right, text, given.problem) * (right.number is None)
    if slack and abs(value - shown) <= slack + (Fraction(1, 10**places) if places else Fraction(1, 2)):
        return "The numbers may have been rounded before."
    return ""
