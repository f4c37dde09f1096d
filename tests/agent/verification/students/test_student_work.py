"""The comparison of a student's steps with the quantities of derivations, as functions of the problem's numbers."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.verification.derivations.known_quantities import Numbers, answer_of, known_quantities
from agent.verification.students.student_work import Reach, examine_work

SHOP = "A coat costs $80. It is sold at 15% off, and then a tax of 10% is added. What is paid?"
COAT = "price = 80\nsale = price * (1 - 15/100)\ntax = sale * 10/100\nanswer = sale + tax"


def _values(problem: str, program: str) -> set[Fraction]:
    return {quantity[0] for quantity in known_quantities(Numbers(problem), [program])}


def test_regrouped_products_are_on_the_way_and_sums_of_distant_terms_are_not() -> None:
    problem = "Noah sells 8 large and 4 small pictures at $60 and $30. This month he sells twice as much. His sales?"
    program = "month = 8 * 60 + 4 * 30\nanswer = month * 2"
    values = _values(problem, program)
    assert {16, 8, 480, 120, 600, 960, 240, 1200} <= values
    assert 480 + 240 not in values


def test_percentages_are_known_in_every_usual_form() -> None:
    steps = ["80 × 0.15 = 12", "80 - 12 = 68", "68 × 1.1 = 74.80"]
    examined = examine_work(SHOP, steps, [COAT])
    assert [finding.reach for finding in examined.findings] == [Reach.ON_THE_WAY] * 3
    assert examine_work(SHOP, ["85% × 80 = 68"], [COAT]).leaves is None
    assert examined.final_is_known


def test_the_same_value_from_other_numbers_is_off_the_way() -> None:
    problem = "A class of 40 students and 10 teachers goes rafting. 20% of the students bring a vest. How many is that?"
    program = "students = 40\nbring = 20/100 * students\nanswer = bring"
    assert examine_work(problem, ["20% × 40 = 8"], [program]).leaves is None
    off = examine_work(problem, ["40 + 10 = 50", "0.2 × 50 = 10"], [program])
    assert off.leaves == 0


def test_a_step_that_leads_back_to_a_known_quantity_is_redeemed() -> None:
    problem = "14 baskets hold 25 apples each. 50 are kept, the rest is sold at $2 for 5 apples. How many dollars?"
    program = "sold = 14 * 25 - 50\nanswer = sold / 5 * 2"
    steps = ["25 / 5 = 5", "14 × 5 = 70", "50 / 5 = 10", "70 − 10 = 60", "60 × 2 = 120"]
    assert examine_work(problem, steps, [program]).leaves is None
    assert examine_work(problem, [*steps[:3], "70 + 10 = 80", "80 × 2 = 160"], [program]).leaves is not None


def test_what_no_program_can_give_adds_nothing() -> None:
    assert known_quantities(Numbers(""), ["for i in range(9):", "answer = nothing", ""]) == set()
    examined = examine_work("Nothing is given.", ["2 + 2 = 4"], [])
    assert (examined.leaves, examined.final) == (0, "4")


def test_one_of_something_is_a_constant() -> None:
    problem = "27 students, 1 teacher and 1 helper each get a cake. How many cakes?"
    assert examine_work(problem, ["27 + 1 + 1 = 29"], ["answer = 27 + 2"]).leaves is None


numbers = st.integers(3, 60)  # a two may double as well as count


@settings(max_examples=25, deadline=None)
@given(numbers, numbers, numbers, st.permutations([0, 1, 2]))
def test_products_in_any_order_are_on_the_way(a: int, b: int, c: int, order: list[int]) -> None:
    problem = f"There are {a} boxes of {b} bags with {c} sweets each. How many sweets are there?"
    first, second, third = ([a, b, c][place] for place in order)
    steps = [f"{first} × {second} = {first * second}", f"{first * second} × {third} = {a * b * c}"]
    examined = examine_work(problem, steps, [f"answer = {a} * {b} * {c}"])
    assert examined.leaves is None
    assert examined.final_is_known


@settings(max_examples=25, deadline=None)
@given(numbers, numbers)
def test_a_sum_in_the_place_of_a_product_is_off_the_way(a: int, b: int) -> None:
    problem = f"There are {a} boxes with {b} bags each. How many bags are there?"
    examined = examine_work(problem, [f"{a} + {b} = {a + b}"], [f"answer = {a} * {b}"])
    assert examined.leaves == 0


def test_an_answer_is_a_function_of_the_numbers() -> None:
    given_numbers = Numbers("3 boxes with 4 cakes and 5 bags")
    assert answer_of(given_numbers, "answer = 3 * 5") != answer_of(given_numbers, "answer = 5 + 5 + 5")
    assert answer_of(given_numbers, "while True: pass") is None


def test_a_program_that_tries_cases_accuses_nobody() -> None:
    program = "total = 0\nfor i in range(1, 4):\n    total += 3\nanswer = total"
    alone = examine_work("Ann has 3 bags of 3 apples. How many?", ["3 * 3 = 9"], [program])
    assert (alone.leaves, alone.last_result) == (None, None)
    beside = examine_work("Ann has 3 bags of 3 apples. How many?", ["3 * 3 = 9"], [program, "answer = 3 * 3"])
    assert (beside.leaves, beside.final_is_known) == (None, True)
