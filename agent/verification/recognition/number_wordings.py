"""Knows the wordings of tasks on numbers in words: percentages, means, rounding, repeating decimals.

Serves recognition, without SymPy.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent.verification.recognition.tasks import AS_FRACTION, ASK, Kind, SymbolicTask

_NUMBER = r"-?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
_WHAT_NUMBER = r"(?:what|which)(?: number)?"
_PER_CENT = r"(?:\\?%|per ?cent|percent)"
_LIST = (
    r"(?:the )?(?:(?:numbers|values|data|data set|list|set|following)(?: numbers)?:? )?"
    rf"(?P<list>{_NUMBER}(?:, ?{_NUMBER}){{1,29}}(?:,? and {_NUMBER})?|{_NUMBER} and {_NUMBER})"
)
_PLACES = {
    "thousand": 3, "hundred": 2, "ten": 1, "whole number": 0, "integer": 0, "unit": 0, "one": 0, "tenth": -1,
    "hundredth": -2, "thousandth": -3, "ten-thousandth": -4, "ten thousandth": -4,
}  # fmt: skip
_PLACE = (
    rf"(?:to )?(?:the )?(?:nearest (?P<place>{'|'.join(sorted(_PLACES, key=len, reverse=True))})"
    r"|(?P<decimals>[1-6]|one|two|three) decimal places?)"
)
_DECIMALS = {"one": 1, "two": 2, "three": 3}

_WORDINGS: dict[str, tuple[str, ...]] = {
    "what per cent": (
        rf"(?P<a>{_NUMBER}) is what (?:{_PER_CENT}|percentage) of (?P<b>{_NUMBER})",
        rf"what (?:{_PER_CENT}|percentage) of (?P<b>{_NUMBER}) (?:is|equals|makes) (?P<a>{_NUMBER})",
    ),
    "the whole": (
        rf"(?P<a>{_NUMBER}) is (?P<b>{_NUMBER}) ?{_PER_CENT} of {_WHAT_NUMBER}",
        rf"(?P<b>{_NUMBER}) ?{_PER_CENT} of {_WHAT_NUMBER} is (?P<a>{_NUMBER})",
    ),
    "increased": (rf"(?:{ASK} )?(?:increase )?(?P<a>{_NUMBER}) (?:increased )?by (?P<b>{_NUMBER}) ?{_PER_CENT}",),
    "decreased": (rf"(?:{ASK} )?(?:decrease )?(?P<a>{_NUMBER}) (?:decreased )?by (?P<b>{_NUMBER}) ?{_PER_CENT}",),
    "mean": (rf"{ASK} (?:arithmetic )?(?:mean|average) of {_LIST}",),
    "median": (rf"{ASK} median of {_LIST}",),
    "mode": (rf"{ASK} mode of {_LIST}",),
    "range": (rf"{ASK} range of {_LIST}",),
    "rounded": (
        rf"round (?P<a>{_NUMBER}),? {_PLACE}",
        rf"round {_PLACE}: ?(?P<a>{_NUMBER})",
        rf"{ASK} (?P<a>{_NUMBER}),? (?:rounded|correct) {_PLACE}",
    ),
    "repeating": (
        r"(?:write|express|convert|change|turn|what is)(?: the)?(?: repeating| recurring)?(?: decimal)? "
        r"(?P<whole>[0-9]*)\.(?P<once>[0-9]*)\\overline ?\{(?P<again>[0-9]{1,9})\}"
        r"(?: as| to| into| in)? an? (?:simplified |common |reduced )*fraction"
        r"(?: in (?:lowest|simplest) (?:terms|form))?",
    ),
}  # fmt: skip
_PATTERNS = tuple((ask, re.compile(wording, re.I)) for ask, wordings in _WORDINGS.items() for wording in wordings)
_ABOUT = re.compile(r"%|per ?cent|mean|average|median|mode|range|round|correct|overline", re.I)


def number_in_words(text: str) -> SymbolicTask | None:
    """The task on numbers in words that a text is as a whole, or None."""
    if not _ABOUT.search(text):
        return None
    plain = " ".join(text.split())
    wanted = AS_FRACTION.search(plain)
    for question, pattern in _PATTERNS:
        if match := pattern.fullmatch(plain):
            return _task(question, match.groupdict(), plain)
        if wanted and (match := pattern.fullmatch(plain[: wanted.start()])):
            task = _task(question, match.groupdict(), plain)
            return task and replace(task, side="fraction")
    return None


def _task(question: str, found: dict[str, str | None], text: str) -> SymbolicTask | None:
    if question in {"increased", "decreased"} and not re.search(question[:-1], text, re.I):
        return None
    if question == "repeating":
        parts = (found["whole"] or "0", found["once"] or "", found["again"] or "")
        return SymbolicTask(Kind.DATA, parts, question=question)
    written = found.get("list")
    numbers = re.findall(_NUMBER, written.replace(", ", " ; ")) if written else [found.get("a"), found.get("b")]
    if written and re.search(r"[0-9],[0-9]", written):
        if re.search(r"[0-9],[0-9]{3}(?![0-9])|, |and", written):
            return None  # 1,234 and 5: two numbers or three; 3,5 and 7: is that a decimal comma?
        numbers = re.findall(_NUMBER, written.replace(",", " ; "))
    point = ""
    if question == "rounded":
        place, decimals = (found.get("place") or "").lower(), (found.get("decimals") or "").lower()
        point = str(_PLACES[place] if place else -int(_DECIMALS.get(decimals, decimals)))
    plain = tuple(number.replace(",", "") for number in numbers if number)
    return SymbolicTask(Kind.DATA, plain, point=point, question=question)
