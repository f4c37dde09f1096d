"""What an index folder says of itself: which embedder made it, from what, and which files belong to it.

folder/manifest.json            names the generation in force; replaced in one step by a new build
folder/<generation>/vectors.faiss, documents.sqlite
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agent.errors import IndexDamaged, IndexMissing

FORMAT_VERSION = 3
MANIFEST = "manifest.json"
VECTORS = "vectors.faiss"
DOCUMENTS = "documents.sqlite"
METRIC = "inner product of unit vectors"
MAX_MANIFEST_BYTES = 1_000_000
# Files up to this size are hashed whenever an index is opened (5 ms for the starter index); larger ones
# are held against their recorded size only.
HASHED_AT_OPENING = 64_000_000
REBUILD = "rebuild it with `mathlearn index build`"


@dataclass(frozen=True, slots=True)
class IndexFile:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """A data set that went into the index, under its licence, with how many records came from it."""

    name: str
    licence: str
    records: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`records` problems are found through `vectors` vectors (a long problem has several). `starter` is the
    digest of the generators for the starter corpus, "" for a corpus of the user's own. `kind` says how the vectors
    are searched. `created` is UTC."""

    format: int
    generation: str
    created: str
    embedder: str
    embedder_digest: str
    dimension: int
    metric: str
    kind: str
    records: int
    vectors: int
    duplicates: int
    corpus_digest: str
    starter: str
    splitter: str
    sources: tuple[Source, ...]
    files: tuple[IndexFile, ...]


def read_manifest(folder: Path) -> Manifest:
    """Raises IndexMissing where there is none, IndexDamaged where it cannot be used."""
    file = folder / MANIFEST
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_MANIFEST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(f"There is no index in {folder}: build one with `mathlearn index build`.") from None
    except OSError as refusal:
        raise IndexDamaged(f"The index in {folder} cannot be read ({refusal.strerror}): {REBUILD}.") from None
    try:
        found = json.loads(raw)
        if found["format"] != FORMAT_VERSION:
            raise IndexDamaged(
                f"The index in {folder} was built by another version of Mathlearn "
                f"(format {str(found['format'])[:20]}, here {FORMAT_VERSION}): {REBUILD}."
            )
        return _parse(found)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise IndexDamaged(f"{file} is damaged: {REBUILD}.") from None


def is_former_starter(folder: Path) -> bool:
    """Whether another version of Mathlearn built a starter index here, which may be replaced unasked."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes()[:MAX_MANIFEST_BYTES])
        return found["format"] != FORMAT_VERSION and bool(found["starter"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return False


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in force: a reader sees the old one or the new one, never a part. Raises OSError."""
    draft = folder / f".{manifest.generation}.json"
    try:
        with draft.open("w", encoding="utf-8") as opened:
            json.dump(asdict(manifest), opened, ensure_ascii=False, indent=2)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(folder / MANIFEST)
    finally:
        draft.unlink(missing_ok=True)


def check_files(folder: Path, manifest: Manifest, *, thorough: bool = False) -> None:
    """Hold the files against the manifest; `thorough` hashes the large ones too. Raises IndexDamaged."""
    for expected in manifest.files:
        file = folder / manifest.generation / expected.name
        try:
            size = file.stat().st_size
            hashed = thorough or size <= HASHED_AT_OPENING
            intact = size == expected.size and (not hashed or file_sha256(file) == expected.sha256)
        except OSError as refusal:
            raise IndexDamaged(
                f"The index in {folder} lacks its file {expected.name} ({refusal.strerror}): {REBUILD}."
            ) from None
        if not intact:
            raise IndexDamaged(f"The index's file {file} is damaged: {REBUILD}.")


def file_sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _parse(found: dict[str, Any]) -> Manifest:
    """Raises ValueError, TypeError or KeyError for anything but a manifest that this module wrote."""
    texts = ("created", "embedder", "embedder_digest", "metric", "kind", "corpus_digest", "starter", "splitter")
    counts = ("dimension", "records", "vectors", "duplicates")
    if not re.fullmatch(r"[0-9a-f]{16}", found["generation"]):  # it becomes a path
        raise ValueError("generation")
    files = tuple(IndexFile(str(f["name"]), int(f["size"]), str(f["sha256"])) for f in found["files"])
    if {file.name for file in files} != {VECTORS, DOCUMENTS}:
        raise ValueError("files")
    if any(type(found[name]) is not str for name in texts):
        raise TypeError("text")
    if any(type(found[name]) is not int or found[name] < 0 for name in counts):
        raise TypeError("count")
    return Manifest(
        format=FORMAT_VERSION,
        generation=found["generation"],
        sources=tuple(Source(str(s["name"]), str(s["licence"]), int(s["records"])) for s in found["sources"]),
        files=files,
        **{name: found[name] for name in texts + counts},
    )
