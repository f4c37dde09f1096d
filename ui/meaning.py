"""One click for a student whose message was taken for something else: how it can be taken instead."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from agent.domain import Route
from ui.answer import Answer

MEANINGS = {
    "A problem to solve": Route.WORD_PROBLEM,
    "A question about an idea": Route.CONCEPT,
    "A hint, please": Route.HINT,
    "About the problem before": Route.FOLLOW_UP,
    "My own work, to be checked": Route.CHECK,
}


def draw_meant_otherwise(answer: Answer, key: str, ask: Callable[[Route], None]) -> None:
    """The ways in which the message was not taken, each a button."""
    taken = Route.WORD_PROBLEM if answer.route is Route.SYMBOLIC else answer.route
    with st.popover(
        "I meant…", icon=":material/alt_route:", type="tertiary", help="Where I took it for something else."
    ):
        for words, meant in MEANINGS.items():
            if meant is not taken and st.button(words, key=f"meant {meant.value} {key}", type="tertiary"):
                ask(meant)
