"""What a student's answer can be worth, in words that cost no import of SymPy. Serves acceptance and practice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What an answer is worth, best first."""

    RIGHT = "right"
    NOT_SIMPLIFIED = "not simplified"  # the right value, not written out
    WRONG_UNIT = "wrong unit"  # the right number with a unit that does not fit
    ROUNDED = "rounded"  # the exact value, cut to the digits shown
    WRONG = "wrong"
    UNREADABLE = "unreadable"

    @property
    def is_right(self) -> bool:
        return self in (Outcome.RIGHT, Outcome.NOT_SIMPLIFIED)

    @property
    def is_wrong(self) -> bool:
        """Whether it shows that something was not understood; the others may simply be tried again."""
        return self is Outcome.WRONG


@dataclass(frozen=True, slots=True)
class Judged:
    """`remark` is a sentence for the student, without the answer; "" where there is nothing to add."""

    outcome: Outcome
    remark: str = ""
