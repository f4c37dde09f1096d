"""One student's conversation: ask a problem, get its events. The only caller of the graph."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig

from agent.context import TutorContext
from agent.errors import BadInput, Interrupted
from agent.events import TutorEvent
from agent.graph import RECURSION_LIMIT, Graph
from agent.state import TutorState, fresh_question


@dataclass(frozen=True, slots=True)
class TutorSession:
    """`thread_id` names the conversation in the checkpointer; whoever knows it can read it."""

    graph: Graph
    context: TutorContext
    thread_id: str

    def ask(self, problem: str) -> Iterator[TutorEvent]:
        """Solve `problem`; events come as they happen, AnswerGiven last.

        Leaving the iterator early stops the model within a moment and keeps what was finished, for
        `resume`. Raises the TutorError that ended the work.
        """
        return self._events(fresh_question(problem))

    def resume(self) -> Iterator[TutorEvent]:
        """Go on with a question that was cut off. Raises BadInput where there is none."""
        if self.unfinished() is None:
            raise BadInput(f"There is nothing to resume in the conversation “{self.thread_id}”: ask a new problem.")
        return self._events(None)

    def unfinished(self) -> str | None:
        """The problem whose answer was cut off, None where the last one was answered."""
        snapshot = self.graph.get_state(self._config)
        return str(snapshot.values["problem"]) if snapshot.next and "problem" in snapshot.values else None

    def messages(self) -> list[AnyMessage]:
        """The finished exchanges of the conversation, oldest first."""
        return list(self.graph.get_state(self._config).values.get("messages", []))

    @property
    def _config(self) -> RunnableConfig:
        return {"configurable": {"thread_id": self.thread_id}, "recursion_limit": RECURSION_LIMIT}

    def _events(self, start: TutorState | None) -> Iterator[TutorEvent]:
        # The graph runs in a thread of its own: whoever leaves this iterator (Ctrl-C, a Stop button) is
        # not held up by a node that is still writing, and can tell it to stop.
        context = replace(self.context, cancelled=threading.Event())
        happened: queue.SimpleQueue[TutorEvent | BaseException | None] = queue.SimpleQueue()

        def run() -> None:
            try:
                parts: Iterator[Any] = self.graph.stream(
                    start, self._config, context=context, stream_mode="custom", subgraphs=True, durability="sync"
                )
                for _namespace, event in parts:
                    happened.put(event)
                happened.put(None)
            except Interrupted:
                happened.put(None)
            except BaseException as error:
                happened.put(error)

        worker = threading.Thread(target=run, name="tutor-graph", daemon=True)
        worker.start()
        try:
            while (item := happened.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            context.cancelled.set()
            worker.join(timeout=5)


def new_thread_id() -> str:
    """A name that nobody can guess, for a conversation that was given none."""
    return secrets.token_urlsafe(16)
