"""The same problem told in another order, so that a model reads it anew and makes other mistakes.

Serves derivations; `sentences` also splits a student's paragraph into steps (agent/teaching/work.py).
"""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|vs|approx|e\.g|i\.e)\.|\b[A-Z]\.)$")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, in order."""
    parts: list[str] = []
    for part in _SENTENCE_END.split(text):
        if parts and _ABBREVIATED.search(parts[-1]):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    return parts


def question_first(problem: str) -> str | None:
    """The problem with what it asks for in front: its questions, or else its last sentence.

    None where that changes nothing: one sentence, or the question is in front already.
    """
    parts = sentences(problem.strip())
    asks = [part.rstrip("*_)\"'”").endswith("?") for part in parts]
    if not any(asks):
        asks[-1:] = [True]
    retold = " ".join(part for part, _ in sorted(zip(parts, asks, strict=True), key=lambda told: not told[1]))
    return retold if retold != " ".join(parts) else None
