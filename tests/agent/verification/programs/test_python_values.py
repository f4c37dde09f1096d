"""Calculated as Python has it: the same values in the same types, and refusals for the rest."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CheckFailed
from agent.verification.programs.case_programs import printed_by_cases
from agent.verification.programs.python_printing import Printed

Number = int | float | Fraction
IMPORTS = "import math\nimport sympy as sp\n"
OPERATORS: dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b,
}  # fmt: skip
Written = tuple[str, Number | None]  # an expression and its value; None where Python raises an error


def printed(expression: str) -> Number:
    """The value of the one number that a program prints."""
    numpy = "import numpy as np\n" if "np." in expression else ""
    ((piece,),) = printed_by_cases(f"{numpy}{IMPORTS}print({expression})\n")
    assert isinstance(piece, Printed)
    return piece.value


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
            printed(text)
    else:
        found = printed(text)
        assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 + 3 * 4", 14), ("2 - 3 - 4", -5), ("100 / 10 / 5", 2.0), ("-2 ** 2", -4), ("2 ** 3 ** 2", 512),
        ("2 ** -1", 0.5), ("(-2.0) ** 2", 4.0), ("-7 // 2", -4), ("-7 % 3", 2), ("7 % -3", -2), ("2 * -3", -6),
        ("1_000 + 1", 1001), ("1e3 + .5", 1000.5), ("math.sqrt(16)", 4.0), ("math.pi", math.pi), ("np.ceil(2.1)", 3.0),
        ("round(2.5)", 2), ("round(2.675, 2)", 2.67), ("round(7, 1)", 7), ("max(3, 5, 4)", 5), ("int(-2.7)", -2),
        ("int(0.29 * 100)", 28), ("math.floor(6 / 2)", 3), ("7.5 // 2.5", 3.0), ("0.3 % 0.1", 0.3 % 0.1),
        ("math.comb(5, 2)", 10), ("math.pow(2, 3)", 8.0), ("math.fabs(-3)", 3.0), ("pow(2, 5)", 32),
        ("sp.Rational(1, 3) + 1", Fraction(4, 3)),
        ("1 if 0.1 + 0.2 == 0.3 else 2", 2), ("1 if 0.1 * 3 > 0.3 else 2", 1),
        ("sorted([0.1 + 0.2, 0.3])[0]", 0.3), ("len({0.5, 0.5, 1})", 2), ("1 if 4 / 2 in range(3) else 0", 1),
        ("1 if (4 / 2).is_integer() else 0", 1), ("1 if 0.1 * 3 - 0.3 else 0", 1),
    ],
)  # fmt: skip
def test_operators_and_functions_are_pythons(expression: str, value: Number) -> None:
    found = printed(expression)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "expression",
    [
        "a", "2 +", "(2", "2)", "2 3", "2a", "0x10", "3j", "012", "1 / 0", "a.b", "eval(1)", "__import__(1)",
        "math.sqrt", "math.sqrt(-1)", "os.getcwd()", "max()", "9**9**9**9", "10.0 ** 400", "10 ** 3999 / 7",
        "(-8) ** 0.5", "math.factorial(10 ** 6)", "round(5, -10 ** 9)", "2 == 2", "(" * 50 + "1" + ")" * 50,
        "-" * 1000 + "1", "1" * 5000, "１ + 1", "sp.sqrt(8)", "max(1, 2", "float(1j)", "math.floor(math.inf)",
        "'a' % 3", "1e308 * 10 - 1e308 * 10",
    ],
)  # fmt: skip
def test_everything_else_is_refused(expression: str) -> None:
    with pytest.raises(CheckFailed):
        printed_by_cases(f"{IMPORTS}print({expression})\n")


def test_a_name_is_what_it_was_given_last_and_no_function_then() -> None:
    program = "import math\nfrom math import ceil, pi\nprint(ceil(pi))\npi = max = 3\nprint(pi * max)\nprint(math.pi)\n"
    assert printed_by_cases(program) == [(Printed(4),), (Printed(9),), (Printed(math.pi),)]
    for refused in ("max(1, 2)", "Pi", "floor(2.5)", "sqrt(4)"):
        with pytest.raises(CheckFailed):
            printed_by_cases(f"{program}print({refused})\n")
    for refused in ("import os", "from math import log10, getcwd"):
        with pytest.raises(CheckFailed):
            printed_by_cases(f"{refused}\nprint(1)\n")
