"""The worked problems of an index in SQLite: written while a generation is drafted, read-only once it is in force."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from index.corpus import Record
from index.sameness import mark_of
from index.structure import signature_of

_SCHEMA = """
CREATE TABLE records (
    id INTEGER PRIMARY KEY, problem TEXT NOT NULL, solution TEXT NOT NULL, answer TEXT NOT NULL,
    source TEXT NOT NULL, row INTEGER NOT NULL, licence TEXT NOT NULL, method TEXT NOT NULL,
    mark BLOB NOT NULL UNIQUE, structure TEXT NOT NULL
);
CREATE INDEX same_structure ON records (structure) WHERE structure <> '';
CREATE TABLE vectors (id INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES records (id));
CREATE INDEX vectors_of_record ON vectors (record);
CREATE TABLE progress (taken INTEGER NOT NULL, duplicates INTEGER NOT NULL, stored INTEGER NOT NULL);
INSERT INTO progress VALUES (0, 0, 0);
"""
_COLUMNS = "problem, solution, answer, source, row, licence, method"
_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a draft has come: records taken from the source, how many of them were duplicates, and how many
    vectors of the draft's file belong to the rest."""

    taken: int
    duplicates: int
    stored: int


class DraftDocuments:
    """The documents of a generation that is being written. Not for several threads."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        if not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")

    def close(self) -> None:
        self._connection.close()

    def start_over_counting(self) -> None:
        """Count progress from nothing again: these documents are a copy that a new source is added to."""
        self._connection.execute("UPDATE progress SET taken = 0, duplicates = 0, stored = 0")

    def progress(self) -> Progress:
        return Progress(*self._connection.execute("SELECT taken, duplicates, stored FROM progress").fetchone())

    def without_duplicates(self, records: Sequence[Record]) -> list[tuple[bytes, Record]]:
        """The records whose problem is neither here already nor earlier among them, each with its mark."""
        marked: dict[bytes, Record] = {}
        for record in records:
            marked.setdefault(mark_of(record.problem), record)
        for known in self._chosen("SELECT mark FROM records WHERE mark IN", list(marked)):
            del marked[known[0]]
        return list(marked.items())

    def store(self, kept: Sequence[tuple[bytes, Record]], parts: Sequence[int], progress: Progress) -> None:
        """Add these records, the n-th with `parts[n]` vectors, and the progress made, all or nothing."""
        record = self._next("records")
        vector = self._next("vectors")
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (record + n, *astuple(one), mark, signature_of(one.problem, one.solution))
                    for n, (mark, one) in enumerate(kept)
                ),
            )
            owners = (record + n for n, count in enumerate(parts) for _ in range(count))
            self._connection.executemany(
                "INSERT INTO vectors VALUES (?, ?)", ((vector + n, owner) for n, owner in enumerate(owners))
            )
            self._connection.execute("UPDATE progress SET taken = ?, duplicates = ?, stored = ?", astuple(progress))

    def delete(self, source: str, rows: Sequence[int]) -> list[int]:
        """Remove a source's records, or those of its rows alone; returns the vectors that belonged to them."""
        found = self._connection.execute("SELECT id, row FROM records WHERE source = ?", (source,)).fetchall()
        wanted = set(rows)
        records = [record for record, row in found if not rows or row in wanted]
        vectors = [number for (number,) in self._chosen("SELECT id FROM vectors WHERE record IN", records)]
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("DELETE FROM vectors WHERE id = ?", ((number,) for number in vectors))
            self._connection.executemany("DELETE FROM records WHERE id = ?", ((record,) for record in records))
        return vectors

    def compact(self) -> None:
        """Rewrite the file without what was deleted, so that its text is gone from the disk too."""
        self._connection.execute("VACUUM")

    def counts(self) -> tuple[int, int]:
        """How many records and how many vectors there are."""
        return _counts(self._connection)

    def sources(self) -> list[tuple[str, str, int]]:
        """(source, licence, records) in the order in which they came in."""
        grouped = "SELECT source, licence, count(*) FROM records GROUP BY source, licence ORDER BY min(id)"
        return [(str(s), str(licence), int(n)) for s, licence, n in self._connection.execute(grouped)]

    def newest_vectors(self, count: int) -> int:
        """The number of the first of the `count` vectors that were added last."""
        return self._next("vectors") - count

    def digest(self) -> str:
        """A hash of all records in their order."""
        corpus = hashlib.sha256()
        for row in self._connection.execute(f"SELECT {_COLUMNS} FROM records ORDER BY id"):  # noqa: S608, a constant
            corpus.update("\x1f".join(map(str, row)).encode() + b"\x1e")
        return corpus.hexdigest()

    def _next(self, table: str) -> int:
        (last,) = self._connection.execute(f"SELECT max(id) FROM {table}").fetchone()  # noqa: S608, two constants
        return 0 if last is None else int(last) + 1

    def _chosen(self, query: str, values: Sequence[object]) -> Iterator[Any]:
        yield from _chosen(self._connection, query, values)


class Documents:
    """The documents of a generation in force: one connection, read by many threads in turn.

    Opening raises sqlite3.Error where the file is no such database; so does every method where a part of it
    turns out to be damaged.
    """

    def __init__(self, file: Path) -> None:
        # Immutable: the file is never written once in force, so no lock is needed and none is taken.
        self._connection = sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        self._reading = threading.Lock()
        # Also where nobody closes it: a searcher that was replaced is let go while others may still read in it.
        self._closing = weakref.finalize(self, self._connection.close)
        try:
            self.counts = _counts(self._connection)
        except sqlite3.Error:
            self._closing()
            raise

    def close(self) -> None:
        with self._reading:
            self._closing()

    def owners(self, vectors: Sequence[int]) -> dict[int, int]:
        """The record of each vector; a vector without a record is left out."""
        with self._reading:
            return dict(_chosen(self._connection, "SELECT id, record FROM vectors WHERE id IN", vectors))

    def records(self, numbers: Sequence[int]) -> dict[int, Record]:
        """The records of these numbers; one that is not there is left out."""
        with self._reading:
            rows = _chosen(self._connection, f"SELECT id, {_COLUMNS} FROM records WHERE id IN", numbers)  # noqa: S608
            return {number: Record(*fields) for number, *fields in rows}

    def structures(self, numbers: Sequence[int]) -> dict[int, str]:
        """The signatures of these records' solutions, "" where none could be read."""
        with self._reading:
            return dict(_chosen(self._connection, "SELECT id, structure FROM records WHERE id IN", numbers))

    def vectors_of_structure(self, signature: str, most: int) -> list[int]:
        """The vectors of at most `most` records with this signature, as they came in."""
        query = (
            "SELECT id FROM vectors WHERE record IN (SELECT id FROM records WHERE structure = ? AND structure <> '' "
            "ORDER BY id LIMIT ?) ORDER BY id"
        )
        with self._reading:
            return [int(number) for (number,) in self._connection.execute(query, (signature, most))]

    def very_problem(self, problem: str) -> int | None:
        """The record whose problem is this one up to case, white space and punctuation."""
        with self._reading:
            query = "SELECT id FROM records WHERE mark = ?"
            row = self._connection.execute(query, (mark_of(problem),)).fetchone()
        return None if row is None else int(row[0])


def _counts(connection: sqlite3.Connection) -> tuple[int, int]:
    (records,) = connection.execute("SELECT count(*) FROM records").fetchone()
    (vectors,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    return int(records), int(vectors)


def _chosen(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> Iterator[Any]:
    """The rows of `query … IN (values)`, asked for in portions that SQLite accepts."""
    for start in range(0, len(values), _ASKED_AT_ONCE):
        portion = values[start : start + _ASKED_AT_ONCE]
        yield from connection.execute(f"{query} ({', '.join('?' * len(portion))})", tuple(portion))
