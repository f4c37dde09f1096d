"""ChatOpenAI for servers that say more than OpenAI does, and their errors in our words.

Serves llamacpp.py and openai_compatible.py, which import it only when a model is opened: it takes a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import openai
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.errors import BadConfiguration, ContextFull, ModelFailed, TutorError
from agent.models.loaded import Decoding

# A prompt of 4096 tokens takes about 70 s on two cores; silence for longer than this is a dead server.
SILENCE_SECONDS = 300.0
CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Dialect:
    """What a server understands beyond the common ground, as fields of the request's body.

    `always` goes into every request, `continuing` into those that continue the assistant's message.
    """

    always: Mapping[str, Any] = field(default_factory=dict)
    continuing: Mapping[str, Any] = field(default_factory=dict)
    logprobs: bool = False
    classic_limit: bool = True  # max_tokens rather than max_completion_tokens

    def arguments(self, decoding: Decoding, continuing: bool, place: Mapping[str, Any]) -> dict[str, Any]:
        body = {**self.always, **(self.continuing if continuing else {}), **place}
        arguments: dict[str, Any] = {"temperature": decoding.temperature, "seed": decoding.seed}
        if self.classic_limit:
            body["max_tokens"] = decoding.max_tokens
        else:
            arguments["max_tokens"] = decoding.max_tokens
        if decoding.stop:
            arguments["stop"] = list(decoding.stop)
        if self.logprobs:
            arguments["logprobs"] = True
        if body:
            arguments["extra_body"] = body
        return arguments


class TellingChatOpenAI(ChatOpenAI):
    """ChatOpenAI that passes on whether the model ended its message itself or met a stop string.

    Both are finish_reason "stop" in OpenAI's protocol. llama.cpp tells them apart in `__verbose.stop_type`,
    vLLM in `stop_reason` (null for the model's own end); the result is `response_metadata["ended"]`.
    """

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type,
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        ended = _ended(chunk)
        if made is not None and ended is not None:
            made.generation_info = {**(made.generation_info or {}), "ended": ended}
        return made


def _ended(chunk: Mapping[str, Any]) -> bool | None:
    choices = chunk.get("choices") or ()
    if not choices or choices[0].get("finish_reason") is None:
        return None
    stop_type = (chunk.get("__verbose") or {}).get("stop_type")
    if stop_type is not None:
        return bool(stop_type == "eos")
    if "stop_reason" in choices[0] and choices[0]["finish_reason"] == "stop":
        return choices[0]["stop_reason"] is None
    return None


@contextmanager
def open_chat(url: str, model: str, key: str, *, proxies: bool = True) -> Iterator[TellingChatOpenAI]:
    """A streaming chat client of `url`, which ends in /v1. It never retries: the caller decides.

    `proxies` False keeps it from the environment's proxies, which have no business with loopback.
    """
    limit = openai.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    with openai.DefaultHttpxClient(trust_env=proxies, timeout=limit) as http:
        yield TellingChatOpenAI(
            base_url=url,
            model=model,
            api_key=SecretStr(key),
            max_retries=0,
            timeout=limit,
            stream_usage=True,
            use_responses_api=False,
            http_client=http,
        )


def explain(failure: Exception, *, name: str, url: str) -> TutorError:
    """The TutorError for an exception of the OpenAI client, of httpx below it, or of LangChain around it."""
    if isinstance(failure, openai.AuthenticationError | openai.PermissionDeniedError):
        return BadConfiguration(f"The server at {url} refused the key for {name}: set the right openai_key.")
    if isinstance(failure, openai.NotFoundError):
        return BadConfiguration(
            f"The server at {url} has no model {name}: check its name, and that the address ends in /v1."
        )
    if isinstance(failure, openai.RateLimitError):
        return ModelFailed(f"The server at {url} takes no more requests for now: wait a minute and ask again.")
    text = _one_line(str(failure))
    lowered = text.lower()
    if "context" in lowered and any(word in lowered for word in ("exceed", "maximum", "length", "window")):
        return ContextFull(
            f"The conversation no longer fits the context of {name}: start a new conversation or raise context_tokens."
        )
    if isinstance(failure, openai.APITimeoutError) or "timeout" in type(failure).__name__.lower():
        return ModelFailed(f"The server of {name} did not answer in time: ask again, or use a smaller model.")
    if isinstance(failure, openai.APIConnectionError) or _is_transport_error(failure):
        return ModelFailed(
            f"The connection to the server of {name} at {url} was lost: see that it runs, and ask again."
        )
    return ModelFailed(f"The server of {name} could not answer ({text}): ask again or choose another model.")


def _is_transport_error(failure: Exception) -> bool:
    # The client stands on httpx or on its successor; both call the root of broken connections TransportError.
    return any(kind.__name__ == "TransportError" for kind in type(failure).__mro__)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
