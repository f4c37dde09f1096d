"""Knows how linear and small polynomial systems are solved exactly over the real numbers, and checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from agent.verification.symbolic.equations import satisfies
from agent.verification.symbolic.exact_reading import Worked, read_exact, symbol
from agent.verification.symbolic.exact_writing import latex, listed, plain
from agent.verification.symbolic.formula_tree import Node, divisors, names, read_tree

_MAX_SOLUTIONS = 6


def solve_system(
    equations: Sequence[tuple[str, str]], unknowns: Sequence[str], *, as_pair: bool = False
) -> Worked | None:
    """All real solutions of a linear or small polynomial system, or None where they cannot be found.

    With `as_pair` they are written as (2, -3), in the order of the unknowns, and not as x = 2, y = -3.
    """
    import sympy

    symbols = [symbol(name, real=False) for name in unknowns]
    trees = [(read_tree(left), read_tree(right)) for left, right in equations]
    if any(set(names(divisor)) for pair in trees for tree in pair for divisor in divisors(tree)):
        return None
    sides = [
        (read_exact(left, *unknowns, real=False), read_exact(right, *unknowns, real=False)) for left, right in equations
    ]
    differences = [sympy.expand(left - right) for left, right in sides]
    if not all(difference.is_polynomial(*symbols) for difference in differences):
        return None
    degrees = [sympy.Poly(difference, *symbols).total_degree() if difference != 0 else 0 for difference in differences]
    if max(degrees) > 1:
        return _polynomial_system(differences, trees, symbols, degrees, as_pair)
    matrix, vector = sympy.linear_eq_to_matrix(differences, symbols)
    rank, augmented = matrix.rank(), matrix.row_join(vector).rank()
    if rank < len(unknowns):
        outcome = "infinitely many solutions" if rank == augmented else "no solution"
        reason = "The equations say the same thing." if rank == augmented else "The equations contradict each other."
        check = f"The coefficients have rank {rank}, and rank {augmented} together with the right sides."
        return Worked(outcome, rf"\text{{{outcome}}}", "elimination", (reason,), check, True)
    (solution,) = sympy.linsolve(differences, symbols)
    steps = _elimination(differences, symbols, solution)
    return _system_answer(
        [solution],
        trees,
        symbols,
        "elimination",
        steps,
        "The coefficients' determinant is not 0, so it is the only solution.",
        as_pair,
    )


def _elimination(differences: Sequence[Any], symbols: Sequence[Any], solution: Sequence[Any]) -> list[str]:
    """Substitution for two unknowns; for more, the triangular form that elimination leaves."""
    import sympy

    if len(symbols) == 2:
        for first, second in ((0, 1), (1, 0)):
            for n, other in ((0, 1), (1, 0)):
                if differences[first].coeff(symbols[n]) in {1, -1}:
                    return _by_substitution(differences, symbols, solution, first, second, n, other)
        return (
            _by_substitution(differences, symbols, solution, 0, 1, 0, 1)
            if differences[0].has(symbols[0])
            else (_by_substitution(differences, symbols, solution, 1, 0, 0, 1))
        )
    matrix, vector = sympy.linear_eq_to_matrix(differences, list(symbols))
    rows = matrix.row_join(vector).echelon_form()
    lines = []
    for n in range(len(symbols)):
        row = rows[n, : len(symbols)]
        lines.append(
            f"{plain(sympy.Add(*(a * s for a, s in zip(row, symbols, strict=True))))} = {plain(rows[n, len(symbols)])}"
        )
    values = listed([f"{name} = {plain(value)}" for name, value in zip(symbols, solution, strict=True)])
    return [f"Elimination leaves {'; '.join(lines)}.", f"From the last line up: {values}."]


def _by_substitution(
    differences: Sequence[Any],
    symbols: Sequence[Any],
    solution: Sequence[Any],
    first: int,
    second: int,
    n: int,
    other: int,
) -> list[str]:
    import sympy

    (expressed,) = sympy.solve(differences[first], symbols[n])
    put_in = sympy.expand(differences[second].subs(symbols[n], expressed))
    a, b = put_in.coeff(symbols[other], 1), put_in.coeff(symbols[other], 0)
    return [
        f"From one equation, {symbols[n]} = {plain(expressed)}.",
        f"Put into the other: {plain(a * symbols[other])} = {plain(-b)}, "
        f"so {symbols[other]} = {plain(solution[other])}.",
        f"Then {symbols[n]} = {plain(solution[n])}.",
    ]


def _polynomial_system(
    differences: Sequence[Any],
    trees: Sequence[tuple[Node, Node]],
    symbols: Sequence[Any],
    degrees: Sequence[int],
    as_pair: bool,
) -> Worked | None:
    import sympy

    if len(symbols) > 2 or max(degrees) > 3:
        return None
    try:
        found = sympy.solve_poly_system(differences, *symbols)
    except NotImplementedError:
        return None
    if not found:
        return None
    solutions = {tuple(sympy.simplify(value) for value in solution) for solution in found}
    if any(value.free_symbols or value.has(sympy.CRootOf) for solution in solutions for value in solution):
        return None
    real = [solution for solution in solutions if all(value.is_real for value in solution)]
    if not real or len(real) > _MAX_SOLUTIONS or any(value.is_real is None for s in solutions for value in s):
        return None
    real.sort(key=lambda solution: [float(value.evalf(20)) for value in solution])
    # Bézout: no more solutions, real or complex, than the product of the degrees.
    most = math.prod(degrees)
    complete = f"By Bézout there are at most {most} solutions, real or not, and {len(solutions)} were found."
    steps = ["Eliminate one unknown and solve for the other."]
    return _system_answer(
        real, trees, symbols, "substitution", steps, complete if len(solutions) == most else "", as_pair
    )


def _system_answer(
    solutions: Sequence[Sequence[Any]], trees: Sequence[tuple[Node, Node]], symbols: Sequence[Any], method: str,
    steps: Sequence[str], complete: str, as_pair: bool,
) -> Worked | None:  # fmt: skip
    pairs = [list(zip(symbols, solution, strict=True)) for solution in solutions]
    right = all(satisfies(equation, {str(name): value for name, value in pair}) for pair in pairs for equation in trees)
    answer = " or ".join(", ".join(f"{name} = {plain(value)}" for name, value in pair) for pair in pairs)
    written = r" \text{ or } ".join(
        ",\\; ".join(f"{latex(name)} = {latex(value)}" for name, value in pair) for pair in pairs
    )
    if as_pair:
        answer = " or ".join(f"({', '.join(plain(value) for value in solution)})" for solution in solutions)
        written = r" \text{ or } ".join(
            rf"\left({', '.join(latex(value) for value in solution)}\right)" for solution in solutions
        )
    check = f"Substituting into every equation makes both sides equal. {complete}".strip()
    return Worked(answer, written, method, tuple(steps), check, right if complete or not right else None)
