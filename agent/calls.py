"""One model call of a node, counted, and stopped where the student stops it."""

from __future__ import annotations

from collections.abc import Callable

from langchain_core.messages import BaseMessage
from langgraph.runtime import Runtime

from agent.context import TutorContext
from agent.errors import Interrupted
from agent.metering import MeteredCall, note
from agent.models.loaded import Written


def ask_model(
    runtime: Runtime[TutorContext],
    turns: list[BaseMessage],
    *,
    max_tokens: int,
    stop: list[str],
    temperature: float = 0.0,
    seed: int | None = None,
    on_token: Callable[[str], None] | None = None,
) -> Written:
    """One model call, counted. Raises Interrupted where the student stopped it: the node's work is then not kept."""
    context = runtime.context
    drawn = context.limits.seed if seed is None else seed
    written = context.model.stream(
        turns, max_tokens=max_tokens, stop=stop, temperature=temperature, seed=drawn, on_token=on_token,
        cancel=context.cancelled,
    )  # fmt: skip
    note(MeteredCall(turns, max_tokens, temperature, drawn, written))
    if written.reason == "cancelled":
        raise Interrupted("The answer was stopped: continue it with --resume, or ask again.")
    return written
