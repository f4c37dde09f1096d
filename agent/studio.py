"""The tutor's graph for LangGraph's own server and its Studio (`langgraph dev`), which can pass a graph no context.

langgraph.json names `graph`. The model, the index and the verifier are opened when the first node needs them, once a
process, and closed with it.
"""

from __future__ import annotations

import atexit
import threading
from contextlib import ExitStack

from agent.assembly import open_tutor
from agent.context import TutorContext
from agent.graph import Graph, build_graph
from agent.settings import load_settings, quiet_third_parties

_opening = threading.Lock()
_open: list[TutorContext] = []


def graph() -> Graph:
    """The whole graph; the server keeps its conversations. A question begins with its `problem`."""
    return build_graph(context=shared_context)


def shared_context() -> TutorContext:
    """What the nodes work with, as the settings describe it. Raises the TutorError that keeps it away."""
    with _opening:
        if not _open:
            quiet_third_parties()
            stack = ExitStack()
            _open.append(stack.enter_context(open_tutor(load_settings())).context)
            atexit.register(stack.close)
        return _open[0]
