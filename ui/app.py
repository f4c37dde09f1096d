"""The Streamlit app: wiring only. `mathlearn ui` runs it; what is shared by all sessions is opened once a process."""

from __future__ import annotations

import atexit

import streamlit as st

from agent.errors import TutorError
from agent.settings import load_settings, quiet_third_parties
from ui import chat, debug, practice, preferences, work
from ui.service import Service


@st.cache_resource(show_spinner=False)
def running_service() -> Service:
    quiet_third_parties()
    service = Service(load_settings())
    atexit.register(service.close)
    return service


def main() -> None:
    st.set_page_config("Mathlearn", page_icon=":material/function:", layout="centered")
    try:
        service = running_service()
    except TutorError as failed:
        st.error(str(failed))
        return
    draw(service)


def draw(service: Service) -> None:
    talking = st.Page(
        lambda: chat.show(service), title="Chat", icon=":material/chat:", url_path="chat", default=True
    )  # fmt: skip
    chosen = st.Page(lambda: preferences.show(service), title="Settings", icon=":material/tune:", url_path="settings")
    inside = st.Page(lambda: debug.show(service), title="Inside", icon=":material/account_tree:", url_path="inside")
    practising = st.Page(
        lambda: practice.show(service), title="Practice", icon=":material/fitness_center:", url_path="practice"
    )  # fmt: skip
    checking = st.Page(
        lambda: work.show(service), title="Check my work", icon=":material/fact_check:", url_path="work"
    )  # fmt: skip
    st.session_state["chat_page"] = talking  # for pages that lead to one another
    st.session_state["practice_page"] = practising
    st.navigation([talking, practising, checking, chosen, inside]).run()


if __name__ == "__main__":
    main()
