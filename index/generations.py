"""The generations of an index folder: one in force, at most one writer, drafts that outlive their process.

A draft is the folder of a generation that the manifest does not name yet. Replacing the manifest puts it in force
in one step, so that a reader finds the old index or the new one, and a stopped writer leaves the old one.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import BadInput, IndexDamaged, IndexMissing, StorageFailed
from index.documents import DraftDocuments
from index.manifest import DOCUMENTS, MANIFEST, Manifest, read_manifest, write_manifest
from index.vectors import VectorFile

logger = logging.getLogger(__name__)

LOCK = ".lock"
DRAFT_KEY = "draft.json"
DRAFT_VECTORS = "vectors.f16"
# An unfinished draft is kept this long for the command that began it to go on from.
STALE_SECONDS = 7 * 24 * 3600


class Draft:
    """A generation on its way: documents and vectors that are on the disk as far as `documents.progress()` says."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self.folder = folder
        # Whether it is to stay for the next time when this process leaves it unfinished.
        self.worth_keeping = True
        self.documents = DraftDocuments(folder / DOCUMENTS)
        self.vectors = VectorFile(folder / DRAFT_VECTORS, dimension)
        try:
            self.vectors.cut_to(self.documents.progress().stored)
        except BaseException:
            self.documents.close()
            raise

    @property
    def generation(self) -> str:
        return self.folder.name


@contextmanager
def only_writer(folder: Path, *, patience: float = 0) -> Iterator[None]:
    """Hold the folder's lock, which a killed process gives back.

    Raises BadInput where another process holds it and goes on to for `patience` seconds, StorageFailed where the
    disk refuses, inside the block too.
    """
    from filelock import FileLock, Timeout

    with _storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, timeout=patience)
        try:
            lock.acquire()
        except Timeout:
            raise BadInput(
                f"Another process is changing the index in {folder}: try again when it has finished."
            ) from None
        try:
            yield
        finally:
            lock.release()


@contextmanager
def draft(folder: Path, dimension: int, key: str, base: Manifest | None = None) -> Iterator[Draft]:
    """The unfinished draft with this key, else a new one, which begins as a copy of `base`'s documents.

    Left by an exception, a draft with a key stays for the next time; one without a key ("") is removed.
    """
    _remove_abandoned(folder, key)
    opened = _resumed(folder, dimension, key) if key else None
    opened = opened or _begun(folder, dimension, key, base)
    try:
        yield opened
    finally:
        opened.documents.close()
        if not (key and opened.worth_keeping) and opened.generation != in_force(folder):
            shutil.rmtree(opened.folder, ignore_errors=True)


def put_in_force(folder: Path, finished: Draft, manifest: Manifest) -> None:
    """Replace the generation in force by this one, and remove the former."""
    replaced = in_force(folder)
    for file in (*finished.folder.iterdir(), finished.folder):
        _to_disk(file)
    write_manifest(folder, manifest)
    # Only now: killed before, the draft can be taken up again.
    for name in (DRAFT_KEY, DRAFT_VECTORS):
        (finished.folder / name).unlink(missing_ok=True)
    if replaced:
        shutil.rmtree(folder / replaced, ignore_errors=True)


def in_force(folder: Path) -> str:
    """The generation that the manifest names, "" where there is none."""
    try:
        return read_manifest(folder).generation
    except (IndexMissing, IndexDamaged):
        return ""


def _begun(folder: Path, dimension: int, key: str, base: Manifest | None) -> Draft:
    into = folder / secrets.token_hex(8)
    into.mkdir()
    if base is not None:
        shutil.copyfile(folder / base.generation / DOCUMENTS, into / DOCUMENTS)
        copied = DraftDocuments(into / DOCUMENTS)
        copied.start_over_counting()
        copied.close()
    begun = Draft(into, dimension)
    # Last, so that a half copied draft is never taken up again.
    (into / DRAFT_KEY).write_text(json.dumps({"key": key}), encoding="utf-8")
    return begun


def _resumed(folder: Path, dimension: int, key: str) -> Draft | None:
    current = in_force(folder)
    for found in _generations(folder):
        if found.name != current and _key_of(found) == key:
            try:
                return Draft(found, dimension)
            except (OSError, sqlite3.Error) as damage:
                logger.info("beginning again: the draft %s is damaged (%s)", found, damage)
                shutil.rmtree(found, ignore_errors=True)
    return None


def _remove_abandoned(folder: Path, key: str) -> None:
    """Remove what no command will go on with. Only the one writer calls this, so nobody is writing there."""
    current = in_force(folder)
    if not current and (folder / MANIFEST).exists():
        return  # of a damaged index, or one of another version, nothing is thrown away before a new one is there
    for found in _generations(folder):
        if found.name == current:
            continue
        drafted = _key_of(found)
        old = time.time() - found.stat().st_mtime > STALE_SECONDS
        if not drafted or (drafted != key and old):
            logger.info("removing %s, left by an unfinished build", found)
            shutil.rmtree(found, ignore_errors=True)


def _generations(folder: Path) -> list[Path]:
    return [entry for entry in folder.iterdir() if re.fullmatch(r"[0-9a-f]{16}", entry.name) and entry.is_dir()]


def _key_of(generation: Path) -> str:
    try:
        return str(json.loads((generation / DRAFT_KEY).read_bytes())["key"])
    except (OSError, ValueError, TypeError, KeyError):
        return ""


def _to_disk(file: Path) -> None:
    if os.name == "nt":  # where a handle for reading cannot be flushed
        return
    opened = os.open(file, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _storage(folder: Path) -> Iterator[None]:
    """The disk's refusals, whether the system, SQLite or FAISS meets them, as StorageFailed."""
    try:
        yield
    except (OSError, sqlite3.Error) as refusal:
        raise StorageFailed(
            f"The index in {folder} could not be written ({refusal}): check free space and permissions."
        ) from None
