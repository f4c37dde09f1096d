"""Model text is untrusted and varied: what is read off it must be the answer, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Example, Route, Step
from agent.parsing import boxed, describe_plan, final_answer, formulas_used, plain_mathematics, step_is_open


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (r"Therefore, the cost is \(\boxed{8}\) dollars.", "8"),
        (r"So \boxed{\frac{3}{4}} it is.", r"\frac{3}{4}"),
        (r"First \boxed{5}, then corrected to \boxed{7}.", "7"),
        (r"The box was cut off: \boxed{12", None),
        (r"The value is \boxed{}.", None),
        ("We add them.\n\nThe final answer is 42.", "42"),
        ("Answer: **3.5 hours**", "3.5 hours"),
        ("**Answer:**\n5 dollars **.", "5 dollars"),
        (r"Nested \boxed{1 + \boxed{2}} and \boxed{3", "2"),
        ("We get 5.\n\nSo she has **12 apples** left.", "12 apples"),
        ("Total: 3 + 4 = 7", "7"),
        ("So the total is 3 × 4 = $12 and it is paid.", "$12"),
        ("There are 12 eggs in a dozen.", None),
        ("", None),
    ],
)
def test_final_answer(text: str, answer: str | None) -> None:
    assert final_answer(text) == answer


@given(st.text(max_size=300))
def test_no_text_breaks_the_answer_reader(text: str) -> None:
    answer = final_answer(text)
    assert answer is None or answer.strip() == answer


@given(st.text(alphabet="{}\\boxed 1", max_size=60))
def test_a_boxed_answer_has_balanced_braces(text: str) -> None:
    content = boxed(text)
    assert content is None or content.count("{") == content.count("}")


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("### Step 1: Find the unit price", True),
        ("1. **Find the cost of one pen:**", True),
        ("To find it, we follow these steps:", True),
        ("So we have \\[ x = 3", True),
        ("So we have \\[ x = 3 \\]", False),
        ("Each pen costs 2/3 of a dollar.", False),
        ("1. Each pen costs 2/3 of a dollar.", False),
        ("\\begin{align} x &= 3 \\\\", True),
        ("```python\nx = 3", True),
    ],
)
def test_a_heading_or_a_half_formula_is_not_a_whole_step(text: str, is_open: bool) -> None:
    assert step_is_open(text) is is_open


def test_plan_names_what_is_asked_and_what_is_given() -> None:
    plan = describe_plan(
        "A shop sells pens at 3 for $2. How much do 12 pens cost?", Route.WORD_PROBLEM,
        [Example("p", "s", "source", 1, "MIT", 0.8, method="unit rate")],
    )  # fmt: skip
    assert plan.asked == "How much do 12 pens cost?"
    assert "12 pens" in plan.given
    assert "$2" in plan.given
    assert "unit rate" in plan.approach


def test_formulas_are_relations_between_named_quantities() -> None:
    steps = [
        Step(1, r"We use \[ \text{Cost} = \text{price} \times \text{number} \] and then 3 × 4 = 12."),
        Step(2, "The area is A = π r^2, so A = 3.14 × 25 = 78.5."),
    ]
    assert formulas_used(steps) == ["Cost = price × number", "A = π r²"]


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\frac{2}{3} \text{ dollars}", "2/3  dollars"),
        (r"12 \times \frac{2}{3} = 8", "12 × 2/3 = 8"),
        (r"\(x = 5\)", "x = 5"),
        (r"\sqrt{16} \leq 5", "√(16) ≤ 5"),
        ("costs $5", "costs $5"),
        (r"50\%", "50%"),
        (r"\frac{x+1}{2}", "(x+1)/(2)"),
    ],
)
def test_latex_reads_on_a_terminal(latex: str, plain: str) -> None:
    assert " ".join(plain_mathematics(latex).split()) == " ".join(plain.split())


@given(st.text(max_size=300))
def test_any_text_can_be_shown(text: str) -> None:
    assert isinstance(plain_mathematics(text), str)
