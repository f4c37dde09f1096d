"""What the tutor is waiting for, in the page: a download to agree to, its progress, loading, or what went wrong."""

from __future__ import annotations

import streamlit as st

from agent.errors import TutorError
from ui.mathematics import one_line
from ui.service import Service

LOOK_SECONDS = 0.5


def draw_readiness(service: Service) -> None:
    """Nothing where the tutor is ready; else a note that looks again by itself until it is."""
    if service.desk.stage().name == "ready":
        return
    settled = service.desk.stage().name in ("missing", "failed")
    st.fragment(_draw, run_every=None if settled else LOOK_SECONDS)(service)


def _draw(service: Service) -> None:
    stage = service.desk.stage()
    match stage.name:
        case "ready":
            st.rerun()
        case "missing":
            _offer(service, stage.text)
        case "failed":
            st.error(one_line(stage.text))
            if st.button("Try again"):
                service.desk.retry()
                st.rerun()
        case _ if stage.total:
            st.progress(min(stage.done / stage.total, 1.0), f"{stage.text}: {_amount(stage.done, stage.total)}")
        case _:
            st.caption(f"{stage.text}… You can ask already: your question waits for it.")


def _offer(service: Service, text: str) -> None:
    size = service.desk.download_bytes
    with st.container(border=True):
        st.markdown(one_line(text))
        st.caption("It is downloaded once and checked; what is downloaded before an interruption is kept.")
        if st.button(f"Download it ({size / 1e9:.1f} GB)" if size else "Download it", type="primary"):
            try:
                service.desk.start()
            except TutorError as refused:
                st.error(one_line(str(refused)))
            st.rerun()


def _amount(done: int, total: int) -> str:
    if total > 10_000_000:
        return f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
    return f"{done:,} of {total:,}"
