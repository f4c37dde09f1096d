"""Which letters stand for known numbers by the time a step is read: "Let x = 12." Serves the claims."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

MAX_CHARACTERS = 8_000

_DEFINITION = re.compile(
    r"(?<![\w=<>+\-*/^(\\{.])(?P<name>[A-Za-z])(?:\s|\$|\\\)|\\\()*=(?:\s|\$|\\\()*"
    r"(?P<value>-?[0-9]{1,12}(?:\.[0-9]{1,12})?(?:/[1-9][0-9]{0,11})?)(?![\w^/*+]|[.,][0-9]|\s*[-+*/^×÷=(]|\.?\s*\\[a-z])"
)
_OTHER_EQUATION = re.compile(r"(?<![A-Za-z\\])(?P<name>[A-Za-z])(?![A-Za-z])")
_HYPOTHETICAL = re.compile(
    r"(?i)\b(?:if|when|where|suppose|assum\w*|for|case|try|test|check|substitut\w*|plug\w*|set|either|or|at|instead|guess)\b"
)


@dataclass(frozen=True, slots=True)
class Known:
    """The value of a name; `firm` where a "let" gives it and the problem does not use the name itself."""

    value: Fraction
    firm: bool


def known_names(problem: str, before: str) -> Mapping[str, Known]:
    """The letters that the text before a statement gives one value and only one, never as a case or a condition."""
    text = before[-MAX_CHARACTERS:]
    found: dict[str, Known] = {}
    dropped: set[str] = set()
    for match in _DEFINITION.finditer(text):
        name, value = match["name"], Fraction(match["value"])
        lead = re.split(r"[\n.;:!?]\s", text[max(match.start() - 80, 0) : match.start()])[-1]
        behind = text[match.end() : match.end() + 6]
        if _HYPOTHETICAL.search(lead) or re.match(r"\W*or\b", behind):
            dropped.add(name)
        if name in found and found[name].value != value:
            dropped.add(name)
        let = re.search(r"(?i)\blet\b[^a-z]*(?:the\b[^.]{0,40})?$", lead) is not None
        found[name] = Known(value, let and not _stands_in(name, problem))
    return {name: known for name, known in found.items() if name not in dropped and name not in {"e", "i"}}


def _stands_in(name: str, problem: str) -> bool:
    return any(match["name"] == name for match in _OTHER_EQUATION.finditer(problem[:MAX_CHARACTERS]) if name != "a")
