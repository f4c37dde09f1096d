"""The sidebar of the chat: the student's own conversations, searched, opened, renamed, exported and deleted."""

from __future__ import annotations

import json

import streamlit as st

from agent.errors import TutorError
from ui.export import conversation_html, conversation_json, conversation_markdown
from ui.history import Conversation
from ui.mathematics import one_line
from ui.service import Service, new_conversation

MOST_SHOWN = 50


def draw_sidebar(service: Service, owner: str, thread: str) -> None:
    with st.sidebar:
        if st.button("New conversation", icon=":material/add:", width="stretch"):
            st.session_state["open_thread"] = new_conversation()
            st.rerun()
        everything = service.history.conversations(owner)
        if not everything:
            st.caption("Your conversations are kept on this computer and listed here.")
            return
        current = next((one for one in everything if one.thread == thread), None)
        if current is not None:
            _draw_current(service, owner, current)
        search = st.text_input("Search", placeholder="Search conversations", label_visibility="collapsed")
        found = service.history.conversations(owner, search) if search.strip() else everything
        for one in found[:MOST_SHOWN]:
            shown = one.thread == thread
            if st.button(
                one_line(one.title),
                key=f"open {one.thread}",
                type="secondary" if shown else "tertiary",
                width="stretch",
            ):
                st.session_state["open_thread"] = one.thread
                st.rerun()
        if not found:
            st.caption("No conversation says that.")
        elif len(found) > MOST_SHOWN:
            st.caption(f"{len(found) - MOST_SHOWN} older ones: search for them.")


def _draw_current(service: Service, owner: str, current: Conversation) -> None:
    with st.popover("This conversation", width="stretch"):
        title = st.text_input("Name", current.title, key=f"title {current.thread}", max_chars=80)
        if title != current.title:
            try:
                service.history.rename(owner, current.thread, title)
            except TutorError as refused:
                st.error(one_line(str(refused)))
            else:
                st.rerun()
        kept = service.history.answers(owner, current.thread)
        st.download_button(
            "Markdown", lambda: conversation_markdown(current, kept), "mathlearn.md", "text/markdown",
            icon=":material/download:", width="stretch", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Page to print", lambda: conversation_html(current, kept), "mathlearn.html", "text/html",
            icon=":material/print:", width="stretch", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "JSON", lambda: conversation_json(current, kept), "mathlearn.json", "application/json",
            icon=":material/data_object:", width="stretch", on_click="ignore",
        )  # fmt: skip
        sure = st.checkbox("Yes, delete it for good", key=f"sure {current.thread}")
        if st.button("Delete", key=f"delete {current.thread}", disabled=not sure, icon=":material/delete:"):
            service.delete(owner, current.thread)
            st.session_state["open_thread"] = new_conversation()
            st.rerun()


def feedback_json(service: Service, owner: str) -> str:
    return json.dumps(service.history.feedback(owner), ensure_ascii=False, indent=2)
