"""Which of the candidates near a problem are shown, and why: near-duplicates collapse, the rest is chosen for variety.

Variety is maximal marginal relevance (Carbonell and Goldstein 1998): the next one shown is near the problem and
unlike those shown already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sameness import Wording, retold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# How much nearness counts; the rest of 1 is what likeness to those chosen before takes away.
NEARNESS = 0.8
# How much the same calculation counts beside a cosine: as measured, it is what makes a neighbour relevant.
STRUCTURE_COUNTS = 4.0
SIMILAR_CALCULATION = 0.7
WORDS_NAMED = 4
# English words that say nothing of what a problem is about.
_FUNCTION_WORDS = """
a about after all also an and any are as at be been before between by can could did do does each every find for from
get gets give gives given had has have he her hers him his how if in into is it its left less many more most much must
no not of on one only or other out over per same she so some such than that the their them then there these they this
those to total two up was were what when where which while who will with would you your
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record near the query: its number, its cosine to the query, its unit vector and its wording.

    `likeness` is that of its solution's structure to the query's, in [0, 1], 0 where either is not known;
    `calculation` is its structure, to be read. `standing` is its place: the cosine as moved by all that speaks for the
    record (search.py); `same_quantities` says that kinds of quantities and question are the query's own.
    """

    record: int
    similarity: float
    vector: NDArray[np.float32]
    wording: Wording
    standing: float
    likeness: float = 0.0
    calculation: str = ""
    same_quantities: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate to show, and how many others tell the same problem with the same numbers."""

    candidate: Candidate
    retellings: int


def choose(candidates: Sequence[Candidate], k: int) -> list[Choice]:
    """At most `k` of the candidates: the first in any case, the others for variety, nearest first."""
    first, *kinds = _without_retellings(candidates)
    others: list[Choice] = []
    likeness = [float(other.candidate.vector @ first.candidate.vector) for other in kinds]
    while kinds and len(others) < k - 1:
        best = max(
            range(len(kinds)),
            key=lambda n: NEARNESS * kinds[n].candidate.standing - (1 - NEARNESS) * likeness[n],
        )
        taken = kinds.pop(best)
        likeness.pop(best)
        others.append(taken)
        for n, other in enumerate(kinds):
            likeness[n] = max(likeness[n], float(other.candidate.vector @ taken.candidate.vector))
    return [first, *sorted(others, key=lambda choice: -choice.candidate.standing)]


def why(query: Wording, choice: Choice, *, nearest: bool, very_problem: bool) -> str:
    """Why this one is shown, in a few words that a student can follow."""
    if very_problem:
        return "this very problem is in the corpus"
    found = choice.candidate
    reasons = ["nearest in meaning" if nearest else "near in meaning"]
    if found.likeness >= SIMILAR_CALCULATION:
        kind = "the same calculation" if found.likeness == 1 else "a similar calculation"
        reasons = [f"{kind}, {found.calculation}"]
    elif found.same_quantities:
        reasons.append("the same kinds of quantities and question")
    numbers = sorted(set(dict(query.numbers)) & set(dict(found.wording.numbers)), key=float)
    if numbers:
        same = query.numbers == found.wording.numbers
        reasons.append("the same numbers" if same else f"shares {_listed(numbers)}")
    shared = sorted(
        (query.words & found.wording.words) - set(_FUNCTION_WORDS.split()), key=lambda word: (-len(word), word)
    )
    words = [word for word in shared if len(word) > 2][:WORDS_NAMED]
    if words:
        reasons.append(f"also about {', '.join(words)}")
    if choice.retellings:
        reasons.append(f"stands for {choice.retellings} more that tell it again")
    return "; ".join(reasons)


def _without_retellings(candidates: Sequence[Candidate]) -> list[Choice]:
    kept: list[list[Candidate]] = []
    for candidate in candidates:
        group = next((one for one in kept if retold(one[0].wording, candidate.wording)), None)
        if group is None:
            kept.append([candidate])
        else:
            group.append(candidate)
    return [Choice(group[0], len(group) - 1) for group in kept]


def _listed(numbers: Sequence[str]) -> str:
    shown = ", ".join(numbers[:WORDS_NAMED])
    return f"the number {shown}" if len(numbers) == 1 else f"the numbers {shown}"
