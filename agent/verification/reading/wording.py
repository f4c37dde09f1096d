"""What a person would overlook in a line of a derivation, put right: money signs, thousands, ×, units, worded names."""

from __future__ import annotations

import re
from collections.abc import Collection, Set

from agent.errors import Unreadable
from agent.verification.reading.language import FUNCTIONS
from agent.verification.reading.units import SCALES, is_unit, unit_names

_NAME = re.compile(r"[A-Za-z_]\w*")
_NUMBER = r"(?<![\w.])\d+(?:\.\d+)?"
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-"})
_PRODUCT_BEHIND_NUMBER = re.compile(rf"(?P<divided>/\s*)?(?P<number>{_NUMBER})(?=\s*\(|[A-Za-z_])(?![eE][-+]?\d)")
_SCALED = re.compile(rf"({_NUMBER})\s+({'|'.join(SCALES)})\b(?!_)", re.I)
_UNITS = re.compile(rf"(?P<value>{_NUMBER}|\))\s+(?P<words>[A-Za-z]+(?:\s+[A-Za-z]+)*)(?=\s*(?:$|[-+*/)=]))")
_GLUED_WORD = re.compile(rf"{_NUMBER}[A-Za-z]{{2,}}")


def fold(name: str) -> str:
    """A name as the values know it: "Sale Price", "sale-price" and "sale_price" are one."""
    return re.sub(r"[\s-]+", "_", name.strip()).lower()


def read_kindly(expression: str, names: Set[str]) -> str:
    """The expression for language.parse_expression, with `names` (folded) spelt as they are there.

    Raises Unreadable where different units are added, of which the numbers alone would say too little.
    """
    text = re.sub(r"[$€£](?=\s*[\d.])", "", expression)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text) if "(" not in text else text
    text = re.sub(r"(?<=\d)_(?=\d)", "", text).translate(_SIGNS).replace("math.", "")
    if "x" not in names:
        text = re.sub(r"(?<=[\d)])\s*x\s*(?=[\d(])", "*", text)
    text = re.sub(r"(?<=\d)\s*(?:%|percent\b)\s*of\b", "% *", re.sub(r"(?<=\d)\s+percent\b", "%", text))
    text = _spell(text, names)
    text = _SCALED.sub(lambda found: f"({found[1]}*{SCALES[found[2].lower()]})", text)
    text = _without_units(text, names)
    if _GLUED_WORD.search(text):
        return text  # 5cm, 3rd: no product, and not for this language
    return _PRODUCT_BEHIND_NUMBER.sub(_product, text).replace(")(", ")*(")


def _spell(text: str, names: Collection[str]) -> str:
    """Names of several words, and in other capitals, as the values know them; the longest first."""
    for name in sorted((name for name in names if "_" in name.strip("_")), key=lambda name: (-len(name), name)):
        words = r"[\s_]+".join(re.escape(part) for part in name.split("_") if part)
        text = re.sub(rf"(?<!\w){words}(?!\w)", name, text, flags=re.I)
    return _NAME.sub(lambda found: _known_name(found[0], names), text)


def _known_name(name: str, names: Collection[str]) -> str:
    folded = fold(name)
    return name if name in names or (folded not in names and name.lower() in FUNCTIONS) else folded


def _without_units(text: str, names: Collection[str]) -> str:
    dropped: set[frozenset[str]] = set()

    def drop(found: re.Match[str]) -> str:
        words = found["words"].split()
        if any(word in names or not is_unit(word) for word in words):
            return found[0]
        dropped.add(unit_names(words))
        return found["value"]

    kept = _UNITS.sub(drop, text)
    if len(dropped) > 1 and re.search(r"[-+]", kept):
        raise Unreadable("Different units are added.")
    return kept


def _product(found: re.Match[str]) -> str:
    return found[0] if found["divided"] else f"{found['number']}*"  # 1/2x has two readings
