"""Knows derivatives and integrals as SymPy computes them, and how each is checked by numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.errors import Unreadable
from agent.verification.symbolic.exact_reading import POINTS, Worked, close, number_at, read_exact, symbol
from agent.verification.symbolic.exact_writing import latex, plain
from agent.verification.symbolic.formula_tree import Node, as_real, read_tree, value_at

_MAX_SIMPLIFIED = 60  # operations; beyond that simplifying may not end
_ENOUGH_POINTS = 3
_ELEMENTARY = "sin cos tan cot sec csc asin acos atan sinh cosh tanh log exp Abs"
_ORDINALS = {1: "first", 2: "second", 3: "third"}


def differentiate(text: str, unknown: str, order: int, point: str) -> Worked | None:
    """The derivative of a formula, at `point` where one is given."""
    import sympy

    x = symbol(unknown)
    function, tree = read_exact(text, unknown), read_tree(text)
    derivative = neatest(sympy.diff(function, x, order), x)
    if derivative.has(sympy.Derivative, sympy.DiracDelta):
        return None
    method, steps = _rules(function, x)
    if order > 1:
        first = neatest(sympy.diff(function, x), x)
        steps = [*steps[:2], f"The first derivative is {plain(first)}."]
        steps.append(f"Differentiating again, the {_ORDINALS[order]} derivative is {plain(derivative)}.")
    elif not steps or not steps[-1].endswith(f"{plain(derivative)}."):
        steps.append(f"Together: {plain(derivative)}.")
    agrees = slopes_agree(tree, derivative, unknown, order)
    check = "Difference quotients of the function, to 25 digits at several points, agree with the derivative."
    result = derivative
    if point:
        at = read_exact(point)
        value_at(tree, {unknown: number_at(at, {})})  # the function must be defined there
        result = sympy.simplify(derivative.subs(x, at))
        if not result.is_finite or not result.is_real:
            return None
        steps.append(f"At {unknown} = {plain(at)} this is {plain(result)}.")
        if agrees:
            agrees = _slopes_at(tree, unknown, number_at(at, {}), order, number_at(result, {}))
    return Worked(plain(result), latex(result), method, tuple(steps[-4:]), check, agrees)


def neatest(expression: Any, x: Any) -> Any:
    """An equal expression that is short to write; the rules' own result unless another is much shorter."""
    import sympy

    length = sympy.count_ops(expression)
    if expression.is_polynomial(x):
        expanded = sympy.expand(expression)
        return expanded if sympy.count_ops(expanded) <= length else expression
    if length > _MAX_SIMPLIFIED:
        return expression
    if expression.is_rational_function(x):
        forms = [sympy.factor(expression), sympy.cancel(expression)]
    else:
        forms = [sympy.simplify(expression)]
    shortest = min(forms, key=sympy.count_ops)
    return shortest if sympy.count_ops(shortest) < 0.7 * length else expression


def slopes_agree(tree: Node, derivative: Any, unknown: str, order: int = 1) -> bool | None:
    """Whether numeric derivatives of the formula as written agree with `derivative`; None with too few points."""
    import mpmath

    agreeing = 0
    with mpmath.workdps(60):
        for point in (*POINTS, *(abs(point) / 3 for point in POINTS)):
            try:
                value_at(tree, {unknown: point})
                slope = _slope(tree, unknown, point, order)
            except Unreadable:
                continue
            try:
                if not close(slope, number_at(derivative, {unknown: point}), digits=12):
                    return False
            except Unreadable:
                return False
            agreeing += 1
    return True if agreeing >= _ENOUGH_POINTS else None


def _slope(tree: Node, unknown: str, point: Any, order: int) -> Any:
    import mpmath

    return mpmath.diff(lambda at: as_real(value_at(tree, {unknown: at})), as_real(point), order)


def _slopes_at(tree: Node, unknown: str, point: Any, order: int, value: Any) -> bool | None:
    """Whether the slopes from the left and from the right of one point are `value`; |x| has two at 0."""
    import mpmath

    def height(at: Any) -> Any:
        return as_real(value_at(tree, {unknown: at}))

    with mpmath.workdps(60):
        try:
            slopes = [mpmath.diff(height, as_real(point), order, direction=side) for side in (-1, 1)]
        except Unreadable:
            return None
        return all(close(slope, value, digits=12) for slope in slopes)


def _rules(function: Any, x: Any) -> tuple[str, list[str]]:
    """The rule that the outermost operation asks for, and its parts worked out."""
    import sympy

    def line(part: Any) -> str:
        return f"The derivative of {plain(part)} is {plain(neatest(sympy.diff(part, x), x))}."

    if not function.has(x):
        return "constant rule", ["The derivative of a constant is 0."]
    if function.is_Add:
        terms = [term for term in function.as_ordered_terms() if term.has(x)]
        method = "power rule" if function.is_polynomial(x) else "sum rule"
        lines = [line(term) for term in terms[:3]]
        return method, lines if len(terms) <= 3 else ["Differentiate term by term.", *lines[:2]]
    constant, product = function.as_independent(x)
    top, bottom = sympy.fraction(product)
    if bottom.has(x) and top.has(x):
        u, v = sympy.diff(top, x), sympy.diff(bottom, x)
        return "quotient rule", [
            f"With u = {plain(top)} and v = {plain(bottom)}: u' = {plain(u)}, v' = {plain(v)}.",
            "(u/v)' = (u'v - uv')/v^2.",
        ]
    if product.is_Mul and not product.is_polynomial(x):
        u, v = product.as_two_terms()
        return "product rule", [
            f"With u = {plain(u)} and v = {plain(v)}: u' = {plain(sympy.diff(u, x))}, v' = {plain(sympy.diff(v, x))}.",
            f"(uv)' = u'v + uv'{'' if constant == 1 else f', and the factor {plain(constant)} stays'}.",
        ]
    if product.is_polynomial(x) and (product == x or (product.is_Pow and product.base == x) or product.is_Mul):
        return "power rule", [line(function)]
    inner = next((argument for argument in product.args if argument.has(x) and argument != x), None)
    if inner is not None:
        return "chain rule", [
            f"The inner function is {plain(inner)}, with derivative {plain(sympy.diff(inner, x))}.", line(function)
        ]  # fmt: skip
    return ("power rule" if product.is_Pow and product.base == x else "standard derivative"), [line(function)]


def integrate(text: str, unknown: str, bounds: tuple[str, str] | None) -> Worked | None:
    """An antiderivative with its constant, or the exact value of a definite integral."""
    import sympy

    x = symbol(unknown)
    function, tree = read_exact(text, unknown), read_tree(text)
    antiderivative = _antiderivative(function, x)
    if antiderivative is None:
        return None
    method, first = _integration_method(function, x)
    found = f"An antiderivative of {plain(function)} is {plain(antiderivative)}."
    if bounds is None:
        agrees = antiderivative_agrees(tree, antiderivative, unknown)
        steps = (first, found, f"Add the constant: {plain(antiderivative)} + C.")
        check = "Differentiating the antiderivative numerically gives the integrand back at several points."
        return Worked(f"{plain(antiderivative)} + C", f"{latex(antiderivative)} + C", method, steps, check, agrees)
    low, high = (end_value(bound) for bound in bounds)
    value = sympy.integrate(function, (x, low, high))
    if (
        not value.is_finite
        or not value.is_real
        or value.has(sympy.Integral, sympy.Piecewise)
        or value.atoms(sympy.Float)
    ):
        return None
    value = neatest(value, x) if not value.is_Rational else value
    if not (low.is_finite and high.is_finite):
        ends = f"Taking limits at the ends gives {plain(value)}."
    else:
        at_high, at_low = (sympy.simplify(antiderivative.subs(x, end)) for end in (high, low))
        ends = f"At {plain(high)} it is {plain(at_high)}, at {plain(low)} it is {plain(at_low)}; "
        ends += f"the difference is {plain(value)}."
        if not (at_high.is_finite and at_low.is_finite and at_high.is_real and at_low.is_real):
            ends = f"Between {plain(low)} and {plain(high)} it grows by {plain(value)}."
    agrees = quadrature_agrees(tree, value, unknown, low, high)
    check = "Adding up the area numerically (quadrature) gives the same value to 15 digits."
    return Worked(plain(value), latex(value), method, (first, found, ends), check, agrees)


def end_value(bound: str) -> Any:
    import sympy

    return {"oo": sympy.oo, "-oo": -sympy.oo}.get(bound) or read_exact(bound)


def _antiderivative(function: Any, x: Any) -> Any:
    """SymPy's antiderivative over the real numbers, with ln|u| for ln u; None where it is not elementary."""
    import sympy

    found = sympy.integrate(function, x)
    allowed = tuple(getattr(sympy, name) for name in _ELEMENTARY.split())
    if found.has(sympy.Integral, sympy.Piecewise, sympy.I) or any(
        not isinstance(call, allowed) for call in found.atoms(sympy.Function)
    ):
        return None
    found = sympy.expand(found) if found.is_polynomial(x) else found
    inside = [logarithm.args[0] for logarithm in found.atoms(sympy.log) if logarithm.has(x)]
    if not function.has(sympy.log, sympy.sqrt) and any(not argument.is_positive for argument in inside):
        signed = {sympy.log(a): sympy.log(sympy.Abs(a, evaluate=False)) for a in inside if not a.is_positive}
        found = found.subs(signed)
    return found


def antiderivative_agrees(tree: Node, antiderivative: Any, unknown: str) -> bool | None:
    """Whether the numeric slope of an antiderivative is the integrand as written; None with too few points."""
    import mpmath

    agreeing = 0
    with mpmath.workdps(50):
        for point in (*POINTS, *(abs(point) / 3 for point in POINTS)):
            try:
                value = value_at(tree, {unknown: point})
            except Unreadable:
                continue
            try:
                slope = mpmath.diff(_numeric(antiderivative, unknown), as_real(point))
            except (Unreadable, ValueError, ZeroDivisionError):
                return False
            if not close(value, slope, digits=12):
                return False
            agreeing += 1
    return True if agreeing >= _ENOUGH_POINTS else None


def _numeric(expression: Any, unknown: str) -> Callable[[Any], Any]:
    return lambda at: as_real(number_at(expression, {unknown: at}))


def quadrature_agrees(tree: Node, value: Any, unknown: str, low: Any, high: Any) -> bool | None:
    """Whether numeric quadrature of the integrand as written gives `value`.

    None where the integrand is undefined somewhere inside, or the quadrature's own error estimate is too large.
    """
    import mpmath
    import sympy

    with mpmath.workdps(30):
        ends = [
            mpmath.inf if e is sympy.oo else -mpmath.inf if e == -sympy.oo else as_real(number_at(e, {}))
            for e in (low, high)
        ]
        cuts = [ends[0], *(ends[0] + (ends[1] - ends[0]) * n / 6 for n in range(1, 6)), ends[1]]
        if any(mpmath.isinf(end) for end in ends):
            cuts = [ends[0], mpmath.mpf(0), ends[1]] if all(mpmath.isinf(end) for end in ends) else ends
        try:
            area, error = mpmath.quad(lambda at: as_real(value_at(tree, {unknown: at})), cuts, error=True)
        except (Unreadable, ValueError, ZeroDivisionError):
            return None
        if error > mpmath.mpf(10) ** -14 * (1 + abs(area)):
            return None
        return close(area, number_at(value, {}), digits=12)


def _integration_method(function: Any, x: Any) -> tuple[str, str]:
    import sympy

    if function.is_polynomial(x):
        return (
            "power rule",
            "Integrate term by term: raise each exponent by 1 and divide by the new exponent.",
        )
    if function.is_Add:
        return "sum rule", "Integrate term by term."
    if function.is_rational_function(x):
        apart = sympy.apart(function, x)
        if apart != function and apart.is_Add:
            return "partial fractions", f"Split into partial fractions: {plain(apart)}."
        return "standard integral", "Use the standard integrals of rational functions."
    _, product = function.as_independent(x)
    if product.is_Mul and any(factor.is_polynomial(x) for factor in product.args):
        return "integration by parts or substitution", "Use integration by parts or a substitution."
    return "standard integral", "Use the standard integrals."
