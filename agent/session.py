"""One student's conversation: ask a problem, get its events. The only caller of the graph."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from queue import Empty
from typing import Any

from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver

from agent.context import TutorContext
from agent.domain import Route
from agent.errors import BadInput, Interrupted
from agent.events import CheckpointKept, TutorEvent
from agent.graph import RECURSION_LIMIT, Graph
from agent.state import Question

STOP_SECONDS = 0.1  # between two looks at whether the student wants it to stop


@dataclass(frozen=True, slots=True)
class TutorSession:
    """`thread_id` names the conversation in the checkpointer; whoever knows it can read it."""

    graph: Graph
    context: TutorContext
    thread_id: str

    def ask(
        self,
        problem: str,
        *,
        after: str | None = None,
        rung: int | None = None,
        meant: Route | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[TutorEvent]:
        """Solve `problem`; events come as they happen, AnswerGiven last.

        Leaving the iterator early, or setting `stop` from another thread, stops the model within a moment and keeps
        what was finished, for `resume`. `after` is the checkpoint that the question follows, in place of the latest:
        what came after it no longer counts; "" is the beginning. With a `rung`, a hint is given in place of the
        solution: that one of the ladder, 0 for the next. `meant` takes the message as that, whatever its wording says
        (`routing.decide_as`). Raises the TutorError that ended the work.
        """
        if after == "":
            self.forget()
        return self._events(Question(problem=problem, rung=rung, meant=meant), after or None, stop)

    def resume(self, *, stop: threading.Event | None = None) -> Iterator[TutorEvent]:
        """Go on with a question that was cut off. Raises BadInput where there is none."""
        if self.unfinished() is None:
            raise BadInput(f"There is nothing to resume in the conversation “{self.thread_id}”: ask a new problem.")
        return self._events(None, None, stop)

    def replay(self, checkpoint: str, *, stop: threading.Event | None = None) -> Iterator[TutorEvent]:
        """Run again from what a CheckpointKept named; the conversation goes on from there."""
        return self._events(None, checkpoint, stop)

    def latest(self) -> str:
        """The checkpoint to which the conversation has come, "" before its first question."""
        return _name(self.graph.get_state(self._config).config)

    def forget(self) -> None:
        """Delete everything that is kept of the conversation."""
        if isinstance(self.graph.checkpointer, BaseCheckpointSaver):
            self.graph.checkpointer.delete_thread(self.thread_id)

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

    def _events(
        self, start: Question | None, checkpoint: str | None, stop: threading.Event | None
    ) -> Iterator[TutorEvent]:
        # The graph runs in a thread of its own: whoever leaves this iterator (Ctrl-C, a Stop button) is
        # not held up by a node that is still writing, and can tell it to stop.
        context = replace(self.context, cancelled=threading.Event())
        config = self._config
        if checkpoint is not None:
            config["configurable"]["checkpoint_id"] = checkpoint
        happened: queue.SimpleQueue[TutorEvent | BaseException | None] = queue.SimpleQueue()

        def run() -> None:
            try:
                parts: Iterator[Any] = self.graph.stream(
                    start, config, context=context, stream_mode=["custom", "checkpoints"], subgraphs=True,
                    durability="sync",
                )  # fmt: skip
                for namespace, mode, part in parts:
                    if mode == "custom":
                        happened.put(part)
                    elif not namespace and part["next"]:  # what is kept inside work_through is no place to begin at
                        happened.put(CheckpointKept(_name(part["config"]), tuple(part["next"])))
                happened.put(None)
            except Interrupted:
                happened.put(None)
            except BaseException as error:
                happened.put(error)

        worker = threading.Thread(target=run, name="tutor-graph", daemon=True)
        worker.start()
        try:
            while (item := _next(happened, stop)) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            context.cancelled.set()
            worker.join(timeout=5)


def _next(
    happened: queue.SimpleQueue[TutorEvent | BaseException | None], stop: threading.Event | None
) -> TutorEvent | BaseException | None:
    """What happened next; None at the end, and where the student wants it to stop."""
    if stop is None:
        return happened.get()
    while not stop.is_set():
        try:
            return happened.get(timeout=STOP_SECONDS)
        except Empty:
            continue
    return None


def _name(config: RunnableConfig) -> str:
    return str(config.get("configurable", {}).get("checkpoint_id", ""))


def new_thread_id() -> str:
    """A name that nobody can guess, for a conversation that was given none."""
    return secrets.token_urlsafe(16)
