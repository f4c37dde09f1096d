"""Whether an explanation in other words, or in another language, still says the same: number by number."""

from __future__ import annotations

import re
from fractions import Fraction

from agent.teaching.numbers import stated_values

_SMALL = 10  # counts of steps and of things, which any language adds


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


def _values(text: str) -> set[Fraction]:
    text = re.sub(r"(?m)^\W*(?:step |étape |schritt |paso )?\d{1,2}[.):]\s", " ", text, flags=re.I)  # numbers of steps
    return {stated.value for stated in stated_values(text) if not stated.calculated}


def _named(values: set[Fraction]) -> str:
    return (
        f"the number {min(values)}"
        if len(values) == 1
        else f"the numbers {', '.join(str(v) for v in sorted(values)[:4])}"
    )
