"""The chat page: a conversation, a question, and its answer while it is written."""

from __future__ import annotations

import dataclasses

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from agent.domain import Effort, Route, Verdict
from agent.errors import TutorError
from agent.routing import MAX_CHARACTERS
from ui.answer import Answer, folded
from ui.asking import begun, chosen_wish
from ui.export import solution_latex, solution_markdown
from ui.fair_queue import Request
from ui.hints import draw_hint_actions, hints_first
from ui.history import KeptAnswer
from ui.mathematics import markdown, one_line
from ui.meaning import draw_meant_otherwise
from ui.owner import current_owner
from ui.practice import practise_like
from ui.readiness import draw_readiness
from ui.render import AnswerView, status_line
from ui.service import Service, new_conversation
from ui.sidebar import draw_sidebar

LOOK_SECONDS = 0.2  # between two looks for a click while nothing happens
# A second solution is drawn, with the answer's number as its seed: the likeliest text would be the same again. Higher,
# and a small model's solutions get worse (at 0.7 by 17 of 100 problems).
ANOTHER_WAY = 0.4
# Streamlit's centred page is as wide as a text should be; with something beside the text there is more room.
WIDER = """<style>
@media (min-width: 1000px) {
  [data-testid="stMainBlockContainer"], [data-testid="stBottomBlockContainer"] { max-width: 66rem !important; }
  [data-testid="stColumn"]:has(.st-key-beside) { position: sticky; top: 4.5rem; align-self: flex-start; }
}
</style>"""
EXAMPLES = (
    "A shop sells pens at 3 for $2. How much do 12 pens cost?",
    "Solve x^2 - 5x + 6 = 0",
    "A coat costs $120. Its price is lowered by 25% and then raised by 10%. What does it cost now?",
)


def show(service: Service) -> None:
    owner = current_owner()
    thread = _current_thread()
    draw_sidebar(service, owner, thread)
    # In this order: an answer that ends between the two looks is then followed to its end, not shown as broken off.
    live = service.queue.live(owner, thread)
    kept = service.history.answers(owner, thread)
    stage = service.desk.stage()
    # In a place of its own, which is emptied: what an earlier run drew would stay, greyed, until this one ends.
    welcome = st.empty()
    if not kept:
        with welcome.container():
            _draw_welcome(service, owner, thread, enabled=stage.name != "missing")
    else:
        welcome.empty()
    if live is None:  # else the answer itself says what it waits for
        draw_readiness(service)
    conversation, side = _columns(beside=bool(kept) and service.history.preferences(owner).retrieval)
    above_input = st.bottom.container()  # it never scrolls away
    hints_first(above_input)
    waiting = live is not None
    placeholder = "Answering: stop it to ask something else" if waiting else "Ask a mathematics problem"
    question = st.chat_input(
        "Download the model first" if stage.name == "missing" else placeholder,
        max_chars=MAX_CHARACTERS, disabled=waiting or stage.name == "missing", key="question",
    )  # fmt: skip
    if question:
        _ask(service, owner, thread, question)
    with conversation:
        for one in kept:
            last = one is kept[-1]
            if live is not None and one.id == live.answer_id:
                _draw_live(service, live, above_input, side)
            else:
                _draw_kept(service, owner, thread, one, side if last else None, last=last and not waiting)


def _columns(*, beside: bool) -> tuple[DeltaGenerator, DeltaGenerator | None]:
    """Where the conversation goes and, with `beside`, what stands beside it; on a phone that comes below."""
    if not beside:
        return st.container(), None
    st.html(WIDER)
    conversation, side = st.columns([7, 3], gap="large")
    return conversation.container(), side.container(key="beside")


def _current_thread() -> str:
    """The conversation that this page shows. It stays in the address, so that a reload comes back to it."""
    asked_for = st.session_state.pop("open_thread", None)
    thread = asked_for or st.query_params.get("chat") or st.session_state.get("thread") or new_conversation()
    st.session_state["thread"] = thread
    if st.query_params.get("chat") != thread:
        st.query_params["chat"] = thread
    return str(thread)


def _draw_welcome(service: Service, owner: str, thread: str, *, enabled: bool) -> None:
    st.title("Mathlearn", anchor=False)
    st.markdown(
        "Ask a mathematics problem. You see each step as it is written and checked, and a badge that says whether "
        "the answer can be trusted."
    )
    st.caption("For example")
    for number, example in enumerate(EXAMPLES):
        if st.button(markdown(example), key=f"example {number}", disabled=not enabled, width="stretch"):
            _ask(service, owner, thread, example)


def _ask(service: Service, owner: str, thread: str, question: str) -> None:
    wish = chosen_wish(service.history.preferences(owner))
    if st.session_state.get("hints first"):
        wish = dataclasses.replace(wish, rung=0)
    if begun(lambda: service.ask(owner, thread, question, wish)):
        st.rerun()


def _draw_live(
    service: Service, request: Request, above_input: DeltaGenerator, side: DeltaGenerator | None
) -> None:  # fmt: skip
    """The answer as it is written. The queue writes it, not this page: a click or a reload does not disturb it."""
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(markdown(request.problem))
    with st.chat_message("assistant", avatar=":material/function:"):
        view = AnswerView(side)
    above_input.button(
        "Stop", key=f"stop {request.answer_id}", icon=":material/stop_circle:",
        on_click=service.queue.stop, args=(request,),
    )  # fmt: skip
    answer, seen = Answer(), 0
    while True:
        news = request.await_news(seen, LOOK_SECONDS)
        answer, seen = folded(news, answer), seen + len(news)
        view.show(answer, status=_working(service, request, answer), state="running")
        if request.over and seen >= len(request.happened):
            break
    st.rerun()


def _working(service: Service, request: Request, answer: Answer) -> str:
    if request.stop.is_set():
        return "Stopping"
    if request.status == "waiting":
        return service.queue.standing(request)
    stage = service.desk.stage()
    doing = status_line(answer) if stage.name == "ready" else f"{stage.text}…"
    return f"{doing} · {request.elapsed():.0f} s"


def _draw_kept(
    service: Service, owner: str, thread: str, kept: KeptAnswer, side: DeltaGenerator | None, *, last: bool
) -> None:  # fmt: skip
    with st.chat_message("user", avatar=":material/person:"):
        if last and st.session_state.get("editing") == kept.id:
            _draw_editor(service, owner, thread, kept)
        else:
            st.markdown(markdown(kept.problem))
    answer = folded(kept.happened)
    with st.chat_message("assistant", avatar=":material/function:"):
        view = AnswerView(side)
        if kept.status == "finished":
            view.show(answer, status=f"Done in {answer.seconds:.1f} s", state="complete")
        else:
            view.show(answer, status="Stopped" if kept.status == "stopped" else "Not answered", state="error")
        if kept.error:
            st.warning(one_line(kept.error))
        _draw_actions(service, owner, thread, kept, answer, last=last)


def _draw_actions(
    service: Service, owner: str, thread: str, kept: KeptAnswer, answer: Answer, *, last: bool
) -> None:  # fmt: skip
    if last and kept.status == "finished":
        draw_hint_actions(answer, str(kept.id), lambda message: _ask(service, owner, thread, message))
    with st.container(horizontal=True, vertical_alignment="center"):
        if answer.steps or answer.result:
            with st.popover("Copy", icon=":material/content_copy:", type="tertiary"):
                as_markdown, as_latex = st.tabs(["Markdown", "LaTeX"])
                as_markdown.code(solution_markdown(kept.problem, answer), language=None, wrap_lines=True)
                as_latex.code(solution_latex(kept.problem, answer), language="latex", wrap_lines=True)
        if last:
            if kept.status != "finished" and st.button(
                "Continue", key=f"continue {kept.id}", icon=":material/play_arrow:", type="tertiary"
            ):
                _go_on(service, owner, thread, kept)
            again = st.button(
                "Solve again", key=f"again {kept.id}", icon=":material/refresh:", type="tertiary",
                help="In other words, with your present settings. An answer that is not verified is checked harder.",
            )  # fmt: skip
            if again:
                _ask_again(service, owner, thread, kept, kept.problem)
            if st.button("Edit question", key=f"edit {kept.id}", icon=":material/edit:", type="tertiary"):
                st.session_state["editing"] = kept.id
                st.rerun()
            if kept.status == "finished":
                draw_meant_otherwise(
                    answer, str(kept.id), lambda meant: _ask_again(service, owner, thread, kept, kept.problem, meant)
                )
                _draw_practice(service, kept.problem, answer)
        if kept.status == "finished":
            _draw_feedback(service, owner, kept)


def _draw_practice(service: Service, problem: str, answer: Answer) -> None:
    """The way to practice: to problems like the one that was solved, or to the page that was asked for."""
    page = st.session_state.get("practice_page")
    if page is None or not (answer.solves or answer.route is Route.PRACTISE):
        return
    label = "Practise one like it" if answer.solves else "Open Practice"
    if not st.button(label, icon=":material/fitness_center:", type="tertiary"):
        return
    if not answer.solves:
        st.switch_page(page)
    try:
        found = practise_like(service, problem)
    except TutorError as failed:
        st.error(one_line(str(failed)))
        return
    if found:
        st.switch_page(page)
    st.info("There is nothing like it to practise yet: choose a topic on the page “Practice”.")


def _draw_feedback(service: Service, owner: str, kept: KeptAnswer) -> None:
    default = None if kept.helpful is None else int(kept.helpful)
    said = st.feedback("thumbs", key=f"helpful {kept.id}", default=default)
    helpful = None if said is None else bool(said)
    if helpful != kept.helpful:
        service.history.rate(owner, kept.id, helpful=helpful, comment=kept.comment)
    if helpful is not None:
        with st.popover("Comment", type="tertiary"):
            comment = st.text_area("What was good or wrong?", kept.comment, key=f"comment {kept.id}", max_chars=1000)
            if comment.strip() != kept.comment:
                service.history.rate(owner, kept.id, helpful=helpful, comment=comment)
                st.caption("Kept.")


def _draw_editor(service: Service, owner: str, thread: str, kept: KeptAnswer) -> None:
    with st.form(f"editor {kept.id}", border=False):
        problem = st.text_area("Your question", kept.problem, max_chars=MAX_CHARACTERS)
        with st.container(horizontal=True):
            ask = st.form_submit_button("Ask", type="primary")
            cancel = st.form_submit_button("Cancel")
    if cancel or (ask and not problem.strip()):
        st.session_state.pop("editing", None)
        st.rerun()
    if ask:
        st.session_state.pop("editing", None)
        _ask_again(service, owner, thread, kept, problem)


def _ask_again(
    service: Service, owner: str, thread: str, kept: KeptAnswer, problem: str, meant: Route | None = None
) -> None:  # fmt: skip
    """Ask in place of that question. One that was answered to its end and stays as it is, is answered another way."""
    wish = chosen_wish(service.history.preferences(owner))
    if meant is not None:
        wish = dataclasses.replace(wish, meant=meant)
    elif kept.status == "finished" and problem == kept.problem:
        wish = dataclasses.replace(wish, temperature=ANOTHER_WAY, seed=kept.id)
        badge = folded(kept.happened).badge
        if badge is not None and badge.verdict is not Verdict.VERIFIED:
            wish = dataclasses.replace(wish, effort=Effort.HIGH)
    if begun(lambda: service.ask_again(owner, thread, kept, problem, wish)):
        st.rerun()


def _go_on(service: Service, owner: str, thread: str, kept: KeptAnswer) -> None:
    wish = chosen_wish(service.history.preferences(owner))
    if begun(lambda: service.resume(owner, thread, kept, wish)):
        st.rerun()
