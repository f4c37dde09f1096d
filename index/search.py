"""Finds worked problems near a student's problem in an index folder, for the tutor and the command line."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.domain import Example
from agent.errors import BadInput, IndexDamaged
from index.choice import SIMILAR_CALCULATION, STRUCTURE_COUNTS, Candidate, choose, why
from index.corpus import Record
from index.documents import Documents
from index.embedder import Embedder, open_embedder
from index.manifest import DOCUMENTS, REBUILD, VECTORS, Manifest, check_files, read_manifest
from index.nearness import near_from
from index.quantities import quantities
from index.reranking import kinship, standings
from index.sameness import wording
from index.structure import Structure, describe, parse_signature, structure_of_program
from index.structure import similarity as likeness
from index.vectors import make_addressable, read, reconstruct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # A record's number, its cosine to the query, and its unit vector.
    Near = tuple[int, float, NDArray[np.float32]]

MAX_RESULTS = 100
# Among how many of the nearest the quantities decide, and among how many of these the ones to show are chosen.
CANDIDATES_A_RESULT = 4
CANDIDATES_AT_LEAST = 48
CHOSEN_FROM_AT_LEAST = 24
# With a structure to go by, similar calculations are looked for among more of them, and equal ones everywhere.
CANDIDATES_FOR_STRUCTURE = 100
SAME_STRUCTURE_READ = 500
MAX_QUERY_CHARS = 16_000
# What is not near enough to be shown stands behind all that is: more than quantities ever move a cosine.
NOT_NEAR = 2.0


class Searcher:
    """An open index. Many threads may search at once; a rebuild of the folder does not disturb it."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        embedder: Embedder,
        vectors: Any,
        documents: Documents,
    ) -> None:
        self.manifest = manifest
        self.embedder = embedder
        self._folder = folder
        self._vectors = vectors
        self._documents = documents

    @classmethod
    def open(cls, folder: Path, embedder: Embedder | None = None) -> Searcher:
        """Open the index in `folder`, with the embedder that its manifest names unless one is given.

        Raises IndexMissing where there is no index, IndexDamaged where its parts do not fit each other or
        the embedder.
        """
        manifest = read_manifest(folder)
        try:
            return cls._open(folder, manifest, embedder or open_embedder(manifest.embedder))
        except IndexDamaged:
            latest = read_manifest(folder)
            if latest.generation == manifest.generation:
                raise
            # A rebuild came into force, and took the earlier files away, between the manifest and them.
            return cls._open(folder, latest, embedder or open_embedder(latest.embedder))

    @classmethod
    def _open(cls, folder: Path, manifest: Manifest, embedder: Embedder) -> Searcher:
        if manifest.embedder_digest != embedder.digest:
            raise IndexDamaged(
                f"The index in {folder} was built with another embedder ({manifest.embedder}) than "
                f"the one in use ({embedder.name}): {REBUILD}."
            )
        check_files(folder, manifest)
        vectors = _read_vectors(folder, manifest)
        # The embedder loads on its first text: here, in whichever thread opens, not at the first question.
        if embedder.embed(["1"]).shape[1] != manifest.dimension:
            raise IndexDamaged(f"The index in {folder} does not match its manifest: {REBUILD}.")
        return cls(folder, manifest, embedder, vectors, _open_documents(folder, manifest))

    def search(self, problem: str, k: int = 5, *, derivation: str = "") -> list[Example]:
        """The `k` worked problems near this one, best first, each whole and at most once.

        What is near enough to be shown (`near_from`) comes first, by meaning and by its quantities (reranking.py).
        Retellings of one problem with the same numbers count as one, and variety decides among what is equally near
        (choice.py). With a `derivation`, a program of assignments that solves the problem, those come first whose
        solutions calculate the same (structure.py), then those that calculate something like it; one that cannot be
        read changes nothing. The very problem, where the corpus has it, is marked `verbatim`; `why` says what speaks
        for each.

        Raises BadInput for an empty problem or a `k` out of bounds, IndexDamaged where the documents turn
        out to be unreadable.
        """
        if not problem.strip():
            raise BadInput("There is no problem to look for: write one.")
        if not 1 <= k <= MAX_RESULTS:
            raise BadInput(f"{k} results cannot be shown: ask for 1 to {MAX_RESULTS}.")
        problem = problem[:MAX_QUERY_CHARS]
        query = self.embedder.embed([problem])
        try:
            return self.choose(problem, query, k, derivation)
        except sqlite3.Error as damage:
            raise self._damaged(damage) from None

    @cached_property
    def near_from(self) -> float:
        """The similarity from which on a neighbour is worth showing, with this index's embedder."""
        return near_from(self.manifest.embedder, self._vectors)

    def close(self) -> None:
        self._documents.close()

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _candidates(self, query: NDArray[np.float32], wanted: int) -> list[Near]:
        """The nearest records; a long problem counts once, with its nearest part."""
        wanted, total = min(wanted, self.manifest.records), self.manifest.vectors
        asked = min(wanted + 8, total)
        while True:
            similarities, numbers, rows = self._vectors.search_and_reconstruct(query, asked)
            hits = [n for n, number in enumerate(numbers[0]) if number >= 0]  # -1: the cells probed hold no more
            owners = self._documents.owners([int(numbers[0, n]) for n in hits])
            found: dict[int, Near] = {}
            for n in hits:
                record = owners.get(int(numbers[0, n]))
                if record is None:
                    raise self._damaged("a vector without a record")
                similarity = max(-1.0, min(1.0, float(similarities[0, n])))
                found.setdefault(record, (record, similarity, rows[0, n]))
            if len(found) >= wanted or asked == total or len(hits) < asked:
                return list(found.values())[:wanted]
            asked = min(2 * asked, total)

    def choose(self, problem: str, query: NDArray[np.float32], k: int, derivation: str = "") -> list[Example]:
        """What `search` shows for a problem whose vector, as a row, is `query`. Raises sqlite3.Error on damage."""
        wanted = max(CANDIDATES_A_RESULT * k, CANDIDATES_AT_LEAST)
        derived = structure_of_program(problem, derivation) if derivation.strip() else None
        structure = derived[0] if derived and derived[0].operations else None
        near = self._candidates(query, wanted if structure is None else max(wanted, CANDIDATES_FOR_STRUCTURE))
        if structure is not None:
            known = {record for record, *_ in near}
            near += [one for one in self._same_structure(query, structure, wanted) if one[0] not in known]
        very_problem = self._documents.very_problem(problem)
        records = self._documents.records([record for record, *_ in near])
        if len(records) < len(near):
            raise self._damaged("a vector without a record")
        if very_problem is not None and very_problem not in records:
            # An inexact index may have missed it, or its punctuation moved it.
            records |= self._documents.records([very_problem])
            vector = self.embedder.embed([records[very_problem].problem])[0]
            near.append((very_problem, min(1.0, float(query[0] @ vector)), vector))
        alike = self._alike(structure, list(records)) if structure is not None else {}
        most = max(CANDIDATES_A_RESULT * k, CHOSEN_FROM_AT_LEAST)
        candidates = self._best(problem, near, records, alike, very_problem, most)
        asked = wording(problem)
        nearest = max(similarity for _, similarity, _ in near)
        examples = []
        for choice in choose(candidates, k):
            found = choice.candidate
            same = found.record == very_problem
            examples.append(
                Example(
                    **asdict(records[found.record]),
                    similarity=found.similarity,
                    verbatim=same,
                    likeness=found.likeness,
                    why=why(asked, choice, nearest=found.similarity == nearest, very_problem=same),
                )
            )
        return examples

    def _best(
        self,
        problem: str,
        near: Sequence[Near],
        records: Mapping[int, Record],
        alike: Mapping[int, tuple[float, str]],
        very_problem: int | None,
        most: int,
    ) -> list[Candidate]:
        """At most `most` candidates, best first, the very problem before all: by meaning and quantities, what is near
        enough before what is not; where a calculation is known, by how much of it they share, however near."""
        own = quantities(problem)
        told = {record: quantities(records[record].problem) for record, *_ in near}
        placings = standings([similarity for _, similarity, _ in near], kinship(own, list(told.values())))
        behind = 0.0 if alike else NOT_NEAR  # where a calculation is known, that decides
        standing = {
            record: placing
            - behind * (similarity < self.near_from)
            + STRUCTURE_COUNTS * alike.get(record, (0.0, ""))[0]
            for (record, similarity, _), placing in zip(near, placings, strict=True)
        }
        best = sorted(near, key=lambda one: (one[0] != very_problem, -standing[one[0]]))[:most]
        return [
            Candidate(
                record,
                similarity,
                vector,
                wording(records[record].problem),
                standing[record],
                *alike.get(record, (0.0, "")),
                same_quantities=(told[record].kinds, told[record].asked) == (own.kinds, own.asked),
            )
            for record, similarity, vector in best
        ]

    def _same_structure(self, query: NDArray[np.float32], structure: Structure, wanted: int) -> list[Near]:
        """The records that calculate exactly this, nearest in meaning first."""
        numbers = self._documents.vectors_of_structure(structure.signature, SAME_STRUCTURE_READ)
        owners = self._documents.owners(numbers)
        rows = reconstruct(self._vectors, numbers)
        found: dict[int, Near] = {}
        for number, row, similarity in sorted(
            zip(numbers, rows, rows @ query[0], strict=True), key=lambda one: -one[2]
        ):
            record = owners[number]
            found.setdefault(record, (record, max(-1.0, min(1.0, float(similarity))), row))
        return list(found.values())[:wanted]

    def _alike(self, structure: Structure, records: list[int]) -> dict[int, tuple[float, str]]:
        """By record, how alike its solution's structure is to this one, and that structure to be read."""
        found = {}
        for record, signature in self._documents.structures(records).items():
            if signature:
                try:
                    own = parse_signature(signature)
                except ValueError:
                    raise self._damaged("a structure that cannot be read") from None
                alike = likeness(structure, own)
                found[record] = alike, describe(own) if alike >= SIMILAR_CALCULATION else ""
        return found

    def _damaged(self, what: object) -> IndexDamaged:
        return IndexDamaged(f"The index in {self._folder} is damaged ({what}): {REBUILD}.")


def _read_vectors(folder: Path, manifest: Manifest) -> Any:
    import faiss

    file = folder / manifest.generation / VECTORS
    try:
        vectors = read(file)
    except (RuntimeError, MemoryError):
        raise IndexDamaged(f"The index's file {file} is damaged: {REBUILD}.") from None
    if (vectors.ntotal, vectors.d, vectors.metric_type) != (
        manifest.vectors,
        manifest.dimension,
        faiss.METRIC_INNER_PRODUCT,
    ):
        raise IndexDamaged(f"The index's file {file} does not match its manifest: {REBUILD}.")
    make_addressable(vectors)
    return vectors


def _open_documents(folder: Path, manifest: Manifest) -> Documents:
    file = folder / manifest.generation / DOCUMENTS
    try:
        documents = Documents(file)
    except sqlite3.Error:
        raise IndexDamaged(f"The index's file {file} is damaged: {REBUILD}.") from None
    if documents.counts != (manifest.records, manifest.vectors):
        documents.close()
        raise IndexDamaged(f"The index's file {file} does not match its manifest: {REBUILD}.")
    return documents
