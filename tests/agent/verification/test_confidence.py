"""What speaks for an answer: derivations from the retold problem are voices of their own, weighed by themselves."""

from __future__ import annotations

import dataclasses
import math

import pytest

from agent.domain import QUESTION_FIRST, Derivation, Likelihood, Verdict
from agent.verification.answers.equivalence import same_value
from agent.verification.confidence import (
    Calibration,
    Evidence,
    Retold,
    Support,
    Voices,
    features,
    fitted,
    weigh,
)

PROBLEM = "Ann has 3 pens. She buys 4 more. How many has she now?"
LIKELIHOOD = Likelihood(60, -0.05, -0.9)


class Compare:
    same_value = staticmethod(same_value)

    @staticmethod
    def same_function(_problem: str, _first: str, _second: str) -> Verdict:
        return Verdict.VERIFIED

    @staticmethod
    def oddities(_problem: str, _answer: str) -> list[str]:
        return []


def derived(form: str, answer: str | None) -> Derivation:
    return Derivation(form, f"pens = 3 + 4\nanswer = {answer}", answer, None if answer else "unreadable", 0, LIKELIHOOD)


def retold(form: str, answer: str | None) -> Derivation:
    return derived(form + QUESTION_FIRST, answer)


def supports(*derivations: Derivation, answer: str | None = "7", problem: str = PROBLEM) -> list[Support]:
    return weigh(Evidence(problem, answer, LIKELIHOOD, derivations), Compare())


TOLD = (derived("program", "7"), derived("function", "12"), derived("sentences", None))


def test_derivations_of_the_retold_problem_are_counted_by_themselves() -> None:
    text, *_ = supports(*TOLD, retold("program", "7"), retold("function", "12"), retold("sentences", None))
    assert text.retold == Voices((retold("program", "7"),), against=1, rival=1, unreadable=1)
    assert (text.told.forms, text.told.against, text.told.unreadable, text.voices) == (1, 1, 1, 3)


def test_they_leave_every_feature_as_it_was() -> None:
    """The weights of these were fitted without them."""
    before, *_ = supports(*TOLD)
    after, *_ = supports(*TOLD, retold("program", "7"), retold("function", "9"), retold("sentences", "9"))
    assert features(after) == features(before)


def test_an_answer_of_the_retold_problem_alone_is_in_question_from_two_voices_on() -> None:
    _, _, alone = supports(*TOLD, retold("program", "9"))
    assert (alone.answer, alone.may_be_answer) == ("9", False)
    _, _, seconded = supports(*TOLD, retold("program", "9"), retold("function", "9"))
    assert (seconded.answer, seconded.may_be_answer, seconded.in_text) == ("9", True, False)


def test_without_any_answer_nothing_is_weighed() -> None:
    assert supports(derived("program", None), retold("program", None), answer=None) == []


RETOLD = Retold(right=(6, 14), wrong=(14, 2), threshold=0.9)


def test_the_likelihood_ratio_is_that_of_the_two_frequencies_with_one_more_of_each() -> None:
    assert math.exp(RETOLD.log_ratio(True)) == pytest.approx((15 / 22) / (3 / 18))
    assert math.exp(RETOLD.log_ratio(False)) == pytest.approx((7 / 22) / (15 / 18))


@pytest.mark.parametrize(
    ("answers", "most"), [("777", True), ("779", True), ("799", False), ("7--", False), ("", False)]
)
def test_most_of_them_is_more_than_half_of_those_asked(answers: str, most: bool) -> None:
    more = [retold(form, None if a == "-" else a) for form, a in zip(("a", "b", "c"), answers, strict=False)]
    assert supports(*TOLD, *more)[0].retold.most_agree is most


def test_the_odds_are_multiplied_by_the_ratio_once_retold_derivations_are_there() -> None:
    calibration = Calibration(fitted().coefficients, 0.95, RETOLD)
    base = calibration.confidence(supports(*TOLD)[0])
    agreeing = [retold(form, "7") for form in ("program", "function", "sentences")]
    others = [retold(form, "9") for form in ("program", "function", "sentences")]
    for more, most in ((agreeing, True), (others, False)):
        odds = base / (1 - base) * math.exp(RETOLD.log_ratio(most))
        assert calibration.confidence(supports(*TOLD, *more)[0]) == pytest.approx(odds / (1 + odds))


def test_another_threshold_holds_once_retold_derivations_are_there_and_until_samples_are() -> None:
    calibration = Calibration(fitted().coefficients, 0.95, RETOLD)
    anew = [retold(form, "7") for form in ("program", "function", "sentences")]
    before, *_ = supports(*TOLD)
    after, *_ = supports(*TOLD, *anew)
    assert [calibration.suffices(c, before) for c in (0.94, 0.95)] == [False, True]
    assert [calibration.suffices(c, after) for c in (0.89, 0.9)] == [False, True]
    with_samples, *_ = supports(*TOLD, *anew, dataclasses.replace(TOLD[0], sample=1))
    assert [calibration.suffices(c, with_samples) for c in (0.94, 0.95)] == [False, True]


def test_what_most_retold_derivations_do_not_give_is_not_verified_by_them() -> None:
    calibration = Calibration(fitted().coefficients, 0.95, RETOLD)
    unsure, *_ = supports(*TOLD, retold("program", "7"), retold("function", "9"), retold("sentences", None))
    assert not calibration.suffices(0.999, unsure)


def test_without_a_calibration_of_them_they_change_nothing() -> None:
    calibration = Calibration(fitted().coefficients, 0.95)
    before, *_ = supports(*TOLD)
    after, *_ = supports(*TOLD, retold("program", "7"))
    assert calibration.confidence(after) == calibration.confidence(before)
    assert not calibration.suffices(0.94, after)


def test_the_shipped_calibration_trusts_what_most_retold_derivations_give_more_than_what_they_do_not() -> None:
    known = fitted().retold
    assert known is not None
    assert known.log_ratio(True) > 0 > known.log_ratio(False)


# Text, program and function forgot what was there before; the sentences did not. gsm8k-train-594 was verified with 28.
SHELLS = (
    "Ed and Jacob already had 2 shells. Ed found 7 limpet shells, 2 oyster shells, and 4 conch shells. "
    "Jacob found 2 more shells than Ed did. How many shells do the pair have altogether?"
)
FORGETFUL = Derivation("program", "ed = 7 + 2 + 4\njacob = ed + 2\nanswer = ed + jacob", "28", None, 0, LIKELIHOOD)
FULL = Derivation("sentences", "ed = 7 + 2 + 4\njacob = ed + 2\nanswer = 2 + ed + jacob", "30", None, 0, LIKELIHOOD)


def test_agreement_verifies_nothing_where_another_derivation_uses_more_of_what_the_problem_gives() -> None:
    text, other = supports(FORGETFUL, FULL, answer="28", problem=SHELLS)
    assert text.fuller == FULL
    assert not text.may_be_verified
    assert other.fuller is None


def test_derivations_that_use_as_much_or_cannot_be_read_forbid_nothing() -> None:
    unread = dataclasses.replace(FULL, answer=None, failure="unreadable")
    other_way = dataclasses.replace(FORGETFUL, form="function", answer="26")
    text, *_ = supports(FORGETFUL, unread, other_way, answer="28", problem=SHELLS)
    assert text.fuller is None
    assert text.may_be_verified
    alone, *_ = supports(FULL, answer="28", problem=SHELLS)
    assert alone.fuller is None, "nothing agrees: there is nothing to compare with"


# Text and all three forms took the two anchors for one, and were verified at once (gsm8k-train-6029, told anew).
BRIDGE = (
    "The deck of a bridge takes 1600 tons of concrete. Its two anchors take equal amounts; one of them is built, with "
    "700 tons. All of the bridge takes 4800 tons. How many tons do the pillars take?"
)
ONE_ANCHOR = "deck = 1600\nanchors = 700\nanswer = 4800 - deck - anchors"


def test_what_leaves_out_a_number_of_the_problem_is_not_verified_before_the_retold_derivations() -> None:
    calibration = Calibration(fitted().coefficients, 0.9, RETOLD)
    dropped = [Derivation(form, ONE_ANCHOR, "2500", None, 0, LIKELIHOOD) for form in ("program", "function")]
    at_once, *_ = supports(*dropped, answer="2500", problem=BRIDGE)
    assert at_once.unused == 1
    assert not calibration.suffices(0.99, at_once)
    again = [dataclasses.replace(one, form=one.form + QUESTION_FIRST) for one in dropped]
    confirmed, *_ = supports(*dropped, *again, answer="2500", problem=BRIDGE)
    assert calibration.suffices(0.99, confirmed)
    whole = dataclasses.replace(dropped[0], text="anchors = 2 * 350\nanswer = 4800 - 1600 - anchors * 700 / 700")
    complete, *_ = supports(dropped[1], whole, answer="2500", problem=BRIDGE)
    assert complete.unused == 0
    assert calibration.suffices(0.99, complete)
