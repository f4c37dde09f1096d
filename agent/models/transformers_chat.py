"""ChatHuggingFace with what a tutor needs: continued messages, stop strings, a stream that can be left.

Serves huggingface.py, which imports it only when a model is opened: torch and transformers come with it.
LangChain's own stream takes stop strings for single tokens, cannot continue a message, puts a second
beginning-of-text token before the prompt, and goes on computing when its reader has left.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_huggingface import ChatHuggingFace
from transformers import LogitsProcessor, LogitsProcessorList, StoppingCriteria, StoppingCriteriaList
from transformers.generation.streamers import BaseStreamer

from agent.errors import ContextFull

ROLES = {"human": "user", "ai": "assistant", "system": "system"}
LEAVE_SECONDS = 60.0


@dataclass
class _Generation(BaseStreamer):  # type: ignore[misc]  # transformers is not typed
    """One run of `generate` in a thread, as seen by its reader: tokens come through the queue."""

    prompt_tokens: int
    left: threading.Event = field(default_factory=threading.Event)
    tokens: queue.SimpleQueue[tuple[int, float] | BaseException | None] = field(default_factory=queue.SimpleQueue)
    log_probabilities: torch.Tensor | None = None
    prompt_seen: bool = False

    def put(self, value: torch.Tensor) -> None:
        if not self.prompt_seen:  # generate shows its streamer the prompt first
            self.prompt_seen = True
            return
        token = int(value.flatten()[-1])
        probable = self.log_probabilities
        self.tokens.put((token, float(probable[0, token]) if probable is not None else 0.0))

    def end(self) -> None:
        self.tokens.put(None)


class _NoteProbabilities(LogitsProcessor):  # type: ignore[misc]
    def __init__(self, generation: _Generation) -> None:
        self._generation = generation

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        self._generation.log_probabilities = torch.log_softmax(scores.float(), dim=-1)
        return scores


class _StopWhenLeft(StoppingCriteria):  # type: ignore[misc]
    def __init__(self, generation: _Generation) -> None:
        self._generation = generation

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor, **_: Any) -> torch.BoolTensor:
        left = self._generation.left.is_set()
        return torch.full((input_ids.shape[0],), left, dtype=torch.bool, device=input_ids.device)


class TransformersChat(ChatHuggingFace):  # type: ignore[misc]
    """A transformers model as a LangChain chat model whose stream tells how the message ended."""

    context_tokens: int

    def _to_chat_prompt(self, messages: list[BaseMessage]) -> str:
        """The prompt as text. A last message of the assistant is left open, to the character.

        (`continue_final_message` of the chat template would lose white space at its end.)
        """
        continued = str(messages[-1].text) if messages[-1].type == "ai" else ""
        turns = messages[:-1] if continued else messages
        rows = [{"role": ROLES[turn.type], "content": str(turn.text)} for turn in turns]
        opened = self.tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=True)
        return str(opened) + continued

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        *,
        max_tokens: int = 256,
        temperature: float = 0.0,
        seed: int = 0,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        tokenizer, model = self.tokenizer, self.llm.pipeline.model
        encoded = tokenizer(self._to_chat_prompt(messages), return_tensors="pt", add_special_tokens=False)
        room = self.context_tokens - encoded["input_ids"].shape[1]
        if room <= 0:
            raise ContextFull(
                f"The conversation no longer fits the context of {self.model_id}: start a new conversation."
            )
        limit = min(max_tokens, room)
        generation = _Generation(prompt_tokens=encoded["input_ids"].shape[1])
        endings = _ending_tokens(model, tokenizer)
        stops = tuple(stop or ())
        ids: list[int] = []
        text = sent = ""
        finish, ended = "length", False
        with _running(model, encoded, generation, limit, temperature, seed):
            for token, logprob in _arriving(generation):
                ids.append(token)
                if token in endings:
                    finish, ended = "stop", True
                else:
                    text = tokenizer.decode(ids, skip_special_tokens=True)
                found = min((place for s in stops if (place := text.find(s)) >= 0), default=-1)
                if found >= 0:
                    finish, ended, text = "stop", False, text[:found]
                done = finish == "stop" or len(ids) >= limit
                settled = text if done else text[: len(text) - _undecided(text, stops)]
                piece, sent = settled[len(sent) :], settled
                yield _chunk(piece, {"logprobs": {"content": [{"logprob": logprob}]}}, run_manager)
                if done:
                    break
        yield _last_chunk(generation.prompt_tokens, len(ids), finish, ended)


def has_system_role(tokenizer: Any) -> bool:
    """Whether the chat template takes a system message: Gemma's raises, others drop it in silence."""
    marker = "a-system-message"
    turns = [{"role": "system", "content": marker}, {"role": "user", "content": "a question"}]
    try:
        return marker in tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    except Exception:  # the template language lets a template raise anything
        return False


@contextmanager
def _running(
    model: Any, encoded: Any, generation: _Generation, limit: int, temperature: float, seed: int
) -> Iterator[None]:
    """Generate in a thread; leaving stops it after the token at hand."""
    sampling = {"do_sample": True, "temperature": temperature} if temperature > 0 else {"do_sample": False}

    def generate() -> None:
        try:
            with torch.inference_mode():
                if temperature > 0:
                    torch.manual_seed(seed)
                model.generate(
                    **encoded.to(model.device),
                    max_new_tokens=limit,
                    streamer=generation,
                    stopping_criteria=StoppingCriteriaList([_StopWhenLeft(generation)]),
                    logits_processor=LogitsProcessorList([_NoteProbabilities(generation)]),
                    **sampling,
                )
        except BaseException as failure:  # raised again in the reader's thread
            generation.tokens.put(failure)

    worker = threading.Thread(target=generate, name="transformers", daemon=True)
    worker.start()
    try:
        yield
    finally:
        generation.left.set()
        worker.join(LEAVE_SECONDS)


def _arriving(generation: _Generation) -> Iterator[tuple[int, float]]:
    while (token := generation.tokens.get()) is not None:
        if isinstance(token, BaseException):
            raise token
        yield token


def _ending_tokens(model: Any, tokenizer: Any) -> set[int]:
    configured = model.generation_config.eos_token_id
    endings = set(configured) if isinstance(configured, Sequence) else {configured}
    return {token for token in endings | {tokenizer.eos_token_id} if token is not None}


def _undecided(text: str, stops: Sequence[str]) -> int:
    """How many characters at the end may yet belong to a stop string or to an unfinished character."""
    unfinished = len(text) - len(text.rstrip("\ufffd"))
    lengths = (
        length
        for stop in stops
        for length in range(min(len(stop) - 1, len(text)), 0, -1)
        if text.endswith(stop[:length])
    )
    return max(unfinished, *lengths, 0)


def _chunk(text: str, about: dict[str, Any], run_manager: CallbackManagerForLLMRun | None) -> ChatGenerationChunk:
    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text), generation_info=about)
    if run_manager:
        run_manager.on_llm_new_token(text, chunk=chunk)
    return chunk


def _last_chunk(prompt_tokens: int, output_tokens: int, finish: str, ended: bool) -> ChatGenerationChunk:
    message = AIMessageChunk(
        content="",
        usage_metadata={
            "input_tokens": prompt_tokens,
            "output_tokens": output_tokens,
            "total_tokens": prompt_tokens + output_tokens,
        },
    )
    return ChatGenerationChunk(message=message, generation_info={"finish_reason": finish, "ended": ended})
