"""Knows how an equation in one unknown is solved exactly over the real numbers, and how that is checked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from agent.errors import Unreadable
from agent.verification.symbolic.exact_reading import MAX_DEGREE, Worked, close, number_at, read_exact, symbol
from agent.verification.symbolic.exact_writing import latex, listed, plain
from agent.verification.symbolic.formula_tree import Node, as_real, divisors, names, read_tree, value_at

_MAX_WRITTEN = 40  # characters of one solution: Cardano's formula helps no student
_COMPLEX_BY_CUSTOM = ("z", "w")  # such letters stand for complex numbers
ALL_REALS, NO_REAL = "all real numbers", "no real solution"


def solve_equation(left_text: str, right_text: str, unknown: str) -> Worked | None:
    """All real solutions of one equation, or None where they cannot be found in closed form."""
    import sympy

    x = symbol(unknown)
    left, right = read_exact(left_text, unknown), read_exact(right_text, unknown)
    trees = read_tree(left_text), read_tree(right_text)
    numerator, denominator = sympy.fraction(sympy.together(left - right))
    numerator = sympy.expand(numerator)
    if numerator == 0:
        return _identity(trees, unknown)
    polynomial = sympy.Poly(numerator, x) if numerator.is_polynomial(x) else None
    if unknown in _COMPLEX_BY_CUSTOM and polynomial is not None and polynomial.degree() > polynomial.count_roots():
        return None  # z^3 = 8 asks for three solutions
    found = _roots(numerator, left - right, x, polynomial)
    if found is None or (not found and polynomial is not None and polynomial.degree() > 2):
        return None  # of a higher degree, who finds none among the real numbers may want the others
    if any(len(plain(root)) > _MAX_WRITTEN for root in found):
        return None
    kept = [root for root in found if satisfies(trees, {unknown: root})]
    dropped = [root for root in found if root not in kept]
    if any(not _is_excluded(trees, {unknown: root}) for root in dropped):
        return None  # a candidate that is neither a solution nor explained
    divided = any(unknown in names(divisor) for tree in trees for divisor in divisors(tree))
    linear = polynomial is not None and polynomial.degree() <= 1 and not divided
    method, steps = (
        _linear_steps(left, right, x) if linear else _steps(left, right, numerator, denominator, polynomial, x, found)
    )
    steps += [f"{unknown} = {plain(root)} does not satisfy the original equation and is dropped." for root in dropped]
    complete = none_missing(trees, unknown, polynomial, found)
    if complete is None:
        return None
    answer = " or ".join(f"{unknown} = {plain(root)}" for root in kept) or NO_REAL
    written = r" \text{ or } ".join(f"{latex(x)} = {latex(root)}" for root in kept) or r"\text{no real solution}"
    check = _substitution(trees, unknown, kept)
    if complete:
        check += " " + complete
    return Worked(answer, written, method, tuple(steps[:5]), check.strip(), True if complete else None, tuple(kept))


def _identity(trees: Sequence[Node], unknown: str) -> Worked | None:
    import sympy

    x = symbol(unknown)
    if any(unknown in names(divisor) for tree in trees for divisor in divisors(tree)) or any(
        _has_call(tree) for tree in trees
    ):
        return None  # true wherever both sides are defined, which is not everywhere
    same = all(
        value_at(trees[0], {unknown: Fraction(n)}) == value_at(trees[1], {unknown: Fraction(n)}) for n in range(-9, 10)
    )
    steps = (
        "Both sides become the same expression when they are expanded.",
        "The equation holds for every value.",
    )
    check = f"Both sides agree at every whole number {unknown} from -9 to 9."
    return Worked(ALL_REALS, latex(sympy.Contains(x, sympy.S.Reals, evaluate=False)), "identity", steps, check, same)


def _has_call(tree: Node) -> bool:
    return tree.kind == "call" or any(_has_call(part) for part in tree.parts)


def _roots(numerator: Any, difference: Any, x: Any, polynomial: Any) -> list[Any] | None:
    """Candidates in increasing order, or None where SymPy has no finite closed form for all of them."""
    import sympy

    if polynomial is not None:
        if polynomial.degree() > MAX_DEGREE or not all(c.is_real for c in polynomial.all_coeffs()):
            return None
        if polynomial.degree() == 0:
            return []
        found = sympy.solveset(numerator, x, sympy.S.Reals)
    else:
        found = sympy.solveset(difference, x, sympy.S.Reals)
    if found is sympy.S.EmptySet:
        return []
    if not isinstance(found, sympy.FiniteSet) or len(found) > MAX_DEGREE:
        return None
    roots = [sympy.radsimp(sympy.sqrtdenest(sympy.simplify(root))) for root in found]
    if any(root.free_symbols or root.has(sympy.CRootOf, sympy.I) or root.is_real is False for root in roots):
        return None
    return sorted((sympy.factor_terms(sympy.together(root)) for root in roots), key=lambda root: float(root.evalf(20)))


def satisfies(trees: Sequence[Node], solution: dict[str, Any]) -> bool:
    """Whether both sides of an equation, as written, are defined and equal at a point of SymPy numbers."""
    import mpmath

    with mpmath.workdps(70):
        try:
            point = {name: number_at(value, {}) for name, value in solution.items()}
            left, right = (value_at(tree, point) for tree in trees)
            return close(left, right, digits=35)
        except Unreadable:
            return False


def _is_excluded(trees: Sequence[Node], solution: dict[str, Any]) -> bool:
    """Whether a candidate fails for a reason: a side is undefined there, or the sides clearly differ."""
    import mpmath

    with mpmath.workdps(70):
        point = {name: number_at(value, {}) for name, value in solution.items()}
        try:
            left, right = (value_at(tree, point) for tree in trees)
        except Unreadable:
            return True
        return not close(left, right, digits=10)


def none_missing(trees: Sequence[Node], unknown: str, polynomial: Any, found: Sequence[Any]) -> str | None:
    """A sentence that says why no real solution is missing; empty where that could not be shown, None if one is.

    Polynomials: Sturm's theorem counts the real roots. Otherwise a scan for sign changes, which is strong evidence
    and no proof.
    """
    if polynomial is not None:
        count = 0
        if polynomial.degree():
            if not polynomial.domain.is_Exact:
                return ""
            count = polynomial.sqf_part().count_roots()
        if count != len(set(found)):
            return None
        roots = "root" if count == 1 else "roots"
        return f"Counting real roots (Sturm) gives {count} {roots} over the real numbers, so none is missing."
    crossings = sign_changes(trees, unknown)
    if crossings is None:
        return ""
    known = [float(root.evalf(20)) for root in found]
    if any(not any(low <= root <= high for root in known) for low, high in crossings):
        return None
    if not found:
        return "The sides are never equal on a scan from -10^7 to 10^7."
    return "A scan from -10^7 to 10^7 shows no further sign change."


def sign_changes(trees: Sequence[Node], unknown: str) -> list[tuple[float, float]] | None:
    """Where left minus right passes through zero, fine to 60 and coarse to 10^7; None where hardly defined."""
    import mpmath

    changes: list[tuple[float, float]] = []
    previous: tuple[Fraction, Any] | None = None
    defined = 0
    with mpmath.workdps(25):
        for at in _scan():
            value = _difference(trees, unknown, at)
            if value is None:
                previous = None
                continue
            defined += 1
            if value == 0:
                changes.append((float(at), float(at)))
            elif previous and previous[1] * value < 0 and _vanishes(trees, unknown, previous[0], at):
                changes.append((float(previous[0]), float(at)))
            previous = (at, value)
    return changes if defined >= 20 else None


def _difference(trees: Sequence[Node], unknown: str, at: Fraction) -> Any:
    try:
        left, right = (as_real(value_at(tree, {unknown: at})) for tree in trees)
    except Unreadable:
        return None
    return left - right


def _vanishes(trees: Sequence[Node], unknown: str, low: Fraction, high: Fraction) -> bool:
    """Whether a sign change is a zero and no pole: halving the interval makes the values small, not large."""
    first = _difference(trees, unknown, low)
    for _ in range(40):
        middle = (low + high) / 2
        value = _difference(trees, unknown, middle)
        if value is None:
            return False
        low, high = (middle, high) if value * first > 0 else (low, middle)
    last = _difference(trees, unknown, low)
    return last is not None and bool(abs(last) <= abs(first) / 1000)


def _scan() -> list[Fraction]:
    far = [Fraction(60 * 3**n, 2**n) for n in range(1, 30)]
    near = [Fraction(step, 10) + Fraction(1, 97) for step in range(-600, 601)]
    return [*(-at for at in reversed(far)), *near, *far]


def _substitution(trees: Sequence[Node], unknown: str, kept: Sequence[Any]) -> str:
    sentences = []
    for root in kept[:3]:
        value = _side_value(trees, {unknown: root})
        sentences.append(f"Substituting {unknown} = {plain(root)} gives {value}.")
    return " ".join(sentences)


def _side_value(trees: Sequence[Node], solution: dict[str, Any]) -> str:
    import mpmath

    with mpmath.workdps(70):
        point = {name: number_at(value, {}) for name, value in solution.items()}
        left, right = (value_at(tree, point) for tree in trees)
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return f"{left} = {right}"
        shown = as_real(right if isinstance(right, Fraction) else left)
        return f"{mpmath.nstr(shown, 8)} on both sides, equal to 35 digits"


def _linear_steps(left: Any, right: Any, x: Any) -> tuple[str, list[str]]:
    """The worked lines of a linear equation: unknowns to the left, numbers to the right, divide."""
    import sympy

    steps: list[str] = []
    a, b = _coefficients(left, x)
    c, d = _coefficients(right, x)
    sides = (sympy.expand(left), sympy.expand(right))
    if (left, right) != sides:
        steps.append(f"Expand: {plain(sides[0])} = {plain(sides[1])}.")
    if a == 0:  # the unknown is on the right only
        a, b, c, d = c, d, a, b
        steps.append(f"Swap the sides: {plain(a * x + b)} = {plain(c * x + d)}.")
    if c != 0:
        a, moved = a - c, c * x
        steps.append(_moved(moved, c, f"{plain(a * x + b)} = {plain(d)}"))
    if b != 0:
        d, moved = d - b, b
        steps.append(_moved(moved, b, f"{plain(a * x)} = {plain(d)}"))
    if a == 0:
        return "linear equation", [
            *steps,
            "No value of the unknown makes this true, so there is no solution.",
        ]
    if a != 1:
        by = "Multiply both sides by" if a.is_Rational and abs(a.p) == 1 and a.q > 1 else "Divide both sides by"
        amount = 1 / a if by.startswith("Multiply") else a
        steps.append(f"{by} {plain(amount)}: {x} = {plain(d / a)}.")
    elif not steps or not steps[-1].endswith(f"{x} = {plain(d)}."):
        steps.append(f"So {x} = {plain(d)}.")
    return "linear equation", steps


def _moved(term: Any, coefficient: Any, result: str) -> str:
    if coefficient.is_negative:
        return f"Add {plain(-term)} to both sides: {result}."
    return f"Subtract {plain(term)} from both sides: {result}."


def _coefficients(side: Any, x: Any) -> tuple[Any, Any]:
    import sympy

    expanded = sympy.expand(side)
    return expanded.coeff(x, 1), expanded.coeff(x, 0)


def _steps(
    left: Any, right: Any, numerator: Any, denominator: Any, polynomial: Any, x: Any, found: Sequence[Any]
) -> tuple[str, list[str]]:
    import sympy

    candidates = listed([f"{x} = {plain(root)}" for root in found], "or") if found else ""
    if polynomial is None:
        outcome = f"Solving gives {candidates}." if found else "No real number satisfies this."
        steps = _undone(left, right, x)
        if not (steps and candidates and steps[-1].endswith(f": {candidates}.")):
            steps.append(outcome)
        return _transcendental_method(left, right, x), steps
    steps = []
    if denominator.has(x):
        steps.append(
            f"Multiply both sides by the common denominator {plain(sympy.factor(denominator))}, which is not 0."
        )
    steps.append(f"Bring everything to one side: {plain(numerator)} = 0.")
    factored = sympy.factor(numerator)
    rational = all(root.is_Rational for root in found)
    if polynomial.degree() == 2 and not (found and rational):
        a, b, c = polynomial.all_coeffs()
        discriminant = sympy.simplify(b**2 - 4 * a * c)
        steps.append(f"The discriminant b^2 - 4ac is {plain(discriminant)}.")
        if discriminant.is_negative:
            steps.append("It is negative, so there is no real solution.")
        else:
            steps.append(f"{x} = (-b ± sqrt({plain(discriminant)}))/(2a) gives {candidates}.")
        return "quadratic formula", steps
    if polynomial.degree() == 0:
        return "clearing denominators", [*steps, "This is never true."]
    if factored != numerator:
        steps.append(f"Factor: {plain(factored)} = 0.")
    steps.append(f"A product is zero where a factor is: {candidates}." if found else "No factor has a real zero.")
    if polynomial.degree() == 1:
        return "clearing denominators", [*steps[:-1], f"So {candidates}."]
    return ("clearing denominators" if denominator.has(x) else "factoring"), steps


def _undone(left: Any, right: Any, x: Any) -> list[str]:
    """The first line where one side is a lone root, absolute value, logarithm or power and the other a number."""
    import sympy

    if right.has(x):
        left, right = right, left
    if right.has(x):
        return []
    inner = left.args[0] if left.args else left
    if isinstance(left, sympy.Abs):
        if right.is_negative:
            return ["An absolute value is never negative."]
        return [f"Two cases: {plain(inner)} = {plain(right)} or {plain(inner)} = {plain(-right)}."]
    if isinstance(left, sympy.log):
        return [f"Raise e to both sides: {plain(inner)} = {plain(sympy.exp(right))}."]
    if left.is_Pow and left.exp == sympy.Rational(1, 2):
        if right.is_negative:
            return ["A square root is never negative."]
        return [f"Square both sides: {plain(inner)} = {plain(right**2)}."]
    if left.is_Pow and not left.base.has(x) and right.is_positive:
        return [
            f"Take logarithms: {plain(left.exp)} = {plain(sympy.simplify(sympy.log(right) / sympy.log(left.base)))}."
        ]
    return []


def _transcendental_method(left: Any, right: Any, x: Any) -> str:
    import sympy

    difference = left - right
    if difference.has(sympy.Abs):
        return "absolute value: two cases"
    if difference.has(sympy.log):
        return "exponentiating both sides"
    powers = difference.atoms(sympy.Pow)
    if any(power.exp.has(x) for power in powers) or difference.has(sympy.exp):
        return "taking logarithms"
    if any(power.base.has(x) and power.exp.is_Rational and not power.exp.is_Integer for power in powers):
        return "isolating the root and raising to a power"
    return "inverse functions"
