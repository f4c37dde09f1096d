"""Python's arithmetic worked out without Python: the same values, and refusals for the rest."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CheckFailed
from agent.verification.python_arithmetic import MAX_DEPTH, Names, Number, apply

OPERATORS: dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b,
}  # fmt: skip
Written = tuple[str, Number | None]  # an expression and its value; None where Python raises an error


def combined(parts: tuple[Written, str, Written]) -> Written:
    (left, a), operator, (right, b) = parts
    text = f"({left}) {operator} ({right})"
    try:
        return text, None if a is None or b is None else OPERATORS[operator](a, b)
    except (ArithmeticError, ValueError):
        return text, None


NUMBERS = st.one_of(
    st.integers(0, 10**6).map(lambda n: (str(n), n)),
    st.floats(0, 10**6, allow_nan=False).map(lambda x: (repr(x), x)),
)
EXPRESSIONS: st.SearchStrategy[Written] = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(sorted(OPERATORS)), inner).map(combined),
        inner.map(lambda one: (f"-({one[0]})", None if one[1] is None else -one[1])),
        inner.map(lambda one: (f"abs({one[0]})", None if one[1] is None else abs(one[1]))),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_an_expression_has_the_value_that_python_gives_it(written: Written) -> None:
    text, value = written
    if value is None:
        with pytest.raises(CheckFailed):
            Names().evaluate(text)
    else:
        found = Names().evaluate(text)
        assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 + 3 * 4", 14), ("2 - 3 - 4", -5), ("100 / 10 / 5", 2.0), ("-2 ** 2", -4), ("2 ** 3 ** 2", 512),
        ("2 ** -1", 0.5), ("-7 // 2", -4), ("-7 % 3", 2), ("7 % -3", -2), ("2 * -3", -6), ("1_000 + 1", 1001),
        ("1e3 + .5", 1000.5), ("math.sqrt(16)", 4.0), ("math.pi", math.pi), ("np.ceil(2.1)", 3), ("round(2.5)", 2),
        ("round(2.675, 2)", 2.67), ("max(3, 5, 4)", 5), ("int(-2.7)", -2), ("math.comb(5, 2)", 10),
        ("sp.Rational(1, 3) + 1", Fraction(4, 3)), ("pow(2, 5)", 32),
    ],
)  # fmt: skip
def test_operators_and_functions_are_pythons(expression: str, value: Number) -> None:
    assert Names().evaluate(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "", "a", "2 +", "(2", "2)", "2 3", "2a", "0x10", "3j", "012", "1 / 0", "'a'", "[1]", "a.b", "2 if 1 else 3",
        "eval(1)", "__import__(1)", "math.sqrt", "math.sqrt(-1)", "os.getcwd()", "print(1)", "max()", "9**9**9**9",
        "10.0 ** 400", "10 ** 3999 / 7", "(-8) ** 0.5", "math.factorial(10 ** 6)", "round(5, -10 ** 9)", "2 == 2",
        "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1), "-" * 1000 + "1", "1 + " * 1000 + "1", "1" * 5000,
        "１ + 1", "sp.sqrt(8)", "max(1, 2", "int('1')", "float(1j)",
    ],
)  # fmt: skip
def test_everything_else_is_refused(expression: str) -> None:
    with pytest.raises(CheckFailed):
        Names().evaluate(expression)


def test_a_name_is_what_it_was_given_last_and_no_function_then() -> None:
    names = Names()
    assert names.load("import math")
    assert names.load("from math import ceil, pi")
    assert names.evaluate("ceil(pi)") == 4
    names.give(["pi", "max"], 3)
    assert names.evaluate("pi * max") == 9
    assert names.evaluate("math.pi") == math.pi
    for refused in ("max(1, 2)", "Pi", "floor(2.5)"):
        with pytest.raises(CheckFailed):
            names.evaluate(refused)
    with pytest.raises(CheckFailed):
        names.load("from math import log10, isqrt")
    assert not names.load("import os")
    assert apply("//", 7, 2) == 3
    with pytest.raises(CheckFailed):
        apply("/", 7, 0)
