"""Builds, extends and cuts back an index folder: vectors for FAISS, documents in SQLite, a manifest over both.

Every change is drafted as a generation of its own and put in force at its end (generations.py). While a draft is
written, a batch's vectors reach the disk before its documents, and the documents say how many vectors count: what a
killed process leaves is whole up to its last batch, and the same command goes on from there.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from agent.errors import BadInput, IndexDamaged, IndexMissing
from index import vectors
from index.corpus import Record
from index.documents import Progress as Made
from index.embedder import Embedder
from index.generations import Draft, draft, only_writer, put_in_force
from index.manifest import (
    DOCUMENTS,
    FORMAT_VERSION,
    METRIC,
    REBUILD,
    VECTORS,
    IndexFile,
    Manifest,
    Source,
    check_files,
    file_sha256,
    is_former_starter,
    read_manifest,
)

logger = logging.getLogger(__name__)

# (done, in all or None where that is not known yet)
Progress = Callable[[int, int | None], None]

BATCH_RECORDS = 128
# How long a tutor that starts waits for another process to build the index.
PATIENCE_SECONDS = 600
CHUNK_OVERLAP_PIECES = 32
SPLITTER = f"RecursiveCharacterTextSplitter, overlap {CHUNK_OVERLAP_PIECES} word pieces"


def build_index(
    records: Iterable[Record],
    embedder: Embedder,
    folder: Path,
    *,
    progress: Progress | None = None,
    placing: Progress | None = None,
    starter: str = "",
    resume_key: str = "",
) -> Manifest:
    """Build the index of these records in `folder` and put it in force; returns its manifest.

    Records whose problems differ in case, white space and punctuation alone collapse into the first of them.
    `progress` is called after every batch of records, `placing` while the vectors enter the FAISS index. `starter`
    marks the starter corpus by its digest. With a `resume_key`, which must stand for these very records in this
    order, a build that was stopped or killed is taken up where it was. Raises BadInput where there is no record or
    another process is changing the index, StorageFailed where the disk refuses.
    """
    with only_writer(folder):
        return _build(records, embedder, folder, progress, placing, starter, resume_key)


def add_records(
    records: Iterable[Record],
    embedder: Embedder,
    folder: Path,
    *,
    progress: Progress | None = None,
    placing: Progress | None = None,
    resume_key: str = "",
) -> Manifest:
    """Add records to the index in `folder`, embedding no others, and put the result in force; returns its manifest.

    Raises IndexMissing or IndexDamaged where there is no whole index of this embedder, else as `build_index`.
    """
    with only_writer(folder):
        base = read_manifest(folder)
        if base.embedder_digest != embedder.digest:
            raise IndexDamaged(f"The index in {folder} was built with another embedder ({base.embedder}): {REBUILD}.")
        check_files(folder, base)
        key = f"{resume_key}/{base.generation}" if resume_key else ""
        with draft(folder, base.dimension, key, base) as new:
            _take_in(records, embedder, new, progress)
            return _finish(folder, new, base, placing)


def delete_records(folder: Path, source: str, rows: Sequence[int] = ()) -> Manifest:
    """Remove a source's records, or those of its rows alone, and put the result in force; returns its manifest.

    Raises BadInput where none is there or none would be left, else as `add_records`.
    """
    with only_writer(folder):
        base = read_manifest(folder)
        check_files(folder, base)
        with draft(folder, base.dimension, "", base) as new:
            gone = new.documents.delete(source, rows)
            if not gone:
                known = ", ".join(one.name for one in base.sources[:10])
                what = f"rows {', '.join(map(str, rows[:10]))} of {source}" if rows else f"source {source}"
                raise BadInput(f"The index has no {what}: `mathlearn index info` names its sources ({known}).")
            if not new.documents.counts()[0]:
                raise BadInput("That would leave nothing in the index: build another one instead.")
            new.documents.compact()
            index = vectors.shrink(_read_vectors(folder, base), gone)
            return _seal(folder, new, base, index, base.duplicates)


def ensure_starter_index(folder: Path, embedder: Embedder, progress: Progress | None = None) -> Path:
    """Build the starter index where none is there, or an outdated or damaged starter; returns `folder`.

    An index of the user's own corpus is left alone, whatever its state: opening it says what is wrong.
    Costs a few milliseconds where nothing is to be done; waits where another process is building an index here.
    """
    from index.families.corpus import starter_digest, starter_records

    digest = starter_digest()
    if _is_outdated_starter(folder, embedder, digest):
        if progress:
            progress(0, None)
        with only_writer(folder, patience=PATIENCE_SECONDS):
            if _is_outdated_starter(folder, embedder, digest):
                key = _key("starter", digest, embedder.digest)
                _build(list(starter_records()), embedder, folder, progress, None, digest, key)
    return folder


def resume_key(corpus_digest: str, embedder: Embedder) -> str:
    """What must be equal for a stopped build to be taken up: the source, the embedder and the way of cutting."""
    return _key(corpus_digest, embedder.digest, SPLITTER)


def _is_outdated_starter(folder: Path, embedder: Embedder, digest: str) -> bool:
    try:
        found = read_manifest(folder)
    except IndexMissing:
        return True
    except IndexDamaged:
        return is_former_starter(folder)
    current = found.starter == digest and found.embedder_digest == embedder.digest
    return bool(found.starter) and not (current and _files_present(folder, found))


def _build(
    records: Iterable[Record],
    embedder: Embedder,
    folder: Path,
    progress: Progress | None,
    placing: Progress | None,
    starter: str,
    key: str,
) -> Manifest:
    base = Manifest(
        format=FORMAT_VERSION,
        generation="",
        created="",
        embedder=embedder.name,
        embedder_digest=embedder.digest,
        dimension=embedder.dimension,
        metric=METRIC,
        kind="",
        records=0,
        vectors=0,
        duplicates=0,
        corpus_digest="",
        starter=starter,
        splitter=f"{SPLITTER}, chunks of {embedder.capacity}",
        sources=(),
        files=(),
    )
    with draft(folder, base.dimension, key) as new:
        _take_in(records, embedder, new, progress)
        if not new.documents.counts()[0]:
            new.worth_keeping = False
            raise BadInput("There is no worked problem to index: give a file with usable rows.")
        return _finish(folder, new, base, placing)


def _take_in(records: Iterable[Record], embedder: Embedder, new: Draft, progress: Progress | None) -> None:
    """Store the records that the draft has not taken yet, with their vectors."""
    total = len(records) if isinstance(records, Sized) else None
    made = new.documents.progress()
    if made.taken:
        logger.info("going on after %d records", made.taken)
    for batch in _batches(islice(records, made.taken, None), BATCH_RECORDS):
        kept = new.documents.without_duplicates(batch)
        chunks = [_chunks(record, embedder) for _, record in kept]
        if kept:
            new.vectors.append(embedder.embed([chunk for parts in chunks for chunk in parts]))
        made = Made(
            taken=made.taken + len(batch),
            duplicates=made.duplicates + len(batch) - len(kept),
            stored=made.stored + sum(map(len, chunks)),
        )
        new.documents.store(kept, [len(parts) for parts in chunks], made)
        if progress:
            progress(made.taken, total)


def _finish(folder: Path, new: Draft, base: Manifest, placing: Progress | None) -> Manifest:
    """Put the draft's vectors into FAISS, beside those of the base where it has any, and the whole in force."""
    made = new.documents.progress()
    first = new.documents.newest_vectors(made.stored)

    def portions() -> Iterator[tuple[Any, Any]]:
        return new.vectors.portions(made.stored, first)

    def placed(done: int, total: int) -> None:
        if placing:
            placing(done, total)

    if base.vectors:
        index = vectors.grow(_read_vectors(folder, base), made.stored, portions, placed)
    else:
        index = vectors.build(base.dimension, made.stored, portions, placed)
    return _seal(folder, new, base, index, base.duplicates + made.duplicates)


def _seal(folder: Path, new: Draft, base: Manifest, index: Any, duplicates: int) -> Manifest:
    vectors.write(index, new.folder / VECTORS)
    records, numbers = new.documents.counts()
    digest, sources = new.documents.digest(), new.documents.sources()
    new.documents.close()
    manifest = Manifest(
        format=FORMAT_VERSION,
        generation=new.generation,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        embedder=base.embedder,
        embedder_digest=base.embedder_digest,
        dimension=base.dimension,
        metric=base.metric,
        kind=vectors.kind_of(index).description,
        records=records,
        vectors=numbers,
        duplicates=duplicates,
        corpus_digest=digest,
        # An index that was added to or cut back is the user's own.
        starter=base.starter if not base.generation else "",
        splitter=base.splitter,
        sources=tuple(Source(*source) for source in sources),
        files=tuple(
            IndexFile(name, (new.folder / name).stat().st_size, file_sha256(new.folder / name))
            for name in (VECTORS, DOCUMENTS)
        ),
    )
    put_in_force(folder, new, manifest)
    return manifest


def _read_vectors(folder: Path, manifest: Manifest) -> Any:
    file = folder / manifest.generation / VECTORS
    try:
        return vectors.read(file)
    except (RuntimeError, MemoryError):
        raise IndexDamaged(f"The index's file {file} is damaged: {REBUILD}.") from None


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


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join((str(FORMAT_VERSION), *parts)).encode()).hexdigest()


def _files_present(folder: Path, manifest: Manifest) -> bool:
    """Whether the files have their recorded sizes: cheap enough for every start."""
    try:
        return all((folder / manifest.generation / file.name).stat().st_size == file.size for file in manifest.files)
    except OSError:
        return False
