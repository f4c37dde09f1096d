"""The page on which a student has her own solution checked, step by step."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass, field

import streamlit as st

from agent import events
from agent.errors import TutorError
from agent.routing import MAX_CHARACTERS
from agent.teaching.checking import check_work
from agent.teaching.reviews import StepVerdict, WorkReview
from agent.teaching.work import MAX_CHARACTERS as LONGEST_WORK
from agent.teaching.work import split_work
from agent.teaching.work_words import guidance, headline, praise
from ui.mathematics import markdown, one_line
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


@dataclass
class Checking:
    """One check, in a thread of its own: a click or a reload of the page does not disturb it."""

    service: Service
    problem: str
    work: str
    stop: threading.Event = field(default_factory=threading.Event)
    derived: int = 0
    review: WorkReview | None = None
    error: str = ""

    def start(self) -> None:
        threading.Thread(target=self._run, name="work-check", daemon=True).start()

    @property
    def running(self) -> bool:
        return self.review is None and not self.error

    def _run(self) -> None:
        try:
            context = dataclasses.replace(self.service.desk.tutor(self.stop).context, cancelled=self.stop)
            self.review = check_work(context, self.problem, self.work, self._told)
        except TutorError as failed:
            self.error = str(failed)
        except Exception as failed:
            self.error = f"The work could not be checked ({type(failed).__name__})."

    def _told(self, event: events.TutorEvent) -> None:
        self.derived += isinstance(event, events.DerivationWritten)


def show(service: Service) -> None:
    st.title("Check my work", anchor=False)
    draw_readiness(service)
    checking: Checking | None = st.session_state.get("work_check")
    busy = checking is not None and checking.running
    with st.form("work", border=False):
        problem = st.text_area("The problem", max_chars=MAX_CHARACTERS, key="work_problem")
        work = st.text_area(
            "Your solution, one step a line", max_chars=LONGEST_WORK, height=200, key="work_steps",
            help="Any notation: numbered, in sentences, or equations alone.",
        )  # fmt: skip
        asked = st.form_submit_button("Check my work", type="primary", disabled=busy)
    if asked:
        checking = _begun(service, problem, work)
    if checking is not None and checking.running:
        st.fragment(_wait, run_every=LOOK_SECONDS)(checking)
    elif checking is not None and checking.error:
        st.error(one_line(checking.error))
    elif checking is not None and checking.review is not None:
        draw_review(checking.review)


def _begun(service: Service, problem: str, work: str) -> Checking | None:
    st.session_state.pop("work_check", None)
    try:
        split_work(work)
    except TutorError as refused:
        st.error(one_line(str(refused)))
        return None
    if not problem.strip():
        st.error("There is no problem here: write the problem that the work belongs to.")
        return None
    checking = Checking(service, problem, work)
    st.session_state["work_check"] = checking
    checking.start()
    return checking


def _wait(checking: Checking) -> None:
    if not checking.running:
        st.rerun()
    done = f" ({checking.derived} done)" if checking.derived else ""
    st.caption(f"Solving the problem by itself, without looking at your steps{done}…")
    if st.button("Stop", key="stop work"):
        checking.stop.set()


def draw_review(review: WorkReview) -> None:
    """The steps with their marks, then the verdict in words."""
    for step in review.steps:
        mark, text = st.columns([1, 14])
        mark.markdown(MARKS[step.verdict])
        text.markdown(markdown(step.text))
    wrong = review.pointed is not None
    (st.warning if wrong else st.success if review.derivations else st.info)(one_line(headline(review)))
    if right := praise(review):
        st.markdown(f":green[✔] {one_line(right)}")
    for said in guidance(review):
        st.markdown(one_line(said))
