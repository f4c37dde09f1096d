"""A model that says what a test wrote down, at the seam of LoadedModel.stream. No figure comes from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import BaseMessage

from agent.models.loaded import Written
from agent.verification.confidence import Calibration

Reply = str | Exception | Callable[[Sequence[BaseMessage]], str]


@dataclass
class ScriptedModel:
    """Answers text requests with `text` and derivation requests with `programs`, in order.

    A text reply that is followed by others ends at a stop string; the last one is the model's own end.
    """

    text: list[Reply]
    programs: list[Reply] = field(default_factory=list)
    continues: bool = True
    name: str = "scripted"
    prompts: list[list[BaseMessage]] = field(default_factory=list)

    def stream(self, messages: Sequence[BaseMessage], **options: Any) -> Written:
        self.prompts.append(list(messages))
        deriving = messages[0].type == "system"
        replies = self.programs if deriving else self.text
        reply = replies.pop(0) if replies else ""
        if isinstance(reply, Exception):
            raise reply
        text = reply if isinstance(reply, str) else reply(messages)
        if options.get("on_token"):
            options["on_token"](text)
        ended = deriving or not replies
        return Written(text, ended, "end" if ended else "stop", 10, 5, len(text.split()))


# A stand-in for the fitted calibration, so that no test depends on its figures: voices for an answer against others.
PLAIN = Calibration(
    {
        "intercept": {"weight": 0.0},
        "the text gives it": {"weight": 1.0, "mean": 0.0, "spread": 1.0},
        "forms for it": {"weight": 1.5, "mean": 0.0, "spread": 1.0},
        "voices of the strongest rival": {"weight": -1.0, "mean": 0.0, "spread": 1.0},
        "pairs that agree in value only": {"weight": -3.0, "mean": 0.0, "spread": 1.0},
    },
    threshold=0.9,
)


def done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future
