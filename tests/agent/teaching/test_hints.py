"""The ladder of hints: what it says on a verified solution, and what it keeps to itself on another."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from agent.domain import Badge, Lesson, Move, Route, Solution, Verdict
from agent.parsing import describe_plan
from agent.teaching.hints import ladder
from agent.teaching.moves import goes_another_way, moves_of_derivation, moves_of_text
from agent.verification.derivations.derivation import worked_lines

ROLLS = "A baker packs 96 rolls into boxes of 8. Each box sells for $6. How much does she earn?"


def moves(program: str, problem: str = ROLLS) -> tuple[Move, ...]:
    return moves_of_derivation([asdict(line) for line in worked_lines(program)], problem)


def lesson(found: tuple[Move, ...], verdict: Verdict = Verdict.VERIFIED, answer: str = "72") -> Lesson:
    plan = describe_plan(ROLLS, Route.WORD_PROBLEM, [])
    return Lesson(ROLLS, Solution(ROLLS, Route.WORD_PROBLEM, answer, Badge(verdict, ""), plan=plan), found)


def test_a_derivation_gives_names_to_the_moves() -> None:
    first, second = moves("rolls = 96\nper_box = 8\nboxes = rolls / per_box\nanswer = boxes * 6")
    assert (first.quantity, first.relation, first.calculation) == ("boxes", "boxes = rolls ÷ per box", "96 ÷ 8")
    assert (second.calculation, second.result) == ("12 × 6", "72")


def test_a_calculation_in_one_line_is_taken_apart() -> None:
    assert [move.calculation for move in moves("answer = 96 / 8 * 6")] == ["96 ÷ 8", "12 × 6"]


def test_a_function_is_no_quantity() -> None:
    """A derivation with a root once ended the whole answer: the root was read as a name with a value."""
    asked = "What is the radical conjugate of $2\\sqrt{7} - 1$?"
    (last,) = moves("root = sqrt(7)\nanswer = -2 * sqrt(7) - 1", asked)[-1:]
    assert last.calculation == "-2 × sqrt(7) − 1"
    assert [move.calculation for move in moves("boxes = 3 + 4\nanswer = max(boxes, 5) * 2")] == [
        "3 + 4",
        "max(7, 5) × 2",
    ]


def test_a_share_that_the_problem_states_is_not_worked_out() -> None:
    program = "share = 1/2\nused = 24 * share\nanswer = 48 - used"
    problem = "A pie takes 1/2 an apple. How many of 48 apples are left after 24 pies?"
    assert [move.calculation for move in moves(program, problem)] == ["24 × 0.5", "48 − 12"]
    first, *_ = moves("each = 1 / 2\nanswer = 8 * each", "1 cake for 2 children")
    assert first.calculation == "1 ÷ 2"


def test_where_the_first_calculation_has_no_name_the_idea_says_what_it_serves() -> None:
    hints = ladder(lesson(moves("boxes = (96 + 8) / 8\nmoney = boxes * 6\nanswer = money", ROLLS), answer="78"))
    assert hints[1].text.startswith("On the way to “boxes” something has to come first.")


def test_worked_steps_in_words_name_what_they_calculate() -> None:
    (first, second) = moves_of_text(["The baker fills 96 / 8 = 12 boxes.", "The price of all boxes: 12 × $6 = $72."])
    assert first.quantity == "how many boxes the baker fills"
    assert second.quantity == "the price of all boxes"


def test_the_ladder_goes_from_what_is_asked_to_the_next_step() -> None:
    hints = ladder(lesson(moves("rolls = 96\nboxes = rolls / 8\nanswer = boxes * 6")))
    assert [hint.kind for hint in hints] == ["asked", "idea", "relation", "step", "then", "show"]
    assert "How much does she earn?" in hints[0].text
    assert "boxes = rolls ÷ 8" in hints[2].text
    assert "96 ÷ 8" in hints[3].text
    assert not any("12" in hint.text or "72" in hint.text for hint in hints)


def test_with_a_single_calculation_no_hint_sets_it_out() -> None:
    hints = ladder(lesson(moves("rolls = 96\nanswer = rolls / 8"), answer="12"))
    assert not any("96 ÷ 8" in hint.text for hint in hints)


def test_a_solution_that_is_not_verified_leads_nowhere() -> None:
    found = moves("rolls = 96\nboxes = rolls / 8\nanswer = boxes * 6")
    hints = ladder(lesson(found, Verdict.UNVERIFIED))
    assert [hint.kind for hint in hints] == ["asked", "idea", "relation", "show"]
    assert not any("÷" in hint.text or "box" in hint.text for hint in hints[1:])


def test_an_exact_answer_is_hinted_by_its_method_and_first_lines() -> None:
    lines = ("Subtract 7 from both sides: 3x = 15.", "Divide both sides by 3: x = 5.")
    solution = Solution("Solve 3x + 7 = 22", Route.SYMBOLIC, "x = 5", Badge(Verdict.VERIFIED, ""))
    hints = ladder(Lesson("Solve 3x + 7 = 22", solution, method="linear equation", lines=lines))
    assert "linear equation" in hints[1].text
    assert "Subtract 7" in hints[2].text
    assert not any("x = 5" in hint.text for hint in hints)


def test_the_order_of_factors_is_no_other_way_and_another_operation_is() -> None:
    one = moves("a = 96\nb = 8\nboxes = a / b\nanswer = boxes * 6")
    assert not goes_another_way(moves("x = 8\ny = 96\nn = y / x\nanswer = 6 * n"), one)
    assert goes_another_way(moves("per_roll = 6 / 8\nanswer = 96 * per_roll"), one)
    assert not goes_another_way(tuple(replace(move, quantity="") for move in one), one)


@pytest.mark.parametrize("again", ["answer = 2 * 20 + 3", "answer = ceil(2 * 20 + 3)", "a = 2 * 20\nanswer = a + 3"])
def test_the_same_calculations_in_fewer_lines_are_no_other_way(again: str) -> None:
    """The model's further derivations often only put two lines into one, or leave one out."""
    assert not goes_another_way(moves(again), moves("twice = 20 * 2\nmore = 3 + twice\nanswer = more * 1"))
