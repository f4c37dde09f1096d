"""Routing costs no model call, so its rules must be right on ordinary messages of every kind."""

import pytest

from agent import routing
from agent.domain import Route
from agent.routing import decide, decide_as


@pytest.mark.parametrize(
    "message",
    [
        "A shop sells pens at 3 for $2. How much do 12 pens cost?",
        "Tom has three apples and buys five more. How many has he now?",
        "What is the probability of rolling two sixes with two dice?",
        "Find the area of a circle with radius 5 cm.",
        "In how many different ways can the letters of STUDY be arranged with the vowel first?",
        "Why did the 3 friends pay different amounts if each paid half of $30 first? How much did each pay?",
    ],
)
def test_problems_are_worked_out(message: str) -> None:
    assert decide(message).route is Route.WORD_PROBLEM


@pytest.mark.parametrize(
    "message",
    [
        "Solve 3x + 5 = 20",
        "What is the derivative of x^3?",
        "Factor x^2 - 9",
        "What is 15% of 80?",
        "In how many different ways can the letters of STUDY be arranged?",
    ],
)
def test_symbolic_problems_are_computed(message: str) -> None:
    assert decide(message).route is Route.SYMBOLIC


@pytest.mark.parametrize(
    "message",
    [
        "What is a prime number?",
        "Explain the Pythagorean theorem.",
        "How do I add fractions?",
        "Why is division by zero not allowed?",
        "explain why 0.999... equals 1",
    ],
)
def test_questions_about_ideas_are_explained(message: str) -> None:
    assert decide(message).route is Route.CONCEPT


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("", routing.EMPTY),
        ("   \n\t ", routing.EMPTY),
        ("?!… ***", routing.WORDLESS),
        ("x" * 4_001, routing.TOO_LONG),
        ("Write me a poem about cats.", routing.OFF_TOPIC),
        ("What's the weather like today?", routing.OFF_TOPIC),
    ],
)
def test_what_is_no_problem_gets_a_clear_reply(message: str, reply: str) -> None:
    decision = decide(message)
    assert decision.route is Route.DECLINED
    assert decision.reply == reply


def test_four_thousand_characters_are_still_read() -> None:
    assert decide("Add 1. " * 571).route is not Route.DECLINED


def test_a_way_to_go_is_no_count_of_ways() -> None:
    assert decide("Which way is the library?").route is Route.DECLINED


def test_a_follow_up_carries_the_problem_it_follows() -> None:
    before = "A shop sells pens at 3 for $2. How much do 12 pens cost?"
    decision = decide("And if it were 15 pens?", previous=before)
    assert decision.follow_up
    assert decision.question == before + "\nAnd if it were 15 pens?"
    assert decision.route is Route.WORD_PROBLEM


def test_a_new_problem_in_a_conversation_stands_by_itself() -> None:
    decision = decide("Solve 2x = 8", previous="A shop sells pens at 3 for $2. How much do 12 pens cost?")
    assert not decision.follow_up
    assert decision.question == "Solve 2x = 8"


def test_without_a_conversation_nothing_is_a_follow_up() -> None:
    assert not decide("And if it were 15 pens?").follow_up


def test_a_student_who_was_misunderstood_decides() -> None:
    said = "what is the rule of three with 3 pens for $2 and 12 pens"
    assert decide_as(Route.WORD_PROBLEM, said).route is Route.WORD_PROBLEM
    assert decide_as(Route.CONCEPT, said).route is Route.CONCEPT
    assert decide_as(Route.WORD_PROBLEM, "explain 2x + 3 = 7").route in (Route.SYMBOLIC, Route.WORD_PROBLEM)
    after = decide_as(Route.FOLLOW_UP, "with 15", "A shop sells pens at 3 for $2. How much do 12 pens cost?")
    assert after.follow_up
    assert after.question.startswith("A shop sells pens")
    assert decide_as(Route.HINT, "stuck", "How much do 12 pens cost?").question == "How much do 12 pens cost?"
    assert decide_as(Route.WORD_PROBLEM, "  ").route is Route.DECLINED


def test_step_by_step_asks_for_no_step_of_the_problem_before() -> None:
    asked = "Explain step by step, with many examples, how fractions are added."
    assert decide(asked, previous="A shop sells pens at 3 for $2. How much do 12 pens cost?").route is Route.CONCEPT
    assert decide("explain step 2", previous="How much do 12 pens cost?").route is Route.FOLLOW_UP
