"""The Streamlit app: wiring only. `mathlearn ui` runs it; what is shared by all sessions is opened once a process."""

from __future__ import annotations

import atexit

import streamlit as st

from agent.errors import TutorError
from agent.settings import load_settings, quiet_third_parties
from ui import chat, preferences
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
    page = st.navigation(
        [
            st.Page(lambda: chat.show(service), title="Chat", icon=":material/chat:", url_path="chat", default=True),
            st.Page(
                lambda: preferences.show(service), title="Settings", icon=":material/tune:", url_path="settings"
            ),
        ]
    )  # fmt: skip
    page.run()


if __name__ == "__main__":
    main()
