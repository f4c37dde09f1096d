"""Knows how a symbolic problem in one unknown looks as a graph; runs in the killable worker.

Everything that is drawn is calculated from the formula, as the whitelist read it from the problem, and from the answer
that was found exactly: nothing of what a model wrote is in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction

from agent.domain import Curve, Picture, Stretch
from agent.errors import Unreadable
from agent.verification.recognition.recognition import Kind, SymbolicTask, recognise
from agent.verification.recognition.tasks import whole_formula
from agent.verification.symbolic.equations import ALL_REALS, NO_REAL
from agent.verification.symbolic.formula_tree import Node, names, read_tree, value_at, written

POINTS = 160
LEAST_DEFINED = 10  # points that a curve must have to be worth drawing
FAR = 1e6  # beyond it nothing is drawn: the picture would be of one point

_SIGN = re.compile(r" (<=|>=|=|<|>) ")
_SHOWN = (
    (re.compile(r"\^(?:\(2\)|2(?!\d))"), "²"),
    (re.compile(r"\^(?:\(3\)|3(?!\d))"), "³"),
    (re.compile(r"(?<=\d)\*(?=[a-z(])"), ""),
)


def picture(problem: str, answer: str) -> dict[str, object] | None:
    """`Picture` as a dictionary for a problem with that exact answer; None where there is nothing to draw."""
    task = recognise(problem)
    if task is None or len(task.variables) != 1:
        return None
    try:
        drawn = _drawn(task, answer)
    except (Unreadable, ArithmeticError, ValueError, TypeError):
        return None
    return asdict(drawn) if drawn is not None else None


def _drawn(task: SymbolicTask, answer: str) -> Picture | None:
    """The picture of a task. Raises Unreadable where a formula or the answer cannot be read as numbers."""
    unknown = task.variables[0]
    sides = _SIGN.split(task.expressions[0])[::2]
    trees = [read_tree(side) for side in sides]
    solution: tuple[Stretch, ...] = ()
    points: list[float] = []
    shaded = None
    match task.kind:
        case Kind.SOLVE:
            solution = stretches(answer, unknown)
            points = [end for one in solution for end in (one.low, one.high) if end is not None]
        case Kind.DIFFERENTIATE if task.point:
            points = [_number(task.point)]
            trees.append(_tangent(trees[0], unknown, points[0], _number(answer)))
        case Kind.DIFFERENTIATE:
            trees.append(_formula(answer))
        case Kind.INTEGRATE if task.bounds:
            shaded = (_number(task.bounds[0]), _number(task.bounds[1]))
            points = sorted(shaded)
        case Kind.EVALUATE if task.point:
            points = [_number(task.point)]
        case Kind.INTEGRATE | Kind.FACTOR:
            pass
        case _:
            return None
    if any(names(tree) - {unknown} for tree in trees) or not names(trees[0]) | names(trees[-1]):
        return None
    left, right = _window(points)
    curves = [_curve(tree, unknown, left, right) for tree in trees if not _is_zero(tree)]
    if any(sum(y is not None for _, y in curve.points) < LEAST_DEFINED for curve in curves):
        return None
    exact = task.kind in (Kind.EVALUATE, Kind.DIFFERENTIATE) or (task.kind is Kind.SOLVE and _are_points(solution))
    marks = tuple((at, _value(trees[0], unknown, at)) for at in dict.fromkeys(points)) if exact else ()
    bottom, top = _heights(curves, marks, with_axis=any(_is_zero(tree) for tree in trees) or shaded is not None)
    broken = tuple(_broken(curve, bottom, top) for curve in curves)
    return Picture(unknown, broken, marks, solution, shaded, (left, right, bottom, top))


def stretches(answer: str, unknown: str) -> tuple[Stretch, ...]:
    """The parts of a solution set on the number line: "1 <= x < 3 or x = 5". Raises Unreadable for anything else."""
    if answer == NO_REAL:
        return ()
    if answer == ALL_REALS:
        return (Stretch(None, None, False, False),)
    return tuple(_stretch(part, unknown) for part in answer.split(" or "))


def _stretch(text: str, unknown: str) -> Stretch:
    match _SIGN.split(text):
        case [name, "=", value] if name == unknown:
            at = _number(value)
            return Stretch(at, at, True, True)
        case [name, ("<" | "<=") as sign, high] if name == unknown:
            return Stretch(None, _number(high), False, sign == "<=")
        case [name, (">" | ">=") as sign, low] if name == unknown:
            return Stretch(_number(low), None, sign == ">=", False)
        case [low, ("<" | "<=") as first, name, ("<" | "<=") as second, high] if name == unknown:
            return Stretch(_number(low), _number(high), first == "<=", second == "<=")
    raise Unreadable("This is no part of a number line.")


def _are_points(solution: Sequence[Stretch]) -> bool:
    return all(part.low is not None and part.low == part.high for part in solution)


def _number(text: str) -> float:
    value = float(value_at(_formula(text), {}))
    if not abs(value) < FAR:
        raise Unreadable("This is too far away to be drawn.")
    return value


def _formula(text: str) -> Node:
    formula = whole_formula(text)
    if formula is None:
        raise Unreadable("This is no formula.")
    return read_tree(formula.text)


def _tangent(tree: Node, unknown: str, at: float, slope: float) -> Node:
    through = Fraction(at).limit_denominator(10**6)
    height = Fraction(_value(tree, unknown, at)).limit_denominator(10**6)
    steep = Fraction(slope).limit_denominator(10**6)
    return read_tree(f"({steep})*({unknown}-({through}))+({height})")


def _value(tree: Node, unknown: str, at: float | Fraction) -> float:
    return float(value_at(tree, {unknown: Fraction(at)}))


def _is_zero(tree: Node) -> bool:
    return tree.kind == "number" and Fraction(tree.text) == 0


def _window(points: Sequence[float]) -> tuple[float, float]:
    """From where to where: all points with room beside them, and the origin where it is near."""
    if not points:
        return -6.0, 6.0
    low, high = min(points), max(points)
    room = max(2.0, 0.6 * (high - low), 0.2 * max(abs(low), abs(high)))
    return min(low - room, 0.0 if low < 10 else low - room), max(high + room, 0.0 if high > -10 else high + room)


def _curve(tree: Node, unknown: str, left: float, right: float) -> Curve:
    start, step = Fraction(left), (Fraction(right) - Fraction(left)) / POINTS
    points: list[tuple[float, float | None]] = []
    for number in range(POINTS + 1):
        at = (start + number * step).limit_denominator(1000)
        try:
            y = _value(tree, unknown, at)
        except (Unreadable, OverflowError):
            points.append((round(float(at), 6), None))
        else:
            points.append((round(float(at), 6), float(f"{y:.6g}")))
    name = written(tree)
    for pattern, sign in _SHOWN:
        name = pattern.sub(sign, name)
    return Curve(name.replace("*", "·") if len(name) <= 40 else name[:39] + "…", tuple(points))


def _heights(
    curves: Sequence[Curve], marks: Sequence[tuple[float, float]], *, with_axis: bool
) -> tuple[float, float]:  # fmt: skip
    """From which to which height: most of the curves and all marks; what runs off to infinity is cut."""
    heights = sorted(y for curve in curves for _, y in curve.points if y is not None and math.isfinite(y))
    cut = len(heights) // 12
    seen = [*heights[cut : len(heights) - cut], *(y for _, y in marks), *([0.0] if with_axis else [])]
    low, high = min(seen), max(seen)
    room = 0.15 * (high - low) or 1.0
    return low - room, high + room


def _broken(curve: Curve, bottom: float, top: float) -> Curve:
    """The curve with a gap where it leaves the picture above and comes back below, as at a pole."""
    points: list[tuple[float, float | None]] = []
    before: float | None = None
    for x, y in curve.points:
        if y is not None and before is not None and min(before, y) < bottom and max(before, y) > top:
            points.append((x, None))
        points.append((x, y))
        before = y
    return Curve(curve.name, tuple(points))
