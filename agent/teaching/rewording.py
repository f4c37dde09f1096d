"""Whether an explanation in other words, or in another language, still says the same: number by number."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from agent.teaching.numbers import plain, stated_values

_SMALL = 10  # counts of steps and of things, which any language adds
_MONEY = "$€£¥₹"


def what_changed(explanation: str, reworded: str, problem: str) -> str:
    """What is wrong with the new words, in a sentence; "" where every number survived and none was made up."""
    if not reworded.strip():
        return "Nothing was written."
    before, after = _values(explanation), _values(reworded)
    lost = before - after
    if lost:
        return f"In other words, {_named(lost)} of the solution went missing."
    new = {value for value in after - before - _values(problem) if value.denominator > 1 or not 0 <= value <= _SMALL}
    if new:
        return f"In other words, {_named(new)} turned up, which is not in the solution."
    return ""


def keeps_numbers(line: str, translation: str) -> bool:
    """Whether a translated line has the numbers of the line as often as they stood there, and its signs of currency.

    What the line has in words may become digits, and digits words that nobody reads here: a number in digits must
    survive in digits. A comma may have become the sign of decimals, and a full stop that of thousands.
    """
    if any(line.count(sign) > translation.count(sign) for sign in _MONEY):
        return False
    before, in_words = _digits(line), _values(line)
    for reading in (translation, _decimal_commas(translation), _decimal_commas(_without_thousand_stops(translation))):
        after = _digits(reading)
        made_up = [value for value in after - before if value not in in_words]
        if not before - after and not made_up:
            return True
    return False


def _decimal_commas(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", text)


def _without_thousand_stops(text: str) -> str:
    return re.sub(r"(?<![\d.])\d{1,3}(?:\.\d{3})+(?!\.?\d)", lambda number: number[0].replace(".", ""), text)


def _digits(text: str) -> Counter[Fraction]:
    """The numbers that stand in digits, and how often."""
    ready = plain(text)
    found = stated_values(text)
    return Counter(one.value for one in found if not one.calculated and re.search(r"\d", ready[one.start : one.end]))


def _values(text: str) -> set[Fraction]:
    text = re.sub(r"(?m)^\W*(?:step |étape |schritt |paso )?\d{1,2}[.):]\s", " ", text, flags=re.I)  # numbers of steps
    return {stated.value for stated in stated_values(text) if not stated.calculated}


def _named(values: set[Fraction]) -> str:
    return (
        f"the number {min(values)}"
        if len(values) == 1
        else f"the numbers {', '.join(str(v) for v in sorted(values)[:4])}"
    )
