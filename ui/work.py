"""The page on which a student has her own solution checked, step by step."""

from __future__ import annotations

import streamlit as st

from agent import events
from agent.errors import TutorError
from agent.routing import MAX_CHARACTERS
from agent.teaching.reviews import StepVerdict, WorkReview
from agent.teaching.work import MAX_CHARACTERS as LONGEST_WORK
from agent.teaching.work_words import guidance, headline, praise
from ui.fair_queue import Request
from ui.mathematics import markdown, one_line
from ui.owner import current_owner
from ui.readiness import draw_readiness
from ui.service import Service

LOOK_SECONDS = 0.4
MARKS = {
    StepVerdict.RIGHT: ":green[✔]",
    StepVerdict.WRONG: ":red[✘]",
    StepVerdict.ASKED: ":orange[**?**]",
    StepVerdict.OPEN: "◌",
    StepVerdict.AFTER: "·",
}


def show(service: Service) -> None:
    st.title("Check my work", anchor=False)
    draw_readiness(service)
    request: Request | None = st.session_state.get("work_check")
    with st.form("work", border=False):
        problem = st.text_area("The problem", max_chars=MAX_CHARACTERS, key="work_problem")
        work = st.text_area(
            "Your solution, one step a line", max_chars=LONGEST_WORK, height=200, key="work_steps",
            help="Any notation: numbered, in sentences, or equations alone.",
        )  # fmt: skip
        busy = request is not None and not request.over
        asked = st.form_submit_button("Check my work", type="primary", disabled=busy)
    if asked:
        request = _begun(service, problem, work)
    if request is None:
        return
    if not request.over:
        st.fragment(_wait, run_every=LOOK_SECONDS)(service, request)
    elif request.error:
        st.error(one_line(request.error))
    elif (review := _review(request)) is not None:
        draw_review(review)
    else:
        st.info("The check was stopped.")


def _begun(service: Service, problem: str, work: str) -> Request | None:
    """The check, in the queue that answers wait in: a click or a reload of the page does not disturb it."""
    st.session_state.pop("work_check", None)
    try:
        request = service.check(current_owner(), problem, work)
    except TutorError as refused:
        st.error(one_line(str(refused)))
        return None
    st.session_state["work_check"] = request
    return request


def _review(request: Request) -> WorkReview | None:
    return next((event.review for _, event in request.happened if isinstance(event, events.WorkReviewed)), None)


def _wait(service: Service, request: Request) -> None:
    if request.over:
        st.rerun()
    derived = sum(isinstance(event, events.DerivationWritten) for _, event in request.happened)
    done = f" ({derived} done)" if derived else ""
    if request.status == "waiting":
        st.caption(service.queue.standing(request))
    else:
        st.caption(f"Solving the problem by itself, without looking at your steps{done}…")
    if st.button("Stop", key="stop work"):
        service.queue.stop(request)
        st.rerun()


def draw_review(review: WorkReview) -> None:
    """The steps with their marks, then the verdict in words."""
    for step in review.steps:
        mark, text = st.columns([1, 14])
        mark.markdown(MARKS[step.verdict])
        text.markdown(markdown(step.text))
    wrong = review.pointed is not None
    (st.warning if wrong else st.success if review.confirms else st.info)(one_line(headline(review)))
    if right := praise(review):
        st.markdown(f":green[✔] {one_line(right)}")
    for said in guidance(review):
        st.markdown(one_line(said))
