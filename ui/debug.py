"""The page that looks inside: the way of a past answer through the graph, and what each node got, gave and cost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from agent import events
from agent.drawing import labelled_edges, lay_out, svg
from agent.graph import build_graph
from ui.answer import Answer, TimedEvent, Visit, folded
from ui.asking import begun, chosen_wish
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
    in_full = _inspections(service.history.in_full(owner, kept[number].id), answer.visits)
    for position, (visit, inspected) in enumerate(zip(answer.visits, in_full, strict=True), start=1):
        _draw_visit(position, visit, inspected)
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


def _draw_visit(position: int, visit: Visit, inspected: events.NodeInspected | None) -> None:
    done = visit.finished
    if done is None:
        st.caption(f"{position}. {visit.node}: did not end")
        return
    cost = f"{done.seconds:.2f} s" + (f" · {done.output_tokens} tokens written" if done.output_tokens else "")
    with st.expander(f"{position}. `{visit.node}` · {cost}", type="compact"):
        for call in inspected.calls if inspected else ():
            _draw_call(call)
        st.caption("Received")
        st.json(_values(inspected.received if inspected else done.received), expanded=1)
        st.caption("Returned")
        st.json(_values(inspected.returned if inspected else done.returned), expanded=1)


def _draw_call(call: events.ModelCall) -> None:
    st.caption(
        f"Prompt as sent · {call.prompt_tokens:,} tokens, {call.cached_tokens:,} of them cached · temperature "
        f"{call.temperature:g}, seed {call.seed}, at most {call.max_tokens:,} tokens"
    )
    turns = [f"[{role}]\n{text}" for role, text in call.messages]
    st.code("\n\n".join(turns), language=None, wrap_lines=True, height=300 if len(turns) > 3 else "content")
    st.caption(f"Written · {call.output_tokens:,} tokens")
    st.code(call.written, language=None, wrap_lines=True)


def _values(texts: Mapping[str, str]) -> dict[str, Any]:
    """Values as the page shows them: what is JSON unfolded, what is text (or was cut short) as it is."""
    return {key: _value(text) for key, text in texts.items()}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _inspections(happened: Sequence[TimedEvent], visits: Sequence[Visit]) -> list[events.NodeInspected | None]:
    """What is known in full of each visit: a node's first inspection belongs to its first visit that ended."""
    waiting: dict[str, list[events.NodeInspected]] = {}
    for _, event in happened:
        if isinstance(event, events.NodeInspected):
            waiting.setdefault(event.node, []).append(event)
    return [waiting[v.node].pop(0) if v.finished and waiting.get(v.node) else None for v in visits]


def _draw_replay(service: Service, owner: str, thread: str, kept: KeptAnswer) -> None:
    st.subheader("Run again from a checkpoint", anchor=False)
    moments = [event for _, event in kept.happened if isinstance(event, events.CheckpointKept)]
    if not moments:
        st.caption("No checkpoint of this question is kept.")
        return
    at = st.selectbox(
        "Go on before", range(len(moments)), format_func=lambda position: ", ".join(moments[position].following)
    )
    st.caption("What the question had come to at that moment is taken as it was; the nodes from there on run again.")
    if st.button("Run again from here"):
        wish = chosen_wish(service.history.preferences(owner))
        if begun(lambda: service.replay(owner, thread, kept, moments[at].name, wish)):
            st.session_state["open_thread"] = thread
            st.switch_page(st.session_state["chat_page"])
