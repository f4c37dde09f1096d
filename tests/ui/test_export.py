"""A conversation can be taken along, and nothing that was written in it becomes part of the page it is printed on."""

from __future__ import annotations

import json

from agent import events
from agent.domain import Badge, Claim, Example, Route, Solution, Step, Verdict
from ui.answer import folded
from ui.export import conversation_html, conversation_json, conversation_markdown, solution_latex, solution_markdown
from ui.history import Conversation, KeptAnswer

NEAR = Example("What is 5 × <i>3</i>?", "15", "their_set", 7, "CC BY 4.0", 0.8)
STEP = Step(1, r"**First** \(4 \times 2 = 8\), so 25% & $8.", (Claim("4 × 2 = 8", Verdict.VERIFIED, "holds"),))
SOLUTION = Solution(
    "How much is <b>4</b> × 2?", Route.WORD_PROBLEM, r"\frac{16}{2}", Badge(Verdict.VERIFIED, "agrees <i>"), (STEP,),
    examples=(NEAR,),
)  # fmt: skip
KEPT = KeptAnswer(
    1, SOLUTION.problem, "", "m", 0.0, "finished", "", ((1.0, events.AnswerGiven(SOLUTION)),), True, "good"
)
CONVERSATION = Conversation("t", "<script>alert(1)</script>", 0.0, 0.0)


def test_a_page_to_print_holds_no_markup_but_our_own() -> None:
    page = conversation_html(CONVERSATION, [KEPT])
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<mn>4</mn><mo>×</mo><mn>2</mn><mo>=</mo><mn>8</mn>" in page
    assert "<mfrac><mrow><mn>16</mn></mrow><mrow><mn>2</mn></mrow></mfrac>" in page
    assert "<strong>First</strong>" in page
    assert "25% &amp; $8." in page
    assert "✔ verified" in page
    assert "http" not in page


def test_markdown_and_latex_of_one_solution() -> None:
    answer = folded(KEPT.happened)
    text = solution_markdown(KEPT.problem, answer)
    assert r"$4 \times 2 = 8$" in text
    assert "✔ verified" in text
    latex = solution_latex(KEPT.problem, answer)
    assert r"\textbf{First} $4 \times 2 = 8$, so 25\% \& \$8." in latex
    assert r"\textbf{Answer.} $\frac{16}{2}$" in latex
    assert r"\textless{}b\textgreater{}" in latex


def test_the_similar_problems_are_cited_with_source_row_and_licence() -> None:
    answer = folded(KEPT.happened)
    assert r"their_set, row 7, CC BY 4.0" in solution_markdown(KEPT.problem, answer)
    assert r"\item What is 5 × \textless{}i\textgreater{}3" in solution_latex(KEPT.problem, answer)
    assert r"their\_set, row 7, CC BY 4.0" in solution_latex(KEPT.problem, answer)
    assert "their_set, row 7, CC BY 4.0" in conversation_html(CONVERSATION, [KEPT])


def test_a_conversation_as_markdown_and_as_json() -> None:
    assert conversation_markdown(CONVERSATION, [KEPT, KEPT]).count("**Problem.**") == 2
    document = json.loads(conversation_json(CONVERSATION, [KEPT]))
    assert document["answers"][0]["helpful"] is True
    assert document["answers"][0]["events"][0][1]["event"] == "AnswerGiven"
