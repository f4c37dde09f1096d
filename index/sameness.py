"""When two problems count as one: the very same text, or the same text told again with the same numbers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

# Of all the words in two problems with the same numbers, this share must be common for one to be a retelling of the
# other. Of 10,173 such pairs in GSM8K's training set, the one retelling has 92 % in common and no other pair more than
# 41 % (`bench/retrieval.py retellings`).
RETOLD = 0.75
MARK_BYTES = 16

_SIGNS = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "×": "*", "·": "*", "÷": "/", "…": " "}
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Punctuation says nothing here, but a point between digits and the signs of arithmetic do.
_PUNCTUATION = re.compile(r"""(?<!\d)[.,:]|[.,:](?!\d)|[;?"']""")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is compared of a problem: its words, and its numbers with how often each occurs."""

    words: frozenset[str]
    numbers: tuple[tuple[str, int], ...]


def fold(problem: str) -> str:
    """The problem without case, white space, thousands commas and punctuation outside numbers and arithmetic."""
    plain = unicodedata.normalize("NFKC", problem).casefold().translate(_SIGNS)
    return " ".join(_PUNCTUATION.sub(" ", _THOUSANDS.sub("", plain)).split())


def mark_of(problem: str) -> bytes:
    """MARK_BYTES bytes that are equal for problems of the same folded text, and for no others in practice."""
    return hashlib.blake2b(fold(problem).encode("utf-8", "replace"), digest_size=MARK_BYTES).digest()


def wording(problem: str) -> Wording:
    plain = fold(problem)
    numbers = Counter(_NUMBER.findall(plain))
    return Wording(frozenset(_WORD.findall(plain)), tuple(sorted(numbers.items())))


def common_words(one: Wording, other: Wording) -> float:
    """Jaccard's index of the words: 0 for none in common, 1 for the same."""
    united = len(one.words | other.words)
    return len(one.words & other.words) / united if united else 1.0


def retold(one: Wording, other: Wording) -> bool:
    """Whether both are one problem: the same numbers, as often, in nearly the same words."""
    return one.numbers == other.numbers and common_words(one, other) >= RETOLD
