"""What two texts share: near-duplicates among the training problems, and problems of the benchmarks in them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

# Brown et al. 2020 (GPT-3, appendix C) take 13 words for contamination; so do the Qwen2.5-Math authors.
NGRAM_WORDS = 13
SHINGLE_WORDS = 3
SAME_ENOUGH = 0.8  # Jaccard similarity of the shingles
_PERMUTATIONS, _BAND = 64, 4  # 16 bands of 4: at a similarity of 0.8 a pair is missed once in 4,000
_PRIME = (1 << 61) - 1  # a Mersenne prime: a·x + b modulo it permutes the shingles
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|\\[a-z]+|[^\sa-z0-9,.?!;:'\"$(){}\[\]\\]", re.I)


def words(text: str) -> list[str]:
    """The words, numbers and signs of a text in lower case, without punctuation and layout."""
    return [match.lower() for match in _WORD.findall(text)]


def ngrams(tokens: list[str], size: int) -> set[str]:
    """The runs of `size` words; a text that is shorter is one run."""
    return (
        {" ".join(tokens[start : start + size]) for start in range(max(len(tokens) - size + 1, 1))} if tokens else set()
    )


class HeldOut:
    """Problems that a model must not be trained on, by the runs of words in them."""

    def __init__(self, size: int = NGRAM_WORDS) -> None:
        self.size = size
        self._places: dict[str, set[str]] = {}
        self.problems: Counter[str] = Counter()

    def add(self, place: str, problems: Iterable[str]) -> None:
        """Keep the problems of a benchmark apart; `place` is what it is called in the report."""
        for problem in problems:
            self.problems[place] += 1
            for run in ngrams(words(problem), self.size):
                self._places.setdefault(run, set()).add(place)

    def found_in(self, problem: str) -> set[str]:
        """The benchmarks that share a run of words with a problem. A shorter one is shared only as a whole."""
        tokens = words(problem)
        return set().union(*(self._places.get(run, set()) for run in ngrams(tokens, self.size)))


class Seen:
    """The problems met so far; tells whether another is one of them, or nearly one.

    MinHash with bands (Broder 1997), and the similarity itself for what the bands find: nothing is left out for a
    chance collision.
    """

    def __init__(self) -> None:
        self._bands: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        self._shingles: list[frozenset[int]] = []
        self._whole: set[bytes] = set()
        self._factors = [(_number(f"a{i}") | 1, _number(f"b{i}")) for i in range(_PERMUTATIONS)]

    def is_duplicate(self, problem: str) -> bool:
        """Whether the same words have come before."""
        digest = hashlib.blake2b(" ".join(words(problem)).encode(), digest_size=16).digest()
        if digest in self._whole:
            return True
        self._whole.add(digest)
        return False

    def is_near_duplicate(self, problem: str) -> bool:
        """Whether a problem with SAME_ENOUGH of its word triples has come before; if not, it is remembered."""
        shingles = frozenset(_number(run) for run in ngrams(words(problem), SHINGLE_WORDS))
        if not shingles:
            return False
        keys = list(self._keys(shingles))
        candidates = {number for key in keys for number in self._bands.get(key, ())}
        if any(_jaccard(shingles, self._shingles[number]) >= SAME_ENOUGH for number in candidates):
            return True
        for key in keys:
            self._bands.setdefault(key, []).append(len(self._shingles))
        self._shingles.append(shingles)
        return False

    def _keys(self, shingles: frozenset[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        least = [min((a * shingle + b) % _PRIME for shingle in shingles) for a, b in self._factors]
        for band in range(0, _PERMUTATIONS, _BAND):
            yield band, tuple(least[band : band + _BAND])


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % _PRIME


def _jaccard(first: frozenset[int], second: frozenset[int]) -> float:
    return len(first & second) / len(first | second)
