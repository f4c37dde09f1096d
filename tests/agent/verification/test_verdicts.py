"""The rule behind the badge: ✔ only on an agreeing second derivation with nothing refuted; never failing open."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Badge, Claim, Derivation, Route, Step, Verdict
from agent.verification.confidence import Calibration, Evidence
from agent.verification.verdicts import Judgement, judge
from tests.scripted import PLAIN

SOUND = Step(1, "4 × 2 = 8", (Claim("4 × 2 = 8", Verdict.VERIFIED, "4 × 2 = 8"),))
FALSE = Step(1, "4 × 2 = 9", (Claim("4 × 2 = 9", Verdict.REFUTED, "4 × 2 = 9 is false: 4 × 2 = 8."),))


@dataclass
class Compare:
    """The worker's comparisons, with what it finds written down."""

    same: Verdict | None = None
    function: Verdict = Verdict.UNVERIFIED
    odd: tuple[str, ...] = ()

    def same_value(self, first: str, second: str) -> Verdict:
        return self.same or (Verdict.VERIFIED if first == second else Verdict.REFUTED)

    def same_function(self, problem: str, first: str, second: str) -> Verdict:
        return self.function

    def oddities(self, problem: str, answer: str) -> list[str]:
        return list(self.odd)


def program(answer: str | None, failure: str | None = None, form: str = "program") -> Derivation:
    return Derivation(form, "answer = 4 * 2", answer, failure)


def badge(
    *derivations: Derivation,
    steps: tuple[Step, ...] = (SOUND,),
    answer: str | None = "8",
    ended: str = "answered",
    route: Route = Route.WORD_PROBLEM,
    compare: Compare | None = None,
) -> Badge:
    return judged(*derivations, steps=steps, answer=answer, ended=ended, route=route, compare=compare).badge


def judged(
    *derivations: Derivation,
    steps: tuple[Step, ...] = (SOUND,),
    answer: str | None = "8",
    ended: str = "answered",
    route: Route = Route.WORD_PROBLEM,
    compare: Compare | None = None,
    symbolic: dict[str, Any] | None = None,
    calibration: Calibration = PLAIN,
    problem: str = "How many are 4 twos?",
) -> Judgement:
    return judge(
        route=route, steps=steps, ended=ended, symbolic=symbolic, compare=compare or Compare(), calibration=calibration,
        evidence=Evidence(problem, answer, None, derivations),
    )  # fmt: skip


def test_an_agreeing_derivation_verifies() -> None:
    assert badge(program("8")).verdict is Verdict.VERIFIED


def test_agreement_that_leaves_out_a_number_of_the_problem_is_open_until_the_problem_is_retold() -> None:
    dropped = [Derivation(form, "answer = 4 + 4", "8", None) for form in ("program", "function", "sentences")]
    problem = "Ann has 4 stamps and 9 coins, and Ben as many stamps. How many stamps have they?"
    at_once = judged(*dropped, problem=problem)
    assert (at_once.badge.verdict, at_once.open) == (Verdict.UNVERIFIED, True)
    assert "none has a use for all the numbers" in at_once.badge.reason


def test_agreement_verifies_nothing_where_the_problem_can_be_read_in_two_ways() -> None:
    problem = "Ann has 4 stamps, and Ben has two times more stamps than Ann. How many has Ben?"
    judgement = judged(program("8"), program("8", form="function"), problem=problem)
    assert judgement.badge.verdict is Verdict.UNVERIFIED
    assert "“two times more” can be read in two ways" in judgement.badge.reason
    assert not judgement.open, "no further derivation can say which reading is meant"
    assert judged(program("9"), problem=problem).open, "a second derivation may still be found"


def test_a_derivation_that_uses_more_of_the_numbers_is_named_with_its_answer() -> None:
    problem = "Ann had 2 pens, bought 2 pencils and 2 more boxes of 2 pens. How many has she?"
    forgetful, full = (
        Derivation("program", "answer = 2 * 4", "8", None),
        Derivation("function", "2 + 2 + 2 * 2", "9", None),
    )
    judgement = judged(forgetful, full, problem=problem)
    assert judgement.badge.verdict is Verdict.UNVERIFIED
    assert judgement.badge.reason == (
        "Derivations agree, but one that uses more of the numbers in the problem gives 9 instead."
    )
    assert judgement.open


def test_correct_arithmetic_alone_verifies_nothing() -> None:
    assert badge().verdict is Verdict.UNVERIFIED
    assert badge(program(None, "It could not be read.")).verdict is Verdict.UNVERIFIED


def test_a_refuted_step_takes_the_mark_away_even_where_the_answers_agree() -> None:
    given_badge = badge(program("8"), steps=(FALSE,))
    assert given_badge.verdict is Verdict.UNVERIFIED
    assert "4 × 2 = 9 is false" in given_badge.reason


def test_a_refuted_step_with_no_agreement_is_shown_as_refuted_with_its_evidence() -> None:
    given_badge = badge(program("7"), steps=(FALSE,))
    assert given_badge.verdict is Verdict.REFUTED
    assert "4 × 2 = 8" in given_badge.reason


def test_a_disagreement_is_named() -> None:
    assert "7" in badge(program("7")).reason
    assert "7" in badge(program("7"), program("6", form="function")).reason


def test_two_derivations_against_the_text_take_its_place() -> None:
    outcome = judged(program("7"), program("7", form="function"))
    assert outcome.answer == "7"
    assert outcome.corrected_by == program("7")
    assert "neither is verified" in outcome.badge.reason


def test_an_answer_that_the_text_contradicts_is_never_verified() -> None:
    forms = ("program", "function", "sentences")
    outcome = judged(*(program("7", form=form) for form in forms), program("7"))
    assert outcome.answer == "7"
    assert outcome.badge.verdict is Verdict.UNVERIFIED
    assert outcome.open


def test_one_sure_agreement_settles_it_and_an_unsure_one_asks_for_more() -> None:
    once = judged(program("8"))
    assert once.badge.verdict is Verdict.VERIFIED
    assert not once.open
    unsure = judged(program("8"), calibration=replace(PLAIN, threshold=0.999))
    assert unsure.badge.verdict is Verdict.UNVERIFIED
    assert unsure.open


def test_an_odd_answer_is_not_verified_and_says_what_is_odd() -> None:
    outcome = badge(program("8"), compare=Compare(odd=("A count should be a whole number.",)))
    assert outcome.verdict is Verdict.UNVERIFIED
    assert "whole number" in outcome.reason


def test_agreement_in_value_only_counts_against_it() -> None:
    both = (program("8"), program("8", form="function"))
    assert badge(*both, compare=Compare(function=Verdict.VERIFIED)).verdict is Verdict.VERIFIED
    assert badge(*both, compare=Compare(function=Verdict.REFUTED)).verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize("ended", ["step cap", "out of room", "repeating"])
def test_a_text_that_was_cut_short_is_never_verified(ended: str) -> None:
    assert badge(program("8"), ended=ended).verdict is Verdict.UNVERIFIED
    assert badge(program("8"), ended=ended, answer=None).verdict is Verdict.UNVERIFIED


def test_an_explanation_is_unverified_by_nature() -> None:
    assert badge(program("8"), route=Route.CONCEPT).verdict is Verdict.UNVERIFIED


@given(st.lists(st.sampled_from([None, "7", "8"]), max_size=3), st.booleans(), st.sampled_from([None, "8"]))
def test_nothing_but_agreement_ever_verifies(answers: list[str | None], false_step: bool, answer: str | None) -> None:
    derivations = [program(value, None if value else "unreadable") for value in answers]
    given_badge = badge(*derivations, steps=(FALSE if false_step else SOUND,), answer=answer)
    if given_badge.verdict is Verdict.VERIFIED:
        assert answer is not None
        assert answer in answers
        assert not false_step
    assert given_badge.reason


def test_a_comparison_that_fails_never_verifies() -> None:
    assert badge(program("8"), compare=Compare(same=Verdict.UNVERIFIED)).verdict is Verdict.UNVERIFIED


SYMBOLIC = {
    "answer": "x = 5",
    "check": "Substituting gives 20 = 20.",
    "checked": True,
    "steps": ["3x = 15.", "x = 5."],
}


def test_sympys_answer_stands_and_a_wrong_explanation_gives_way() -> None:
    outcome = judged(route=Route.SYMBOLIC, answer="x = 4", symbolic=SYMBOLIC)
    assert outcome.answer == "x = 5"
    assert [step.text for step in outcome.steps] == ["3x = 15.", "x = 5."]
    assert outcome.badge.verdict is Verdict.VERIFIED


def test_an_exact_answer_without_a_second_route_is_not_verified() -> None:
    outcome = judged(route=Route.SYMBOLIC, answer="x = 5", symbolic={**SYMBOLIC, "checked": False})
    assert outcome.badge.verdict is Verdict.UNVERIFIED
    assert outcome.steps == (SOUND,)
