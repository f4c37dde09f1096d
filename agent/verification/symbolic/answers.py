"""Knows what an exactly computed answer consists of; serves both sides of the worker, without SymPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.errors import CheckFailed


@dataclass(frozen=True, slots=True)
class SymbolicAnswer:
    """An answer that SymPy computed, with the way there and the result of a second route.

    `task` and `latex` are LaTeX without delimiters; `answer` is exact plain text ("x = 2 or x = 3",
    "3x^2 + 2x"); `steps` are one to four worked lines; `check` says in a sentence what the second route found,
    and `checked` is True only where that route was carried out and agreed.
    """

    kind: str
    task: str
    answer: str
    latex: str
    method: str
    steps: tuple[str, ...]
    check: str
    checked: bool

    def to_json(self) -> dict[str, Any]:
        """The answer as a dictionary of strings, one list of strings and one truth value."""
        return {
            "kind": self.kind, "task": self.task, "answer": self.answer, "latex": self.latex,
            "method": self.method, "steps": list(self.steps), "check": self.check, "checked": self.checked,
        }  # fmt: skip

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> SymbolicAnswer:
        """The answer again. Raises CheckFailed where the record is not one of `to_json`."""
        texts = ("kind", "task", "answer", "latex", "method", "check")
        steps, checked = record.get("steps"), record.get("checked")
        if (
            not all(isinstance(record.get(name), str) for name in texts)
            or not isinstance(steps, list | tuple)
            or not all(isinstance(step, str) for step in steps)
            or not isinstance(checked, bool)
        ):
            raise CheckFailed("A computed answer is damaged; ask the question again.")
        return cls(**{name: record[name] for name in texts}, steps=tuple(steps), checked=checked)
