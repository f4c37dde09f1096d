"""Knows limits as SymPy computes them, and how each is checked by values ever closer to the point."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from agent.errors import Unreadable
from agent.verification.symbolic.calculus import end_value, neatest
from agent.verification.symbolic.exact_reading import Worked, number_at, read_exact, symbol
from agent.verification.symbolic.exact_writing import latex, plain
from agent.verification.symbolic.formula_tree import Node, as_real, read_tree, value_at


def limit(text: str, unknown: str, point: str, side: str) -> Worked | None:
    """A limit from both sides or from one; None where the formula is undefined on a side that counts."""
    import sympy

    x = symbol(unknown)
    function, tree = read_exact(text, unknown), read_tree(text)
    at = end_value(point)
    sides = (side,) if side else ("-",) if at is sympy.oo else ("+",) if at == -sympy.oo else ("-", "+")
    if not all(_defined_near(tree, unknown, at, direction) for direction in sides):
        return None
    values = [sympy.limit(function, x, at, direction) for direction in sides]
    if any(
        value.has(sympy.Limit, sympy.AccumBounds, sympy.nan, sympy.zoo, sympy.I) or not value.is_extended_real
        for value in values
    ):
        return None
    verdicts = [approaches(tree, unknown, at, direction, value) for direction, value in zip(sides, values, strict=True)]
    agrees = False if False in verdicts else None if None in verdicts else True
    method, steps = _limit_steps(text, function, x, at, values[0])
    check = "Values of the function ever closer to the point come ever closer to this."
    if len(set(values)) > 1:
        steps = (
            f"From the left the limit is {_shown(values[0])}, from the right {_shown(values[1])}.",
            "They differ.",
        )
        return Worked("does not exist", r"\text{does not exist}", "one-sided limits", steps, check, agrees)
    return Worked(_shown(values[0]), latex(values[0]), method, steps, check, agrees)


def _shown(value: Any) -> str:
    import sympy

    return "infinity" if value is sympy.oo else "-infinity" if value == -sympy.oo else plain(value)


def approaches(tree: Node, unknown: str, at: Any, side: str, value: Any) -> bool | None:
    """Whether the formula's values at distances 10^-5, 10^-10, ... tend to `value`.

    None where the formula is undefined there or its values settle too slowly to tell.
    """
    import mpmath

    gaps: list[Any] = []
    heights: list[Any] = []
    with mpmath.workdps(150):
        for power in (1, 2, 3, 5, 10, 20, 40):
            try:
                reached = as_real(value_at(tree, {unknown: _place(at, side, power)}))
            except Unreadable:
                break  # too large to compute, or not defined so far away
            if value.is_infinite:
                heights.append(reached if value.is_extended_positive else -reached)
            else:
                gaps.append(abs(reached - as_real(number_at(value, {}))))
        if value.is_infinite:
            recent = heights[-3:]
            if len(recent) < 3:
                return None
            rising = all(low < high for low, high in pairwise(recent))
            return (rising and recent[-1] > 10) or (False if recent[-1] < 0 else None)
        if len(gaps) < 4:
            return None
        if gaps[-1] < mpmath.mpf(10) ** -8:
            return True
        return False if gaps[-1] > mpmath.mpf(1) / 10 and gaps[-1] >= gaps[-3] / 2 else None


def _defined_near(tree: Node, unknown: str, at: Any, side: str) -> bool:
    try:
        for power in (3, 5):
            value_at(tree, {unknown: _place(at, side, power)})
    except Unreadable:
        return False
    return True


def _place(at: Any, side: str, power: int) -> Any:
    if at.is_infinite:
        far = Fraction(10) ** power + Fraction(1, 7)
        return far if at.is_positive else -far
    gap = Fraction(1, 10**power)
    near = number_at(at, {})
    step = gap if side == "+" else -gap
    return near + step if isinstance(near, Fraction) else near + as_real(step)


def _limit_steps(text: str, function: Any, x: Any, at: Any, value: Any) -> tuple[str, tuple[str, ...]]:
    import sympy

    if at.is_finite:
        try:
            direct = value_at(read_tree(text), {str(x): number_at(at, {})})
        except Unreadable:
            direct = None
        if direct is not None:
            return "direct substitution", (
                f"The function is continuous there: putting {x} = {plain(at)} in gives {plain(value)}.",
            )
    top, bottom = sympy.fraction(sympy.together(function))
    if function.is_rational_function(x) and at.is_finite:
        cancelled = sympy.cancel(function)
        zero_over_zero = top.subs(x, at) == 0 and bottom.subs(x, at) == 0
        if zero_over_zero and cancelled != function:
            return "cancelling a common factor", (
                f"Putting {x} = {plain(at)} in gives 0/0.",
                f"Cancel the common factor: {plain(cancelled)}.",
                f"This tends to {_shown(value)}.",
            )
    if function.is_rational_function(x) and at.is_infinite and bottom.has(x):
        return "comparing the highest powers", (
            f"For large {x} the highest powers decide: {plain(sympy.LT(top, x))} over {plain(sympy.LT(bottom, x))}.",
            f"This tends to {_shown(value)}.",
        )
    if bottom.has(x) and at.is_finite and top.subs(x, at) == 0 and bottom.subs(x, at) == 0:
        over = neatest(sympy.diff(top, x) / sympy.diff(bottom, x), x)
        return "L'Hôpital's rule", (
            f"Putting {x} = {plain(at)} in gives 0/0, so differentiate top and bottom.",
            f"The quotient of the derivatives is {plain(over)}.",
            f"Its limit, and so the limit asked for, is {_shown(value)}.",
        )
    return "limit laws", (f"As {x} tends to {_shown(at)}, the values tend to {_shown(value)}.",)
