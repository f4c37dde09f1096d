"""A student's work: cut into steps, held against derivations that know nothing of it, and spoken of with care."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime

from agent import events
from agent.context import TutorContext
from agent.derivations import Request
from agent.domain import Derivation, Verdict
from agent.errors import BadInput, Interrupted
from agent.models.loaded import Written
from agent.state import TutorState, fresh_question
from agent.teaching.checking import check_work, problem_and_work
from agent.teaching.nodes_work import check_student_work
from agent.teaching.reviews import Fault, Outcome, StepVerdict, WorkReview
from agent.teaching.work import FORMS, derive_for_work, review_work, split_work
from agent.teaching.work_view import review_lines
from agent.teaching.work_words import guidance, headline, praise, spoken
from agent.verification.verifier import Verifier
from tests.scripted import PLAIN, ScriptedModel, done

MARKET = (
    "A farmer fills 14 baskets with 25 apples each. She keeps 50 apples and sells the rest at $2 for 5 apples. "
    "How many dollars does she get?"
)
PROGRAM = "baskets = 14\neach = 25\nkept = 50\nsold = baskets * each - kept\nanswer = sold / 5 * 2"
FUNCTION = "def solution():\n    apples = 14 * 25\n    rest = apples - 50\n    return rest * 2 / 5"


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(deadline=10.0) as one:
        yield one


def _derivations(*programs: tuple[str, str | None]) -> list[Derivation]:
    return [
        Derivation(form, program, answer)
        for form, (program, answer) in zip(("program", "function", "sentences"), programs, strict=False)
    ]


RIGHT = _derivations((PROGRAM, "120"), (FUNCTION, "120"))


def _review(verifier: Verifier, work: str, derivations: list[Derivation] = RIGHT) -> WorkReview:
    return review_work(MARKET, split_work(work), derivations, verifier, PLAIN)


def test_right_work_is_confirmed_step_by_step(verifier: Verifier) -> None:
    review = _review(verifier, "14 × 25 = 350 apples\n350 - 50 = 300\n300 / 5 = 60\n60 × 2 = 120\nAnswer: $120")
    assert review.outcome is Outcome.RIGHT
    assert review.pointed is None
    assert [step.verdict for step in review.steps[:4]] == [StepVerdict.RIGHT] * 4
    assert "Step 4 is right" in praise(review)
    assert guidance(review) == []


def test_another_right_way_is_right_as_well(verifier: Verifier) -> None:
    review = _review(
        verifier, "25 × 2 = 50\n25 × 14 = 350\nShe sells 350 − 50 = 300\n300 × 2 = 600\n600 / 5 = 120 dollars"
    )
    assert not review.accuses
    assert review.outcome in (Outcome.RIGHT, Outcome.RIGHT_OTHER_WAY)


def test_the_first_step_off_every_way_is_pointed_at_and_not_its_consequences(verifier: Verifier) -> None:
    review = _review(verifier, "14 × 25 = 350\n350 + 50 = 400\n400 / 5 = 80\n80 × 2 = 160\nShe gets $160")
    assert (review.pointed, review.fault) == (2, Fault.OFF_THE_WAY)
    assert [step.verdict for step in review.steps[2:]] == [StepVerdict.AFTER] * 3
    assert "Step 1 is right" in praise(review)


def test_a_false_calculation_is_evidence_by_itself(verifier: Verifier) -> None:
    review = _review(verifier, "14 × 25 = 340\n340 - 50 = 290\n290 / 5 * 2 = 116", [])
    assert (review.pointed, review.fault) == (1, Fault.CALCULATION)
    assert review.accuses
    assert review.steps[0].verdict is StepVerdict.WRONG
    assert "350" not in spoken(review)


def test_right_steps_that_stop_short_of_the_question_are_told_apart(verifier: Verifier) -> None:
    review = _review(verifier, "14 × 25 = 350 apples\n350 - 50 = 300 apples\nThe answer is 300")
    assert review.fault is Fault.NOT_ASKED
    assert review.pointed == 2
    assert any("which quantity does it ask for" in said for said in guidance(review))


WORK_THAT_ADDS = "14 × 25 = 350\n350 + 50 = 400\n400 / 5 * 2 = 160"


def test_without_trust_in_the_derivations_a_step_is_asked_about_and_not_accused(verifier: Verifier) -> None:
    wary = replace(PLAIN, threshold=0.999)
    review = review_work(MARKET, split_work(WORK_THAT_ADDS), RIGHT, verifier, wary)
    assert not review.accuses
    assert (review.outcome, review.pointed) == (Outcome.DOUBTFUL, 2)
    assert "not sure" in headline(review)


def test_one_derivation_by_itself_is_no_reason_to_ask_about_a_step(verifier: Verifier) -> None:
    alone = _derivations((PROGRAM, "120"), ("answer = 14 * 25", "350"), ("x = 3", None))
    review = _review(verifier, WORK_THAT_ADDS, alone)
    assert (review.outcome, review.pointed) == (Outcome.UNDECIDED, None)


def test_an_answer_is_called_right_on_no_less_than_a_verified_one(verifier: Verifier) -> None:
    """Of 71 wrong solutions 15 were once told that they were right, because one derivation made the same mistake."""
    wrong = "14 × 25 = 350\n350 / 5 × 2 = 140\nShe gets $140"
    same_mistake = ("apples = 14 * 25\nanswer = apples / 5 * 2", "140")
    wary = replace(PLAIN, threshold=0.999)
    for trusted in (
        _derivations(same_mistake, (PROGRAM, "120"), (FUNCTION, "120")),
        _derivations(same_mistake, ("answer = 14 * 5", "70"), ("x = 3", None)),
        _derivations(same_mistake, same_mistake),
    ):
        review = review_work(MARKET, split_work(wrong), trusted, verifier, wary)
        assert review.outcome not in (Outcome.RIGHT, Outcome.RIGHT_OTHER_WAY)
        assert "is right" not in headline(review)
    assert review.outcome is Outcome.AGREED
    assert "not enough" in headline(review)
    assert "14 × 25 = 350" in spoken(review) or "350 / 5 × 2 = 140" in spoken(review)


def test_without_any_derivation_nothing_is_said_against_work_that_calculates_well(verifier: Verifier) -> None:
    review = _review(verifier, "14 × 25 = 350\n350 + 50 = 400", [])
    assert review.outcome is Outcome.UNDECIDED
    assert review.pointed is None
    assert praise(review) == ""


def test_numbers_that_the_work_leaves_out_are_named(verifier: Verifier) -> None:
    review = _review(verifier, "14 × 25 = 350\n350 / 5 = 70\n70 × 2 = 140\nSo $140")
    assert review.unused == ("50",)
    assert any("The problem also gives 50" in said for said in guidance(review))


WRONG_WORKS = [
    "14 × 25 = 350\n350 + 50 = 400\n400 / 5 = 80\n80 × 2 = 160",
    "14 + 25 = 39\n39 - 50 = -11",
    "14 × 25 = 350\n350 / 5 = 70\n70 × 2 = 140",
    "There are 14 baskets.\nShe sells 350 − 50 = 310 apples.\n310 / 5 = 62, so 124 dollars",
]


@pytest.mark.parametrize("work", WRONG_WORKS)
def test_words_hold_no_number_but_the_students_and_the_problems(work: str, verifier: Verifier) -> None:
    review = _review(verifier, work)
    known = {number.rstrip(",.") for number in re.findall(r"\d[\d.,]*", f"{work} {MARKET}")}
    places = {str(step.number) for step in review.steps}
    said = {number.rstrip(",.") for number in re.findall(r"\d[\d.,]*", spoken(review))}
    assert said <= known | places
    assert "120" not in spoken(review)


@pytest.mark.parametrize(
    ("work", "steps"),
    [
        ("1. 2 + 3 = 5\n2) 5 × 2 = 10", ["2 + 3 = 5", "5 × 2 = 10"]),
        ("Step 1: add them\n\n- then halve them", ["add them", "then halve them"]),
        ("First 2 + 3 = 5. Then 5 × 2 = 10. So 10.", ["First 2 + 3 = 5.", "Then 5 × 2 = 10.", "So 10."]),
        ("Mr. Li pays 3.50 dollars. Mrs. Wu pays 2.", ["Mr. Li pays 3.50 dollars.", "Mrs. Wu pays 2."]),
        ("12 × 3\n= 36\n36 + 1 = 37", ["12 × 3\n= 36", "36 + 1 = 37"]),
        ("x = 4", ["x = 4"]),
    ],
)
def test_work_is_cut_into_its_steps(work: str, steps: list[str]) -> None:
    assert split_work(work) == steps


@pytest.mark.parametrize(
    ("work", "said"), [(" \n ", "no solution"), ("x" * 9_000, "longer than"), ("1 = 1\n" * 90, "more than")]
)
def test_work_that_cannot_be_read_says_what_to_do(work: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        split_work(work)


def test_every_form_is_asked_for_at_once() -> None:
    asked: list[Sequence[Request]] = []

    def derive(requests: Sequence[Request]) -> list[Derivation]:
        asked.append(requests)
        return [Derivation(request.form, "answer = 1", "1") for request in requests]

    assert [derivation.form for derivation in derive_for_work(derive)] == [request.form for request in FORMS]
    assert asked == [FORMS]


def _context(verifier: Verifier, *programs: str) -> TutorContext:
    return TutorContext(done(ScriptedModel([], list(programs))), done(None), verifier, calibration=PLAIN)


def test_a_check_tells_what_happens_and_ends_in_its_review(verifier: Verifier) -> None:
    happened: list[events.TutorEvent] = []
    context = _context(verifier, f"```\n{PROGRAM}\n```", f"```\n{FUNCTION}\n```", f"```\n{PROGRAM}\n```")
    review = check_work(context, MARKET, "14 × 25 = 350\n350 + 50 = 400\n400 / 5 × 2 = 160", happened.append)
    assert [type(event).__name__ for event in happened] == [
        "WorkRead", "DerivationWritten", "DerivationWritten", "DerivationWritten", "WorkReviewed",
    ]  # fmt: skip
    assert review.pointed == 2
    assert "review" in happened[-1].to_json()
    shown = "\n".join(str(line) for line in review_lines(review))
    assert "✔  1  14 × 25 = 350" in shown
    assert headline(review) in shown


def test_a_stopped_check_is_interrupted_and_stops_the_other_derivations(verifier: Verifier) -> None:
    class Stopping(ScriptedModel):
        def stream(self, *_: object, **__: object) -> Written:
            return Written("", False, "cancelled")

    context = TutorContext(done(Stopping([], [])), done(None), verifier, calibration=PLAIN)
    with pytest.raises(Interrupted):
        check_work(context, MARKET, "2 + 2 = 4", lambda _: None)
    assert context.cancelled.is_set()


def test_a_check_without_a_problem_is_refused(verifier: Verifier) -> None:
    with pytest.raises(BadInput, match="no problem"):
        check_work(_context(verifier), " ", "2 + 2 = 4", lambda _: None)


def test_a_message_is_parted_into_problem_and_work() -> None:
    message = f"{MARKET}\nMy solution:\n14 × 25 = 350\n350 - 50 = 300"
    assert problem_and_work(message) == (MARKET, "14 × 25 = 350\n350 - 50 = 300")
    assert problem_and_work("14 × 25 = 350", previous=MARKET) == (MARKET, "14 × 25 = 350")
    assert problem_and_work("Here is what I did: 14 × 25 = 350", previous=MARKET) == (MARKET, "14 × 25 = 350")
    with pytest.raises(BadInput, match="I need the problem"):
        problem_and_work("14 × 25 = 350")


def test_hostile_work_is_examined_within_its_time(verifier: Verifier) -> None:
    for work in ("9^(9^(9^9)) = 5", "(" * 500 + "=" + ")" * 500, "1 = 1 = 1 = " * 300, "∫ = \\frac{{{{ = 3"):
        assert _review(verifier, work).accuses in (False, True)
    assert verifier.check_step("2 + 2 = 4")[0].verdict is Verdict.VERIFIED


def test_the_graphs_node_answers_a_message_with_the_work_on_the_problem_before_it(verifier: Verifier) -> None:
    happened: list[events.TutorEvent] = []
    context = _context(verifier, f"```\n{PROGRAM}\n```", f"```\n{FUNCTION}\n```", f"```\n{PROGRAM}\n```")
    runtime = Runtime(context=context, stream_writer=happened.append)
    state = fresh_question("My work: 14 × 25 = 350, then 350 + 50 = 400, and 400 / 5 × 2 = 160")
    state["messages"] = [HumanMessage(MARKET)]
    update = check_student_work(state, runtime)
    assert set(update) <= set(TutorState.__annotations__) | {"messages"}
    assert update["question"] == MARKET
    assert update["messages"][-1].text == update["reply"]
    assert "step" in update["reply"]
    assert isinstance(happened[-1], events.WorkReviewed)
