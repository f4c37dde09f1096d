"""The seam between the graph's nodes and a chat model: one streamed call, whatever runs the model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from agent.domain import Likelihood
from agent.errors import BadConfiguration, BadInput, ModelFailed, TutorError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

Reason = Literal["end", "stop", "length", "cancelled"]


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote in one call: the new text alone, never the part it was asked to continue.

    `ended` is True only where the model ended its message itself; a stop string, the token limit or a
    cancellation leave it False. `cached_tokens` of the `prompt_tokens` were not evaluated again.
    `likelihood` is None where the backend does not say it.
    """

    text: str
    ended: bool
    reason: Reason
    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    likelihood: Likelihood | None = None


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a message is to be written: the limits, the stop strings and the sampling of one call."""

    max_tokens: int
    stop: tuple[str, ...] = ()
    temperature: float = 0.0
    seed: int = 0


Cancel = threading.Event | None
Reserve = Callable[[Sequence["BaseMessage"], Cancel], AbstractContextManager[Mapping[str, Any]]]


def _reserve_nothing(_messages: Sequence[BaseMessage], _cancel: Cancel) -> AbstractContextManager[dict[str, Any]]:
    return nullcontext({})


def _keep_nothing(_messages: Sequence[BaseMessage]) -> None:
    """For backends that keep no prefixes: the constant part is evaluated by the first call that needs it."""


@dataclass(frozen=True)
class LoadedModel:
    """A chat model that is ready to write, with what the nodes must know of it.

    `context_tokens` is the room of one conversation, prompt and answer together. `continues` says that
    the model can go on from an assistant's message; `parallel`, how many calls run side by side.
    The callables are the backend's: `arguments` turns a Decoding into the chat model's own keywords,
    `reserve` lends a place on the server for one call, `explain` turns its exceptions into ours.
    """

    name: str
    chat: BaseChatModel
    context_tokens: int
    continues: bool
    has_system_role: bool
    parallel: int
    arguments: Callable[[Decoding, bool, Mapping[str, Any]], dict[str, Any]]
    explain: Callable[[Exception], TutorError]
    reserve: Reserve = _reserve_nothing
    keep: Callable[[Sequence[BaseMessage]], None] = _keep_nothing
    repeats_prefix: bool = False

    def stream(
        self,
        messages: Sequence[BaseMessage],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        temperature: float = 0.0,
        seed: int = 0,
        on_token: Callable[[str], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Written:
        """Let the model write the next message, or continue the last one if that is the assistant's own.

        The text goes piece by piece to `on_token`. A set `cancel` closes the stream, which stops the
        server's work; what was written so far is returned with the reason "cancelled".

        Raises BadInput for an empty prompt, BadConfiguration for a model that cannot continue or a key
        that is refused, ContextFull, and ModelFailed for everything that went wrong in the model.
        """
        turns = self._turns(messages)
        continuing = turns[-1].type == "ai"
        if continuing and not self.continues:
            raise BadConfiguration(
                f"The model {self.name} cannot continue a message that it began: "
                "choose a model that runs on llama.cpp, vLLM or transformers."
            )
        decoding = Decoding(max_tokens, tuple(stop), temperature, seed)
        prefix = str(turns[-1].text) if continuing and self.repeats_prefix else ""
        with self.reserve(turns, cancel) as place:
            chunks = self.chat.stream(turns, **self.arguments(decoding, continuing, place))
            try:
                return _read(self._explained(chunks), bool(stop), prefix, on_token, cancel)
            finally:
                close = getattr(chunks, "close", None)
                if close is not None:
                    close()

    def keep_prefix(self, messages: Sequence[BaseMessage]) -> None:
        """Announce messages with which many prompts begin, so that they are evaluated once and kept.

        The last of them may be a beginning only: a later prompt's message that starts with it counts.
        """
        if messages:
            self.keep(self._turns(messages))

    def _turns(self, messages: Sequence[BaseMessage]) -> list[BaseMessage]:
        turns = list(messages) if self.has_system_role else merge_system(messages)
        if turns and turns[-1].type == "ai" and not str(turns[-1].text):
            turns = turns[:-1]  # an empty beginning is a new message
        if not any(str(turn.text).strip() for turn in turns):
            raise BadInput("There is nothing to ask the model: write a question first.")
        return turns

    def _explained(self, chunks: Iterator[AIMessageChunk]) -> Iterator[AIMessageChunk]:
        while True:
            try:
                chunk = next(chunks)
            except StopIteration:
                return
            except TutorError:
                raise
            except Exception as failure:
                raise self.explain(failure) from failure
            yield chunk


def merge_system(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Put the system text before the first user message, for chat templates without a system role (Gemma)."""
    from langchain_core.messages import HumanMessage

    system = "\n\n".join(str(message.text) for message in messages if message.type == "system")
    turns = [message for message in messages if message.type != "system"]
    if not system:
        return turns
    first = next((position for position, turn in enumerate(turns) if turn.type == "human"), None)
    if first is None:
        return [HumanMessage(system), *turns]
    merged = HumanMessage(f"{system}\n\n{turns[first].text}")
    return [*turns[:first], merged, *turns[first + 1 :]]


def _read(
    chunks: Iterator[AIMessageChunk],
    stops_given: bool,
    prefix: str,
    on_token: Callable[[str], None] | None,
    cancel: threading.Event | None,
) -> Written:
    pieces: list[str] = []
    logprobs: list[float] = []
    finish: str | None = None
    ended: bool | None = None
    prompt = cached = output = 0
    held = ""
    for chunk in chunks:
        if cancel is not None and cancel.is_set():
            return Written("".join(pieces), False, "cancelled", prompt, cached, len(logprobs), _likelihood(logprobs))
        about = chunk.response_metadata
        finish = about.get("finish_reason") or finish
        ended = about.get("ended", ended)
        logprobs += [token["logprob"] for token in (about.get("logprobs") or {}).get("content") or ()]
        if usage := chunk.usage_metadata:
            prompt, output = usage["input_tokens"], usage["output_tokens"]
            cached = usage.get("input_token_details", {}).get("cache_read", 0)
        text = str(chunk.text)
        if prefix:
            held += text
            if prefix.startswith(held) and held != prefix:
                continue
            text, prefix = held.removeprefix(prefix), ""
        if text:
            pieces.append(text)
            if on_token is not None:
                on_token(text)
    if prefix and held:  # the message ended inside what looked like a repetition: it was the model's own
        pieces.append(held)
        if on_token is not None:
            on_token(held)
    if finish is None:
        raise ModelFailed("The model's server broke off in the middle of its answer: ask again.")
    if ended is None:
        ended = finish == "stop" and not stops_given
    reason: Reason = "length" if finish == "length" else "end" if ended else "stop"
    return Written("".join(pieces), reason == "end", reason, prompt, cached, output, _likelihood(logprobs))


def _likelihood(logprobs: list[float]) -> Likelihood | None:
    return Likelihood(len(logprobs), sum(logprobs) / len(logprobs), min(logprobs)) if logprobs else None
