"""What students want is read off how they say it, and a problem that only sounds like a request stays a problem."""

import pytest

from agent.domain import Route
from agent.intents import Intent
from agent.routing import decide

BEFORE = "A cook peels 60 potatoes at 4 a minute. How long does it take?"


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("any hint?", Intent.HINT), ("how shall I start", None), ("where should I begin?", Intent.HINT),
        ("show me the answer", Intent.SHOW), ("15", Intent.CHECK), ("is it 15 minutes?", Intent.CHECK),
        ("one more problem like this", Intent.PRACTISE), ("why do you divide?", Intent.WHY),
        ("can you solve it in another way", Intent.ANOTHER_WAY), ("in Spanish", Intent.LANGUAGE),
        ("explain it like I'm five", Intent.SIMPLER), ("what if it were 80 potatoes", Intent.CHANGED),
        ("my aunt says it is 20", Intent.OBJECTION), ("I hate this", Intent.SUPPORT), ("??", Intent.WHY),
    ],
)  # fmt: skip
def test_a_remark_in_a_conversation_has_its_intent(message: str, intent: Intent | None) -> None:
    assert decide(message, BEFORE).intent is intent


def test_a_hint_on_a_problem_in_the_message_is_about_that_problem() -> None:
    decision = decide("Hint please: A cook peels 60 potatoes at 4 a minute. How long does it take?", "What is 2 + 2?")
    assert decision.route is Route.HINT
    assert decision.question == BEFORE


@pytest.mark.parametrize(
    "problem",
    [
        "Lea practises the violin for 20 minutes a day. How many hours does she practise in 30 days?",
        "A guide gives 3 hints in each of 12 rooms of a game. How many hints does he give?",
        "Tom says that he is 4 years older than Ann, who is 9. How old is Tom?",
        "A waiter gets a tip of 15% on a bill of $80. How much does he get in all?",
    ],
)
@pytest.mark.parametrize("before", ["", BEFORE])
def test_a_problem_with_the_words_of_a_request_is_solved(problem: str, before: str) -> None:
    assert decide(problem, before).route in (Route.WORD_PROBLEM, Route.SYMBOLIC)
