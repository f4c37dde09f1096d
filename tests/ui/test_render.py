"""The parts of an answer as the page draws them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def example_page(likeness: float, why: str) -> None:
    from agent.domain import Example
    from ui.render import draw_example

    draw_example(
        Example(
            "6 pens at 2 for $1?", "6 / 2 = 3", "families", 1, "Apache-2.0", 0.41, "3", "unit price",
            likeness=likeness, why=why,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("likeness", "why", "said"),
    [
        (1.0, "the same calculation, □ ÷ □ × □; also about pens", "The same calculation, □ ÷ □ × □; also about pens"),
        (0.0, "nearest in meaning; also about pens", "41% similar: nearest in meaning; also about pens"),
    ],
)
def test_a_similar_problem_says_how_near_it_is_and_why_it_was_chosen(likeness: float, why: str, said: str) -> None:
    app = AppTest.from_function(example_page, default_timeout=60, kwargs={"likeness": likeness, "why": why}).run()
    assert not app.exception
    assert [caption.value for caption in app.caption] == [f"{said} · unit price · families, row 1, Apache-2.0"]


@pytest.mark.parametrize(
    ("form", "said"),
    [("program", "as a calculation"), ("sentences-question-first", "sentence by sentence, the question read first")],
)
def test_the_evidence_says_how_a_derivation_was_written(form: str, said: str) -> None:
    from agent.domain import Derivation
    from ui.render import form_in_words

    assert form_in_words(Derivation(form, "answer = 8", "8")) == said
