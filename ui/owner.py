"""Who is asking: an unguessable key for each browser, kept in a cookie, so that a person finds her conversations again.

No name and no password: whoever has the key has the conversations, and nobody else. A key in the address would be
given away with every link that is shared.
"""

from __future__ import annotations

import re
import secrets

import streamlit as st

COOKIE = "mathlearn_owner"
YEAR = 365 * 24 * 3600
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


def current_owner() -> str:
    """The key of this browser session; a browser that comes without one is given one."""
    key = st.session_state.get("owner")
    cookie = st.context.cookies.get(COOKIE)
    if not isinstance(key, str):
        known = isinstance(cookie, str) and _KEY.fullmatch(cookie)
        key = cookie if known and cookie else secrets.token_urlsafe(32)
        st.session_state["owner"] = key
    if cookie != key:
        _give(key)
    return key


def _give(key: str) -> None:
    # Streamlit cannot set a cookie from the server. The script is constant but for the key, which is ours.
    st.html(
        f"<script>document.cookie='{COOKIE}={key};path=/;max-age={YEAR};SameSite=Strict'"
        "+(location.protocol==='https:'?';Secure':'')</script>",
        unsafe_allow_javascript=True,
    )
