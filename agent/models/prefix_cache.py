"""Evaluated prompt beginnings on disk, so that a new process need not evaluate them again. Serves slots.py.

A file holds the attention state of one prefix as llama.cpp's server writes it (about 28 MB for 900 tokens
of a 1.5B model). Its name is `<key>-<digest>.kv`: the key stands for the model, adapter, context size,
library version and the prefix itself; the digest for the content, so that a damaged file is found out.
The files hold prompts, so only their owner may read them.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

LIMIT_FILES = 24
LIMIT_BYTES = 1_000_000_000


class PrefixCache:
    """Prefixes of one model's server, in `folder`, which is that server's slot_save_path.

    `post(path, body)` sends a request to the server and returns its answer; it raises OSError where the
    server refuses. Nothing here is fatal: what cannot be kept or restored is evaluated instead.
    """

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        post: Callable[[str, Mapping[str, Any]], Mapping[str, Any]],
        *,
        limit_files: int = LIMIT_FILES,
        limit_bytes: int = LIMIT_BYTES,
    ) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._post = post
        self._limit_files = limit_files
        self._limit_bytes = limit_bytes

    def holds(self, prefix: str) -> bool:
        return self._newest(prefix) is not None

    def restore(self, slot: int, prefix: str) -> bool:
        """Bring the kept state of `prefix` into a slot. False where there is none; a damaged one goes."""
        file = self._newest(prefix)
        if file is None:
            return False
        try:
            if _digest(file) == file.stem.rpartition("-")[2]:
                self._post(f"/slots/{slot}?action=restore", {"filename": file.name})
                os.utime(file)
                return True
            log.warning("the kept prompt beginning %s is damaged and is thrown away", file.name)
        except OSError as refused:
            log.warning("the kept prompt beginning %s is not usable (%s)", file.name, refused)
        with contextlib.suppress(OSError):
            file.unlink()
        return False

    def save(self, slot: int, prefix: str) -> bool:
        """Keep the state of a slot that holds `prefix` and little else. False where the disk refuses."""
        draft = self._folder / f"draft-{secrets.token_hex(8)}"
        try:
            saved = self._post(f"/slots/{slot}?action=save", {"filename": draft.name})
            if saved.get("n_written") != draft.stat().st_size:
                raise OSError("the disk holds fewer bytes than the server wrote")
            draft.chmod(0o600)
            with draft.open("rb+") as written:
                os.fsync(written.fileno())
            draft.replace(self._folder / f"{self._key(prefix)}-{_digest(draft)}.kv")
        except OSError as refused:
            log.warning("a prompt beginning could not be kept (%s)", refused)
            with contextlib.suppress(OSError):
                draft.unlink()
            return False
        self._forget_oldest()
        return True

    def _key(self, prefix: str) -> str:
        return hashlib.sha256(f"{self._fingerprint}\0{prefix}".encode()).hexdigest()[:32]

    def _newest(self, prefix: str) -> Path | None:
        files = sorted(self._folder.glob(f"{self._key(prefix)}-*.kv"), key=_last_use)
        return files[-1] if files else None

    def _forget_oldest(self) -> None:
        total = 0
        newest_first = sorted(self._folder.glob("*.kv"), key=_last_use, reverse=True)
        for count, file in enumerate(newest_first, start=1):
            with contextlib.suppress(OSError):
                total += file.stat().st_size
                if count > 1 and (count > self._limit_files or total > self._limit_bytes):
                    file.unlink()


def _last_use(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another process has just forgotten it
        return 0.0


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:32]
