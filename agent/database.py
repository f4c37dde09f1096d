"""A SQLite file of what students wrote: readable by its owner's account alone, usable from any thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.errors import StorageFailed


class PrivateDatabase:
    """One open file, whose tables `schema` creates where they are missing. `kept` names what it holds, in the plural.

    Every method raises StorageFailed where SQLite does not do what it is asked.
    """

    def __init__(self, file: Path, schema: str, kept: str) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            file.chmod(0o600)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA foreign_keys=ON")
            self._connection.execute("PRAGMA secure_delete=ON")
            self._connection.executescript(schema)
        except (OSError, sqlite3.Error) as refused:
            raise StorageFailed(
                f"{kept.capitalize()} cannot be kept in {file} ({refused}): set MATHLEARN_DATA_DIR to another folder."
            ) from refused

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self.statements() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def statements(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as broken:
                raise StorageFailed(
                    f"The store of {self._kept} failed ({broken}): make room on the disk, or repair the file."
                ) from broken
