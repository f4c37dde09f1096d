"""Knows how questions about the solutions of equations are answered exactly, once the solutions are found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from agent.verification.symbolic import equations
from agent.verification.symbolic.exact_reading import Worked, close, number_at, read_exact, symbol
from agent.verification.symbolic.exact_writing import latex, listed, plain
from agent.verification.symbolic.formula_tree import DIGITS, divisors, names, read_tree, value_at

_MAX_DEGREE = 4
_MAX_WRITTEN = 40
_MOST_SOLUTIONS = 6  # by Bézout; elimination takes long beyond it


def of_one_equation(left: str, right: str, unknown: str, question: str, which: str) -> Worked | None:
    """The sum, the product, the number or one of the real solutions of an equation in one unknown.

    `which` is "+" where the real ones alone are meant, "-" where all roots of a polynomial are, else "": then None
    where multiplicity or solutions that are not real would make another answer of it.
    """
    import sympy

    if which == "-" and (worked := _by_vieta(left, right, unknown, question)):
        return worked
    real = which == "+"
    solved = equations.solve_equation(left, right, unknown)
    if solved is None or not solved.roots or not solved.agrees:
        return None
    roots = list(solved.roots)
    if question in {"sum", "product", "count"} and not _simple(left, right, unknown, len(roots), real):
        return None
    if question in {"positive", "negative"}:
        roots = [root for root in roots if (root.is_positive if question == "positive" else root.is_negative)]
        if len(roots) != 1:
            return None
    steps = [*solved.steps[-2:], f"So {solved.answer}."]
    if question in {"positive", "negative", "greatest", "least"}:
        chosen = roots[-1] if question == "greatest" else roots[0]
        answer = f"{unknown} = {plain(chosen)}"
        written = f"{latex(symbol(unknown))} = {latex(chosen)}"
        return Worked(answer, written, solved.method, tuple(steps), solved.check, True, (chosen,))
    value: Any = {"sum": sympy.Add, "product": sympy.Mul}.get(question, lambda *found: sympy.Integer(len(found)))(
        *roots
    )
    value = sympy.nsimplify(sympy.radsimp(sympy.expand(value)))
    steps.append(f"The {'number of solutions' if question == 'count' else question} is {plain(value)}.")
    return Worked(plain(value), latex(value), solved.method, tuple(steps), solved.check, True)


def _numerator(left: str, right: str, unknown: str) -> Any:
    """The polynomial whose zeros an equation's solutions are among; None where it can be brought to none."""
    import sympy

    x = symbol(unknown)
    numerator = sympy.expand(sympy.fraction(sympy.together(read_exact(left, unknown) - read_exact(right, unknown)))[0])
    return sympy.Poly(numerator, x) if numerator.is_polynomial(x) else None


def _simple(left: str, right: str, unknown: str, found: int, real: bool) -> bool:
    """Whether every solution is a simple one, and there are no others than the real ones (or these alone are meant)."""
    polynomial = _numerator(left, right, unknown)
    if polynomial is None:
        return True
    return bool(polynomial.is_sqf) and (real or polynomial.degree() == polynomial.count_roots() == found)


def _all_real(left: str, right: str, unknown: str) -> bool:
    """Whether an equation has no solutions besides the real ones, as far as it can be brought to a polynomial."""
    polynomial = _numerator(left, right, unknown)
    if polynomial is None:
        return True
    roots = polynomial.sqf_part()
    return bool(roots.degree() == roots.count_roots())


def _by_vieta(left: str, right: str, unknown: str, question: str) -> Worked | None:
    """The sum or the product of all roots of a polynomial equation without multiple roots, from its coefficients."""
    import mpmath
    import sympy

    x = symbol(unknown)
    difference = sympy.expand(read_exact(left, unknown) - read_exact(right, unknown))
    divided = any(unknown in names(divisor) for side in (left, right) for divisor in divisors(read_tree(side)))
    if divided or not difference.is_polynomial(x):
        return None
    polynomial = sympy.Poly(difference, x)
    degree = polynomial.degree()
    if not 2 <= degree <= 2 * _MAX_DEGREE or not polynomial.is_sqf or not polynomial.domain.is_Exact:
        return None
    first, second, last = (polynomial.coeff_monomial(x**n) for n in (degree, degree - 1, 0))
    value = sympy.radsimp(-second / first if question == "sum" else (-1) ** degree * last / first)
    with mpmath.workdps(DIGITS):
        roots = [mpmath.mpmathify(root) for root in polynomial.nroots(n=DIGITS, maxsteps=200)]
        total = mpmath.fsum(roots) if question == "sum" else mpmath.fprod(roots)
        agrees = bool(abs(total - mpmath.mpmathify(value.evalf(DIGITS))) < mpmath.mpf(10) ** -20)
    rule = "minus the second coefficient over the first" if question == "sum" else "the last coefficient over the first"
    rule += ", with a minus where the degree is odd" if question == "product" else ""
    steps = (f"Bring everything to one side: {plain(difference)} = 0.", f"By Vieta it is {rule}: {plain(value)}.")
    check = f"The {degree} roots, real or not, calculated to {DIGITS} digits, give the same {question}."
    return Worked(plain(value), latex(value), "Vieta's formulas", steps, check, agrees)


def value_of(pairs: Sequence[tuple[str, str]], unknowns: Sequence[str], asked: str) -> Worked | None:
    """The value of a formula that is the same for every solution of the equations, real or not.

    The unknowns are eliminated from the equations together with s = formula (a Gröbner basis in lexical order): what
    is left for s has one root. The second way is Rabinowitsch's: with s different from it there is no solution at all.
    """
    import sympy

    trees = [(read_tree(left), read_tree(right)) for left, right in pairs]
    divided = any(set(names(divisor)) for pair in trees for tree in pair for divisor in divisors(tree))
    symbols = [symbol(name, real=False) for name in unknowns]
    sides = [(read_exact(a, *unknowns, real=False), read_exact(b, *unknowns, real=False)) for a, b in pairs]
    formula = read_exact(asked, *unknowns, real=False)
    differences = [sympy.expand(left - right) for left, right in sides]
    polynomial = all(form.is_polynomial(*symbols) for form in [*differences, formula])
    if divided or not polynomial:
        return _value_at_roots(*pairs[0], unknowns[0], asked) if len(pairs) == len(unknowns) == 1 else None
    degrees = [sympy.Poly(form, *symbols).total_degree() for form in differences if form != 0]
    if math.prod(degrees) > _MOST_SOLUTIONS or sympy.Poly(formula, *symbols).total_degree() > _MAX_DEGREE:
        return None
    if any(not number.is_Rational for form in [*differences, formula] for number in form.atoms(sympy.Number)):
        return None
    s, t = sympy.Symbol("value"), sympy.Symbol("inverse")
    if sympy.groebner(differences, *symbols).exprs == [1]:
        return None  # the equations contradict each other
    eliminated = [form for form in sympy.groebner([*differences, s - formula], *symbols, s, order="lex").exprs
                  if form.free_symbols == {s}]  # fmt: skip
    roots = sympy.Poly(eliminated[-1], s).sqf_part() if eliminated else None
    if roots is None or roots.degree() != 1:
        return None
    (value,) = sympy.roots(roots)
    agrees = sympy.groebner([*differences, t * (formula - value) - 1], *symbols, t).exprs == [1]
    steps = (
        f"Eliminate {listed([str(name) for name in symbols])} from the equations and s = {plain(formula)}.",
        f"What is left for s is {plain(roots.as_expr().subs(s, sympy.Symbol('s')))} = 0, so that s = {plain(value)}.",
    )
    check = "Together with any other value, the equations have no solution: another Gröbner basis of them is 1."
    return Worked(plain(value), latex(value), "elimination", steps, check, agrees)


def _value_at_roots(left: str, right: str, unknown: str, asked: str) -> Worked | None:
    """The value of a formula at the real solutions of an equation, where it is the same at all of them."""
    import mpmath
    import sympy

    solved = equations.solve_equation(left, right, unknown)
    if solved is None or not solved.roots or not solved.agrees or not _all_real(left, right, unknown):
        return None
    formula, x = read_exact(asked, unknown), symbol(unknown)
    values = {sympy.radsimp(sympy.simplify(formula.subs(x, root))) for root in solved.roots}
    if len(values) != 1:
        return None
    (value,) = values
    if not value.is_real or not value.is_finite or len(plain(value)) > _MAX_WRITTEN:
        return None
    with mpmath.workdps(DIGITS):
        there = [value_at(read_tree(asked), {unknown: number_at(root, {})}) for root in solved.roots]
        agrees = all(close(at, number_at(value, {})) for at in there)
    steps = (*solved.steps[-2:], f"So {solved.answer}.", f"There, the value is {plain(value)}.")
    check = f"{solved.check} Put in as a number, it gives this value."
    return Worked(plain(value), latex(value), solved.method, steps, check, agrees)
