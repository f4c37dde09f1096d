"""The page that looks inside: the way of a past answer through the graph, and what each node got, gave and cost."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import streamlit as st

from agent.drawing import labelled_edges, lay_out, svg
from agent.errors import TutorError
from agent.graph import build_graph
from agent.session import Checkpoint
from ui.answer import Answer, Visit, folded
from ui.fair_queue import Wish
from ui.history import KeptAnswer
from ui.mathematics import one_line
from ui.owner import current_owner
from ui.path import way_taken
from ui.service import Service


def show(service: Service) -> None:
    owner = current_owner()
    st.title("Inside", anchor=False)
    conversations = service.history.conversations(owner)
    if not conversations:
        st.markdown("Ask something first. Here you then see how it was answered.")
        st.image(svg(lay_out(build_graph())), width="content")
        return
    titles = {one.thread: one.title for one in conversations}
    current = st.session_state.get("thread")
    thread = st.selectbox(
        "Conversation", list(titles), index=list(titles).index(current) if current in titles else 0,
        format_func=titles.__getitem__,
    )  # fmt: skip
    kept = service.history.answers(owner, thread)
    if not kept:
        return
    number = st.selectbox(
        "Question", range(len(kept)), index=len(kept) - 1, format_func=lambda at: f"{at + 1}. {kept[at].problem}"
    )
    answer = folded(kept[number].happened)
    _draw_costs(kept[number], answer)
    _draw_graph(answer)
    st.subheader("Nodes, in the order in which they ran", anchor=False)
    for position, visit in enumerate(answer.visits, start=1):
        _draw_visit(position, visit)
    if number == len(kept) - 1:
        _draw_replay(service, owner, thread, kept[number])


def _draw_costs(kept: KeptAnswer, answer: Answer) -> None:
    finished = [visit.finished for visit in answer.visits if visit.finished]
    prompt, cached, written = (
        sum(one.prompt_tokens for one in finished),
        sum(one.cached_tokens for one in finished),
        sum(one.output_tokens for one in finished),
    )
    st.caption(
        f"{one_line(kept.model)} · {answer.seconds:.1f} s · {prompt:,} prompt tokens, {cached:,} of them cached · "
        f"{written:,} written"
    )


def _draw_graph(answer: Answer) -> None:
    graph = build_graph()
    way = way_taken(answer.visits, labelled_edges(graph))
    st.image(
        svg(lay_out(graph), way.runs, way.passes), width="content",
        caption="The way that this answer took. A loop says how often it was gone.",
    )  # fmt: skip


def _draw_visit(position: int, visit: Visit) -> None:
    done = visit.finished
    if done is None:
        st.caption(f"{position}. {visit.node}: did not end")
        return
    cost = f"{done.seconds:.2f} s" + (f" · {done.output_tokens} tokens written" if done.output_tokens else "")
    with st.expander(f"{position}. `{visit.node}` · {cost}", type="compact"):
        if done.prompt_tokens:
            st.caption(f"{done.prompt_tokens:,} prompt tokens, {done.cached_tokens:,} of them cached")
        st.caption("Received")
        st.json(done.received, expanded=True)
        st.caption("Returned")
        st.json(done.returned, expanded=True)


def _draw_replay(service: Service, owner: str, thread: str, kept: KeptAnswer) -> None:
    st.subheader("Run again from a checkpoint", anchor=False)
    if service.desk.stage().name != "ready":
        st.caption("As soon as the tutor is ready.")
        return
    try:
        moments = service.desk.tutor(threading.Event()).session(thread).checkpoints()
    except TutorError as refused:
        st.error(one_line(str(refused)))
        return
    moments = _of_question(moments, kept)
    if not moments:
        st.caption("No checkpoint of this question is kept.")
        return
    at = st.selectbox(
        "Go on before", range(len(moments)), format_func=lambda position: ", ".join(moments[position].following)
    )
    st.caption("What the question had come to at that moment is taken as it was; the nodes from there on run again.")
    if st.button("Run again from here"):
        chosen = service.history.preferences(owner)
        try:
            service.replay(
                owner, thread, kept, moments[at].name, Wish(effort=chosen.effort, retrieval=chosen.retrieval)
            )
        except TutorError as refused:
            st.error(one_line(str(refused)))
            return
        st.session_state["open_thread"] = thread
        st.switch_page(st.session_state["chat_page"])


def _of_question(moments: Sequence[Checkpoint], kept: KeptAnswer) -> list[Checkpoint]:
    """The moments of that question at which something is still to run; the latest run of it, earliest first."""
    found: list[Checkpoint] = []
    for moment in moments:  # latest first
        if moment.name == kept.after:
            break
        if moment.problem == kept.problem and moment.following and "__start__" not in moment.following:
            found.append(moment)
    return found[::-1]
