"""The model calls of a node and what they cost, gathered while the node runs, for traces and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from langchain_core.messages import BaseMessage

from agent.models.loaded import Written


@dataclass(frozen=True, slots=True)
class MeteredCall:
    """What a model was asked, how it was to write, and what it wrote."""

    messages: Sequence[BaseMessage]
    max_tokens: int
    temperature: float
    seed: int
    written: Written


_calls: ContextVar[list[MeteredCall] | None] = ContextVar("model_calls", default=None)


def note(call: MeteredCall) -> None:
    """Count a model call towards the node that is running in this context."""
    calls = _calls.get()
    if calls is not None:
        calls.append(call)


@contextmanager
def metered() -> Iterator[list[MeteredCall]]:
    """Gather the model calls made inside."""
    calls: list[MeteredCall] = []
    token = _calls.set(calls)
    try:
        yield calls
    finally:
        _calls.reset(token)
