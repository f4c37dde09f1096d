"""A searcher that stays open for days and takes up each new generation of its index with the next question."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from agent.domain import Example
from agent.errors import IndexDamaged, IndexMissing
from index.embedder import Embedder
from index.manifest import MANIFEST, read_manifest
from index.search import Searcher

logger = logging.getLogger(__name__)


class FollowingSearcher:
    """What `Searcher` is, over whichever index is in force in the folder. For many threads.

    A search that has begun ends in the generation that it began in. Where a new generation cannot be opened, the
    one before stays in use.
    """

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        """Raises as `Searcher.open`."""
        self._folder = folder
        self._stamp = _stamp(folder)
        self._current = Searcher.open(folder, embedder)
        self._following = threading.Lock()

    def search(self, problem: str, k: int = 5, *, derivation: str = "") -> list[Example]:
        """As `Searcher.search`."""
        return self._latest().search(problem, k, derivation=derivation)

    @property
    def near_from(self) -> float:
        """As `Searcher.near_from`."""
        return self._latest().near_from

    def close(self) -> None:
        self._current.close()

    def _latest(self) -> Searcher:
        if _stamp(self._folder) != self._stamp and self._following.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._following.release()
        return self._current

    def _follow(self) -> None:
        self._stamp = _stamp(self._folder)  # first: what changes from here on is followed the next time
        try:
            known = self._current.embedder
            same = read_manifest(self._folder).embedder_digest == known.digest
            # The one before is closed when the last search in it lets go of it.
            self._current = Searcher.open(self._folder, known if same else None)
        except (IndexDamaged, IndexMissing) as refusal:
            logger.warning("the index in use stays the one before: %s", refusal)


def _stamp(folder: Path) -> tuple[int, int, int]:
    """What changes whenever another manifest comes into force: a new file each time, so never an old inode's time."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)
