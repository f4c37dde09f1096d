"""Knows how tasks about arithmetic and geometric sequences are worked out: by the formula, and term by term."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from agent.verification.recognition.tasks import SymbolicTask
from agent.verification.symbolic.exact_reading import Worked, in_decimals, read_exact
from agent.verification.symbolic.exact_writing import latex, listed, plain

MAX_TERMS = 2_000  # that the second way goes through
MAX_DIGITS = 60


def work_out_sequence(task: SymbolicTask) -> Worked | None:
    """The answer to a task of kind "sequences"; None where the terms are of another kind. Raises Unreadable."""
    worked = _work_out(task)
    return in_decimals(worked, task.expressions) if worked is not None else None


def _work_out(task: SymbolicTask) -> Worked | None:
    import sympy

    values = [read_exact(text) for text in task.expressions]
    if not all(value.is_rational for value in values):
        return None
    geometric = task.variables[0] == "geometric"
    if task.question == "sum of all":  # of neither kind by name: the terms have to be of one of them
        geometric = _step(values, False) is None
    places = [int(place) for place in task.point.split()]
    if task.side == "two terms":
        return _from_two(values, places, geometric)
    if task.side == "steps":
        first, step = values
    else:
        first, step = values[0], _step(values, geometric)
        if step is None:
            return None
    if geometric and (first == 0 or step == 0):
        return None
    match task.question:
        case "step":
            kind = "ratio" if geometric else "difference"
            agrees = [_following(first, step, n, geometric) for n in range(len(values))] == values
            return _worked(step, f"The {kind} of the first two terms is {plain(step)}, and so is that of the others.",
                           "The formula gives every term that is listed.", agrees)  # fmt: skip
        case "term" | "term by two":
            return _term(first, step, places[0], geometric)
        case "sum":
            return _sum(first, step, places[0], geometric)
        case "infinite sum":
            return _infinite_sum(first, step)
    ends = [read_exact(text) for text in task.bounds or ()]
    count = _count(first, step, ends[1], geometric)
    if (
        count is None
        or count <= len(values)
        or (task.side == "two ends" and ends[0] != _following(first, step, count - 2, geometric))
    ):
        return None
    if task.question == "how many terms":
        steps = f"From {plain(first)} to {plain(ends[1])} it takes {count - 1} steps."
        agrees = _following(first, step, count - 1, geometric) == ends[1]
        return _worked(sympy.Integer(count), steps, "The formula for that term gives the last one.", agrees)
    return _sum(first, step, count, geometric)


def _worked(value: Any, step: str, check: str, agrees: bool) -> Worked | None:
    text = plain(value)
    if len(text) > MAX_DIGITS:
        return None
    return Worked(text, latex(value), "sequence", (step,), check, agrees, (value,))


def _step(values: list[Any], geometric: bool) -> Any | None:
    """The common difference or ratio of terms that follow each other; None where they have none."""
    if geometric and 0 in values:
        return None
    steps = {later / earlier if geometric else later - earlier for earlier, later in pairwise(values)}
    return steps.pop() if len(steps) == 1 else None


def _following(first: Any, step: Any, steps: int, geometric: bool) -> Any:
    return first * step**steps if geometric else first + step * steps


def _terms(first: Any, step: Any, count: int, geometric: bool) -> list[Any]:
    terms = [first]
    while len(terms) < count:
        terms.append(terms[-1] * step if geometric else terms[-1] + step)
    return terms


def _term(first: Any, step: Any, place: int, geometric: bool) -> Worked | None:
    if not 1 <= place <= MAX_TERMS or (geometric and place > 200):
        return None
    value = _following(first, step, place - 1, geometric)
    how = f"times {plain(step)}, {place - 1} times" if geometric else f"plus {place - 1} times {plain(step)}"
    agrees = _terms(first, step, place, geometric)[-1] == value
    return _worked(value, f"The first term is {plain(first)}; {how}, is {plain(value)}.",
                   "Going through the terms one by one gives the same.", agrees)  # fmt: skip


def _sum(first: Any, step: Any, count: int, geometric: bool) -> Worked | None:
    import sympy

    if not 1 <= count <= MAX_TERMS or (geometric and count > 200):
        return None
    last = _following(first, step, count - 1, geometric)
    if geometric:
        value = first * count if step == 1 else first * (step**count - 1) / (step - 1)
        how = f"The {count} terms have the ratio {plain(step)}: first term times (r^n - 1)/(r - 1)."
    else:
        value = (first + last) * count / 2
        how = f"The {count} terms lie around their mean, ({plain(first)} + {plain(last)})/2."
    total = sympy.Add(*_terms(first, step, count, geometric))
    return _worked(value, how, "Adding them one by one gives the same.", bool(total == value))


def _infinite_sum(first: Any, ratio: Any) -> Worked | None:
    import sympy

    if not -1 < ratio < 1:
        return None
    value = first / (1 - ratio)
    count = 40
    part = sympy.Add(*_terms(first, ratio, count, True))
    agrees = value - part == value * ratio**count
    check = "What is left of it after forty terms is the sum times the ratio to the fortieth."
    return _worked(value, f"The ratio is {plain(ratio)}: first term over 1 - r.", check, agrees)


def _count(first: Any, step: Any, last: Any, geometric: bool) -> int | None:
    """How many terms there are from the first to `last`; None where `last` is none of them, or too far."""
    if step == 0 or (geometric and step in {1, -1}):
        return None
    term, count = first, 1
    while term != last:
        if count >= MAX_TERMS or (geometric and count >= 200):
            return None
        term, count = (term * step if geometric else term + step), count + 1
    return count


def _from_two(values: list[Any], places: list[int], geometric: bool) -> Worked | None:
    (first, second), (n, m, k) = values, places
    if geometric or n == m or not all(1 <= place <= MAX_TERMS for place in places):
        return None  # the ratio may have either sign
    step = (second - first) / (m - n)
    value = first + step * (k - n)
    given = listed([f"term {n} is {plain(first)}", f"term {m} is {plain(second)}"])
    terms = _terms(first - step * (n - 1), step, max(places), False)
    agrees = [terms[place - 1] for place in places] == [first, second, value]
    return _worked(value, f"As {given}, the difference is {plain(step)}.", "Term by term the same comes out.", agrees)
