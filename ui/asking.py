"""How a page puts a question into the queue: with the student's settings, and with a refusal said in the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from agent.errors import TutorError
from ui.fair_queue import Request, Wish
from ui.history import Preferences
from ui.mathematics import one_line


def chosen_wish(chosen: Preferences) -> Wish:
    return Wish(effort=chosen.effort, retrieval=chosen.retrieval, language=chosen.language)


def begun(begin: Callable[[], Request]) -> bool:
    """Whether `begin` could put its question into the queue; else the page says why not."""
    try:
        begin()
    except TutorError as refused:
        st.error(one_line(str(refused)))
        return False
    return True
