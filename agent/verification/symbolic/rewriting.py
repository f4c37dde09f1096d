"""Knows how expressions are simplified, factored, expanded and evaluated exactly, and how that is checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from agent.errors import Unreadable
from agent.verification.reading.language import parse_expression
from agent.verification.symbolic.exact_reading import (
    MAX_DEGREE,
    Worked,
    close,
    number_at,
    read_exact,
    same_function,
    symbol,
)
from agent.verification.symbolic.exact_writing import decimal, latex, listed, plain
from agent.verification.symbolic.formula_tree import DIGITS, divisors, names, read_tree, value_at, written

_MAX_SIMPLIFIED = 40  # operations; beyond that simplifying may not end
_MAX_TERMS = 40
_MAX_WRITTEN_DEGREE = 60
_CHECK = "Original and result have the same value at several rational points."


def expand(text: str, unknowns: Sequence[str]) -> Worked | None:
    """The expression without brackets, like terms collected."""
    import sympy

    expression = read_exact(text, *unknowns)
    if not expression.is_polynomial(*map(symbol, unknowns)) or _degree(expression, unknowns) > 3 * MAX_DEGREE:
        return None
    result = sympy.expand(expression)
    if len(sympy.Add.make_args(result)) > _MAX_TERMS:
        return None
    steps = [
        "Multiply every term of one bracket by every term of the other.",
        f"Collect like terms: {plain(result)}.",
    ]
    if expression.is_Pow and expression.exp.is_Integer:
        steps[0] = f"Write the power as a product of {expression.exp} equal brackets and multiply them out."
    return _checked(text, result, unknowns, "distributive law", steps)


def factor(text: str, unknowns: Sequence[str]) -> Worked | None:
    """The polynomial as a product of factors that are irreducible over the rational numbers."""
    import sympy

    polynomial = read_exact(text, *unknowns)
    if not polynomial.is_polynomial(*map(symbol, unknowns)) or _degree(polynomial, unknowns) > 2 * MAX_DEGREE:
        return None
    expanded = sympy.expand(polynomial)
    if not expanded.free_symbols or any(not number.is_Rational for number in expanded.atoms(sympy.Number)):
        return None
    constant, parts = sympy.factor_list(expanded)
    result = sympy.factor(expanded)
    irreducible = all(sympy.Poly(part, *part.free_symbols).is_irreducible for part, _ in parts)
    method, steps = _factoring_steps(expanded, result, constant, parts)
    worked = _checked(text, result, unknowns, method, steps)
    multiplied = sympy.expand(constant * sympy.prod([part**power for part, power in parts]) - expanded) == 0
    check = "Multiplying the factors out gives the original back, and none of them splits further over the rationals."
    agrees = worked.agrees if irreducible and multiplied else False
    return Worked(worked.answer, worked.latex, method, worked.steps, check, agrees)


def _factoring_steps(expanded: Any, result: Any, constant: Any, parts: Sequence[Any]) -> tuple[str, list[str]]:
    import sympy

    if len(parts) == 1 and parts[0][1] == 1 and constant in {1, -1}:
        return "factoring", ["The polynomial has no factors of lower degree with rational coefficients."]
    steps = []
    common = sympy.gcd_terms(expanded)
    if common.is_Mul and common != result and common != expanded:
        steps.append(f"Take out the common factor: {plain(common)}.")
    terms = sympy.Add.make_args(expanded)
    method = "factoring"
    if len(terms) == 2 and len(parts) == 2 and all(power == 1 for _, power in parts):
        method = "difference of squares" if all(sympy.total_degree(part) == 1 for part, _ in parts) else method
    elif len(parts) == 1 and parts[0][1] == 2 and len(terms) == 3:
        method = "perfect square"
    elif len(terms) == 3 and len(parts) == 2:
        method = "factoring a trinomial"
        sums = [sympy.Poly(part).all_coeffs() for part, _ in parts if len(part.free_symbols) == 1]
        if len(sums) == 2 and all(len(pair) == 2 and pair[0] == 1 for pair in sums) and constant == 1:
            a, b = sums[0][1], sums[1][1]
            steps.append(f"Look for two numbers with product {a * b} and sum {a + b}: they are {a} and {b}.")
    return method, [*steps, f"So the product is {plain(result)}."]


def simplify(text: str, unknowns: Sequence[str]) -> Worked | None:
    """A shorter equal expression: like terms collected, common factors cancelled, roots reduced."""
    import sympy

    expression = read_exact(text, *unknowns)
    symbols = [symbol(name) for name in unknowns]
    if sympy.count_ops(expression) > _MAX_SIMPLIFIED:
        return None
    if not unknowns:
        return evaluate(text, "", "")
    steps: list[str] = []
    if expression.is_polynomial(*symbols):
        if _degree(expression, unknowns) > 3 * MAX_DEGREE:
            return None
        result, method = sympy.expand(expression), "collecting like terms"
        steps.append(f"Multiply out and collect like terms: {plain(result)}.")
    elif expression.is_rational_function(*symbols):
        top, bottom = sympy.fraction(sympy.together(expression))
        result, method = sympy.cancel(expression), "cancelling common factors"
        if bottom.is_number or top.is_number:
            result = min((result, expression), key=sympy.count_ops)
        else:
            steps.append(f"Factor: ({plain(sympy.factor(top))})/({plain(sympy.factor(bottom))}).")
        result = min((result, sympy.factor(result)), key=sympy.count_ops)
        steps.append(f"Cancel what is common: {plain(result)}.")
    else:
        result, method = sympy.simplify(expression), "identities and laws of powers"
        if sympy.count_ops(result) >= sympy.count_ops(expression):
            return None  # nothing found; there may be an identity that SymPy does not know
        steps.append(f"Using identities and the laws of powers: {plain(result)}.")
    steps += _exclusions(text, unknowns)
    return _checked(text, result, unknowns, method, steps)


def _exclusions(text: str, unknowns: Sequence[str]) -> list[str]:
    """The values that the original's divisors forbid, for one unknown."""
    import sympy

    if len(unknowns) != 1:
        return []
    x = symbol(unknowns[0])
    forbidden: set[Any] = set()
    for divisor in divisors(read_tree(text)):
        if names(divisor):
            for part in sympy.fraction(sympy.together(read_exact(written(divisor), *unknowns))):
                if part.is_polynomial(x) and 1 <= sympy.degree(part, x) <= 2:
                    forbidden |= set(sympy.roots(part, x))
    values = sorted((value for value in forbidden if value.is_real), key=lambda value: float(value.evalf(20)))
    return [f"The original is not defined at {x} = {listed([plain(v) for v in values], 'or')}."] if values else []


def _checked(text: str, result: Any, unknowns: Sequence[str], method: str, steps: Sequence[str]) -> Worked:
    agrees = same_function(read_tree(text), result, tuple(unknowns))
    return Worked(plain(result), latex(result), method, tuple(steps), _CHECK, agrees)


def _degree(expression: Any, unknowns: Sequence[str]) -> int:
    import sympy

    if not unknowns or _degree_as_written(expression) > _MAX_WRITTEN_DEGREE:
        return _MAX_WRITTEN_DEGREE if unknowns else 0  # Poly would multiply it all out
    return int(sympy.Poly(expression, *map(symbol, unknowns)).total_degree())


def _degree_as_written(expression: Any) -> int:
    """The degree of a polynomial that is not multiplied out; more than the true one where powers cancel."""
    if expression.is_Pow and expression.exp.is_Integer:
        return _degree_as_written(expression.base) * max(int(expression.exp), 0)
    parts = [_degree_as_written(part) for part in expression.args]
    return sum(parts) if expression.is_Mul else max(parts, default=int(expression.is_Symbol))


def evaluate(text: str, unknown: str, point: str, *, as_fraction: bool = False) -> Worked | None:
    """The exact value of a formula without unknowns, or with one that is given; None where nothing is to be done."""
    import mpmath
    import sympy
    from sympy.functions.elementary.trigonometric import InverseTrigonometricFunction, TrigonometricFunction

    tree = read_tree(text)
    given: dict[str, Any] = {}
    steps: list[str] = []
    if unknown:
        at = read_exact(point)
        expression = parse_expression(text, names={unknown: at})  # and not put in by SymPy, which knows no bounds
        steps.append(f"Put {unknown} = {plain(at)} into the expression.")
    else:
        expression = read_exact(text)
    if sympy.count_ops(expression) > _MAX_SIMPLIFIED:
        return None
    value = expression if expression.is_Rational else _shortest(sympy.radsimp(sympy.simplify(expression)))
    if not value.is_finite or not value.is_real or value.has(TrigonometricFunction, InverseTrigonometricFunction):
        return None
    as_decimal = "." in text + point and value.is_Rational and not as_fraction
    answer = (decimal(value) if as_decimal else "") or plain(value)
    if answer.replace(" ", "") == text.replace(" ", ""):
        return None
    shown = answer if "." in answer else latex(value)
    try:
        with mpmath.workdps(DIGITS):
            if unknown:
                given = {unknown: number_at(at, {})}
            second = value_at(tree, given)
            agrees = close(second, number_at(value, {}))
    except Unreadable:
        return None
    exact = isinstance(second, Fraction) and value.is_Rational
    way = "with fractions" if exact else "to 25 digits"
    steps += [*_in_order(tree, given), f"The value is {answer}."]
    check = f"A second calculation {way}, apart from SymPy, gives the same value."
    return Worked(answer, shown, "order of operations", tuple(steps[-4:]), check, agrees)


def _shortest(value: Any) -> Any:
    """The value with roots of roots taken apart, where there are fewer then: sqrt(3 - 2sqrt(2)) is sqrt(2) - 1."""
    import sympy

    forms = [value, sympy.radsimp(sympy.expand(sympy.sqrtdenest(value)))]
    square = sympy.radsimp(sympy.simplify(sympy.expand(value**2))) if _nested(value) else value
    if square.is_Rational and value.is_real:
        forms.append(sympy.sqrt(square) if value.is_nonnegative else -sympy.sqrt(square))
    return min(forms, key=lambda form: (_nested(form), sympy.count_ops(form)))


def _nested(value: Any) -> int:
    import sympy

    return sum(bool(power.base.atoms(sympy.Pow)) for power in value.atoms(sympy.Pow))


def _in_order(tree: Any, given: dict[str, Any]) -> list[str]:
    """The values of the operands of the last operation, where both take some work."""
    while tree.kind == "group":
        tree = tree.parts[0]
    if tree.kind not in {"+", "-", "*", "/"} or any(part.kind in {"number", "name"} for part in tree.parts):
        return []
    values = [value_at(part, given) for part in tree.parts]
    if not all(isinstance(value, Fraction) for value in values):
        return []
    left, right = values
    if tree.kind in "+-" and (left.denominator > 1 or right.denominator > 1):
        common = math.lcm(left.denominator, right.denominator)
        over = [f"{value * common}/{common}" for value in values]
        return [f"Over the common denominator {common}: {over[0]} {tree.kind} {over[1]}."]
    return [f"First the parts: {left} {tree.kind} {right}."]
