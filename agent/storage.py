"""Where conversations live: LangGraph's checkpointer over SQLite (default) or Postgres (many users)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from agent.errors import BadConfiguration, StorageFailed
from agent.settings import Settings

# Only these classes may come back from a stored conversation; anything else in it stays plain data.
KEPT_CLASSES = [("agent.intents", "Intent")]
KEPT_CLASSES += [
    ("agent.domain", name)
    for name in (
        "Badge",
        "Claim",
        "Correction",
        "Derivation",
        "Example",
        "Lesson",
        "Likelihood",
        "Move",
        "Plan",
        "Route",
        "Solution",
        "Step",
        "Verdict",
    )
]


def serializer() -> JsonPlusSerializer:
    return JsonPlusSerializer(allowed_msgpack_modules=KEPT_CLASSES)


@contextmanager
def open_checkpointer(settings: Settings) -> Iterator[BaseCheckpointSaver[Any]]:
    """The conversation store. Raises StorageFailed where it cannot be opened."""
    if settings.database_url:
        with _open_postgres(settings.database_url) as saver:
            yield saver
        return
    from langgraph.checkpoint.sqlite import SqliteSaver

    file = settings.database_file
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(file, check_same_thread=False)
        file.chmod(0o600)  # it holds what students wrote
        connection.execute("PRAGMA journal_mode=WAL")
    except (OSError, sqlite3.Error) as refused:
        raise StorageFailed(f"Conversations cannot be kept in {file} ({refused}): set MATHLEARN_DATA_DIR.") from refused
    try:
        yield SqliteSaver(connection, serde=serializer())
    except sqlite3.Error as broken:
        raise StorageFailed(f"The conversation store {file} failed ({broken}): move it away or repair it.") from broken
    finally:
        connection.close()


@contextmanager
def _open_postgres(url: str) -> Iterator[BaseCheckpointSaver[Any]]:
    try:
        from langgraph.checkpoint.postgres import PostgresSaver
    except ImportError:
        raise BadConfiguration("Postgres needs an extra: pip install 'mathlearn[postgres]'.") from None
    with PostgresSaver.from_conn_string(url) as saver:
        saver.serde = serializer()
        saver.setup()
        yield saver
