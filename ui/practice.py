"""The practice page: a problem, an answer in any form, hints, the worked solution, and progress drawn over time."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

import streamlit as st

from agent.errors import TutorError
from agent.practice.practising import Practice
from agent.practice.problems import PracticeProblem, Skill, problem_named, skills_for, skills_near, topics
from agent.practice.progress import course_of, remark_on
from agent.practice.store import STORE, Attempt, PracticeStore, as_csv, as_json, records_of
from agent.verification.students.outcomes import Outcome
from agent.verification.verifier import Verifier
from ui.mathematics import markdown, one_line
from ui.owner import current_owner
from ui.service import Service

ALL = "All topics"
ANY = "Any"
LONGEST_ANSWER = 200
MOST_SKILLS = 12


@st.cache_resource(show_spinner=False)
def _room(file: Path, seconds: float) -> tuple[PracticeStore, Verifier]:
    """What all pages of this process share: practice needs no model, so it does not wait for one."""
    store, verifier = PracticeStore(file), Verifier(deadline=seconds)
    verifier.start()
    atexit.register(store.close)
    atexit.register(verifier.close)
    return store, verifier


def practise_like(service: Service, problem: str) -> bool:
    """Let the page practise what is near to a student's problem; False where nothing is."""
    from index.search import Searcher

    near = skills_near(problem, Searcher.open(service.desk.settings.index_dir))
    if near:
        st.session_state["practice_near"] = near
        st.session_state.pop("practice_said", None)
    return bool(near)


def show(service: Service) -> None:
    st.title("Practice", anchor=False)
    settings = service.desk.settings
    try:
        store, verifier = _room(settings.data_dir / STORE, settings.check_seconds)
        practice = Practice(store, verifier, current_owner(), SystemRandom())
        skills = _chosen_skills()
        if skills:
            _draw_problem(practice, skills)
        _draw_progress(practice)
    except TutorError as failed:
        st.error(one_line(str(failed)))


def _chosen_skills() -> Sequence[Skill]:
    near: Sequence[Skill] | None = st.session_state.get("practice_near")
    if near:
        st.caption("Near to what you asked: " + ", ".join(one_line(skill.name) for skill in near))
        if not st.button("Choose a topic instead"):
            return near
        st.session_state.pop("practice_near")
    known = topics()
    left, right = st.columns([3, 1])
    topic = left.selectbox("Topic", [ALL, *known], key="practice_topic")
    lowest, highest = (1, 5) if topic == ALL else known[topic][:2]
    level = right.selectbox("Level", [ANY, *range(lowest, highest + 1)], key=f"practice_level {topic}")
    try:
        return skills_for(None if topic == ALL else topic, None if level == ANY else int(level))
    except TutorError as none:
        st.info(one_line(str(none)))
        return ()


def _draw_problem(practice: Practice, skills: Sequence[Skill]) -> None:
    problem = practice.current()
    if problem is None:
        _draw_finished()
        if st.button("Next problem" if "practice_said" in st.session_state else "Start", type="primary"):
            practice.next(skills)
            st.session_state.pop("practice_said", None)
            st.rerun()
        return
    with st.container(border=True):
        st.caption(f"{problem.topic}, level {problem.level}")
        st.markdown(markdown(problem.text))
        for hint in practice.hints_shown():
            st.info(one_line(hint), icon=":material/lightbulb:")
        _draw_said()
        with st.form("practice_answer", clear_on_submit=True, border=False):
            typed = st.text_input(
                "Your answer", max_chars=LONGEST_ANSWER, placeholder="1/2, 0.5, 50%: any form counts",
                key="practice_typed",
            )  # fmt: skip
            answered = st.form_submit_button("Check", type="primary")
        with st.container(horizontal=True):
            hinted = st.button("Hint", icon=":material/lightbulb:")
            solved = st.button("Show the solution")
            skipped = st.button("Another problem")
    if answered:
        reply = practice.answer(typed)
        _say(reply.judged.outcome, remark_on(reply, problem), problem if reply.attempt is not None else None)
    elif hinted and practice.hint() is None:
        _say(Outcome.UNREADABLE, "There is no further hint: the solution shows it worked out.", None)
    elif solved:
        practice.solution()
        _say(Outcome.UNREADABLE, f"The answer is {problem.shown}.", problem)
    elif skipped:
        practice.next(skills)
        st.session_state.pop("practice_said", None)
    if answered or hinted or solved or skipped:
        st.rerun()


def _say(outcome: Outcome, text: str, finished: PracticeProblem | None) -> None:
    """Keep what is said for the page that follows; a finished problem is kept by its name."""
    st.session_state["practice_said"] = (outcome.is_right, text, finished.name if finished else None)


def _draw_said() -> None:
    said = st.session_state.get("practice_said")
    if said is not None:
        right, text, _ = said
        (st.success if right else st.warning)(one_line(text))


def _draw_finished() -> None:
    """The problem that was just finished, with its solution."""
    said = st.session_state.get("practice_said")
    if said is None or said[2] is None:
        return
    problem = problem_named(said[2])
    with st.container(border=True):
        st.markdown(markdown(problem.text))
        _draw_said()
        with st.expander("The solution, step by step", expanded=not said[0]):
            for step in problem.steps:
                st.markdown(markdown(step))


def _draw_progress(practice: Practice) -> None:
    attempts = practice.store.attempts(practice.owner)
    if not attempts:
        st.caption("What you practise is kept on this computer, and you can delete it.")
        return
    st.subheader("Progress", anchor=False)
    records = sorted(records_of(attempts).values(), key=lambda record: -record.last_seen)
    at_once = sum(attempt.independent for attempt in attempts)
    mastered = sum(record.mastered for record in records)
    st.caption(
        f"{len(attempts)} problems, {at_once} found at the first go; {mastered} of {len(records)} skills mastered"
    )
    st.line_chart(course_of(attempts), x_label="problems", y_label="known, from 0 to 1")
    with st.expander("Skill by skill"):
        for record in records[:MOST_SKILLS]:
            mark = "✔ " if record.mastered else ""
            st.progress(record.mastery, f"{mark}{one_line(record.skill)} ({record.right} of {record.answered})")
    _draw_keeping(practice, attempts)


def _draw_keeping(practice: Practice, attempts: Sequence[Attempt]) -> None:
    with st.popover("My practice data"):
        st.download_button(
            "JSON", lambda: as_json(attempts), "mathlearn-practice.json", "application/json", on_click="ignore"
        )  # fmt: skip
        st.download_button("CSV", lambda: as_csv(attempts), "mathlearn-practice.csv", "text/csv", on_click="ignore")
        sure = st.checkbox("Yes, delete it for good", key="practice_sure")
        if st.button("Delete all of it", disabled=not sure):
            practice.store.delete(practice.owner)
            st.session_state.pop("practice_said", None)
            st.rerun()
