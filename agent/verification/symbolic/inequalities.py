"""Knows how an inequality in one unknown is solved exactly over the real numbers, and how that is checked."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from agent.errors import Unreadable
from agent.verification.symbolic.equations import ALL_REALS, NO_REAL
from agent.verification.symbolic.exact_reading import Worked, read_exact, symbol
from agent.verification.symbolic.exact_writing import latex, listed, plain
from agent.verification.symbolic.formula_tree import Node, as_real, divisors, names, read_tree, value_at, written

_MAX_DEGREE = 4
_MAX_PIECES = 4
_MAX_WRITTEN = 40
_REVERSED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def solve_inequality(texts: Sequence[str], signs: Sequence[str], unknown: str) -> Worked | None:
    """The real solutions of `a < b` or `a < b < c` as intervals, or None where they have no such closed form.

    Both sides may be rational functions (degree 4 at most) or linear within absolute values.
    """
    import sympy

    x = symbol(unknown)
    trees = [read_tree(text) for text in texts]
    solution = sympy.S.Reals
    critical: set[Any] = set()
    for left_text, sign, right_text in zip(texts, signs, texts[1:], strict=False):
        left, right = read_exact(left_text, unknown), read_exact(right_text, unknown)
        part = _part(left, sign, right, x)
        if part is None:
            return None
        solution = solution.intersect(part)
    for tree in trees:
        for divisor in divisors(tree):
            if unknown in names(divisor):
                zeros = sympy.solveset(read_exact(written(divisor), unknown), x, sympy.S.Reals)
                if not isinstance(zeros, sympy.FiniteSet | sympy.sets.sets.EmptySet):
                    return None
                critical |= set(zeros)
                solution = solution - zeros
    pieces = _pieces(solution)
    if pieces is None:
        return None
    described = [_text(piece, unknown) for piece in pieces]
    answer = " or ".join(text for text, _ in described) or NO_REAL
    shown = r" \text{ or } ".join(text for _, text in described) or r"\text{no real solution}"
    difference = read_exact(texts[0], unknown) - read_exact(texts[1], unknown)
    method, steps = _steps(signs, difference, pieces, x, answer)
    ends = sorted({*_ends(pieces), *critical}, key=lambda end: float(end.evalf(20)))
    agrees, tried = holds_where_said(trees, signs, solution, ends, unknown)
    check = f"The inequality was tried at {tried} numbers, among them the ends: it holds exactly where the answer says."
    return Worked(answer, shown, method, steps, check, agrees)


def _part(left: Any, sign: str, right: Any, x: Any) -> Any:
    import sympy

    difference = left - right
    numerator, denominator = sympy.fraction(sympy.together(difference))
    rational = numerator.is_polynomial(x) and denominator.is_polynomial(x)
    if rational:
        if any(sympy.degree(sympy.expand(side), x) > _MAX_DEGREE for side in (numerator, denominator) if side.has(x)):
            return None
    elif not _is_piecewise_linear(difference, x):
        return None
    relation = {
        "<": sympy.StrictLessThan,
        ">": sympy.StrictGreaterThan,
        "<=": sympy.LessThan,
        ">=": sympy.GreaterThan,
    }
    statement = relation[sign](difference, 0)
    if statement in (sympy.true, sympy.false):
        return sympy.S.Reals if statement == sympy.true else sympy.S.EmptySet
    return sympy.solve_univariate_inequality(statement, x, relational=False)


def _is_piecewise_linear(difference: Any, x: Any) -> bool:
    import sympy

    inner = [absolute.args[0] for absolute in difference.atoms(sympy.Abs)]
    outer = difference.replace(sympy.Abs, lambda argument: sympy.Dummy(real=True))
    return bool(inner) and all(side.is_polynomial(x) and sympy.degree(side, x) <= 1 for side in (*inner, outer))


def _pieces(solution: Any) -> list[Any] | None:
    """The intervals and single points of a solution set, from left to right; None where it is another set."""
    import sympy

    if solution is sympy.S.EmptySet:
        return []
    parts = solution.args if isinstance(solution, sympy.Union) else (solution,)
    pieces: list[Any] = []
    for part in parts:
        if isinstance(part, sympy.FiniteSet):
            pieces += [sympy.FiniteSet(end) for end in part]
        elif isinstance(part, sympy.Interval):
            pieces.append(part)
        else:
            return None
    short = len(pieces) <= _MAX_PIECES and all(len(plain(end)) <= _MAX_WRITTEN for end in _ends(pieces))
    return sorted(pieces, key=lambda piece: float(piece.inf)) if short else None


def _ends(pieces: Sequence[Any]) -> list[Any]:
    ends = {end for piece in pieces for end in (piece.inf, piece.sup) if end.is_finite}
    return sorted(ends, key=lambda end: float(end.evalf(20)))


def _text(piece: Any, unknown: str) -> tuple[str, str]:
    """One interval as `x < 3` or `1 <= x < 3`, in plain text and in LaTeX."""
    import sympy

    shown = latex(symbol(unknown))
    low, high = piece.inf, piece.sup
    if isinstance(piece, sympy.FiniteSet):
        return f"{unknown} = {plain(low)}", f"{shown} = {latex(low)}"
    if low.is_infinite and high.is_infinite:
        return ALL_REALS, rf"{shown} \in \mathbb{{R}}"
    from_low, to_high = ("<" if piece.left_open else "<="), ("<" if piece.right_open else "<=")
    in_latex = {"<": "<", ">": ">", "<=": r"\le", ">=": r"\ge"}
    if low.is_infinite:
        return f"{unknown} {to_high} {plain(high)}", f"{shown} {in_latex[to_high]} {latex(high)}"
    if high.is_infinite:
        sign = _REVERSED[from_low]
        return f"{unknown} {sign} {plain(low)}", f"{shown} {in_latex[sign]} {latex(low)}"
    return (
        f"{plain(low)} {from_low} {unknown} {to_high} {plain(high)}",
        f"{latex(low)} {in_latex[from_low]} {shown} {in_latex[to_high]} {latex(high)}",
    )


def _steps(
    signs: Sequence[str], difference: Any, pieces: Sequence[Any], x: Any, answer: str
) -> tuple[str, tuple[str, ...]]:
    import sympy

    if len(signs) == 1 and difference.is_polynomial(x) and sympy.degree(difference, x) == 1:
        expanded = sympy.expand(difference)
        a, b = expanded.coeff(x, 1), expanded.coeff(x, 0)
        lines = [f"Collect the unknown on the left: {plain(a * x)} {signs[0]} {plain(-b)}."]
        sign = _REVERSED[signs[0]] if a.is_negative else signs[0]
        if a != 1:
            turned = ", which is negative, so the sign turns round" if a.is_negative else ""
            lines.append(f"Divide both sides by {plain(a)}{turned}: {x} {sign} {plain(-b / a)}.")
        return "linear inequality", tuple(lines)
    ends = listed([plain(end) for end in _ends(pieces)]) if _ends(pieces) else ""
    first = (
        f"The truth of the inequality can change only where both sides are equal or undefined: at {ends}."
        if ends
        else "The two sides are never equal where that would change the truth of the inequality."
    )
    return "testing intervals", (first, f"Testing a number from every interval leaves: {answer}.")


def holds_where_said(
    trees: Sequence[Node], signs: Sequence[str], solution: Any, ends: Sequence[Any], unknown: str
) -> tuple[bool, int]:
    """Whether the inequality as written is true exactly on `solution` at many rational points; how many were tried.

    Where a side is undefined the inequality does not hold. `ends` are approached from both sides to a millionth.
    """
    import sympy

    near = [Fraction(str(end.evalf(40))) for end in ends]
    points = {Fraction(n, 3) for n in range(-60, 61)}
    points |= {at + step for at in near for step in (Fraction(-1, 10**6), Fraction(1, 10**6))}
    points |= {Fraction(int(end.p), int(end.q)) for end in ends if end.is_Rational}
    points |= {(a + b) / 2 for a in near for b in near if a != b}
    for point in points:
        said = solution.contains(sympy.Rational(point.numerator, point.denominator))
        if bool(said) != _holds(trees, signs, {unknown: point}):
            return False, len(points)
    return True, len(points)


def _holds(trees: Sequence[Node], signs: Sequence[str], point: dict[str, Fraction]) -> bool:
    try:
        values = [value_at(tree, point) for tree in trees]
    except Unreadable:
        return False
    order = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
    pairs = zip(values, signs, values[1:], strict=False)
    return all(
        order[sign](*((a, b) if isinstance(a, Fraction) and isinstance(b, Fraction) else (as_real(a), as_real(b))))
        for a, sign, b in pairs
    )
