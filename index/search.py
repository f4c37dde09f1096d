"""Finds worked problems near a student's problem in an index folder, for the tutor and the command line."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.domain import Example
from agent.errors import BadInput, IndexDamaged
from index.embedder import Embedder, open_embedder
from index.manifest import DOCUMENTS, REBUILD, VECTORS, Manifest, check_files, read_manifest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_RESULTS = 100
MAX_QUERY_CHARS = 16_000


class Searcher:
    """An open index. Many threads may search at once; a rebuild of the folder does not disturb it."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        embedder: Embedder,
        vectors: Any,
        documents: sqlite3.Connection,
    ) -> None:
        self.manifest = manifest
        self.embedder = embedder
        self._folder = folder
        self._vectors = vectors
        self._documents = documents
        self._reading = threading.Lock()

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

    def search(self, problem: str, k: int = 5) -> list[Example]:
        """The `k` worked problems nearest to this one, nearest first, each at most once.

        Raises BadInput for an empty problem or a `k` out of bounds, IndexDamaged where the documents turn
        out to be unreadable.
        """
        if not problem.strip():
            raise BadInput("There is no problem to look for: write one.")
        if not 1 <= k <= MAX_RESULTS:
            raise BadInput(f"{k} results cannot be shown: ask for 1 to {MAX_RESULTS}.")
        query = self.embedder.embed([problem[:MAX_QUERY_CHARS]])
        nearest = self._nearest(query, k)
        with self._reading:
            try:
                return [self._example(record, similarity) for record, similarity in nearest]
            except sqlite3.Error as damage:
                raise self._damaged(damage) from None

    def close(self) -> None:
        with self._reading:
            self._documents.close()

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _nearest(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """(record, cosine) of the k nearest records; a long problem counts once, with its nearest part."""
        wanted, total = min(k, self.manifest.records), self.manifest.vectors
        asked = min(2 * k, total)
        while True:
            similarities, numbers = self._vectors.search(query, asked)
            found: dict[int, float] = {}
            for number, similarity in zip(numbers[0].tolist(), similarities[0].tolist(), strict=True):
                found.setdefault(self._record_of(number), max(-1.0, min(1.0, similarity)))
            if len(found) >= wanted or asked == total:
                return list(found.items())[:k]
            asked = min(2 * asked, total)

    def _record_of(self, vector: int) -> int:
        with self._reading:
            try:
                row = self._documents.execute("SELECT record FROM vectors WHERE id = ?", (vector,)).fetchone()
            except sqlite3.Error as damage:
                raise self._damaged(damage) from None
        if row is None:
            raise self._damaged("a vector without a record")
        return int(row[0])

    def _example(self, record: int, similarity: float) -> Example:
        row = self._documents.execute(
            "SELECT problem, solution, answer, source, row, licence, method FROM records WHERE id = ?",
            (record,),
        ).fetchone()
        if row is None:
            raise self._damaged("a vector without a record")
        problem, solution, answer, source, number, licence, method = row
        return Example(
            problem=problem,
            solution=solution,
            answer=answer,
            source=source,
            row=number,
            licence=licence,
            method=method,
            similarity=similarity,
        )

    def _damaged(self, what: object) -> IndexDamaged:
        return IndexDamaged(f"The index in {self._folder} is damaged ({what}): {REBUILD}.")


def _read_vectors(folder: Path, manifest: Manifest) -> Any:
    import faiss

    file = folder / manifest.generation / VECTORS
    try:
        vectors = faiss.read_index(str(file))
    except (RuntimeError, MemoryError):
        raise IndexDamaged(f"The index's file {file} is damaged: {REBUILD}.") from None
    if (vectors.ntotal, vectors.d, vectors.metric_type) != (
        manifest.vectors,
        manifest.dimension,
        faiss.METRIC_INNER_PRODUCT,
    ):
        raise IndexDamaged(f"The index's file {file} does not match its manifest: {REBUILD}.")
    return vectors


def _open_documents(folder: Path, manifest: Manifest) -> sqlite3.Connection:
    file = folder / manifest.generation / DOCUMENTS
    try:
        # Immutable: the file is never written once in force, so no lock is needed and none is taken.
        documents = sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        (records,) = documents.execute("SELECT count(*) FROM records").fetchone()
        (vectors,) = documents.execute("SELECT count(*) FROM vectors").fetchone()
    except sqlite3.Error:
        raise IndexDamaged(f"The index's file {file} is damaged: {REBUILD}.") from None
    if (records, vectors) != (manifest.records, manifest.vectors):
        documents.close()
        raise IndexDamaged(f"The index's file {file} does not match its manifest: {REBUILD}.")
    return documents
