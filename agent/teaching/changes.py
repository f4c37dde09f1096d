"""Puts another number into a problem: "what if it were 15?" becomes a problem of its own."""

from __future__ import annotations

import re

from agent.teaching.numbers import stated_values, value_of_words

_NUMBER = re.compile(
    r"(?P<money>[$€£]\s?)?(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?(?:/\d+)?)(?P<percent>\s?%)?(?:[ -](?P<noun>[A-Za-z]+))?"
)
_FROM_TO = re.compile(
    r"(?P<new>\d[\d,.]*(?:/\d+)?)\s*(?:\w+\s+)?(?:instead of|rather than|and not)\s*(?P<old>\d[\d,.]*(?:/\d+)?)", re.I
)
_WORDED = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred)\b"
    r"(?:\s+(?P<noun>[a-z]+))?",
    re.I,
)  # fmt: skip
_COMPARED = ("more", "less", "fewer")
_NO_NOUN = frozenset("instead if not and or of per in for at on by were was is each".split())  # noqa: SIM905
_TIMES = {"twice": 2, "double": 2, "half": 0.5, "three times": 3, "triple": 3}


def changed_problem(problem: str, message: str) -> str | None:
    """The problem with the message's number in the place of the one that it is meant for.

    None where that is not plain: no number or several in the message, or more than one place for it.
    """
    whole = re.search(
        r"(?:what if|what about|if|with|make|for)\b[^\d=]*(?P<equation>[-\dA-Za-z+*/^ ().]*=[-\dA-Za-z+*/^ ().]*)",
        message,
    )
    if whole and "=" in problem and re.search(r"[A-Za-z]", whole["equation"]):
        start = problem.split()[0] if re.match(r"(?:solve|find)\b", problem, re.I) else "Solve"
        return f"{start} {whole['equation'].strip(' .?')}"
    exchanged = _FROM_TO.search(message)
    if exchanged:
        return _put_in(
            problem, [m for m in _NUMBER.finditer(problem) if m["digits"] == exchanged["old"]], exchanged["new"]
        )
    new = _new_number(message)
    if new is None:
        return None
    digits, money, percent, noun = new
    places = list(_NUMBER.finditer(problem))
    chosen = [m for m in places if noun and m["noun"] and _singular(m["noun"]) == _singular(noun)]
    noun = "" if noun.lower() in _COMPARED else noun
    chosen = chosen or [m for m in places if money and m["money"]]
    chosen = chosen or [m for m in places if percent and (m["percent"] or (m["noun"] or "").startswith("percent"))]
    chosen = chosen or _near_a_word_of(message, problem, places)
    if not chosen and not (money or percent):
        chosen = [m for m in places if not m["money"] and not m["percent"]] if not noun else []
        chosen = chosen if len(chosen) == 1 else places if len(places) == 1 else []
    return _put_in(problem, chosen, digits)


def _new_number(message: str) -> tuple[str, bool, bool, str] | None:
    """The one number of the message: its digits, whether it is money or per cent, and the noun behind it."""
    found = list(_NUMBER.finditer(message))
    if len(found) == 1:
        one = found[0]
        noun = one["noun"] or ""
        percent = bool(one["percent"]) or noun.lower().startswith("percent")
        return one["digits"], bool(one["money"]), percent, "" if noun.lower() in _NO_NOUN else noun
    if found:
        return None
    worded = list(_WORDED.finditer(message))
    value = value_of_words(worded[0][1]) if len(worded) == 1 else None
    if value is None:
        return None
    noun = worded[0]["noun"] or ""
    return str(value), False, False, "" if noun.lower() in _NO_NOUN else noun


def _near_a_word_of(message: str, problem: str, places: list[re.Match[str]]) -> list[re.Match[str]]:
    """The numbers in the part of the problem that shares a telling word with the message ("the boxes held 12")."""
    words = _telling(message) - _COMMON
    ahead = [
        place for place in places if words & _telling(re.split(r"[.?!,;]|\band\b|\d", problem[: place.start()])[-1])
    ]
    behind = [place for place in places if words & _telling(re.split(r"[.?!,;\d]", problem[place.end() :])[0][:24])]
    return ahead if len(ahead) == 1 else behind if not ahead and len(behind) == 1 else []


def _telling(text: str) -> set[str]:
    return {_singular(word) for word in re.findall(r"[A-Za-z]{4,}", text.lower())}


_COMMON = frozenset(
    [
        "what",
        "were",
        "have",
        "that",
        "with",
        "then",
        "there",
        "they",
        "this",
        "instead",
        "would",
        "happen",
        "about",
        "make",
        "from",
        "same",
        "only",
        "each",
        "many",
        "much",
    ]
)


def _singular(word: str) -> str:
    word = word.lower()
    return word.removesuffix("es") if word.endswith(("xes", "ches", "shes", "sses")) else word.removesuffix("s")


def _put_in(problem: str, places: list[re.Match[str]], digits: str) -> str | None:
    if len(places) != 1 or places[0]["digits"] == digits or not stated_values(digits):
        return None
    start, end = places[0].span("digits")
    return problem[:start] + digits + problem[end:]
