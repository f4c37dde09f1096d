"""A translated line has the numbers of the line, however its language writes them."""

import pytest

from agent.teaching.rewording import keeps_numbers

LINE = "Multiply to find the cost: 4 × $1.50 = $6."


@pytest.mark.parametrize(
    ("line", "translation"),
    [
        (LINE, "Multipliez pour trouver le coût : 4 × $1.50 = $6."),
        (LINE, "Multipliez pour trouver le coût : 4 × 1,50 $ = 6 $."),
        ("Add: 1500 + 20 = 1520.", "Addiere: 1.500 + 20 = 1.520."),
        ("Add: 1500 + 20 = 1520.", "Additionnez : 1 500 + 20 = 1 520."),
        ("The cost of one pen is 3.", "Le coût d'un stylo est de 3."),
        ("Take half: 8 ÷ 2 = 4.", "Prenez la moitié : 8 ÷ 2 = 4."),
        ("So three of 12 stay.", "Es bleiben also 3 von 12."),
        ("Add 850 and 1700.", "850 und 1700: addiere 850 und 1700."),
    ],
)
def test_the_same_numbers_in_another_language(line: str, translation: str) -> None:
    assert keeps_numbers(line, translation)


@pytest.mark.parametrize(
    ("line", "translation"),
    [
        (LINE, "Multipliez pour trouver le coût : 4 × 1,50 = 6."),  # of what?
        (LINE, "Multipliez pour trouver le coût : 4 × $1.50."),
        ("Add: 1500 + 20 = 1520.", "Addiere: 1.500 + 20 = 1.530."),
        ("Add 8 and 8.", "Addiere 8."),
        ("Divide: 336 ÷ 48 = 7.", "Diviser : 336 ÷ 48 = 7, donc 5 de plus."),
    ],
)
def test_a_number_that_is_lost_or_made_up(line: str, translation: str) -> None:
    assert not keeps_numbers(line, translation)
