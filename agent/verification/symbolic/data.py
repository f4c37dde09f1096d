"""Knows how percentages, means, rounding and repeating decimals are worked out exactly, each in two ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from agent.verification.recognition.tasks import SymbolicTask
from agent.verification.symbolic.exact_reading import Worked
from agent.verification.symbolic.exact_writing import decimal, latex, listed


def work_out_data(task: SymbolicTask) -> Worked | None:
    """The answer to a task of kind "data"; None where it has none or more than one."""
    if task.question == "repeating":
        return _repeating(*task.expressions)
    if task.question == "rounded":
        return _rounded(task.expressions[0], int(task.point))
    numbers = [Fraction(text) for text in task.expressions]
    as_decimal = task.side != "fraction" and any("." in text for text in task.expressions)
    return _WAYS[task.question](numbers, as_decimal)


def _number(value: Fraction, as_decimal: bool) -> str:
    import sympy

    exact = sympy.Rational(value.numerator, value.denominator)
    return (decimal(exact) if as_decimal else "") or str(value)


def _answer(value: Fraction, as_decimal: bool, method: str, steps: Sequence[str], check: str, agrees: bool) -> Worked:
    import sympy

    text = _number(value, as_decimal)
    written = text if "/" not in text else latex(sympy.Rational(value.numerator, value.denominator))
    return Worked(text, written, method, tuple(steps), check, agrees)


def _what_per_cent(numbers: Sequence[Fraction], as_decimal: bool) -> Worked | None:
    part, whole = numbers
    if whole == 0:
        return None
    value = part / whole * 100
    text = _number(value, True)
    steps = (
        f"The part over the whole is {_number(part, as_decimal)}/{_number(whole, as_decimal)}.",
        f"Times 100: {text}.",
    )
    check = f"{text}% of {_number(whole, as_decimal)} is {_number(part, as_decimal)} again."
    return Worked(f"{text}%", rf"{text}\%", "part over whole", steps, check, whole * Fraction(text) / 100 == part)


def _the_whole(numbers: Sequence[Fraction], as_decimal: bool) -> Worked | None:
    part, per_cent = numbers
    if per_cent == 0:
        return None
    value = part * 100 / per_cent
    steps = (f"1% is {_number(part / per_cent, True)}.", f"100% is {_number(value, as_decimal)}.")
    check = f"{_number(per_cent, as_decimal)}% of it is {_number(part, as_decimal)} again."
    return _answer(value, as_decimal, "from the part to the whole", steps, check, value / 100 * per_cent == part)


def _changed(sign: int) -> Callable[[Sequence[Fraction], bool], Worked | None]:
    def work(numbers: Sequence[Fraction], as_decimal: bool) -> Worked | None:
        start, per_cent = numbers
        change = start * per_cent / 100
        value = start * (100 + sign * per_cent) / 100
        steps = (f"{_number(per_cent, as_decimal)}% of {_number(start, as_decimal)} is {_number(change, True)}.",)
        check = f"The factor {_number(1 + sign * per_cent / 100, True)} gives the same."
        return _answer(value, True, "adding the change", steps, check, start + sign * change == value)

    return work


def _mean(numbers: Sequence[Fraction], as_decimal: bool) -> Worked | None:
    import sympy

    value = sum(numbers, Fraction(0)) / len(numbers)
    total = sympy.Add(*(sympy.Rational(n.numerator, n.denominator) for n in numbers))
    steps = (f"The sum is {_number(sum(numbers, Fraction(0)), as_decimal)}, of {len(numbers)} numbers.",)
    agrees = sum(n - value for n in numbers) == 0 and total == sympy.Rational(*value.as_integer_ratio()) * len(numbers)
    return _answer(value, as_decimal, "sum over count", steps, "The differences from it add up to 0.", agrees)


def _median(numbers: Sequence[Fraction], as_decimal: bool) -> Worked | None:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    value = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    below, above = sum(n < value for n in numbers), sum(n > value for n in numbers)
    steps = (f"In order: {listed([_number(n, as_decimal) for n in ordered])}.",)
    agrees = below <= len(numbers) / 2 and above <= len(numbers) / 2
    return _answer(value, as_decimal, "the middle of the order", steps, "At most half lie below it, and above.", agrees)


def _mode(numbers: Sequence[Fraction], as_decimal: bool) -> Worked | None:
    counted = Counter(numbers).most_common(2)
    if counted[0][1] == 1 or (len(counted) > 1 and counted[1][1] == counted[0][1]):
        return None  # none, or more than one
    value, times = counted[0]
    steps = (f"{_number(value, as_decimal)} is there {times} times, more often than any other number.",)
    agrees = all(sum(m == n for m in numbers) < times for n in numbers if n != value)
    return _answer(value, as_decimal, "counting", steps, "Every other number is there fewer times.", agrees)


def _range(numbers: Sequence[Fraction], as_decimal: bool) -> Worked | None:
    value = max(numbers) - min(numbers)
    steps = (f"The greatest is {_number(max(numbers), as_decimal)}, the least {_number(min(numbers), as_decimal)}.",)
    agrees = value == max(m - n for m in numbers for n in numbers)
    return _answer(value, as_decimal, "greatest less least", steps, "No two of them lie further apart.", agrees)


def _rounded(text: str, place: int) -> Worked | None:
    exact, unit = Fraction(text), Fraction(10) ** place
    if exact < 0 and exact / unit % 1 == Fraction(1, 2):
        return None  # up, or away from zero?
    with_decimal = Decimal(text).quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_UP)
    value = (exact / unit + Fraction(1, 2)).__floor__() * unit
    answer = str(value.numerator) if place >= 0 else f"{abs(with_decimal) if value == 0 else with_decimal:f}"
    below = exact / unit // 1 * unit
    steps = (f"{text} lies between {_number(below, True)} and {_number(below + unit, True)}.",)
    agrees = Fraction(with_decimal) == value and abs(value - exact) <= unit / 2
    return Worked(answer, answer, "rounding", steps, "No number of that place is nearer.", agrees)


def _repeating(whole: str, once: str, again: str) -> Worked | None:
    import sympy

    shift, period = 10 ** len(once), 10 ** len(again) - 1
    value = Fraction(int(whole or "0")) + Fraction(int(once or "0"), shift) + Fraction(int(again), shift * period)
    first = int(f"{whole}{once}{again}") - int(f"{whole}{once}" or "0")
    steps = (
        f"Moving the point by {len(again)} places and taking the number away leaves no repeating part.",
        f"So it is {first}/{shift * period}, that is {value}.",
    )
    digits, rest = "", value.numerator % value.denominator
    for _ in range(len(once) + 3 * len(again)):
        digit, rest = divmod(rest * 10, value.denominator)
        digits += str(digit)
    agrees = digits == once + again * 3 and Fraction(first, shift * period) == value
    written = latex(sympy.Rational(value.numerator, value.denominator))
    return Worked(str(value), written, "geometric series", steps, "Dividing gives the digits back.", agrees)


_WAYS: dict[str, Callable[[Sequence[Any], bool], Worked | None]] = {
    "what per cent": _what_per_cent, "the whole": _the_whole, "increased": _changed(1), "decreased": _changed(-1),
    "mean": _mean, "median": _median, "mode": _mode, "range": _range,
}  # fmt: skip
