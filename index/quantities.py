"""What kinds of quantities a problem tells of, how they are said to be related, and what is asked: read by rule.

Serves reranking.py. The words are those of measures and relations in school mathematics at large; what is not among
them, the story above all, counts for nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_MEASURES = {
    "time": "second minute hour day week month year decade century",
    "length": "inch inches foot feet yard mile meter metre centimeter centimetre kilometer kilometre millimeter",
    "mass": "gram kilogram ounce pound ton kg",
    "volume": "cup pint quart gallon liter litre milliliter teaspoon tablespoon",
    "money": (
        "dollar cent euro penny pennies nickel dime cost price pay paid earn spend spent budget salary wage profit"
    ),
    "angle": "degree",
}
_RELATIONS = {
    "each": "each every per apiece",
    "more": "more older taller longer heavier larger extra additional greater increase increased gained added",
    "less": "less fewer younger shorter lighter smaller decrease decreased lost reduced cheaper",
    "times": "times twice double triple thrice quadruple doubled tripled",
    "part": "half third quarter fourth fifth fraction halves thirds quarters",
    "rest": "left remaining remain remains rest still",
    "sum": "total altogether combined together all overall sum",
    "ratio": "ratio proportion",
    "percent": "percent percentage discount tax interest tip",
    "mean": "average mean",
    "split": "split divide divided share shared equally evenly",
    "compare": "than as difference compared",
    "order": "first second then after before next later",
    "speed": "speed mph rate fast",
    "age": "old age ago",
    "same": "same equal equals",
}
_ASKED = (
    "how many", "how much", "how long", "how old", "how far", "how fast", "what percent", "what is", "how many more",
    "how much more",
)  # fmt: skip
_MEASURE = {form: kind for kind, words in _MEASURES.items() for word in words.split() for form in (word, f"{word}s")}
_RELATION = {word: kind for kind, words in reversed(_RELATIONS.items()) for word in words.split()}
_PIECE = re.compile(r"[a-z]+|[$€£]?\d[\d,]*(?:\.\d+)?(?:/\d+)?\s?%?|[.!?](?!\S)")
# How many words behind a number its unit may be.
UNIT_WITHIN = 2
MAX_TEXT = 8_000
_ENDS = frozenset(".!?")


@dataclass(frozen=True, slots=True)
class Quantities:
    """Counts: the numbers told by their `kinds`, the words of `relations`, and what the question holds of either."""

    kinds: Counter[str]
    relations: Counter[str]
    asked: Counter[str]


def quantities(problem: str) -> Quantities:
    pieces = _PIECE.findall(problem[:MAX_TEXT].lower())
    kinds: list[str] = []
    relations: list[str] = []
    sentence: list[str] = []
    last, asked = sentence, sentence[:]
    for place, piece in enumerate(pieces):
        if piece in _ENDS:
            asked += sentence if piece == "?" else []
            last, sentence = sentence or last, []
        elif piece[0].isalpha():
            sentence.append(piece)
            if piece in _RELATION:
                relations.append(_RELATION[piece])
        else:
            kinds.append(_kind(piece, pieces[place + 1 : place + 1 + UNIT_WITHIN]))
    return Quantities(Counter(kinds), Counter(relations), Counter(_asked(asked or sentence or last)))


def _kind(number: str, behind: list[str]) -> str:
    if number[0] in "$€£":
        return "money"
    if number.endswith("%") or behind[:1] == ["percent"]:
        return "percent"
    if "/" in number:
        return "part"
    return next((_MEASURE[word] for word in behind if word in _MEASURE), "count")


def _asked(words: list[str]) -> list[str]:
    spoken = " ".join(words)
    return [
        *(_RELATION[word] for word in words if word in _RELATION),
        *(_MEASURE[word] for word in words if word in _MEASURE),
        *(phrase for phrase in _ASKED if phrase in spoken),
    ]
