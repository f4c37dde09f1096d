"""The whitelist parser reads mathematics exactly and refuses everything else in a moment."""

from __future__ import annotations

import time

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import Unreadable
from agent.verification.reading.language import parse_expression, parse_relation

x, y = sympy.symbols("x y", real=True)

READ = [
    ("1 + 2*3", 7),
    ("-2^2", -4),
    ("2^3^2", 512),
    ("2**-1", sympy.Rational(1, 2)),
    ("0.1 + 0.2", sympy.Rational(3, 10)),
    (".5 * 4", 2),
    ("15%", sympy.Rational(3, 20)),
    ("15% * 80", 12),
    ("(1 + 15%) * 2", sympy.Rational(23, 10)),
    ("17 % 5", 2),
    ("7 // 2", 3),
    ("5!", 120),
    ("sqrt(8)", 2 * sympy.sqrt(2)),
    ("round(2.5)", 3),
    ("round(10/3, 2)", sympy.Rational(333, 100)),
    ("ceil(7/2) + floor(-1/2)", 3),
    ("max(3, 4) - min(1, 2, 3)", 3),
    ("C(5, 2) + perm(4, 2)", 22),
    ("gcd(12, 18) * lcm(4, 6)", 72),
    ("log(8, 2)", 3),
    ("1.5e3", 1500),
    ("2 * pi", 2 * sympy.pi),
]

REFUSED = [
    "", "   ", "1 +", "(1", "1)", "2x", "3 4", "1/0", "0^-1", "a", "x.y", "a[0]", "'a'", "1 if 2 else 3", "lambda: 1",
    "__import__('os')", "().__class__", "__builtins__", "f(3)", "sqrt", "9**9**9**9", "2003^(2002^(2001))",
    "factorial(10**9)", "factorial(-1)", "10**10**10", "comb(10**6, 5*10**5)", "1e999999999", "2^99999", "((" * 5_000,
    "(" * 10_000 + "1" + ")" * 10_000, "1" * 1_000_000, "sin(" * 100 + "1" + ")" * 100, "exp(exp(exp(9)))",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ)
def test_it_reads_exactly(text: str, value: object) -> None:
    assert sympy.simplify(parse_expression(text) - value) == 0


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:24])
def test_it_refuses_in_a_moment(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Unreadable):
        parse_expression(text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2x", 2 * x),
        ("2(x + 1)", 2 * x + 2),
        ("(x+1)(x-1)", x**2 - 1),
        ("3x^2 y", 3 * x**2 * y),
        ("2 sin(x)", 2 * sympy.sin(x)),
    ],
)
def test_products_without_a_sign_are_read_where_asked_for(text: str, value: sympy.Expr) -> None:
    assert sympy.expand(parse_expression(text, free_symbols=True, implicit=True) - value) == 0


def test_names_have_the_values_they_are_given() -> None:
    assert parse_expression("2 * p", names={"p": sympy.Integer(7)}) == 14
    assert parse_expression("p + 1", free_symbols=True) == sympy.Symbol("p", real=True) + 1


def test_a_relation_has_two_sides() -> None:
    relation = parse_relation("2*x + 1 <= 7", free_symbols=True)
    assert (relation.operator, relation.right) == ("<=", 7)
    for text in ("1 < 2 < 3", "1 + 2", "= 3"):
        with pytest.raises(Unreadable):
            parse_relation(text)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_any_fraction_is_read_as_itself(top: int, bottom: int) -> None:
    assert parse_expression(f"{top}/{bottom}") == sympy.Rational(top, bottom)


@settings(max_examples=300)
@given(st.text(alphabet="0123456789.+-*/%^()!, xesqrtpi_", max_size=60))
def test_no_text_does_more_than_raise_unreadable(text: str) -> None:
    started = time.perf_counter()
    try:
        value = parse_expression(text, free_symbols=True, implicit=True)
    except Unreadable:
        value = None
    assert value is None or isinstance(value, sympy.Expr)
    assert time.perf_counter() - started < 2
