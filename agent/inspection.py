"""What went through a node, written out at length and bounded, for whoever wants to look inside."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import BaseMessage

from agent.events import ModelCall
from agent.metering import MeteredCall

LONGEST = 20_000  # characters of one value


def in_full(values: Mapping[str, Any]) -> dict[str, str]:
    """Every value as text: a text as it is, anything else as JSON."""
    return {key: _bounded(value if isinstance(value, str) else _json(value)) for key, value in values.items()}


def in_words(call: MeteredCall) -> ModelCall:
    """A model call with its messages as they were handed to the model's chat template."""
    return ModelCall(
        messages=tuple((turn.type, _bounded(str(turn.text))) for turn in call.messages),
        written=_bounded(call.written.text),
        temperature=call.temperature,
        seed=call.seed,
        max_tokens=call.max_tokens,
        prompt_tokens=call.written.prompt_tokens,
        cached_tokens=call.written.cached_tokens,
        output_tokens=call.written.output_tokens,
    )


def _json(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseMessage):
        return {"role": value.type, "text": str(value.text)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
