"""Takes the story out of a problem's text, by rule: names, counted nouns and numbers give way to placeholders."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[$€£]?\d+(?:,\d{3})*(?:\.\d+)?(?:/\d+)?")
_COUNTED = re.compile(r"(?:\d+(?:,\d{3})*(?:\.\d+)?|\bhow many|\bnumber of|\bmore|\bfewer)\s+([a-z]{3,})\b")
_CAPITAL = re.compile(r"(?<=[a-z0-9,;] )[A-Z][a-z]+\b")
# Words after a number that are no nouns, and units, which say what kind of quantity it is.
_KEPT = frozenset(
    """
    and are more less than times each per percent for the are was were does did has had have will can would with from
    into that hours hour minutes minute days day weeks week months month years year seconds dollars dollar cents miles
    mile kilometers meters feet inches liters gallons kilograms grams pounds ounces degrees parts equal of in on at as
    to by is it or if so how many much left remaining total altogether
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)


def masked(text: str) -> str:
    """The text with numbers as "N", counted nouns as "things" and names as "Person"; units and relations stay."""
    nouns = {noun for noun in _COUNTED.findall(text.lower()) if noun not in _KEPT}
    nouns |= {noun.removesuffix("s") for noun in nouns if len(noun) > 4}
    if nouns:
        pattern = "|".join(sorted(map(re.escape, nouns), key=len, reverse=True))
        text = re.sub(rf"\b(?:{pattern})s?\b", "things", text, flags=re.I)
    names = set(_CAPITAL.findall(text))
    if names:
        text = re.sub(rf"\b(?:{'|'.join(map(re.escape, names))})\b", "Person", text)
    return _NUMBER.sub("N", text)
