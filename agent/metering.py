"""What a node's model calls cost, gathered while the node runs, for traces and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from agent.models.loaded import Written

_calls: ContextVar[list[Written] | None] = ContextVar("model_calls", default=None)


def note_usage(written: Written) -> Written:
    """Count a model call towards the node that is running in this context."""
    calls = _calls.get()
    if calls is not None:
        calls.append(written)
    return written


@contextmanager
def metered() -> Iterator[list[Written]]:
    """Gather the model calls made inside."""
    calls: list[Written] = []
    token = _calls.set(calls)
    try:
        yield calls
    finally:
        _calls.reset(token)
