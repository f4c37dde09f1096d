"""What a step's own program prints: worked out without running it, and put in the place of an invented output.

Marks as in test_claims: ✔ verified, ✘ refuted, ◌ unverified, "" where nothing is claimed.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Claim, Verdict
from agent.verification.claims.claims import check_step
from agent.verification.claims.program_output import MAX_LINE, MAX_PRINTED, outputs_claimed

MARKS = {Verdict.VERIFIED: "✔", Verdict.REFUTED: "✘", Verdict.UNVERIFIED: "◌"}


def step(program: str, output: str, between: str = "", language: str = "output") -> str:
    return f"We compute it.\n```python\n{program}\n```\n{between}```{language}\n{output}\n```\nSo it is that."


FORMS: list[tuple[str, str, str]] = [
    # what is printed, and what the step says it is
    ("a = 3\nb = a * 4\nprint(b)", "12", "✔"),
    ("a = 3\nb = a * 4\nprint(b)", "12.0", "✔"),
    ("a = 3\nb = a * 4\nprint(b)", "13", "✘"),
    ("a = 3  # boxes\nb = a * 4  # what they print\nprint(b)  # cups", "13", "✘"),
    ("# boxes\n\na = 3\nprint(a * 4)", "12", "✔"),
    ("a = 3\nb = a / 8\nprint(b)", "0.375", "✔"),
    ("a = 100\nprint(a / 3)", "33.333333333333336", "✔"),
    ("a = 100\nprint(a / 3)", "33.33", "✔"),
    ("a = 100\nprint(a / 3)", "33.43", "✘"),
    ("a = 1000 * 5\nprint(a)", "5,000", "✔"),
    ("a = 3 / 10**9\nprint(a)", "3e-09", "✔"),
    ("a = 3 * 10**20\nprint(a / 1)", "3e+20", "✔"),
    ("a = 3 * 10**20\nprint(a / 1)", "3e+21", "✘"),
    ("a = 7 // 2\nprint(a)", "3", "✔"),
    ("a = 7 % 4\nprint(a)", "3", "✔"),
    ("a = 7 % 4\nprint(a)", "7", "✘"),
    ("a = 3\na = a + 4\nprint(a)", "7", "✔"),  # assigned again
    ("a = 3 - 5\nprint(a)", "-2", "✔"),
    ("a = 3 - 5\nprint(a)", "2", "✘"),
    ("a = max(3, 5)\nprint(a)", "5", "✔"),
    ("import math\na = math.ceil(7 / 2)\nprint(a)", "4", "✔"),
    ("answer = 5\nprint(answer)", "5", "✔"),
    ("answer = 5\nprint(answer + 1)", "5", "✘"),
    ("import sympy as sp\np = sp.Rational(1, 11)\nprint(1 - p)", "10/11", "✔"),
    ("import sympy as sp\np = sp.Rational(1, 11)\nprint(1 - p)", "9/11", "✘"),
    ("import numpy as np\na = np.sqrt(16)\nprint(a)", "4.0", "✔"),
    ("import numpy as np\nprint(np.ceil(2.1))", "3.0", "✔"),
    ("import math\nprint(math.pow(2, 3))", "8.0", "✔"),
    ("print(math.sqrt(16))", "4.0", "◌"),  # an error in Python
    ("print(sqrt(16))", "4.0", "◌"),
    ("a = 3\na += 4\na *= 2\nprint(a)", "14", "✔"),
    ("A = 3\na = 4\nprint(A)", "3", "✔"),
    ("a_b = 3\na__b = 4\nprint(a__b)", "4", "✔"),
    # as Python has it: floats, halves, remainders, what binds more tightly
    ("print(int(0.29 * 100))", "28", "✔"),
    ("print(6 // 0.2)", "29.0", "✔"),
    ("import math\nprint(math.ceil(1.1 * 100))", "111", "✔"),
    ("print(round(2.5))", "2", "✔"),
    ("print(round(2.675, 2))", "2.67", "✔"),
    ("print(7 % -3)", "-2", "✔"),
    ("print(-7 // 2)", "-4", "✔"),
    ("print(-2 ** 2)", "-4", "✔"),
    ("print(2 ** -1)", "0.5", "✔"),
    ("print(2 ** 3 ** 2)", "512", "✔"),
    ("print(0.1 + 0.2)", "0.30000000000000004", "✔"),
    ("print(0.1 + 0.2)", "0.3", "✔"),
    ("print(123456 * 654321)", "80779853377", "✘"),  # whole numbers are exact
    ("print(1 / 30000)", "3.33e-05", "✔"),
    ("print(10 / 3)", "3", "✘"),
    ("e = 5\nprint(e * 2)", "10", "✔"),
    ("import math\ne = 5\nprint(round(math.e * 2, 2))", "5.44", "✔"),
    # several lines, words, formats
    ("a = 100 / 3\nprint(f'{a:.0f}')", "33", "✔"),
    ("a = 12\nb = 3\nprint(f'{a}{b}')", "123", "✔"),
    ("a = 12\nb = 3\nprint(f'{a}{b}')", "124", "◌"),
    ("a = 1\nprint(f'{a} {a} {a} {a}')", "1 1 1 2", "◌"),
    ("a = 1234.5\nprint(f'{a:,.2f}')", "1,234.50", "✔"),
    ("a = 3\nb = 4\nprint(a)\nprint(a + b)", "3\n7", "✔"),
    ("a = 3\nb = 4\nprint(a)\nprint(a + b)", "3\n8", "✘"),
    ("a = 3\nprint(a)\na = 4\nprint(a)", "3\n4", "✔"),  # each print sees what stands before it
    ("a = 3\nprint(a)", "3\n4", "◌"),
    ("a = 3\nprint('cups:', a)", "cups: 3", "✔"),
    ("a = 3\nprint('cups:', a)", "cups: 4", "✘"),
    ("a = 3\nprint(f'{a} cups cost ${a * 2:.2f}')", "3 cups cost $6.00", "✔"),
    ("a = 3\nprint(f'{a} cups cost ${a * 2:.2f}')", "3 cups cost $7.00", "✘"),
    ("a = 3\nprint(f'{a} cups cost ${a * 2:.2f}')", "They cost $7.00", "◌"),
    ("a = 3\nprint(f' {a} cups ')", " 3.0 cups", "✔"),
    ("a = 3\nprint(f'cups: {a} ')", "cups: 4", "✘"),
    ("a = 3\nprint('', a)", "4", "✘"),
    # loops, conditions, lists, functions
    ("a = 0\nfor i in range(4):\n    a = a + i\nprint(a)", "6", "✔"),
    ("a = 0\nfor i in range(4):\n    a = a + i\nprint(a)", "10", "✘"),
    ("a = 3\nif a > 2:\n    a = 1\nprint(a)", "1", "✔"),
    ("def f(x):\n    return 3 * x\nprint(f(3))", "9", "✔"),
    ("def f(a, b):\n    return 3*a + 4*b - a*b\n\nprint(f(5, 2))", "11", "✘"),
    ("a = [1, 2]\nprint(a)", "[1, 2]", "✔"),
    ("miles = [3, 4, 6]\nprint(sum(miles) / 10 / 60)", "2.0", "✘"),
    ("miles = [3, 4, 6]\nprint(sum(miles) / 10)", "1.3", "✔"),
    ("for i in range(3):\n    print(i)", "0\n1\n2", "✔"),
    ("for i in range(3):\n    print(i)", "1\n2\n3", "✘"),
    ("for i in range(30):\n    print(i)", "0", "◌"),
    ("n = 7\nprint(f'{n} is odd' if n % 2 else f'{n} is even')", "7 is odd", "✔"),
    ("xs = [1, 2]\nprint(f'{sum(xs) / 4:.2f} miles')", "0.75 miles", "✔"),
    ("xs = [1, 2]\nprint('mean:', sum(xs) / len(xs))", "mean: 1.5", "✔"),
    ("xs = [1.1, 2.2]\nprint(sum(xs))", "3.3000000000000003", "✔"),
    ("xs = [0.29]\nprint(int(xs[0] * 100))", "28", "✔"),  # Python's last digits decide
    ("xs = [2.675]\nprint(round(xs[0], 2))", "2.67", "✔"),
    ("xs = [2.676]\nprint(round(xs[0], 2))", "2.68", "✔"),
    ("a, b = 3, 4\nprint((a, b))", "(3, 4)", "✔"),
    # unknowns
    ("from sympy import symbols, solve\nx = symbols('x')\nprint(solve(x - 3, x))", "[3]", "✔"),
    ("import sympy as sp\nx = sp.symbols('x')\ns = sp.solve(x + (x + 1) + (x + 2) - 96, x)\nprint(s[0])", "31", "✔"),
    ("import sympy as sp\nx = sp.symbols('x')\ns = sp.solve(sp.Eq(0.4 * x, 600000 + 900000), x)\nprint(s[0])",
     "180000.000000000", "✘"),
    ("from sympy import symbols, Eq, solve\nx, y = symbols('x y')\ns = solve((Eq(x + y, 10), Eq(x - y, 4)), (x, y))\n"
     "print(s)", "{x: 7, y: 3}", "✔"),
    ("import sympy as sp\nprint(sp.binomial(5, 2) / sp.binomial(10, 2))", "1/5", "✘"),
    ("import sympy as sp\nx = sp.symbols('x')\nprint(sp.expand((x + 1)**2))", "x**2 + 2*x + 1", "◌"),
    ("import sympy as sp\nx = sp.symbols('x')\nprint(((x + 1)**2).subs(x, 3))", "16", "✔"),
    # what is not worked out is not judged
    ("class A:\n    pass\nprint(3)", "3", "◌"),
    ("while True:\n    a = 1\nprint(a)", "1", "◌"),
    ("import os\nprint(len(os.listdir('.')))", "3", "◌"),
    ("print(3, sep='')", "3", "◌"),
    ("a = 2 ^ 3\nprint(a)", "8", "◌"),  # 1 to Python, 8 to people
    ("a = b\nprint(a)", "3", "◌"),
    ("a = 3\nprint(a)", "three", "◌"),
    ("a = 3\nprint(a == 3)", "True", "◌"),
    ("print(__import__('os').getcwd())", "/", "◌"),
    ("a = 9**9**9**9\nprint(a)", "5", "◌"),
    ("print(10.0**400)", "5", "◌"),
    ("print(10**400 / 3)", "5", "◌"),
    ("print(round(5, -10**9))", "5", "◌"),
    ("print(1 / 0)", "5", "◌"),
    ("print(0x10)", "16", "◌"),
    ("print(abs(3j))", "3.0", "◌"),
    ("print(5 and -3)", "-3", "✔"),
    ("print(1, 200)", "1 200", "✔"),
    ("total = total * 1.1\nprint(total)", "110", "◌"),  # given a value in a program before
    ("c = max\nprint(c(5, 2))", "5", "✔"),
    ("max = 3\nprint(max(5, 2))", "5", "◌"),
    ("from math import log10 as log\nprint(log(100))", "2.0", "✔"),
    ("import sympy as sp\nprint(sp.sqrt(8))", "2*sqrt(2)", "◌"),
    ("a = (-8) ** (1 / 3)\nprint(a)", "-2", "◌"),
    ("a = 5\nprint(f'{{a}}')", "{a}", "◌"),
]  # fmt: skip


def marks(claims: list[Claim]) -> str:
    return "".join(MARKS[claim.verdict] for claim in claims)


@pytest.mark.parametrize(("program", "output", "expected"), FORMS)
def test_an_output_is_judged_by_working_the_program_out(program: str, output: str, expected: str) -> None:
    claims = list(outputs_claimed(step(program, output)))
    assert marks(claims) == expected, claims
    assert all(claim.reason for claim in claims)


@pytest.mark.parametrize(
    ("between", "language", "expected"),
    [
        ("", "output", "✘"), ("\n", "output", "✘"), ("", "text", "✘"), ("Output:\n", "", "✘"),
        ("When we run this, it prints:\n", "", "✘"),
        ("", "", ""),  # some other block
        ("Another way to write it:\n", "python", ""),
        ("If a were 4 instead, the output would be:\n", "output", ""),
        ("This is what we had before, and it has nothing to do with the program.\n", "output", ""),
    ],
)  # fmt: skip
def test_only_a_block_that_is_the_programs_output_is_judged(between: str, language: str, expected: str) -> None:
    assert marks(list(outputs_claimed(step("a = 3\nprint(a)", "4", between, language)))) == expected


def test_the_step_goes_on_behind_the_right_output() -> None:
    """The text that showed the need for this: a small model's program is right, and its output is not."""
    text = (
        "Let's break it down and implement it in Python using sympy.\n```python\nimport sympy as sp\n\n"
        "# Initial price of the coat\ninitial_price = 120\n\n# Step 1: Calculate the price after a 25% discount\n"
        "discount_rate = 0.25\nprice_after_discount = initial_price * (1 - discount_rate)\n\n"
        "# Step 2: Calculate the price after a 10% raise on the discounted price\nraise_rate = 0.10\n"
        "final_price = price_after_discount * (1 + raise_rate)\n\n# Print the final price\nprint(final_price)\n```\n"
        "```output\n108.0\n```\nThe final answer is \\(\\boxed{108}\\)."
    )
    refuted = [claim for claim in check_step(text) if claim.verdict is Verdict.REFUTED]
    assert [claim.reason for claim in refuted] == ["The output is false: the program prints 99."]
    correction = refuted[0].correction
    assert correction is not None
    kept = text[: correction.start] + correction.replacement
    assert kept.endswith("print(final_price)\n```\n```output\n99\n```\n")
    assert marks(list(outputs_claimed(kept))) == "✔"


def test_lines_that_hold_stay_as_they_are() -> None:
    (claim,) = outputs_claimed(
        step("a = 3\nprint('a', a)\nprint(f'{a} of {a + 4}')\nprint(a / 7)", "a 3.0\n3 of 8\n0.5")
    )
    assert claim.correction is not None
    assert claim.correction.replacement == "a 3.0\n3 of 7\n0.428571428571429\n```\n"


def test_a_fraction_is_put_right_as_a_fraction() -> None:
    (claim,) = outputs_claimed(step("from sympy import Rational\np = Rational(1, 11)\nprint(1 - p)", "9/11"))
    assert claim.correction is not None
    assert claim.correction.replacement.startswith("10/11\n")


def test_long_programs_and_lines_are_not_read() -> None:
    many = "a = 3\n" + "print(a)\n" * (MAX_PRINTED + 1)
    assert marks(list(outputs_claimed(step(many, "3\n" * (MAX_PRINTED + 1))))) == "◌"
    assert marks(list(outputs_claimed(step("a = 3\nprint('', a)", " " + "3" * MAX_LINE)))) == "◌"


NUMBERS = st.integers(1, 60)
LINES = st.lists(st.tuples(st.sampled_from("+-*/"), NUMBERS), min_size=1, max_size=6)


def test_what_stands_around_an_output_stays() -> None:
    """In a list the fences are indented."""
    text = step("   a = 3\n   print(a)", "   4").replace("```", "   ```")
    (claim,) = outputs_claimed(text)
    assert claim.correction is not None
    mended = text[: claim.correction.start] + claim.correction.replacement + text[claim.correction.end :]
    assert mended == text.replace("   4", "   3")


@given(NUMBERS, LINES, st.integers(1, 50))
def test_a_true_output_is_verified_and_a_false_one_put_right(
    first: int, lines: list[tuple[str, int]], error: int
) -> None:
    """Against Fraction's own arithmetic."""
    value, program = Fraction(first), f"v0 = {first}\n"
    for number, (operator, operand) in enumerate(lines):
        program += f"v{number + 1} = v{number} {operator} {operand}\n"
        value = {"+": value + operand, "-": value - operand, "*": value * operand, "/": value / operand}[operator]
    program += f"print(v{len(lines)})"
    assert marks(list(outputs_claimed(step(program, repr(float(value)))))) == "✔"
    text = step(program, repr(float(value + error)))
    (claim,) = outputs_claimed(text)
    assert claim.verdict is Verdict.REFUTED
    assert claim.correction is not None
    mended = text[: claim.correction.start] + claim.correction.replacement + text[claim.correction.end :]
    assert marks(list(outputs_claimed(mended))) == "✔"
