"""What a student types as an answer, in every way that people write one, as exact values with units. Serves acceptance.

Runs in the worker: the text is untrusted and is read by the whitelist parser alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import sympy

from agent.errors import Unreadable
from agent.verification.reading.dimensions import converted, measure
from agent.verification.reading.language import FUNCTIONS, parse_expression
from agent.verification.reading.notation import normalise
from agent.verification.reading.number_words import number_in_words

MAX_CHARACTERS = 200

# What people write before their answer and which says nothing about it.
_LEADING = re.compile(
    r"(?:(?:so|thus|hence|therefore|and|i|think|guess|believe|get|got|have|it|it['’]s|its|that|that['’]s|this|the|my|our"
    r"|final|answer|result|solution|value|total|sum|is|are|was|be|equals|there|there['’]s|she|he|they|we|you|has|had"
    r"|will|needs?|pays?|costs?|takes?|gets?|earns?|about|approximately|exactly|only|just|well|ok|maybe|probably)\b"
    r"[\s,:=]*)+",
    re.I,
)
_THOUSANDS = re.compile(r"(?<![\d.,/])([1-9]\d{0,2}(?:[ '’\u00a0\u2009\u202f]\d{3})+)(?![\d/]|[.,]?\d)")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+|\d+),\d+(?![\d.,])")
_ENGLISH_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_CURRENCY = re.compile(r"\\?([$€£¥])")
CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds sterling", "¥": "yen"}
_TEXT_UNIT = re.compile(r"\\(?:text|textrm|mathrm|mbox)\s*\{([^{}]*)\}")
_NAME_BEFORE = re.compile(r"[A-Za-z][A-Za-z ]{0,30}(?:\([A-Za-z]\))?\s*$|[A-Za-z]_?\{?\d{0,2}\}?\s*$|P\([^()]*\)\s*$")
_UNIT_BEHIND = re.compile(
    r"(?P<core>.*?[\d)}\]½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞π.!])\s*(?P<unit>(?:[A-Za-z°µ][A-Za-z°.'’-]*(?:\^?\{?[23²³]\}?)?|/|\s)+)", re.S
)
_NO_UNITS = {"pi", "e", "x", "or", "and", "to", "than", "times", "plus", "minus", "over", "squared", "cubed", "mod"}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_COMPOUND = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+\.?)(?:\s*(?:,|and)\s*|\s*)")
_LITERAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)")
_MIXED = re.compile(r"[-+]?(\d+)(?: |\+)\(?(\d+)/(\d+)\)?")


@dataclass(frozen=True, slots=True)
class Typed:
    """One reading of what was typed.

    `decimals` counts the digits behind the point of a plain decimal, None for what is exact. `unit` are the words
    behind the value, "" where there are none, "%" for per cent. `plain` says that the value is written out: a number, a
    fraction in lowest terms, a product with a root that cannot be drawn.
    """

    value: sympy.Expr
    unit: str = ""
    decimals: int | None = None
    digits: int = 0
    plain: bool = True


def read_typed(text: str) -> list[Typed]:
    """The usual readings of one typed value, the most usual first. Raises Unreadable with what to write instead."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("This is too long for an answer: write the value alone.")
    text = _TEXT_UNIT.sub(r" \1 ", text.strip()).strip()
    text = text[1:-1].strip() if len(text) > 2 and text[0] == text[-1] == "$" and not text[1].isdigit() else text
    text = re.sub(r"\\boxed\s*\{(.*)\}", r"\1", text, flags=re.S).rstrip(" .!?;,")
    text = text[led.end() :] if (led := _LEADING.match(text)) and led.end() < len(text) else text
    text = _as_signs(text)
    if not re.search(r"\w", text):
        raise Unreadable("There is no answer here: write a number.")
    text = _after_the_equals_sign(text)
    if (quantity := _compound(text)) is not None:
        return [quantity]
    text, currency = _without_currency(text)
    readings = []
    for core, unit in _split(text):
        for number in _numbers(core):
            readings.append(_typed(number, unit or currency))
    return list(dict.fromkeys(readings))


def _as_signs(text: str) -> str:
    """Words and ASCII that stand for signs: pi, USD 5, sqrt 8; and a label before a colon, "rolls: 12"."""
    text = re.sub(r"(?<![A-Za-z\\])pi(?![A-Za-z])", "π", text)
    text = re.sub(r"\bUSD\s*(?=\d)", "$", text, flags=re.I)
    text = re.sub(r"(?<=\d)[eE]([-+]?\d{1,3})(?![\w.])", r"*10^(\1)", text)
    text = re.sub(r"\bsqrt\s+(\d+)", r"sqrt(\1)", text)
    return re.sub(r"^[A-Za-z][A-Za-z ]{0,30}:\s*(?=[-−+$\d.])", "", text)


def _after_the_equals_sign(text: str) -> str:
    """ "x = 3" and "12 × 4 = 48" are 3 and 48. A word before the sign names the value; other text is none of ours."""
    before, sign, after = text.rpartition("=")
    if not sign:
        return re.sub(r"^[≈~]\s*", "", text)
    if re.search("[<>!]$", before) or not after.strip():
        raise Unreadable("I cannot read this as one value: write the value alone.")
    if not before.strip() or _NAME_BEFORE.fullmatch(before.strip()) or re.search(r"\d", before):
        return after.strip()
    raise Unreadable("I cannot read this as one value: write the value alone.")


def _without_currency(text: str) -> tuple[str, str]:
    signs = set(_CURRENCY.findall(text))
    if len(signs) > 1:
        raise Unreadable("There are two currencies in this.")
    return _CURRENCY.sub("", text).strip(), CURRENCIES[signs.pop()] if signs else ""


def _compound(text: str) -> Typed | None:
    """ "3 hours 20 minutes", "1 h 30 min", "2 m 15 cm": the sum, in the last unit."""
    parts, at = [], 0
    while (match := _COMPOUND.match(text, at)) is not None:
        parts.append((Fraction(match[1]), match[2]))
        at = match.end()
    if at < len(text) or not 2 <= len(parts) <= 4:
        return None
    units = [measure(unit.rstrip(".")) for _, unit in parts]
    last = units[-1]
    if last is None:
        return None
    total = Fraction(0)
    for (number, _), unit in zip(parts, units, strict=True):
        part = converted(number, unit, last) if unit is not None else None
        if part is None:
            return None
        total += part
    return Typed(sympy.Rational(total.numerator, total.denominator), parts[-1][1].rstrip("."))


def _split(text: str) -> Iterator[tuple[str, str]]:
    """The value's text and its unit's words."""
    worded = number_in_words(text)
    if worded is not None:
        value, rest = worded
        if re.search(r"\d", rest) or number_in_words(rest) is not None:
            raise Unreadable("I read two numbers in this: write one value.")
        yield f"({value})" if value < 0 or value.denominator != 1 else str(value), _percent_words(rest)
        return
    percent = re.fullmatch(r"(.*?)\s*(?:\\?%|\bper\s?cent\b|\bpercent\b|\bpercentage points?\b)\s*", text, re.I | re.S)
    if percent is not None:
        yield percent[1], "%"
        return
    behind = _UNIT_BEHIND.fullmatch(text)
    words = behind["unit"].split() if behind is not None else []
    if behind is None or not words or {word.lower() for word in words} & _NO_UNITS:
        yield text, ""
        return
    first = words[0].lower()
    if first in _SCALES:
        yield f"({behind['core']})*{_SCALES[first]}", " ".join(words[1:])
        return
    if first in FUNCTIONS and first not in {"c", "p", "min", "sec"}:
        yield text, ""
        return
    yield behind["core"], " ".join(words)


def _percent_words(rest: str) -> str:
    return "%" if re.match(r"(?:per\s?cent|%)", rest, re.I) else rest


def _numbers(core: str) -> Iterator[str]:
    """The ways to read separators: 1 250 and 1'250 are thousands, 0,5 and 1.250,50 have a decimal comma."""
    core = _THOUSANDS.sub(lambda number: re.sub(r"\D", "", number[1]), core)
    comma = _DECIMAL_COMMA.search(core)
    if comma is not None and not _ENGLISH_THOUSANDS.fullmatch(comma[0]):
        core = _DECIMAL_COMMA.sub(lambda number: number[0].replace(".", "").replace(",", "."), core)
    ratio = re.fullmatch(r"\s*(\d+)\s*:\s*(\d+)\s*", core)
    yield f"{ratio[1]}/{ratio[2]}" if ratio else core


def _typed(core: str, unit: str) -> Typed:
    text = normalise(core).strip()
    text = re.sub(r"\s*([-+*/^()])\s*", r"\1", text)
    value = parse_expression(text, free_symbols=True, implicit=True)
    if value.free_symbols:
        names = ", ".join(sorted(map(str, value.free_symbols)))
        raise Unreadable(f"I cannot read “{names[:40]}” as part of a number: write the value alone.")
    if not (value.is_number and value.is_real):
        raise Unreadable("This is not a number.")
    literal = _LITERAL.fullmatch(text)
    decimals = len(text.partition(".")[2]) if literal and "." in text else None
    digits = len(re.sub(r"\D", "", text).lstrip("0")) if literal else 0
    return Typed(value, unit, decimals, digits, _is_plain(core, text, value))


def _is_plain(written: str, text: str, value: sympy.Expr) -> bool:
    text = re.sub(r"(?<!sqrt)\((\d+)\)", r"\1", text)  # LaTeX's \frac{1}{2} comes as (1)/(2)
    if _LITERAL.fullmatch(text):
        return True
    if fraction := re.fullmatch(r"[-+]?\(?(\d+)/(\d+)\)?", text):
        return math.gcd(int(fraction[1]), int(fraction[2])) == 1 and int(fraction[2]) > 1
    mixed = _MIXED.fullmatch(text.removeprefix("(").removesuffix(")")) or _MIXED.fullmatch(written.strip())
    if mixed is not None:
        top, bottom = int(mixed[2]), int(mixed[3])
        return top < bottom and math.gcd(top, bottom) == 1
    if value.is_Rational:
        return False
    roots = [int(root) for root in re.findall(r"sqrt\(?(\d{1,9})\)?", text)]
    squarefree = all(max(sympy.factorint(root).values(), default=1) == 1 for root in roots)
    return squarefree and not re.search(r"\d[-*+^]\d|(?<![\d.])1\*", text)
