"""Which letters stand for known numbers by the time a step is read: "Let x = 12." Serves the claims."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

MAX_CHARACTERS = 8_000

_DEFINITION = re.compile(
    r"(?<![\w=<>+\-*/^(\\{.])(?P<name>[A-Za-z])\s*=\s*"
    r"(?P<value>-?[0-9]{1,12}(?:\.[0-9]{1,12})?(?:/[1-9][0-9]{0,11})?)(?![\w^/*+]|[.,][0-9]|\s*[-+*/^×÷=(]|\s*\\?%|\.?\s*\\[a-z])"
)
_DELIMITERS = re.compile(r"\\[()\[\]]|\$")
# "Let x = 12." and "Let x = 12 and y = 3.": what else follows ("in the equation", "to test it") may be a case.
_ENDS_HERE = re.compile(r"\s*(?:$|\n|[.;](?:\s|$)|(?:,|,?\s+and)\s+(?:let\s+)?[A-Za-z]\s*=)")
# Words anywhere before a statement that make a letter stand for one case among others.
_CASES = re.compile(
    r"(?i)\b(?:cases?|suppos\w*|assum\w*|try|tries|trying|guess\w*|instead|otherwise|alternativ\w*|contradict\w*"
    r"|possib\w*|redefin\w*|rename|replac\w*|change\w*|becomes?|vari\w*)\b"
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
    text = _DELIMITERS.sub(" ", before[-MAX_CHARACTERS:])
    cases = _CASES.search(text) is not None
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
        sure = let and not cases and _ENDS_HERE.match(text, match.end()) is not None
        found[name] = Known(value, sure and not _stands_in(name, problem) and not _described(name, text))
    return {name: known for name, known in found.items() if name not in dropped and name not in {"e", "i"}}


def _stands_in(name: str, problem: str) -> bool:
    return any(match["name"] == name for match in _OTHER_EQUATION.finditer(problem[:MAX_CHARACTERS]) if name != "a")


def _described(name: str, text: str) -> bool:
    """Whether the letter is also given a meaning in words: "x is the number of apples"."""
    return re.search(rf"\b{name}\s+(?:be|is|are|was|denotes?|represents?|stands?|means?|as|to)\b", text) is not None
