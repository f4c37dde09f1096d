"""Structures of solutions: what is the same calculation is the same structure, however it is written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arithmetic import Unreadable, equations_in, read_assignment, read_expression
from index.numbers_told import numbers_told
from index.structure import describe, parse_signature, similarity, structure_of_program, structure_of_solution

SHIRTS = "A shop sells 12 shirts at $15 each and gives back $20. How much money does it keep?"


def signature(problem: str, solution: str) -> str:
    found = structure_of_solution(problem, solution)
    assert found is not None
    return found[0].signature


@pytest.mark.parametrize(
    "solution",
    [
        "It takes in 12*15=<<12*15=180>>180 and keeps 180-20=<<180-20=160>>160.",
        "It keeps <<15*12-20=160>>160.",
        "The shirts bring 12 × $15 = $180.\nThe shop keeps $180 − $20 = $160.",
        "12 shirts × 15 dollars = 180 dollars; so 180 dollars - 20 dollars = 160 dollars.",
        "Keeps (15 x 12) - 20 = 160.",
    ],
)
def test_order_steps_units_and_notation_make_no_difference(solution: str) -> None:
    found = structure_of_solution(SHIRTS, solution)
    assert found is not None
    structure, value = found
    assert (structure.signature, value) == ("sum(minus(n),product(n,n))", 160)
    assert describe(structure) == "□ × □ − □"
    assert structure.operations == 2


@pytest.mark.parametrize(
    "program",
    [
        "# asked: dollars kept\nshirts = 12\nprice = 15\nback = 20\nincome = price * shirts\nanswer = income - back",
        "answer = 12 * 15 - 20  # less what is given back",
        "Income = 12 * 15\nanswer = income - 20",
        "income = 12*15\n\n```\nanswer = -20 + income",
    ],
)
def test_a_program_has_the_structure_of_the_solution(program: str) -> None:
    found = structure_of_program(SHIRTS, program)
    assert found is not None
    assert (found[0].signature, found[1]) == ("sum(minus(n),product(n,n))", 160)


def test_numbers_of_the_world_are_told_from_those_of_the_problem() -> None:
    told = signature("Mia walks 60 steps a minute for 5 minutes. How many steps?", "60*5 = 300")
    brought = signature("A pump runs for 5 hours. How many minutes is that?", "60*5 = 300")
    assert (told, brought) == ("product(n,n)", "product(c60,n)")


@pytest.mark.parametrize(
    ("problem", "one", "other"),
    [
        ("A coat of $80 is 15% cheaper. What does it cost?", "80*0.85 = 68", "80*(1-15/100) = 68"),
        ("Of 80 birds, 15% fly off. How many birds fly?", "0.15*80 = 12", "80*15/100 = 12"),
        ("A quarter of 84 stamps is sold. How many are sold?", "84*0.25 = 21", "84/4 = 21"),
    ],
)
def test_shares_are_one_structure_in_decimals_percents_and_fractions(problem: str, one: str, other: str) -> None:
    assert signature(problem, one) == signature(problem, other)


def test_a_result_used_later_is_that_calculation_and_no_number_of_the_problem() -> None:
    problem = "Ann has 6 bags of 2 nuts and eats 12 minus 5 of them."
    assert signature(problem, "6*2 = 12\n12-5 = 7") == "sum(minus(n),product(n,n))"


@pytest.mark.parametrize("solution", ["3 × 2² = 12", "12 × 15 = 170", "√9 + 2 = 5"])
def test_an_equation_that_is_misread_or_false_is_passed_over(solution: str) -> None:
    assert structure_of_solution(SHIRTS, solution) is None
    assert signature(SHIRTS, f"12 × 15 = 180\n{solution}") == "product(n,n)"


def test_a_rounded_result_counts() -> None:
    assert signature("10 cakes for 3 boys", "10 / 3 = 3.33") == "product(n,over(n))"
    assert signature("50 guests, tables of 8", "50 / 8 = 7 tables") == "product(n,over(n))"


def test_similarity_is_one_for_equal_structures_and_falls_with_what_differs() -> None:
    base = structure_of_solution(SHIRTS, "12*15-20 = 160")
    nearer = structure_of_solution(SHIRTS, "12*15+20 = 200")
    farther = structure_of_solution(SHIRTS, "20/(12+15) = 0.74")
    assert base is not None
    assert nearer is not None
    assert farther is not None
    assert similarity(base[0], base[0]) == 1.0
    assert 1 > similarity(base[0], nearer[0]) > similarity(base[0], farther[0]) >= 0


@pytest.mark.parametrize(
    "program",
    ["import os", "x = __import__('os')", "x = 9**9**9", "x = 1/0", "x = y + 1", "x = " + "(" * 500 + "1" + ")" * 500],
)
def test_what_is_no_arithmetic_has_no_structure(program: str) -> None:
    assert structure_of_program("How many are 9?", program) is None


def test_a_structure_that_grows_without_bound_is_given_up() -> None:
    lines = ["a0 = 3 + 5", *(f"a{n + 1} = a{n} * a{n} + a{n}" for n in range(30))]
    assert structure_of_program("3 and 5", "\n".join(lines)) is None


@pytest.mark.parametrize("text", ["", "2 +", "(2", "2 3", "os.system", "2 ; 3", "1" * 40, "f(2"])
def test_the_whitelist_parser_refuses_the_rest(text: str) -> None:
    with pytest.raises(Unreadable):
        read_expression(text)


def test_remarks_and_blank_lines_assign_nothing() -> None:
    assert read_assignment("  # asked: dollars") is None
    assert read_assignment("") is None
    with pytest.raises(Unreadable):
        read_assignment("print(3)")


def test_numbers_in_words_are_told() -> None:
    told = numbers_told("Twenty-five of 1,200 boys eat half of three pies, 12.5% of 3/4.")
    assert {Fraction(n) for n in (25, 1200, 2, 3, 4)} | {Fraction("12.5"), Fraction(3, 4)} <= told.values
    assert told.percents == {Fraction("12.5")}


@given(st.text(alphabet="0123456789.,+-*/()=× ÷x$%<>abc\n", max_size=300))
@settings(deadline=None, max_examples=150)
def test_any_text_is_read_or_passed_over(text: str) -> None:
    found = structure_of_solution(text, text)
    assert found is None or found[0].size >= 1
    for expression, _ in equations_in(text, 10):
        assert expression is not None


@given(st.lists(st.integers(2, 99), min_size=2, max_size=6, unique=True), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_shuffled_terms_and_factors_keep_the_signature(numbers: list[int], rng: object) -> None:
    problem = " and ".join(map(str, numbers))
    shuffled = list(numbers)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    for operator in "+*":
        one, other = (f"answer = {operator.join(map(str, order))}" for order in (numbers, shuffled))
        first, second = structure_of_program(problem, one), structure_of_program(problem, other)
        assert first is not None
        assert second is not None
        assert first == second


@pytest.mark.parametrize(
    "solution", ["12*15-20 = 160", "20/(12+15) = 0.74", "60*12/7 = 102.86", "(12+15)*(20-15)/12 = 11.25"]
)
def test_a_signature_is_read_back(solution: str) -> None:
    found = structure_of_solution(SHIRTS, solution)
    assert found is not None
    assert parse_signature(found[0].signature) == found[0]


@pytest.mark.parametrize("text", ["", "sum(", "n,n", "sum()", ")", "sum(n,n))"])
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no signature"):
        parse_signature(text)
