"""What SymPy answers is exact, and is called checked only where a second route agreed."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.verification.reading.language import parse_expression
from agent.verification.reading.notation import normalise
from agent.verification.symbolic.calculus import antiderivative_agrees, quadrature_agrees, slopes_agree
from agent.verification.symbolic.equations import none_missing, satisfies
from agent.verification.symbolic.exact_reading import same_function, symbol
from agent.verification.symbolic.formula_tree import read_tree
from agent.verification.symbolic.inequalities import holds_where_said
from agent.verification.symbolic.limits import approaches
from agent.verification.symbolic.symbolic import solve_symbolic

X = symbol("x")

ANSWERS = [
    # linear equations
    ("Solve 3x + 5 = 20", "x = 5"),
    ("Solve for x: 2x + 3 = 11", "x = 4"),
    ("Find x if 2x + 3 = 11", "x = 4"),
    ("If 2x + 3 = 11, what is x?", "x = 4"),
    ("If $2x + 3 = 11$, what is the value of $x$?", "x = 4"),
    ("2x+3=11", "x = 4"),
    ("What value of x satisfies 2x + 3 = 11?", "x = 4"),
    ("Please solve 2y = 8 for y.", "y = 4"),
    ("How do I solve 2x + 3 = 7?", "x = 2"),
    ("5x = 2x + 9, solve for x", "x = 3"),
    ("3x + 5 equals 20", "x = 5"),
    ("Solve 2x + 3 = 7 step by step.", "x = 2"),
    (r"Solve the equation $\frac{x}{2} + 3 = 7$.", "x = 8"),
    ("Solve 0.1x + 0.2 = 0.5", "x = 3"),
    ("Solve x + 1 = x + 2", "no real solution"),
    ("Solve 2(x+1) = 2x + 2", "all real numbers"),
    # other equations
    ("Solve for x: x^2 - 5x + 6 = 0", "x = 2 or x = 3"),
    ("Solve x² = 2", "x = -sqrt(2) or x = sqrt(2)"),
    ("Solve x^2 - 2x - 1 = 0", "x = 1 - sqrt(2) or x = 1 + sqrt(2)"),
    ("Solve the quadratic equation x^2 + 1 = 0", "no real solution"),
    ("Solve x^2 - 4x + 4 = 0", "x = 2"),
    ("Find the roots of x^2 - 5x + 6", "x = 2 or x = 3"),
    ("Find the zeros of f(x) = x^2 - 4", "x = -2 or x = 2"),
    ("Solve x^3 - 6x^2 + 11x - 6 = 0", "x = 1 or x = 2 or x = 3"),
    ("Solve 1/x = 2", "x = 1/2"),
    ("Solve (x-1)^2/(x-1) = 0", "no real solution"),
    ("Solve x/(x-1) = 1/(x-1)", "no real solution"),
    ("Solve |x - 3| = 5", "x = -2 or x = 8"),
    ("Solve sqrt(x + 6) = x", "x = 3"),
    ("Solve √x = -2", "no real solution"),
    ("Solve 2^x = 8", "x = 3"),
    ("Solve 2^x = 5", "x = ln(5)/ln(2)"),
    ("Solve ln(x) + ln(x - 3) = ln(4)", "x = 4"),
    # inequalities
    ("Solve the inequality 2x + 1 < 7", "x < 3"),
    ("Solve -2x <= 6", "x >= -3"),
    ("Solve x^2 > 4", "x < -2 or x > 2"),
    ("Solve -3 < 2x + 1 ≤ 7", "-2 < x <= 3"),
    ("For what values of x is x^2 - 4 > 0?", "x < -2 or x > 2"),
    ("Solve 1/x >= 2", "0 < x <= 1/2"),
    ("Solve (x-1)/(x-1) > 0", "x < 1 or x > 1"),
    ("Solve x^2 < 0", "no real solution"),
    ("Solve |x - 1| < 3", "-2 < x < 4"),
    # systems
    ("Solve the system x + y = 10, x - y = 2", "x = 6, y = 4"),
    ("Solve the system of equations: x + y = 10 and x - y = 2", "x = 6, y = 4"),
    ("Solve the following system:\nx + y = 10\nx - y = 2", "x = 6, y = 4"),
    (r"Solve $\begin{cases} 2x+3y=7 \\ 4x-5y=3 \end{cases}$", "x = 2, y = 1"),
    ("Find x and y if x + y = 10 and x - y = 2", "x = 6, y = 4"),
    ("If x + y = 10 and x - y = 2, find x and y.", "x = 6, y = 4"),
    ("x + y = 5, x^2 + y^2 = 13", "x = 2, y = 3 or x = 3, y = 2"),
    ("Solve x + y + z = 6; x - y = 0; z = 2x", "x = 3/2, y = 3/2, z = 3"),
    ("Solve x + y = 1, x + y = 2", "no solution"),
    ("Solve x + y = 1, 2x + 2y = 2", "infinitely many solutions"),
    # rewriting
    ("Factor x^2-9", "(x - 3)(x + 3)"),
    ("Factorise completely 2x^2 - 8", "2(x - 2)(x + 2)"),
    ("Factor x^2 + 1", "x^2 + 1"),
    ("Factor x^2 + 2xy + y^2", "(x + y)^2"),
    ("Expand (x+2)^3", "x^3 + 6x^2 + 12x + 8"),
    ("Expand and simplify (x+1)(x-2)", "x^2 - x - 2"),
    ("Simplify (x^2-1)/(x-1)", "x + 1"),
    ("Simplify: 2x + 3x", "5x"),
    (r"Simplify \frac{x^2-9}{x+3}", "x - 3"),
    ("Simplify sin(x)^2 + cos(x)^2", "1"),
    ("Simplify sqrt(50)", "5sqrt(2)"),
    ("Simplify 12/16", "3/4"),
    # derivatives
    ("What is the derivative of x^3 sin(x)?", "x^3*cos(x) + 3x^2*sin(x)"),
    ("Differentiate f(x) = x^2 + 3x", "2x + 3"),
    ("Find f'(2) if f(x)=x^3", "12"),
    ("d/dx of x^2 + 3x", "2x + 3"),
    (r"$\frac{d}{dx} \sin x$", "cos(x)"),
    ("Let f(x) = x^3 - 2x. Find f'(x).", "3x^2 - 2"),
    ("If f(x) = x^3, find f''(x).", "6x"),
    ("Find the second derivative of x^4", "12x^2"),
    ("Find dy/dx if y = ln(x^2 + 1)", "2x/(x^2 + 1)"),
    ("Find the derivative of x^2 at x = 3", "6"),
    ("Differentiate e^(2x) with respect to x", "2e^(2x)"),
    # integrals
    ("Find the integral of x^2", "x^3/3 + C"),
    ("Integrate 1/x dx", "ln(|x|) + C"),
    ("What is the antiderivative of cos(x)?", "sin(x) + C"),
    ("∫ x^2 dx from 0 to 3", "9"),
    (r"Evaluate $\int_0^3 x^2\,dx$", "9"),
    (r"\int_{0}^{\pi} \sin(x) \, dx", "2"),
    ("Find the definite integral from 0 to 2 of x^2", "8/3"),
    ("Integrate e^(-x) from 0 to infinity", "1"),
    # limits
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "1"),
    ("Find the limit of (x^2-1)/(x-1) as x approaches 1", "2"),
    ("limit as x approaches infinity of (1+1/x)^x", "e"),
    ("Find the limit of 1/x as x approaches 0 from the right", "infinity"),
    ("Find the limit of |x|/x as x approaches 0", "does not exist"),
    # values
    ("What is 3/4 + 5/6?", "19/12"),
    ("Calculate 17 * 23", "391"),
    ("2^10 - 24", "1000"),
    ("What is 15% of 80?", "12"),
    ("What is 0.1 + 0.2?", "0.3"),
    ("Compute 1 1/2 + 3/4.", "9/4"),
    ("What is the square root of 144?", "12"),
    ("What is 5!?", "120"),
    ("3 x 4 = ?", "12"),
    ("If f(x) = x^2 + 1, find f(3).", "10"),
    ("Calculate sin(30°)", "1/2"),
    (r"Evaluate $\log_2 8$.", "3"),
]


@pytest.mark.parametrize(("problem", "answer"), ANSWERS)
def test_a_problem_gets_its_exact_and_checked_answer(problem: str, answer: str) -> None:
    found = solve_symbolic(problem)
    assert found is not None
    assert found["answer"] == answer
    assert found["checked"] is True
    assert 1 <= len(found["steps"]) <= 4
    assert found["task"]
    assert found["latex"]
    assert found["method"]


@pytest.mark.parametrize(
    "problem",
    [
        "Solve sin x = 1/2",  # infinitely many solutions
        "Solve e^x = x + 2",  # no closed form
        "Solve x^3 - x - 1 = 0",  # only Cardano's formula
        "Solve x/x = 1",  # true where it is defined, which is not everywhere
        "Find the derivative of |x| at x = 0",
        "Integrate sin(x)/x",
        "Integrate 1/x from -1 to 1",
        "Integrate 1/x^2 from -1 to 1",
        "Find the limit of ln(x) as x approaches 0",
        "Find the limit of sin(1/x) as x approaches 0",
        "What is 5/0?",
        "What is 9^9^9^9?",
        "Compute 2003^{2002^{2001}}",
        "What is 1000000000!?",
        "Solve x^2000 = 1",
        "Evaluate 1/(x-1) at x = 1",
        "What is 3/4?",  # nothing to be done
        "What is sin(1)?",  # nothing simpler
        "Simplify (1 + tan(20°))(1 + tan(25°))",  # 2, but SymPy does not find it
        r"Solve \sqrt[3]{x} + \sqrt{x+12} = 0",  # SymPy's cube root of a negative number is not the real one
        "A shop sells pens at 3 for $2. How much do 12 pens cost?",
    ],
)
def test_what_has_no_exact_answer_of_a_usual_form_gets_none(problem: str) -> None:
    assert solve_symbolic(problem) is None


def test_the_steps_of_a_linear_equation_are_those_of_a_textbook() -> None:
    found = solve_symbolic("Solve 3x + 5 = 20")
    assert found is not None
    assert found["steps"] == ["Subtract 5 from both sides: 3x = 15.", "Divide both sides by 3: x = 5."]
    assert found["check"].startswith("Substituting x = 5 gives 20 = 20.")
    assert found["task"] == "3 x + 5 = 20"


def test_an_extraneous_solution_is_named_and_dropped() -> None:
    found = solve_symbolic("Solve ln(x) + ln(x - 3) = ln(4)")
    assert found is not None
    assert any("x = -1 does not satisfy" in step for step in found["steps"])


def test_a_cancelled_zero_is_named() -> None:
    found = solve_symbolic("Simplify (x^2-1)/(x-1)")
    assert found is not None
    assert "The original is not defined at x = 1." in found["steps"]


# Properties

coefficients = st.integers(-12, 12).filter(bool)
roots = st.integers(-15, 15)
EQUATION_WORDINGS = ("Solve {}", "Solve for x: {}", "Find x if {}", "If {}, what is x?", "{}", "Solve ${}$ for $x$.")


def _signed(number: int) -> str:
    return f"+ {number}" if number >= 0 else f"- {-number}"


@settings(max_examples=40, deadline=None)
@given(coefficients, coefficients, roots, st.sampled_from(EQUATION_WORDINGS))
def test_linear_equations_are_solved_in_every_wording(a: int, b: int, root: int, wording: str) -> None:
    found = solve_symbolic(wording.format(f"{a}x {_signed(b)} = {a * root + b}"))
    assert found is not None
    assert found["answer"] == f"x = {root}"
    assert found["checked"] is True
    assert found["steps"][-1].endswith(f"x = {root}.")


@settings(max_examples=30, deadline=None)
@given(coefficients, roots, roots, st.sampled_from(EQUATION_WORDINGS))
def test_quadratics_with_known_roots_are_solved(a: int, first: int, second: int, wording: str) -> None:
    equation = f"{a}x^2 {_signed(-a * (first + second))}x {_signed(a * first * second)} = 0"
    found = solve_symbolic(wording.format(equation))
    assert found is not None
    assert found["answer"] == " or ".join(f"x = {root}" for root in sorted({first, second}))
    assert found["checked"] is True


polynomials = st.lists(st.integers(-9, 9), min_size=2, max_size=5).filter(lambda c: any(c[1:]))


def _polynomial(numbers: list[int]) -> str:
    terms = [f"{_signed(c)}x^{n}" if n else _signed(c) for n, c in enumerate(numbers) if c]
    return " ".join(reversed(terms)).removeprefix("+ ")


def _value(numbers: list[int], at: int) -> int:
    return sum(c * at**n for n, c in enumerate(numbers))


def _read(answer: str) -> Any:
    return parse_expression(normalise(answer), names={"x": X}, implicit=True)


@settings(max_examples=30, deadline=None)
@given(polynomials)
def test_polynomials_are_differentiated_right(numbers: list[int]) -> None:
    found = solve_symbolic(f"Differentiate {_polynomial(numbers)}")
    assert found is not None
    slope = [n * c for n, c in enumerate(numbers)][1:]
    assert all(_read(found["answer"]).subs(X, at) == _value(slope, at) for at in range(-3, 4))
    assert found["checked"] is True


@settings(max_examples=30, deadline=None)
@given(polynomials, st.integers(-4, 0), st.integers(1, 4))
def test_polynomials_are_integrated_right(numbers: list[int], low: int, high: int) -> None:
    found = solve_symbolic(f"Integrate {_polynomial(numbers)} from {low} to {high}")
    assert found is not None
    area = sum(Fraction(c, n + 1) * (high ** (n + 1) - low ** (n + 1)) for n, c in enumerate(numbers))
    assert Fraction(found["answer"]) == area
    assert found["checked"] is True
    indefinite = solve_symbolic(f"Find the integral of {_polynomial(numbers)}")
    assert indefinite is not None
    antiderivative = _read(indefinite["answer"].removesuffix(" + C"))
    assert antiderivative.subs(X, high) - antiderivative.subs(X, low) == area
    assert indefinite["checked"] is True


@settings(max_examples=30, deadline=None)
@given(polynomials, polynomials)
def test_products_are_expanded_and_factored_right(first: list[int], second: list[int]) -> None:
    text = f"({_polynomial(first)})({_polynomial(second)})"
    found = solve_symbolic(f"Expand {text}")
    assert found is not None
    assert all(_read(found["answer"]).subs(X, at) == _value(first, at) * _value(second, at) for at in range(-3, 4))
    factored = solve_symbolic(f"Factor {found['answer']}")
    if factored is not None:  # a single number or x alone is nothing to factor
        assert sympy.expand(_read(factored["answer"]) - _read(found["answer"])) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fractions(-20, 20, max_denominator=12), min_size=2, max_size=4), st.data())
def test_fractions_are_added_and_multiplied_exactly(numbers: list[Fraction], data: st.DataObject) -> None:
    signs = [data.draw(st.sampled_from("+-*")) for _ in numbers[1:]]
    pairs = itertools.zip_longest(numbers, signs, fillvalue="")
    found = solve_symbolic("What is " + " ".join(f"({number}) {sign}" for number, sign in pairs) + "?")
    assert found is not None
    products = [[numbers[0]]]
    for sign, number in zip(signs, numbers[1:], strict=True):
        if sign == "*":
            products[-1].append(number)
        else:
            products.append([Fraction(-1 if sign == "-" else 1), number])
    total = Fraction(0)
    for factors in products:
        product = Fraction(1)
        for factor in factors:
            product *= factor
        total += product
    assert Fraction(found["answer"]) == total
    assert found["checked"] is True


# A wrong answer does not pass its check


def test_a_wrong_solution_does_not_satisfy_the_equation() -> None:
    trees = read_tree("x^(2) - 5*x + 6"), read_tree("0")
    assert satisfies(trees, {"x": sympy.Integer(2)})
    assert not satisfies(trees, {"x": sympy.Integer(4)})
    assert not satisfies((read_tree("(x - 1)/(x - 1)"), read_tree("1")), {"x": sympy.Integer(1)})


def test_a_missing_solution_is_noticed() -> None:
    trees = read_tree("x^(2)"), read_tree("4")
    assert none_missing(trees, "x", sympy.Poly(X**2 - 4, X), [sympy.Integer(2)]) is None
    assert none_missing(trees, "x", sympy.Poly(X**2 - 4, X), [sympy.Integer(-2), sympy.Integer(2)])
    absolute = read_tree("abs(x - 3)"), read_tree("5")
    assert none_missing(absolute, "x", None, [sympy.Integer(8)]) is None
    assert none_missing(absolute, "x", None, [sympy.Integer(-2), sympy.Integer(8)])


def test_a_wrong_interval_is_noticed() -> None:
    trees = [read_tree("x^(2)"), read_tree("4")]
    right, wrong = sympy.Interval.open(-2, 2), sympy.Interval(-2, 2)
    ends = [sympy.Integer(-2), sympy.Integer(2)]
    assert holds_where_said(trees, ["<"], right, ends, "x")[0]
    assert not holds_where_said(trees, ["<"], wrong, ends, "x")[0]
    assert not holds_where_said(trees, ["<"], sympy.Interval.open(-2, 3), ends, "x")[0]


def test_a_wrong_derivative_is_noticed() -> None:
    tree = read_tree("x^(3)*sin(x)")
    assert slopes_agree(tree, 3 * X**2 * sympy.sin(X) + X**3 * sympy.cos(X), "x") is True
    assert slopes_agree(tree, 3 * X**2 * sympy.cos(X), "x") is False
    assert slopes_agree(read_tree("x^(4)"), 12 * X**2, "x", 2) is True
    assert slopes_agree(read_tree("x^(4)"), 4 * X**3, "x", 2) is False


def test_a_wrong_integral_is_noticed() -> None:
    tree = read_tree("x^(2)")
    assert antiderivative_agrees(tree, X**3 / 3 + 7, "x") is True
    assert antiderivative_agrees(tree, X**3, "x") is False
    ends = sympy.Integer(0), sympy.Integer(3)
    assert quadrature_agrees(tree, sympy.Integer(9), "x", *ends) is True
    assert quadrature_agrees(tree, sympy.Rational(901, 100), "x", *ends) is False


def test_a_wrong_limit_is_noticed() -> None:
    tree = read_tree("sin(x)/x")
    assert approaches(tree, "x", sympy.Integer(0), "+", sympy.Integer(1)) is True
    assert approaches(tree, "x", sympy.Integer(0), "+", sympy.Integer(2)) is False
    assert approaches(read_tree("1/x"), "x", sympy.Integer(0), "-", sympy.oo) is False


def test_a_wrong_rewriting_is_noticed() -> None:
    tree = read_tree("(x + 2)^(3)")
    assert same_function(tree, sympy.expand((X + 2) ** 3), ("x",)) is True
    assert same_function(tree, X**3 + 8, ("x",)) is False
    assert same_function(read_tree("ln(x - 100)"), sympy.log(X - 100), ("x",)) is None  # defined nowhere that was tried
