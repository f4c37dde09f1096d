"""The rule behind the badge: ✔ only on an agreeing second derivation with nothing refuted; never failing open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Badge, Claim, Derivation, Route, Step, Verdict
from agent.verification.verdicts import judge

SOUND = Step(1, "4 × 2 = 8", (Claim("4 × 2 = 8", Verdict.VERIFIED, "4 × 2 = 8"),))
FALSE = Step(1, "4 × 2 = 9", (Claim("4 × 2 = 9", Verdict.REFUTED, "4 × 2 = 9 is false: 4 × 2 = 8."),))


def same_text(first: str, second: str) -> Verdict:
    return Verdict.VERIFIED if first == second else Verdict.REFUTED


def program(answer: str | None, failure: str | None = None) -> Derivation:
    return Derivation("program", "answer = …", answer, failure)


def badge(
    *derivations: Derivation,
    steps: tuple[Step, ...] = (SOUND,),
    answer: str | None = "8",
    ended: str = "answered",
    route: Route = Route.WORD_PROBLEM,
    same: object = same_text,
) -> Badge:
    return judge(
        route=route, steps=steps, ended=ended, written_answer=answer, derivations=derivations, symbolic=None,
        same_value=same,  # type: ignore[arg-type]
    ).badge  # fmt: skip


def test_an_agreeing_derivation_verifies() -> None:
    assert badge(program("8")).verdict is Verdict.VERIFIED


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
    assert "Two derivations" in badge(program("7"), Derivation("terse", "", "7")).reason


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
    assert badge(program("8"), same=lambda a, b: Verdict.UNVERIFIED).verdict is Verdict.UNVERIFIED


SYMBOLIC = {
    "answer": "x = 5",
    "check": "Substituting gives 20 = 20.",
    "checked": True,
    "steps": ["3x = 15.", "x = 5."],
}


def test_sympys_answer_stands_and_a_wrong_explanation_gives_way() -> None:
    judged = judge(
        route=Route.SYMBOLIC, steps=(SOUND,), ended="answered", written_answer="x = 4", derivations=(),
        symbolic=SYMBOLIC, same_value=same_text,
    )  # fmt: skip
    assert judged.answer == "x = 5"
    assert [step.text for step in judged.steps] == ["3x = 15.", "x = 5."]
    assert judged.badge.verdict is Verdict.VERIFIED


def test_an_exact_answer_without_a_second_route_is_not_verified() -> None:
    judged = judge(
        route=Route.SYMBOLIC, steps=(SOUND,), ended="answered", written_answer="x = 5", derivations=(),
        symbolic={**SYMBOLIC, "checked": False}, same_value=same_text,
    )  # fmt: skip
    assert judged.badge.verdict is Verdict.UNVERIFIED
    assert judged.steps == (SOUND,)
