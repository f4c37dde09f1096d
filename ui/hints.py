"""Hints in the chat: whether they come before solutions, which rung is shown, and the way to the next one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from agent.domain import Route
from ui.answer import Answer

NEXT, SHOW = "Next hint", "Show me the solution"


def hints_first(place: DeltaGenerator) -> bool:
    """The switch beside the input: a new problem is then answered by a hint."""
    return place.toggle(
        "Hints first", key="hints first", help="A new problem is answered by a first hint, not by its solution."
    )  # fmt: skip


def draw_hint_actions(answer: Answer, key: str, ask: Callable[[str], None]) -> None:
    """Below the latest hint: which rung it is, and buttons for the next one and for the solution."""
    hint = answer.hint
    if answer.route is not Route.HINT or hint is None:
        return
    st.caption(f"Hint {hint.number} of {hint.total}")
    with st.container(horizontal=True):
        if hint.number + 1 < hint.total and st.button(NEXT, key=f"next hint {key}", icon=":material/lightbulb:"):
            ask(NEXT)
        if st.button(SHOW, key=f"show solution {key}", icon=":material/visibility:"):
            ask(SHOW)
