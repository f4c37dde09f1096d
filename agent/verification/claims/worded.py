"""Calculations whose result is told with a verb: "20% of 50 is 10", "7 × 6 gives 42", "72 inches is 6 feet".

The verb is read as an equals sign, in a copy of the step with everything else in its place. Serves the claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.verification.claims.stated import without_signs
from agent.verification.claims.statements import Statement, statements

_VERB = re.compile(
    r"(?<=[\w%)}])(?P<verb>\s*,?\s+(?:(?:which|that|this)\s+)?(?:is|are|gives|makes|yields|comes\s+to|amounts\s+to|results\s+in)"
    r"(?:\s+(?:equal\s+to|exactly|just|only|therefore|thus|then|simply))?\s+)(?=[-−]?[0-9.])",
    re.I,
)
_COMPARES = {
    "more", "less", "fewer", "times", "of", "greater", "larger", "smaller", "higher", "lower", "older", "younger",
    "percent", "percentage", "longer", "shorter", "to", "or", "and", "half", "th", "years", "as",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worded:
    """A statement in the words' own copy `text`, whose offsets are those of the step."""

    statement: Statement
    text: str


def worded_statements(text: str) -> Iterator[Worded]:
    """Statements of one calculation and one number."""
    plain = without_signs(text)
    verbs = {}
    for found in _VERB.finditer(plain):
        verbs[found.start() + 1] = found
    if not verbs:
        return
    copy = plain
    for found in verbs.values():
        length = found.end() - found.start()
        copy = copy[: found.start()] + " = ".ljust(length) + copy[found.end() :]
    for statement in statements(copy):
        left, right = statement.left.to_end, statement.right.from_start
        if statement.relation != "=" or statement.chain != 2 or left is None or right is None or right.number is None:
            continue
        between = [at for at in verbs if left.end <= at <= right.start]
        compares = right.blocked or set(right.trailing[:3]) & _COMPARES
        if between and not compares:
            yield Worded(statement, copy)
