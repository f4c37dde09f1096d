"""A node's model calls, counted, and stopped where the student stops them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from langchain_core.messages import BaseMessage
from langgraph.runtime import Runtime

from agent.context import TutorContext
from agent.derivations import DERIVATION_END, Request, derive
from agent.domain import Derivation
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


def ask_derivations(
    runtime: Runtime[TutorContext],
    requests: Sequence[Request],
    problem: str,
    told: Callable[[Derivation], None] = lambda _: None,
) -> list[Derivation]:
    """The derivations that are asked for, written side by side from the problem alone; each is `told` when it is
    there. Raises Interrupted like `ask_model`."""
    limits, verifier = runtime.context.limits, runtime.context.verifier

    def ask(request: Request, turns: list[BaseMessage]) -> Written:
        return ask_model(
            runtime, turns, max_tokens=limits.derivation_tokens, stop=DERIVATION_END, temperature=request.temperature,
            seed=limits.seed + request.sample,
        )  # fmt: skip

    return derive(requests, problem, ask, verifier.evaluate_derivation, told)
