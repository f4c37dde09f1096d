"""Whether a hint gives a result away, checked apart from the tutor's own guard: by the forms that a result can take.

The guard reads numbers out of a hint. This check goes the other way: it writes a result in every form that it knows
(digits, separators, decimals, fractions, per cent, words, other units) and looks for each in the hint, and it lets
SymPy evaluate every stretch of arithmetic.
"""

from __future__ import annotations

import re
from fractions import Fraction

import sympy

from agent.errors import CheckFailed
from agent.verification.reading.language import parse_expression

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = [".", ".", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_CONVERSIONS = {
    "minutes": ((60, "seconds"), (Fraction(1, 60), "hours")), "hours": ((60, "minutes"), (Fraction(1, 24), "days")),
    "seconds": ((Fraction(1, 60), "minutes"),), "days": ((24, "hours"), (Fraction(1, 7), "weeks")),
    "dollars": ((100, "cents"),), "cents": ((Fraction(1, 100), "dollars"),), "kilometers": ((1000, "meters"),),
    "meters": ((100, "centimeters"), (Fraction(1, 1000), "kilometers")), "kilograms": ((1000, "grams"),),
    "liters": ((1000, "milliliters"),),
}  # fmt: skip
_STATED = r"(?:=|\bis|\bare|\bequals|\bget|\bgives|\bmakes|\banswer|\bresult|\btotal)[\s:$€£]*$"


def value_of(written: str) -> Fraction | None:
    """The value of a result as data sets write it, None where it is no number."""
    found = re.search(r"-?\d[\d,]*(?:\.\d+)?(?:/\d+)?", written)
    if found is None:
        return None
    top, _, bottom = found[0].replace(",", "").partition("/")
    return Fraction(top) / Fraction(bottom) if bottom and int(bottom) else Fraction(top)


def leaked_forms(hint: str, result: Fraction, problem: str, unit: str = "") -> list[str]:
    """The forms of `result` that stand in the hint; those that the problem itself has count where they are stated."""
    text = _without_sentences(hint, problem).lower()
    found: list[str] = []
    for form in _forms(result, unit):
        pattern = re.compile(rf"(?<![\w.,/]){re.escape(form.lower())}(?![\w/]|[.,]\d)")
        in_problem = re.search(rf"(?<![\d.,/]){re.escape(form.lower())}(?![\d/]|[.,]\d)", problem.lower()) is not None
        for match in pattern.finditer(text):
            if not in_problem or re.search(_STATED, text[: match.start()]):
                found.append(form)
    return found


def leaked_calculations(hint: str, result: Fraction, problem: str) -> list[str]:
    """The stretches of arithmetic in the hint that come to `result`; a fraction that the problem gives is none."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", hint.replace("×", "*").replace("÷", "/").replace("−", "-"))
    plain = re.sub(r"[$€£]", "", re.sub(r"(\d)\s*%", r"\1/100", plain))
    found = []
    for run in re.findall(r"[(\d][\d\s.+\-*/()]*[\d)]", plain):
        numbers = [match.span() for match in re.finditer(r"\d+(?:\.\d+)?", run)]
        for first in range(len(numbers)):
            for last in range(first + 1, min(len(numbers), first + 5)):
                part = run[numbers[first][0] : numbers[last][1]]
                calculates = re.search(r"\d\s*[-+*/]\s*\(*\d", part) and part not in problem
                if calculates and _equals(part, result):
                    found.append(part)
    return found


def _equals(calculation: str, result: Fraction) -> bool:
    try:
        return bool(parse_expression(calculation) == sympy.Rational(result.numerator, result.denominator))
    except CheckFailed:
        return False


def _without_sentences(hint: str, problem: str) -> str:
    for sentence in re.split(r"(?<=[.?!])\s+|\n+", problem):
        if len(sentence) > 8:
            hint = hint.replace(sentence.strip(), " ")
    return hint


def _forms(value: Fraction, unit: str) -> set[str]:
    forms = written_forms(value)
    for factor, other in _CONVERSIONS.get(unit, ()):
        forms |= {f"{form} {name}" for form in written_forms(value * factor) for name in (other, other.rstrip("s"))}
    percent = value * 100
    if 0 < value < 1:
        forms |= {f"{form}{sign}" for form in written_forms(percent) for sign in ("%", " %", " percent", " per cent")}
    return forms


def written_forms(value: Fraction) -> set[str]:
    if value.denominator == 1:
        number = abs(value.numerator)
        digits = str(value.numerator)
        forms = {
            digits,
            f"{value.numerator:,}",
            f"{value.numerator:,}".replace(",", " "),
            f"{digits}.0",
            f"{digits}.00",
        }
        if number < 1_000_000:
            words = _in_words(number)
            forms |= {words, words.replace("-", " "), words.replace(" and ", " ")}
        return forms
    forms = {f"{value.numerator}/{value.denominator}", rf"\frac{{{value.numerator}}}{{{value.denominator}}}"}
    whole, rest = divmod(value.numerator, value.denominator)
    if whole:
        forms |= {f"{whole} {rest}/{value.denominator}"}
    forms |= {f"{float(value):.{places}f}" for places in (1, 2, 3) if abs(float(value) * 10**places) >= 1}
    named = {2: "half", 3: "third", 4: "quarter"}.get(value.denominator)
    if named and value.numerator == 1:
        forms |= {f"a {named}", f"one {named}", f"one-{named}"}
    if named and 1 < value.numerator < value.denominator:
        forms |= {f"{_in_words(value.numerator)} {named}s", f"{_in_words(value.numerator)}-{named}s"}
    return forms


def _in_words(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {_in_words(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    return f"{_in_words(thousands)} thousand" + (f" {_in_words(rest)}" if rest else "")
