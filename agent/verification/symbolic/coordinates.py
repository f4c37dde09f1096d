"""Knows how tasks about points, lines, circles and parabolas in the plane are worked out exactly, each in two ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from agent.verification.recognition.tasks import SymbolicTask
from agent.verification.symbolic.exact_reading import Worked, in_decimals, read_exact, symbol
from agent.verification.symbolic.exact_writing import latex, plain
from agent.verification.symbolic.formula_tree import divisors, names, read_tree


def work_out_coordinates(task: SymbolicTask) -> Worked | None:
    """The answer to a task of kind "coordinates"; None where it has none. Raises Unreadable."""
    if not task.variables:
        values = [read_exact(text) for text in task.expressions]
        if not all(value.is_real for value in values):
            return None
        worked = _OF_POINTS[task.question](list(zip(values[::2], values[1::2], strict=True)))
    else:
        left, right = task.expressions[0].split(" = ")
        if any(names(divisor) for side in (left, right) for divisor in divisors(read_tree(side))):
            return None
        difference = read_exact(left, *task.variables) - read_exact(right, *task.variables)
        worked = _OF_EQUATIONS[task.question](difference)
    worked = _of_both(worked, task.side) if worked is not None and task.side else worked
    return in_decimals(worked, task.expressions) if worked is not None else None


def _of_both(worked: Worked, question: str) -> Worked | None:
    """The sum or the product of the coordinates of the point that was found."""
    import sympy

    first, second = worked.roots
    value = sympy.expand(first + second if question == "sum" else first * second)
    steps = (*worked.steps, f"The point is {worked.answer}; the {question} of its coordinates is {plain(value)}.")
    return replace(worked, answer=plain(value), latex=latex(value), steps=steps, roots=(value,))


Pair = tuple[Any, Any]


def _worked(value: Any, method: str, steps: Sequence[str], check: str, agrees: bool) -> Worked:
    return Worked(plain(value), latex(value), method, tuple(steps), check, agrees, (value,))


def _worked_pair(pair: Pair, method: str, steps: Sequence[str], check: str, agrees: bool) -> Worked:
    written = rf"\left({latex(pair[0])}, {latex(pair[1])}\right)"
    return Worked(_pair(pair), written, method, tuple(steps), check, agrees, pair)


def _pair(pair: Pair) -> str:
    return f"({plain(pair[0])}, {plain(pair[1])})"


def _is_zero(value: Any) -> bool:
    """Whether an exact number is 0, shown by SymPy's algebra and not by its digits."""
    import sympy

    return bool(sympy.radsimp(sympy.expand(value)) == 0 or sympy.simplify(value) == 0)


def _squared_distance(first: Pair, second: Pair) -> Any:
    import sympy

    return sympy.expand((first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2)


def _distance(points: Sequence[Pair]) -> Worked | None:
    import sympy

    first, second = points
    square = _squared_distance(first, second)
    value = sympy.sqrt(square)
    across, up = second[0] - first[0], second[1] - first[1]
    steps = (
        f"The points lie {plain(abs(across))} apart in x and {plain(abs(up))} in y.",
        f"By Pythagoras the square of the distance is {plain(square)}.",
    )
    with_numbers = sympy.Abs(across + sympy.I * up)  # the same as the size of a complex number, by digits
    tolerance = sympy.Rational(1, 10**25) * (1 + sympy.N(value, 30))
    agrees = abs(sympy.N(with_numbers, 30) - sympy.N(value, 30)) < tolerance
    check = "The size of the complex number from one to the other is the same."
    return _worked(value, "Pythagoras", steps, check, bool(agrees))


def _midpoint(points: Sequence[Pair]) -> Worked | None:
    import sympy

    first, second = points
    middle = (sympy.expand((first[0] + second[0]) / 2), sympy.expand((first[1] + second[1]) / 2))
    steps = (f"The mean of the x-coordinates is {plain(middle[0])}, that of the y-coordinates {plain(middle[1])}.",)
    agrees = all(_is_zero((middle[i] - first[i]) - (second[i] - middle[i])) for i in (0, 1))
    return _worked_pair(middle, "means", steps, "From it the way to both ends is the same.", agrees)


def _other_endpoint(points: Sequence[Pair]) -> Worked | None:
    import sympy

    end, middle = points
    other = (sympy.expand(2 * middle[0] - end[0]), sympy.expand(2 * middle[1] - end[1]))
    steps = ("From the midpoint the way to the other end is as long again: twice the midpoint less the endpoint.",)
    agrees = all(_is_zero((end[i] + other[i]) / 2 - middle[i]) for i in (0, 1))
    return _worked_pair(other, "as far again", steps, "The mean of both ends is the midpoint.", agrees)


def _slope_of(first: Pair, second: Pair) -> Any | None:
    """The slope of the line through two points; None where it has none."""
    import sympy

    run = second[0] - first[0]
    return None if _is_zero(run) else sympy.radsimp((second[1] - first[1]) / run)


def _slope(points: Sequence[Pair]) -> Worked | None:
    first, second = points
    slope = _slope_of(first, second)
    if slope is None:
        return None
    steps = (f"The change in y is {plain(second[1] - first[1])}, that in x {plain(second[0] - first[0])}.",)
    agrees = _is_zero(first[1] + slope * (second[0] - first[0]) - second[1])
    return _worked(slope, "change over change", steps, "From the first point it leads to the second.", agrees)


def _line(points: Sequence[Pair]) -> Worked | None:
    import sympy

    first, second = points
    slope = _slope_of(first, second)
    if slope is None:
        return None
    x = symbol("x")
    height = sympy.expand(first[1] - slope * first[0])
    line = slope * x + height
    steps = (f"The slope is {plain(slope)}.", f"Through the first point, y is {plain(height)} where x is 0.")
    agrees = all(_is_zero(line.subs(x, point[0]) - point[1]) for point in points)
    check = "Both points satisfy it."
    return Worked(f"y = {plain(line)}", f"y = {latex(line)}", "point and slope", steps, check, agrees)


def _area(points: Sequence[Pair]) -> Worked | None:
    import sympy

    (a, b), (c, d), (e, f) = points
    value = sympy.Abs(sympy.expand((c - a) * (f - b) - (e - a) * (d - b))) / 2
    if _is_zero(value):
        return None  # no triangle
    squares = [_squared_distance(points[i], points[i - 1]) for i in range(3)]
    sides = [sympy.sqrt(square) for square in squares]
    # Heron's formula in the squares of the sides: 16 A² = 4 a²b² − (a² + b² − c²)².
    sixteen = 4 * squares[0] * squares[1] - (squares[0] + squares[1] - squares[2]) ** 2
    steps = ("Half the determinant of two sides as vectors.", f"The sides are {', '.join(map(plain, sides))}.")
    agrees = _is_zero(sixteen - 16 * value**2)
    return _worked(value, "determinant", steps, "Heron's formula gives the same.", agrees)


def _linear(difference: Any) -> tuple[Any, Any, Any] | None:
    """The a, b, c of ax + by + c = 0, or None where the equation is no line's."""
    import sympy

    x, y = symbol("x"), symbol("y")
    if not difference.is_polynomial(x, y):
        return None
    equation = sympy.Poly(difference, x, y)
    if equation.total_degree() != 1:
        return None
    return equation.coeff_monomial(x), equation.coeff_monomial(y), equation.coeff_monomial(1)


def _slope_of_line(difference: Any) -> Worked | None:
    line = _linear(difference)
    if line is None or _is_zero(line[1]):
        return None
    a, b, c = line
    slope = -a / b
    first, second = (0, -c / b), (7, (-c - 7 * a) / b)
    steps = (f"Solved for y: y = {plain(slope * symbol('x') - c / b)}.",)
    check = f"The points {_pair(first)} and {_pair(second)} of the line give the same slope."
    return _worked(slope, "solving for y", steps, check, _is_zero((second[1] - first[1]) / 7 - slope))


def _slope_beside(perpendicular: bool) -> Callable[[Any], Worked | None]:
    def work(difference: Any) -> Worked | None:
        given = _slope_of_line(difference)
        line = _linear(difference)
        if given is None or line is None or (perpendicular and _is_zero(line[0])):
            return None
        a, b, _ = line
        slope = b / a if perpendicular else -a / b
        how = "Perpendicular lines have slopes with the product -1." if perpendicular else "Parallel lines share it."
        # Direction vectors: (1, m) of the one and (b, -a) of the other.
        agrees = _is_zero(b - a * slope) if perpendicular else _is_zero(-a - b * slope)
        steps = (f"The slope of the line is {given.answer}.", how)
        return _worked(slope, "slopes", steps, "The directions of both lines confirm it.", agrees)

    return work


def _circle(difference: Any) -> tuple[Pair, Any] | None:
    """Center and square of the radius of a circle's equation, or None where it is no circle's."""
    import sympy

    x, y = symbol("x"), symbol("y")
    if not difference.is_polynomial(x, y):
        return None
    equation = sympy.Poly(difference, x, y)
    scale = equation.coeff_monomial(x**2)
    if equation.total_degree() != 2 or scale == 0 or not _is_zero(scale - equation.coeff_monomial(y**2)):
        return None
    if not _is_zero(equation.coeff_monomial(x * y)):
        return None
    center = tuple(-equation.coeff_monomial(name) / (2 * scale) for name in (x, y))
    square = sympy.expand(center[0] ** 2 + center[1] ** 2 - equation.coeff_monomial(1) / scale)
    if not square.is_positive:
        return None
    whole = sympy.expand(scale * ((x - center[0]) ** 2 + (y - center[1]) ** 2 - square) - difference)
    return ((center[0], center[1]), square) if whole == 0 else None


def _of_circle(question: str) -> Callable[[Any], Worked | None]:
    def work(difference: Any) -> Worked | None:
        import sympy

        found = _circle(difference)
        if found is None:
            return None
        center, square = found
        radius = sympy.sqrt(square)
        x, y = symbol("x"), symbol("y")
        squares = f"(x - {plain(center[0])})^2 + (y - {plain(center[1])})^2".replace("- -", "+ ")
        steps = (f"Completing both squares: {squares} = {plain(square)}.",)
        ends = [(center[0] + radius, center[1]), (center[0], center[1] - radius)]
        agrees = all(_is_zero(difference.subs({x: end[0], y: end[1]})) for end in ends)
        check = "The points at that distance, right of the center and below it, satisfy the equation."
        if question == "radius":
            return _worked(radius, "completing squares", steps, check, agrees)
        return _worked_pair(center, "completing squares", steps, check, agrees)

    return work


def _vertex(difference: Any) -> Worked | None:
    import sympy

    x, y = symbol("x"), symbol("y")
    for along, across in ((x, y), (y, x)):
        if not difference.is_polynomial(x, y):
            return None
        equation = sympy.Poly(difference, across)
        if equation.degree() != 1 or equation.nth(1).free_symbols:
            continue
        formula = sympy.Poly(-equation.nth(0) / equation.nth(1), along)
        if formula.degree() != 2:
            continue
        a, b, c = formula.all_coeffs()
        at = -b / (2 * a)
        height = sympy.expand(a * at**2 + b * at + c)
        t = symbol("t")
        mirrored = sympy.expand(formula.as_expr().subs(along, at + t) - formula.as_expr().subs(along, at - t))
        pair = (at, height) if along == x else (height, at)
        steps = (f"The axis lies at {along} = {plain(at)}, where {across} is {plain(height)}.",)
        agrees = mirrored == 0 and _is_zero(difference.subs({along: at, across: height}))
        return _worked_pair(pair, "the axis", steps, "The curve is its own mirror image there.", agrees)
    return None


_OF_POINTS: dict[str, Callable[[Sequence[Pair]], Worked | None]] = {
    "distance": _distance, "midpoint": _midpoint, "other endpoint": _other_endpoint, "slope": _slope, "line": _line,
    "area": _area,
}  # fmt: skip
_OF_EQUATIONS: dict[str, Callable[[Any], Worked | None]] = {
    "slope": _slope_of_line, "slope of a parallel": _slope_beside(False),
    "slope of a perpendicular": _slope_beside(True), "center": _of_circle("center"), "radius": _of_circle("radius"),
    "vertex": _vertex,
}  # fmt: skip
