"""What the graph's nodes work with, passed by LangGraph's Runtime: model, retriever, verifier, limits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from agent.domain import Effort, Example
from agent.models.loaded import LoadedModel
from agent.verification.confidence import Calibration, fitted
from agent.verification.verifier import Verifier


class ExampleSearch(Protocol):
    """Finds worked problems near a problem; `index.search.Searcher` is one."""

    @property
    def near_from(self) -> float:
        """The similarity from which on an example is worth showing: each embedder's cosines have their own."""

    def search(self, problem: str, k: int, *, derivation: str = "") -> Sequence[Example]: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one answer, and how its text is to be written.

    `answer_tokens` bounds the text of a whole solution. `temperature` is that of the solution's text: 0 writes the
    likeliest, the same each time. `language` is the name of the language that it is written in, "" for the model's
    own choice. Neither touches the derivations.
    """

    max_steps: int = 12
    max_rewrites: int = 2
    answer_tokens: int = 1024
    derivation_tokens: int = 320
    effort: Effort = Effort.NORMAL
    seed: int = 0
    temperature: float = 0.0
    language: str = ""


@dataclass(frozen=True, slots=True)
class TutorContext:
    """Model and retriever are futures, because they load while the first nodes already run."""

    loading_model: Future[LoadedModel]
    loading_search: Future[ExampleSearch | None]
    verifier: Verifier
    limits: Limits = Limits()
    calibration: Calibration = field(default_factory=fitted)
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def model(self) -> LoadedModel:
        return self.loading_model.result()

    @property
    def search(self) -> ExampleSearch | None:
        return self.loading_search.result()
