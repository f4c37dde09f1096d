"""What is relevant to what: gold standards for retrieval, none of them picked by hand, for index/evaluate.py.

template    another instance of the same GSM-Symbolic template: a regression check
families    the same family told in another story; families and stories never seen in training
structure   the same calculation in an annotated GSM8K solution, exactly or in degrees; signatures never trained on
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from agent.errors import BadInput
from index.controlled.families import FAMILIES, controlled_corpus, stories
from index.corpus import Record
from index.structure import Structure, similarity, structure_of_solution

QUERIES = 300
# Gain of a neighbour by how much of its structure it shares; the exact structure counts most (2^grade − 1).
EXACT, GRADES = 7.0, ((0.7, 3.0), (0.5, 1.0))
SMALLEST = 2  # operations: a single one has thousands of neighbours, and finding one shows nothing
HELD_OUT_SIGNATURES = 0.3
HELD_OUT_FAMILIES, HELD_OUT_STORIES = 12, 3


@dataclass(frozen=True, slots=True)
class Query:
    """A problem of the corpus, by its place there. `left_out` places are neither right nor wrong for it: itself
    above all. `gains` are more than 0 for what is relevant in some degree; `relevant` are the fully relevant."""

    place: int
    relevant: frozenset[int]
    gains: Mapping[int, float]
    left_out: frozenset[int]


@dataclass(frozen=True, slots=True)
class Standard:
    name: str
    corpus: tuple[Record, ...]
    queries: tuple[Query, ...]


def held_out(name: str, share: float) -> bool:
    """Whether what bears this name is kept from all training: always the same, and by its name alone."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) < share * 2**32


def template_standard(file: Path, *, queries: int = QUERIES, seed: int = 0) -> Standard:
    """`file`: GSM-Symbolic as JSONL with template_id, problem, solution, answer."""
    rows = list(read_jsonl(file))
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        groups[str(row["template_id"])].append(place)
    corpus = tuple(_record(row, "GSM-Symbolic", place) for place, row in enumerate(rows))
    chosen = Random(seed).sample(range(len(rows)), min(queries, len(rows)))
    return Standard("template", corpus, tuple(_query(q, groups[str(rows[q]["template_id"])], {q}) for q in chosen))


def families_standard(*, queries: int = QUERIES, seed: int = 0) -> Standard:
    """Our own families in our own stories: the corpus is all of them, the queries unseen families in unseen stories."""
    problems = list(controlled_corpus())
    corpus = tuple(
        Record(p.problem, p.solution, p.answer, "controlled families", place, "Apache-2.0", p.family)
        for place, p in enumerate(problems)
    )
    unseen, foreign = held_out_families(), held_out_stories()
    asked = [place for place, p in enumerate(problems) if p.family in unseen and p.story in foreign]
    chosen = Random(seed).sample(asked, min(queries, len(asked)))
    return Standard("families", corpus, tuple(_family_query(place, problems) for place in chosen))


def held_out_families() -> frozenset[str]:
    return frozenset(Random(0).sample(sorted(family.name for family in FAMILIES), HELD_OUT_FAMILIES))


def held_out_stories() -> frozenset[str]:
    return frozenset(Random(0).sample(sorted(stories()), HELD_OUT_STORIES))


def _asked(signature: str, training: bool) -> bool:
    return not kept_from_training(signature) if training else held_out(signature, HELD_OUT_SIGNATURES)


def kept_from_training(signature: str) -> bool:
    """Whether a query of `structure` or of `families` may calculate this: then no training text does."""
    return held_out(signature, HELD_OUT_SIGNATURES) or signature in _signatures_of_held_out_families()


@lru_cache(maxsize=1)
def _signatures_of_held_out_families() -> frozenset[str]:
    unseen = held_out_families()
    read = (structure_of_solution(p.problem, p.solution) for p in controlled_corpus() if p.family in unseen)
    return frozenset(found[0].signature for found in read if found)


def structure_standard(file: Path, *, queries: int = QUERIES, seed: int = 0, training: bool = False) -> Standard:
    """`file`: GSM8K as JSONL with problem, solution_annotated, answer. Solutions that cannot be read, or whose
    calculation does not end on the answer, stay in the corpus and are relevant to nothing. With `training`, the
    queries are such as something may be fitted on."""
    rows = [row for row, _ in annotated_problems(file)]
    structures = [structure for _, structure in annotated_problems(file)]
    groups: defaultdict[str, list[int]] = defaultdict(list)
    kinds: dict[str, Structure] = {}
    for place, structure in enumerate(structures):
        if structure is not None:
            groups[structure.signature].append(place)
            kinds[structure.signature] = structure
    asked = [
        place
        for place, structure in enumerate(structures)
        if structure is not None
        and structure.operations >= SMALLEST
        and len(groups[structure.signature]) > 1
        and _asked(structure.signature, training)
    ]
    corpus = tuple(_record(row, "GSM8K", place) for place, row in enumerate(rows))
    found = []
    for place in Random(seed).sample(asked, min(queries, len(asked))):
        own = structures[place]
        assert own is not None  # noqa: S101 (chosen above)
        gains = {
            other: gain
            for signature, kind in kinds.items()
            if (gain := graded(similarity(own, kind)))
            for other in groups[signature]
            if other != place
        }
        relevant = frozenset(other for other in groups[own.signature] if other != place)
        found.append(Query(place, relevant, gains, frozenset({place})))
    return Standard("structure", corpus, tuple(found))


@lru_cache(maxsize=2)
def annotated_problems(file: Path) -> tuple[tuple[dict[str, Any], Structure | None], ...]:
    """The rows of a file of annotated problems, each with its structure."""
    return tuple((row, annotated_structure(row)) for row in read_jsonl(file))


def annotated_structure(row: Mapping[str, Any]) -> Structure | None:
    """The structure of an annotated solution, where its calculation ends on the answer given."""
    found = structure_of_solution(row["problem"], row.get("solution_annotated") or row["solution"])
    try:
        return found[0] if found and found[1] == Fraction(str(row["answer"]).replace(",", "")) else None
    except (ValueError, ZeroDivisionError):
        return None


def graded(similar: float) -> float:
    """The gain of a neighbour whose structure is that similar."""
    return EXACT if similar == 1.0 else next((gain for least, gain in GRADES if similar >= least), 0.0)


def read_jsonl(file: Path) -> Iterator[dict[str, Any]]:
    """Raises BadInput where the file is missing or is not JSON line by line."""
    try:
        with file.open(encoding="utf-8") as opened:
            for line in opened:
                yield json.loads(line)
    except OSError as refusal:
        raise BadInput(f"{file} cannot be read ({refusal.strerror}): give the folder of the data sets.") from None
    except ValueError:
        raise BadInput(f"{file} is not JSONL: one JSON object a line is needed.") from None


def _record(row: Mapping[str, Any], source: str, place: int) -> Record:
    return Record(row["problem"], row["solution"], str(row["answer"]), source, place, "MIT")


def _query(place: int, group: list[int], left_out: set[int]) -> Query:
    relevant = frozenset(group) - left_out
    return Query(place, relevant, dict.fromkeys(relevant, 1.0), frozenset(left_out))


def _family_query(place: int, problems: list[Any]) -> Query:
    own = problems[place]
    family = [other for other, p in enumerate(problems) if p.family == own.family]
    return _query(place, family, {other for other in family if problems[other].story == own.story})


Loader = Callable[[Path], Standard]
STANDARDS: Mapping[str, Loader] = {
    "template": lambda folder: template_standard(folder / "gsm_symbolic_dev.jsonl"),
    "families": lambda folder: families_standard(),
    "structure": lambda folder: structure_standard(folder / "gsm8k_train.jsonl"),
}
