"""What finetuning needs of the tutor, handed in by the command line: what it asks of a model, reads, and checks.

A model is to be trained on what the tutor will ask it, in the form that the tutor reads, and only on what its
verifier does not refute. The tutor's own functions are these; nothing here imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.domain import Claim, Verdict


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a chat: `role` is system, user or assistant."""

    role: str
    content: str


class Checker(Protocol):
    """The tutor's verifier. A check that fails refutes nothing and verifies nothing."""

    def check_step(self, text: str, *, earlier: Sequence[str] = (), problem: str = "") -> tuple[Claim, ...]: ...

    def evaluate_derivation(self, program: str) -> str:
        """The exact value of a program's answer, as text. Raises CheckFailed with the reason."""

    def same_value(self, first: str, second: str) -> Verdict: ...


class Writer(Protocol):
    """A loaded model: what it writes next, greedily, in at most `limit` tokens. It goes on from an assistant's turn.

    It can be called from several threads, and writes as many texts side by side as the tutor's `parallel` says.
    """

    def __call__(self, turns: Sequence[Turn], limit: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Tutor:
    """The tutor as finetuning sees it.

    `solution_turns` and `program_turns` are the prompts of its two derivations for a problem; `step_is_open` says
    whether a paragraph is only the beginning of a step; `final_answer` reads what a text ends on; `open_checker`
    lends the verifier. `model_file` is the GGUF file of a model that the tutor knows by name, fetched where
    necessary, None for a name that is not the tutor's; `open_writer` lends a GGUF model, with a GGUF adapter or
    without, on the tutor's own llama.cpp, for `parallel` texts at once. `cache_dir` is where what can be made again is
    kept.
    """

    solution_turns: Callable[[str], Sequence[Turn]]
    program_turns: Callable[[str], Sequence[Turn]]
    step_is_open: Callable[[str], bool]
    final_answer: Callable[[str], str | None]
    open_checker: Callable[[], AbstractContextManager[Checker]]
    model_file: Callable[[str], Path | None]
    open_writer: Callable[[Path, Path | None], AbstractContextManager[Writer]]
    parallel: int
    cache_dir: Path
