"""An answer as Streamlit elements, redrawn where it has changed: plan, result with its badge, steps, what is beside.

The same view shows an answer that is being written and one that was kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from agent.domain import QUESTION_FIRST, Badge, Derivation, Example, Plan, Step, Verdict
from ui.answer import Answer, ShownStep, Visit
from ui.mathematics import answer_markdown, markdown, one_line, streamed_markdown
from ui.plots import draw_picture
from ui.program import formulas, set_out

Colour = Literal["green", "red", "orange", "gray"]

COLOUR: dict[Verdict, Colour] = {Verdict.VERIFIED: "green", Verdict.REFUTED: "red", Verdict.UNVERIFIED: "orange"}
NAME = {Verdict.VERIFIED: "verified", Verdict.REFUTED: "refuted", Verdict.UNVERIFIED: "not verified"}
WORK = {
    "route_problem": ("Reading the problem", "read the problem"),
    "solve_symbolic": ("Computing exactly", "exact computation"),
    "retrieve_examples": ("Looking for similar problems", "similar problems"),
    "make_plan": ("Planning", "plan"),
    "write_step": ("Writing", "write steps"),
    "verify_step": ("Checking the step", "check steps"),
    "write_derivation": ("Deriving it a second time", "second derivation"),
    "cross_check": ("Comparing the derivations", "compare"),
    "derive_again": ("Deriving it once more", "more derivations"),
    "correct_solution": ("Correcting the solution", "correct"),
    "give_hint": ("Choosing a hint", "hint"),
    "answer_follow_up": ("Answering from the solution", "follow-up"),
    "weigh_objection": ("Checking the claim", "claim"),
    "encourage": ("Finding a small step", "small step"),
    "check_work": ("Going through your work", "your work"),
    "give_answer": ("Finishing", "finish"),
}
FORMS = {"program": "as a calculation", "function": "as a function", "sentences": "sentence by sentence"}


class AnswerView:
    """Places for the parts of one answer, in the container that is current when it is made.

    Similar problems go to `beside`, where there is such a place.
    """

    def __init__(self, beside: DeltaGenerator | None = None) -> None:
        self._plan = st.empty()
        self._steps = st.container()
        self._step_places: list[Any] = []
        # Below the steps, because that is where the page is while they grow, and where a reader ends.
        self._beside = beside.empty() if beside is not None else None
        self._result = st.empty()
        self._picture = st.empty()
        self._rest = st.empty()
        self._status = st.status("…", type="compact")
        with self._status:
            self._timeline = st.empty()
        self._shown: dict[str, Any] = {}

    def show(self, answer: Answer, *, status: str, state: Literal["running", "complete", "error"]) -> None:
        # Called for every look at the queue, changed or not: a call is what lets Streamlit hear a click meanwhile.
        self._status.update(label=status, state=state)
        in_words = not answer.solves
        if self._is_new("timeline", [visit for visit in answer.visits if visit.finished]):
            self._timeline.markdown(timeline(answer.visits))
        if answer.plan is not None and not in_words and self._is_new("plan", answer.plan):
            self._plan.markdown(plan_markdown(answer.plan))
        writing = state == "running"
        if self._is_new("result", (answer.result, answer.badge, answer.derivations, answer.complete, writing)):
            self._draw_result(answer, writing)
        self._draw_steps(() if in_words else answer.steps)
        if answer.picture is not None and self._is_new("picture", answer.picture):
            with self._picture.container(border=True, gap="xsmall"):
                draw_picture(answer.picture)
        if (answer.complete or not writing) and not in_words and self._is_new("rest", answer):
            with self._rest.container():
                _draw_rest(answer, with_examples=self._beside is None)
        if self._beside is not None and not in_words and self._is_new("examples", answer.examples):
            with self._beside.container():
                draw_examples(answer.examples)

    def _is_new(self, name: str, value: object) -> bool:
        if name in self._shown and self._shown[name] == value:
            return False
        self._shown[name] = value
        return True

    def _draw_result(self, answer: Answer, writing: bool) -> None:
        if not answer.solves:
            self._result.markdown(markdown(answer.result or ""))
            return
        if answer.result is None and answer.badge is None:
            return
        with self._result.container(border=True, gap="xsmall"):
            draw_result(answer, writing)

    def _draw_steps(self, steps: Sequence[ShownStep]) -> None:
        while len(self._step_places) < len(steps):
            with self._steps:
                self._step_places.append(st.empty())
        for position, place in enumerate(self._step_places):
            step = steps[position] if position < len(steps) else None
            if self._is_new(f"step {position}", step):
                if step is None:
                    place.empty()
                else:
                    with place.container(gap="xsmall"):
                        draw_step(step)


def status_line(answer: Answer) -> str:
    """What is being done now, for a label: the node that began last, and the step that it is about."""
    if not answer.running:
        return "Working"
    node = max(answer.running, key=lambda visit: (visit.began, visit.node != "write_derivation")).node
    doing = WORK.get(node, (node.replace("_", " "), ""))[0]
    if node == "write_step":
        number = sum(step.checked is not None for step in answer.steps) + 1
        return f"{doing} step {number}"
    return doing


def timeline(visits: Sequence[Visit]) -> str:
    """A table of the nodes in the order in which they first ran, with how often and how long."""
    rows: dict[str, list[float]] = {}
    for visit in visits:
        if visit.finished is not None:
            rows.setdefault(visit.node, []).append(visit.finished.seconds)
    lines = ["| work | runs | seconds |", "|:--|--:|--:|"]
    for node, seconds in rows.items():
        lines.append(f"| {WORK.get(node, ('', node.replace('_', ' ')))[1]} | {len(seconds)} | {sum(seconds):.2f} |")
    return "\n".join(lines) if rows else ""


def plan_markdown(plan: Plan) -> str:
    lines = [f"**Asked** {one_line(plan.asked)}"]
    if plan.given:
        lines.append("**Given** " + ", ".join(one_line(given) for given in plan.given))
    if plan.approach:
        lines.append(f"**Plan** {one_line(plan.approach)}")
    return "  \n".join(lines)


def draw_result(answer: Answer, writing: bool) -> None:
    """The answer in front of everything, with its badge, and what the badge rests on."""
    if answer.result is not None:
        st.caption("Answer")
        st.subheader(answer_markdown(answer.result), anchor=False)
    if answer.badge is None:
        if writing:
            st.badge("checking…", color="gray")
        else:
            st.badge("◌ not checked to the end", color="orange")
        return
    badge = answer.badge
    st.badge(f"{badge.verdict.mark} {NAME[badge.verdict]}", color=COLOUR[badge.verdict])
    st.markdown(one_line(badge.reason))
    if answer.derivations or badge.confidence is not None:
        with st.expander("How this was checked", type="compact"):
            draw_evidence(answer.derivations, badge)


def form_in_words(derivation: Derivation) -> str:
    """How the derivation was written, as a reader would say it."""
    form = FORMS.get(derivation.form.removesuffix(QUESTION_FIRST), derivation.form)
    return f"{form}, the question read first" if derivation.retold else form


def draw_evidence(derivations: Sequence[Derivation], badge: Badge) -> None:
    """The second derivations as mathematics, with what each gives."""
    for number, derivation in enumerate(derivations):
        opening = "Second derivation" if number == 0 else "Another"
        st.markdown(f"**{opening}**, {form_in_words(derivation)}, from the problem alone")
        lines = formulas(derivation)
        if lines is None:
            st.code(derivation.text, language=None, wrap_lines=True)
        else:
            st.markdown(set_out(lines))
        if derivation.answer is not None:
            st.markdown(f"It gives **{answer_markdown(derivation.answer)}**.")
        else:
            st.markdown(f"It gives no answer. {one_line(derivation.failure or '')}")
    if badge.confidence is not None:
        st.caption(f"Estimated probability that the answer is right: {badge.confidence:.0%}")


def draw_step(step: ShownStep) -> None:
    """A step's text with its mark; while it is written, as far as it can be shown."""
    if step.checked is None:
        if step.refuted:
            st.caption(f":red[✘ {one_line(step.refuted[-1].reason)} Putting it right:]")
        st.markdown(streamed_markdown(step.text))
        return
    st.markdown(markdown(step.text))
    st.caption(mark(step.checked))
    versions = [(version.text, version.reason) for version in step.refuted] or [
        (text, "") for text in step.checked.replaced
    ]
    if versions:
        with st.expander("What was put right here", type="compact"):
            for text, reason in versions:
                st.markdown(markdown(text))
                st.caption(f":red[✘ {one_line(reason)}]" if reason else ":red[✘ shown false]")


def mark(step: Step) -> str:
    """The mark of a step with what it rests on: the evidence where it is false, a count where it holds."""
    if step.refutation is not None:
        return f":red[{step.verdict.mark} {one_line(step.refutation.reason)}]"
    checked = sum(claim.verdict is Verdict.VERIFIED for claim in step.claims)
    if checked:
        return f":green[{step.verdict.mark} {checked} calculation{'' if checked == 1 else 's'} checked]"
    return f"{step.verdict.mark} no calculation to check"


def _draw_rest(answer: Answer, *, with_examples: bool) -> None:
    if answer.formulas:
        with st.container(border=True):
            st.caption("Formulas used")
            for formula in answer.formulas:
                st.markdown(formula_markdown(formula))
    if answer.set_aside:
        with st.expander("The first solution, set aside", type="compact"):
            for step in answer.set_aside:
                st.markdown(markdown(step.text))
                st.caption(mark(step))
    if answer.examples and with_examples:
        with st.expander(f"Similar worked problems ({len(answer.examples)})", type="compact"):
            for number, example in enumerate(answer.examples):
                if number:
                    st.divider()
                draw_example(example)


def formula_markdown(formula: str) -> str:
    """A relation between named quantities, set as one: words upright, operators as in print."""
    words = one_line(formula)
    return words.replace(" \\* ", " × ").replace(" * ", " × ").replace("_", " ") if "$" not in words else words


def draw_examples(examples: Sequence[Example]) -> None:
    """Similar problems for a column beside the answer: each its first words, which open to the whole."""
    if examples:
        st.caption("Similar worked problems")
    for example in examples:
        words = example.problem if len(example.problem) <= 90 else example.problem[:89] + "…"
        with st.expander(one_line(words)):
            draw_example(example)


def draw_example(example: Example) -> None:
    st.markdown(markdown(example.problem))
    near = example.nearness[0].upper() + example.nearness[1:]
    st.caption(" · ".join(one_line(part) for part in (near, example.method, example.citation) if part))
    with st.popover("Show its solution"):
        st.markdown(markdown(example.solution))
