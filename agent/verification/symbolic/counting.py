"""Knows how whole numbers between two ends, and the orders of a word's letters, are counted; serves whole_numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from agent.errors import Unreadable
from agent.verification.recognition.tasks import SymbolicTask
from agent.verification.symbolic.exact_reading import Worked
from agent.verification.symbolic.exact_writing import listed
from agent.verification.symbolic.formula_tree import DIGITS, Node, read_tree, value_at
from agent.verification.symbolic.whole_reading import worked_number

_COUNTED_ONE_BY_ONE = 10**5


def between(task: SymbolicTask, numbers: Sequence[int]) -> Worked | None:
    assert task.bounds is not None  # noqa: S101
    low, high = map(_end, task.bounds)
    readings = {
        (
            _first(low, counted=task.side in {"+", "under"} or open_ends),
            _last(high, counted=task.side == "+" or open_ends),
        )
        for open_ends in ((True, False) if not task.side else (False,))
    }
    if task.point == "positive":
        readings = {(max(first, 1), last) for first, last in readings}
    answers = {_count(task.question, first, last, numbers) for first, last in readings}
    if len(answers) != 1 or (task.question == "whole numbers" and low < 0):
        return None  # whether the ends are counted makes a difference, and is not said
    (answer,) = answers
    first, last = min(readings, key=lambda ends: ends[1] - ends[0])
    if answer is None or not 0 <= last - first <= _COUNTED_ONE_BY_ONE:
        return None
    passing = [n for n in range(first, last + 1) if _passes(task.question, n, numbers)]
    second = sum(passing) if task.question.startswith("sum") else len(passing)
    shown = listed([str(n) for n in passing]) if 0 < len(passing) <= 12 else f"{len(passing)} numbers"
    steps = [f"These are {shown}."] if passing else ["There is none."]
    check = f"Going through every whole number from {first} to {last} gives the same."
    return worked_number(answer, "counting", steps, check, answer == second)


def _end(text: str) -> Fraction:
    """An end of the range; where it is irrational, a number between the same two whole ones, which is all that counts.

    Raises Unreadable where it cannot be told on which side of a whole number it lies.
    """
    import mpmath

    tree = read_tree(text)
    if set(_calls(tree)) - {"sqrt", "abs", "factorial", "binomial"}:
        raise Unreadable("Only roots, absolute values and factorials are read here.")
    with mpmath.workdps(DIGITS):
        value = value_at(tree, {})
        if isinstance(value, Fraction):
            return value
        if abs(value) > 10**8 or abs(value - mpmath.nint(value)) < mpmath.mpf(10) ** -25:
            raise Unreadable("Whether this is a whole number is not certain.")
        return int(mpmath.floor(value)) + Fraction(1, 2)


def _calls(tree: Node) -> Iterator[str]:
    if tree.kind == "call":
        yield tree.text
    for part in tree.parts:
        yield from _calls(part)


def _first(low: Fraction, *, counted: bool) -> int:
    return math.ceil(low) if counted else math.floor(low) + 1


def _last(high: Fraction, *, counted: bool) -> int:
    return math.floor(high) if counted else math.ceil(high) - 1


def _count(question: str, first: int, last: int, numbers: Sequence[int]) -> int | None:
    import sympy

    if last < first or last - first > _COUNTED_ONE_BY_ONE or last > 10**7:
        return None
    match question:
        case "multiples":
            (n,) = numbers
            return last // n - (first - 1) // n if n > 0 else None
        case "primes":
            return int(sympy.primepi(last) - sympy.primepi(first - 1))
        case "sum of primes":
            return sum(map(int, sympy.primerange(first, last + 1)))
        case _:
            return last - first + 1


def _passes(question: str, n: int, numbers: Sequence[int]) -> bool:
    if question == "multiples":
        return n % numbers[0] == 0
    if "primes" in question:
        return n > 1 and all(n % k for k in range(2, math.isqrt(n) + 1))
    return True


def arrangements(word: str) -> Worked | None:
    import sympy

    repeated = sorted(count for count in Counter(word).values() if count > 1)
    found = int(sympy.factorial(len(word)) / sympy.prod([sympy.factorial(count) for count in repeated]))
    divided = "".join(f"/{count}!" for count in repeated)
    steps = [f"{len(word)} letters can be put in order in {len(word)}! ways."]
    if repeated:
        steps.append("Letters that are the same can change places without a difference: divide by the ways they can.")
    steps.append(f"{len(word)}!{divided} = {found}.")
    if len(word) <= 8:
        second, check = len(set(permutations(word))), "Writing all of them out gives as many."
    else:
        second, room = 1, len(word)
        for count in Counter(word).values():
            second, room = second * math.comb(room, count), room - count
        check = "Choosing the places letter by letter gives the same."
    return worked_number(found, "counting arrangements", steps, check, found == second)
