"""A changed number goes where it is meant, or nowhere."""

import pytest

from agent.teaching.changes import changed_problem

PENS = "A shop sells 12 pens for $3. How much do 40 pens cost at 10% off?"


@pytest.mark.parametrize(
    ("problem", "message", "changed"),
    [
        ("He packs 96 rolls into boxes of 8.", "what if it were 120 rolls?", "He packs 120 rolls into boxes of 8."),
        ("He packs 96 rolls into boxes of 8.", "what if the boxes held 12?", "He packs 96 rolls into boxes of 12."),
        (PENS, "and if they cost $5?", PENS.replace("$3", "$5")),
        (PENS, "what if it was 20% off?", PENS.replace("10%", "20%")),
        (PENS, "with 50 instead of 40", PENS.replace("40", "50")),
        ("Solve 3x + 7 = 22", "what if it was 3x + 7 = 28?", "Solve 3x + 7 = 28"),
        ("Luca has 24 cards, Zoe 9 more.", "what if she had 12 more?", "Luca has 24 cards, Zoe 12 more."),
        ("How far does a car go in 3 hours?", "and in five hours?", "How far does a car go in 5 hours?"),
    ],
)
def test_a_number_takes_the_place_that_is_meant(problem: str, message: str, changed: str) -> None:
    assert changed_problem(problem, message) == changed


@pytest.mark.parametrize("message", ["what if it were 7?", "what if it was more?", "what if there were 5 cats?"])
def test_where_it_is_not_plain_nothing_is_changed(message: str) -> None:
    assert changed_problem(PENS, message) is None
