"""Builds an index folder from records: vectors for FAISS, documents in SQLite, a manifest over both.

A build writes into a folder of its own inside the index folder and comes into force when the manifest is
replaced, so that a stopped or failed build leaves the earlier index as it was, and readers of that one go on.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from agent.errors import BadInput, IndexDamaged, IndexMissing, StorageFailed
from index.corpus import Record
from index.embedder import Embedder
from index.manifest import (
    DOCUMENTS,
    FORMAT_VERSION,
    METRIC,
    VECTORS,
    IndexFile,
    Manifest,
    Source,
    file_sha256,
    read_manifest,
    write_manifest,
)

logger = logging.getLogger(__name__)

# (records done, records in all or None where that is not known yet)
Progress = Callable[[int, int | None], None]

BATCH_RECORDS = 64
CHUNK_OVERLAP_PIECES = 32
SPLITTER = f"RecursiveCharacterTextSplitter, overlap {CHUNK_OVERLAP_PIECES} word pieces"
STALE_SECONDS = 24 * 3600

SCHEMA = """
CREATE TABLE records (
    id INTEGER PRIMARY KEY, problem TEXT NOT NULL, solution TEXT NOT NULL, answer TEXT NOT NULL,
    source TEXT NOT NULL, row INTEGER NOT NULL, licence TEXT NOT NULL, method TEXT NOT NULL
);
CREATE TABLE vectors (id INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES records (id));
"""


def build_index(
    records: Iterable[Record],
    embedder: Embedder,
    folder: Path,
    *,
    progress: Progress | None = None,
    starter: str = "",
) -> Manifest:
    """Build the index of these records in `folder` and put it in force; returns its manifest.

    Records whose problems differ in case and white space alone collapse into the first of them. `progress`
    is called after every batch. `starter` marks the starter corpus by its digest. Raises BadInput where
    there is no record, StorageFailed where the disk refuses.
    """
    with _storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
        generation = secrets.token_hex(8)
        building = folder / f".building-{generation}"
        building.mkdir()
        try:
            tally = _write_files(records, embedder, building, progress)
            files = tuple(
                IndexFile(name, (building / name).stat().st_size, file_sha256(building / name))
                for name in (VECTORS, DOCUMENTS)
            )
            manifest = Manifest(
                format=FORMAT_VERSION,
                generation=generation,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                embedder=embedder.name,
                embedder_digest=embedder.digest,
                dimension=embedder.dimension,
                metric=METRIC,
                records=tally.records,
                vectors=tally.vectors,
                duplicates=tally.duplicates,
                corpus_digest=tally.corpus.hexdigest(),
                starter=starter,
                splitter=f"{SPLITTER}, chunks of {embedder.capacity}",
                sources=tuple(Source(*source, count) for source, count in tally.sources.items()),
                files=files,
            )
            _put_in_force(folder, building, manifest)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return manifest


def ensure_starter_index(folder: Path, embedder: Embedder, progress: Progress | None = None) -> Path:
    """Build the starter index where none is there, or an outdated or damaged starter; returns `folder`.

    An index of the user's own corpus is left alone, whatever its state: opening it says what is wrong.
    Costs a few milliseconds where nothing is to be done.
    """
    from index.families.corpus import starter_digest, starter_records

    digest = starter_digest()
    try:
        found = read_manifest(folder)
    except IndexMissing:
        pass
    except IndexDamaged:
        return folder
    else:
        current = found.starter == digest and found.embedder_digest == embedder.digest
        if not found.starter or (current and _files_present(folder, found)):
            return folder
    build_index(list(starter_records()), embedder, folder, progress=progress, starter=digest)
    return folder


@dataclass(slots=True)
class _Tally:
    """What one build has taken in so far."""

    records: int = 0
    vectors: int = 0
    duplicates: int = 0
    corpus: Any = field(default_factory=hashlib.sha256)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)


def _write_files(records: Iterable[Record], embedder: Embedder, building: Path, progress: Progress | None) -> _Tally:
    import faiss

    total = len(records) if isinstance(records, Sized) else None
    tally = _Tally()
    vectors = faiss.IndexFlatIP(embedder.dimension)
    with closing(sqlite3.connect(building / DOCUMENTS)) as documents:
        # Nobody else sees this file until it is whole, so a journal would protect nothing.
        documents.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        for batch in _batches(_distinct(records, tally), BATCH_RECORDS):
            chunks = [(tally.records + n, chunk) for n, r in enumerate(batch) for chunk in _chunks(r, embedder)]
            vectors.add(embedder.embed([chunk for _, chunk in chunks]))
            documents.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((tally.records + n, *astuple(record)) for n, record in enumerate(batch)),
            )
            documents.executemany(
                "INSERT INTO vectors VALUES (?, ?)",
                ((tally.vectors + n, record) for n, (record, _) in enumerate(chunks)),
            )
            for record in batch:
                tally.corpus.update("\x1f".join(map(str, astuple(record))).encode() + b"\x1e")
                tally.sources[record.source, record.licence] += 1
            tally.records += len(batch)
            tally.vectors += len(chunks)
            if progress:
                progress(tally.records + tally.duplicates, total)
        documents.commit()
    if not tally.records:
        raise BadInput("There is no worked problem to index: give a file with usable rows.")
    try:
        faiss.write_index(vectors, str(building / VECTORS))
    except RuntimeError as refusal:  # FAISS knows no other kind
        raise OSError(f"writing {VECTORS} failed") from refusal
    return tally


def _distinct(records: Iterable[Record], tally: _Tally) -> Iterator[Record]:
    seen: set[bytes] = set()
    for record in records:
        plain = " ".join(record.problem.casefold().split())
        mark = hashlib.blake2b(plain.encode(), digest_size=16).digest()
        if mark in seen:
            tally.duplicates += 1
            continue
        seen.add(mark)
        yield record


def _chunks(record: Record, embedder: Embedder) -> list[str]:
    """The problem, cut into overlapping parts only where the embedder would not read all of it."""
    # A word piece is at least one character, and two pieces mark the ends.
    if len(record.problem) <= embedder.capacity - 2:
        return [record.problem]
    if embedder.count_pieces(record.problem) <= embedder.capacity:
        return [record.problem]
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=["\n\n", "\n", ". ", "; ", ", ", " ", ""],
        chunk_size=embedder.capacity,
        chunk_overlap=min(CHUNK_OVERLAP_PIECES, embedder.capacity // 4),
        length_function=embedder.count_pieces,
    )
    return splitter.split_text(record.problem) or [record.problem]


def _batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    while batch := list(islice(records, size)):
        yield batch


def _put_in_force(folder: Path, building: Path, manifest: Manifest) -> None:
    try:
        replaced = read_manifest(folder).generation
    except (IndexMissing, IndexDamaged):
        replaced = ""
    generation = folder / manifest.generation
    building.rename(generation)
    try:
        write_manifest(folder, manifest)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    if replaced:
        shutil.rmtree(folder / replaced, ignore_errors=True)
    _remove_leftovers(folder, manifest.generation)


def _remove_leftovers(folder: Path, in_force: str) -> None:
    """Remove what killed builds left. The young is spared: another process may be building right now."""
    for entry in folder.iterdir():
        name = entry.name.removeprefix(".building-")
        ours = len(name) == 16 and set(name) <= set("0123456789abcdef")
        if ours and name != in_force and time.time() - entry.stat().st_mtime > STALE_SECONDS:
            logger.info("removing %s, left by an unfinished build", entry)
            shutil.rmtree(entry, ignore_errors=True)


def _files_present(folder: Path, manifest: Manifest) -> bool:
    """Whether the files have their recorded sizes: cheap enough for every start."""
    try:
        return all((folder / manifest.generation / file.name).stat().st_size == file.size for file in manifest.files)
    except OSError:
        return False


@contextmanager
def _storage(folder: Path) -> Iterator[None]:
    """The disk's refusals, whether the system, SQLite or FAISS meets them, as StorageFailed."""
    try:
        yield
    except (OSError, sqlite3.Error) as refusal:
        raise StorageFailed(
            f"The index in {folder} could not be written ({refusal}): check free space and permissions."
        ) from None
