"""The settings page: how much checking, similar problems or not, and which model this server runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from agent.domain import Effort
from agent.errors import TutorError
from agent.models.registry import ModelEntry, all_models
from ui.mathematics import one_line
from ui.owner import current_owner
from ui.readiness import draw_readiness
from ui.service import Service
from ui.sidebar import feedback_json

EFFORTS = {
    Effort.LOW: "Low: one second derivation",
    Effort.NORMAL: "Normal: up to five more while it is open",
    Effort.HIGH: "High: up to eleven more, slower",
}
# What the model is asked for, and the name that a reader of it knows it by.
LANGUAGES = {
    "": "As the model chooses (mostly English)", "German": "Deutsch", "French": "Français", "Spanish": "Español",
    "Italian": "Italiano", "Portuguese": "Português", "Polish": "Polski", "Turkish": "Türkçe", "Russian": "Русский",
    "Chinese": "中文", "Japanese": "日本語",
}  # fmt: skip
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def show(service: Service) -> None:
    owner = current_owner()
    st.title("Settings", anchor=False)
    draw_readiness(service)
    chosen = service.history.preferences(owner)
    effort = st.radio(
        "Checking", list(EFFORTS), index=list(EFFORTS).index(chosen.effort), format_func=EFFORTS.__getitem__,
        help="Derivations that are spent while it is open whether an answer is right.",
    )  # fmt: skip
    retrieval = st.toggle("Show similar worked problems", chosen.retrieval)
    languages = list(LANGUAGES) if chosen.language in LANGUAGES else [*LANGUAGES, chosen.language]
    language = st.selectbox(
        "Language of the explanation", languages, index=languages.index(chosen.language),
        format_func=lambda name: LANGUAGES.get(name, name),
    )  # fmt: skip
    st.caption(
        "Text, hints and replies come in it; the derivations that check the answer stay as they are. A small model "
        "solves best in English; how much another language costs it has not been measured yet."
    )
    if (wanted := replace(chosen, effort=effort, retrieval=retrieval, language=language)) != chosen:
        service.history.prefer(owner, wanted)
    st.divider()
    _draw_model(service)
    st.divider()
    st.download_button(
        "Download my feedback", lambda: feedback_json(service, owner), "mathlearn-feedback.json", "application/json",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def asked_from_here(headers: Mapping[str, str]) -> bool:
    """Whether the page is open on the computer that serves it. A proxy before it names itself in what it forwards."""
    host = headers.get("Host")
    here = isinstance(host, str) and host.rsplit(":", 1)[0] in LOOPBACK
    return here and not any(headers.get(name) for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded"))


def _draw_model(service: Service) -> None:
    current = service.desk.settings.model
    if not asked_from_here(st.context.headers):
        st.markdown(f"**Model** {one_line(current)}")
        st.caption("Whoever runs this server chooses the model.")
        return
    try:
        models = {entry.name: entry for entry in all_models(service.desk.settings.data_dir)}
    except TutorError as wrong:
        st.error(one_line(str(wrong)))
        return
    models.setdefault(current, ModelEntry(name=current))
    busy = service.queue.busy() > 0
    name = st.selectbox(
        "Model", list(models), index=list(models).index(current), disabled=busy,
        format_func=lambda key: models[key].title or key,
        help="Wait until all questions are answered." if busy else None,
    )  # fmt: skip
    entry = models[name]
    about = [entry.purpose, f"needs {entry.memory_gb:g} GB of memory" if entry.memory_gb else "", entry.licence]
    st.caption(" · ".join(one_line(part) for part in about if part))
    if name != current and st.button("Use this model", type="primary", disabled=busy):
        service.desk.change_model(name)
        st.rerun()
