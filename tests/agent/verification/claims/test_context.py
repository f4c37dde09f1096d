"""What a step builds on: letters that have a value by now, and where its numbers come from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Verdict
from agent.verification.claims.claims import check_step
from agent.verification.claims.names import known_names

PENS = "Ann buys 14 pens at $3 each and pays with $50. How much is left?"


def marks(text: str, earlier: tuple[str, ...] = (), problem: str = PENS) -> str:
    return "".join(claim.verdict.mark for claim in check_step(text, earlier=earlier, problem=problem))


@pytest.mark.parametrize(
    ("earlier", "text", "expected"),
    [
        ("Let $x = 12$.", "So $x + 3 = 15$.", "✔"),
        ("Let $x = 12$.", "So $x + 3 = 16$.", "✘"),
        ("Let x = 12 and y = 3.", "$x + 2y = 18$", "✔"),
        ("So $x = 12$.", "$x + 3 = 16$", "◌"),  # found, not given: the equation may be another one
        ("If $x = 12$, it is even.", "$x + 3 = 16$", "◌"),
        ("Then $x = 2$ or $x = 3$.", "$x + 3 = 16$", "◌"),
        ("Let $x = 12$. Later $x = 13$.", "$x + 3 = 16$", "◌"),
        ("Let $x = 12 + y$.", "$x + 3 = 16$", "◌"),
        ("Let $x = 1/2$.", "$4x = 2$", "✔"),
        (r"Let $x=3.\overline{7}$, so", r"$10x=37.\overline{7}$", "◌"),
        ("Nothing yet.", "$x + 3 = 16$", "◌"),
        (r"Let \(x = 12\).", r"So \(x + 3 = 16\).", "✘"),
        ("Let x = 12.", "Then x + 3 = 15.", "✔"),
        ("Let x = 12.", "Then x + 3 = 16.", "✘"),
        ("Let x = 12.", "The price of x + 3 = 16.", "◌"),  # the words in front may belong to the sum
        ("Let x = 12.", "We need x + 3 = 16.", "◌"),
        ("Let x = 12 in the equation.", "$x + 3 = 16$", "◌"),
        ("Let x = 12 to see whether it works.", "$x + 3 = 16$", "◌"),
        ("Case 1. Let x = 12.", "$x + 3 = 16$", "◌"),
        ("Let x = 12. Now let x be the number of apples.", "$x + 3 = 16$", "◌"),
        ("Let $x = 12$. Then $2x = 24$.", "$x + 3 = 16$", "✘"),
        ("Let $x = 12$. Then $x^2 = 169$.", "$x + 3 = 16$", "◌"),
        ("Let $x = 12$. Solve $x + y = 5$.", "$x + 3 = 16$", "◌"),
        ("Let $x = 12$ where $x < 5$.", "$x + 3 = 16$", "◌"),
        ("Solve $x + 5 = 12$.", "$x + 3 = 16$", "◌"),
        (r"Let $x = 12\%$.", "$x + 3 = 16$", "◌"),
        ("Let $x = 12$.", "Suppose $x + 3 = 16$.", "◌"),
    ],
)
def test_letters_with_one_value_are_put_in(earlier: str, text: str, expected: str) -> None:
    assert marks(text, (earlier,)) == expected


def test_a_letter_of_the_problem_itself_is_never_refuted() -> None:
    assert marks("$2x = 25$", ("Let $x = 12$.",), "Solve 2x = 25 for x.") == "◌"


@pytest.mark.parametrize(
    "text",
    [
        "Cost of 12 pens = 12 × 2/3",
        "Cost of 12 pens = 12 × 2/3 = 8",
        "Total = cost of 12 pens + 5 = 13",
        "Cost of 12 pens + cost of 3 books = 8 + 6 = 14",
        "Price per pen = 2/3",
    ],
)
def test_a_named_quantity_is_no_equation_to_refute(text: str) -> None:
    assert "✘" not in marks(text, ("Cost of one pen = 2/3 dollars",), "")


def test_a_number_from_nowhere_is_a_doubt_beside_the_calculation() -> None:
    claims = check_step("She pays 19 × 3 = 57 dollars.", problem=PENS)
    assert [claim.verdict for claim in claims] == [Verdict.VERIFIED, Verdict.UNVERIFIED]
    assert claims[1].reason == "The number 19 is neither in the problem nor calculated before."


@pytest.mark.parametrize(
    "text",
    [
        "They cost 14 × 3 = 42 dollars.",
        "First 14 × 3 = 42, and then 50 - 42 = 8.",
        "In cents that is 14 × 300 = 4200.",
        "A year has 52 × 7 = 364 days.",
        "Step 2: 3 + 5 = 8.",
        "With both, 14 + 3 = 17, so 17 × 2 = 34.",
    ],
)
def test_numbers_of_the_problem_of_earlier_results_and_of_the_world_raise_no_doubt(text: str) -> None:
    assert not any("neither in the problem" in claim.reason for claim in check_step(text, problem=PENS))


def test_a_result_of_an_earlier_step_is_known() -> None:
    assert marks("50 - 42 = 8", ("14 × 3 = 42",)) == "✔"
    assert marks("50 - 43 = 7") == "✔◌"


def test_without_a_problem_no_number_is_from_nowhere() -> None:
    assert marks("19 × 3 = 57", problem="") == "✔"


@given(st.integers(-999, 999), st.integers(1, 999), st.integers(-9, 9))
def test_sums_with_a_letter_are_judged_as_its_value_says(value: int, added: int, error: int) -> None:
    expected = "✘" if error else "✔"
    assert marks(f"So $x + {added} = {value + added + error}$.", (f"Let $x = {value}$.",), "") == expected


@given(
    st.sampled_from(
        ["If $x = {0}$, then", "Suppose $x = {0}$.", "Try $x = {0}$.", "So $x = {0}$.", "Let $x = {0}$ or 5."]
    ),
    st.integers(1, 99),
    st.integers(1, 99),
)
def test_a_value_that_is_no_definition_never_leads_to_a_refutation(given_as: str, value: int, result: int) -> None:
    assert "✘" not in marks(f"$x + 3 = {result}$", (given_as.format(value),), "")


@given(st.text(max_size=200))
def test_any_text_gives_names_or_none(text: str) -> None:
    for name, known in known_names(text, text).items():
        assert len(name) == 1
        assert known.value is not None
