"""Conversations on disk: whose they are, what they are called, what was asked and how it was answered.

Lies beside the checkpointer's file and not in it, because that may be Postgres. Every method names the owner, and
every statement asks for it: a thread's name alone opens nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.database import PrivateDatabase
from agent.domain import Effort
from agent.errors import BadInput
from agent.events import NodeInspected
from ui.answer import TimedEvent, folded, from_record, to_record
from ui.fair_queue import Status

LONGEST_TITLE = 80
LONGEST_COMMENT = 1_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    thread TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created REAL NOT NULL, changed REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_of ON conversations (owner, changed);
CREATE TABLE IF NOT EXISTS answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    thread TEXT NOT NULL REFERENCES conversations (thread) ON DELETE CASCADE,
    problem TEXT NOT NULL, after TEXT, model TEXT NOT NULL, asked REAL NOT NULL,
    status TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', events TEXT NOT NULL DEFAULT '[]',
    said TEXT NOT NULL DEFAULT '',
    helpful INTEGER, comment TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS answers_of ON answers (thread, id);
CREATE TABLE IF NOT EXISTS preferences (owner TEXT PRIMARY KEY, effort TEXT NOT NULL, retrieval INTEGER NOT NULL);
"""
# Columns that a file of an earlier version may lack.
_LATER = (
    ("answers", "inside", "TEXT NOT NULL DEFAULT '[]'"),  # what only the page that looks inside needs: it is long
    ("preferences", "language", "TEXT NOT NULL DEFAULT ''"),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    thread: str
    title: str
    created: float
    changed: float


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A question and what came of it; `helpful` is the student's own verdict.

    `after` is the checkpoint before it: "" for a conversation's beginning, None where it never came to be answered.
    """

    id: int
    problem: str
    after: str | None
    model: str
    asked: float
    status: Status
    error: str
    happened: tuple[TimedEvent, ...]
    helpful: bool | None
    comment: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a student wants to be answered."""

    effort: Effort = Effort.NORMAL
    retrieval: bool = True
    language: str = ""  # of the explanation; "": the model's own choice


class History:
    """One open file, usable from any thread."""

    def __init__(self, file: Path) -> None:
        self._database = PrivateDatabase(file, _SCHEMA, "conversations")
        with self._database.statements() as connection:
            for table, column, definition in _LATER:
                if column not in [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]:
                    connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")
            # Nothing runs when the file is opened: what still seems to was cut off with its process.
            connection.execute("UPDATE answers SET status = 'stopped' WHERE status IN ('waiting', 'running')")

    def close(self) -> None:
        self._database.close()

    def conversations(self, owner: str, search: str = "") -> list[Conversation]:
        """The owner's conversations, the latest first; with `search`, those that say it anywhere."""
        pattern = "%" + "".join("\\" + c if c in "%_\\" else c for c in search.strip()) + "%"
        rows = self._database.rows(
            "SELECT thread, title, created, changed FROM conversations AS c WHERE owner = ?"
            " AND (title LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM answers AS a WHERE a.thread = c.thread"
            " AND (a.problem LIKE ? ESCAPE '\\' OR a.said LIKE ? ESCAPE '\\')))"
            " ORDER BY changed DESC, rowid DESC",
            (owner, pattern, pattern, pattern),
        )
        return [Conversation(*row) for row in rows]

    def begin(self, owner: str, thread: str, first_problem: str) -> None:
        """A conversation, named after its first problem until it is renamed; one that is there stays as it is."""
        now = time.time()
        self._database.rows(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?) ON CONFLICT (thread) DO NOTHING",
            (thread, owner, _title(first_problem), now, now),
        )
        self._require(owner, thread)

    def rename(self, owner: str, thread: str, title: str) -> None:
        self._require(owner, thread)
        if not title.strip():
            raise BadInput("A conversation needs a name: write one.")
        self._database.rows(
            "UPDATE conversations SET title = ? WHERE thread = ? AND owner = ?", (_title(title), thread, owner)
        )

    def delete(self, owner: str, thread: str) -> None:
        """Delete the conversation with its answers. Its checkpoints are the checkpointer's to delete."""
        self._require(owner, thread)
        self._database.rows("DELETE FROM conversations WHERE thread = ? AND owner = ?", (thread, owner))

    def answers(self, owner: str, thread: str) -> list[KeptAnswer]:
        """The conversation's answers, oldest first; none where the owner has no such conversation."""
        rows = self._database.rows(
            "SELECT a.id, problem, after, model, asked, status, error, events, helpful, comment FROM answers AS a"
            " JOIN conversations AS c USING (thread) WHERE thread = ? AND owner = ? ORDER BY a.id",
            (thread, owner),
        )
        return [_kept(row) for row in rows]

    def ask(self, owner: str, thread: str, problem: str, *, after: str | None, model: str) -> int:
        """Note a question; the number of its answer."""
        self._require(owner, thread)
        now = time.time()
        with self._database.statements() as connection:
            connection.execute("UPDATE conversations SET changed = ? WHERE thread = ?", (now, thread))
            cursor = connection.execute(
                "INSERT INTO answers (thread, problem, after, model, asked, status) VALUES (?, ?, ?, ?, ?, 'waiting')",
                (thread, problem, after, model, now),
            )
            return int(cursor.lastrowid or 0)

    def follows(self, answer: int, checkpoint: str) -> None:
        """Note the checkpoint before a question, now that it is being answered."""
        self._database.rows("UPDATE answers SET after = ?, status = 'running' WHERE id = ?", (checkpoint, answer))

    def finish(self, answer: int, status: Status, error: str, happened: Sequence[TimedEvent]) -> None:
        """Keep what came of a question, whatever its end. Called by the queue, which knows no owner."""
        inside = [timed for timed in happened if isinstance(timed[1], NodeInspected)]
        record = _record([timed for timed in happened if not isinstance(timed[1], NodeInspected)])
        shown = folded(happened)
        said = "\n".join([*(step.text for step in shown.steps), shown.result or ""])  # what a search looks through
        self._database.rows(
            "UPDATE answers SET status = ?, error = ?, events = ?, inside = ?, said = ? WHERE id = ?",
            (status, error, record, _record(inside), said, answer),
        )

    def in_full(self, owner: str, answer: int) -> list[TimedEvent]:
        """All that happened while an answer was written, with what each node got and gave; none of somebody else's."""
        rows = self._database.rows(
            "SELECT inside, events FROM answers JOIN conversations USING (thread) WHERE id = ? AND owner = ?",
            (answer, owner),
        )
        return sorted(
            (timed for row in rows for record in row for timed in _events(record)), key=lambda timed: timed[0]
        )

    def withdraw(self, owner: str, thread: str, first: int) -> None:
        """Take back the questions from answer `first` on, which another question takes the place of."""
        self._require(owner, thread)
        self._database.rows("DELETE FROM answers WHERE thread = ? AND id >= ?", (thread, first))

    def rate(self, owner: str, answer: int, *, helpful: bool | None, comment: str = "") -> None:
        self._database.rows(
            "UPDATE answers SET helpful = ?, comment = ? WHERE id = ?"
            " AND thread IN (SELECT thread FROM conversations WHERE owner = ?)",
            (helpful, comment.strip()[:LONGEST_COMMENT], answer, owner),
        )

    def feedback(self, owner: str) -> list[dict[str, Any]]:
        """What the owner said of answers, with the question, the answer and the badge that it is about."""
        rows = self._database.rows(
            "SELECT problem, model, asked, events, helpful, comment FROM answers JOIN conversations USING (thread)"
            " WHERE owner = ? AND (helpful IS NOT NULL OR comment <> '') ORDER BY id",
            (owner,),
        )
        return [_feedback(*row) for row in rows]

    def preferences(self, owner: str) -> Preferences:
        rows = self._database.rows("SELECT effort, retrieval, language FROM preferences WHERE owner = ?", (owner,))
        return Preferences(Effort(rows[0][0]), bool(rows[0][1]), rows[0][2]) if rows else Preferences()

    def prefer(self, owner: str, chosen: Preferences) -> None:
        self._database.rows(
            "INSERT INTO preferences (owner, effort, retrieval, language) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (owner) DO UPDATE SET effort = excluded.effort, retrieval = excluded.retrieval,"
            " language = excluded.language",
            (owner, chosen.effort.value, chosen.retrieval, chosen.language),
        )

    def _require(self, owner: str, thread: str) -> None:
        if not self._database.rows("SELECT 1 FROM conversations WHERE thread = ? AND owner = ?", (thread, owner)):
            raise BadInput("There is no such conversation: begin a new one.")


def _title(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1] + "…"


def _kept(row: Sequence[Any]) -> KeptAnswer:
    number, problem, after, model, asked, status, error, record, helpful, comment = row
    return KeptAnswer(
        number, problem, after, model, asked, status, error, tuple(_events(record)),
        None if helpful is None else bool(helpful), comment,
    )  # fmt: skip


def _record(happened: Sequence[TimedEvent]) -> str:
    return json.dumps(to_record(happened), ensure_ascii=False)


def _events(record: str) -> list[TimedEvent]:
    try:
        values = json.loads(record)
    except ValueError:
        values = None
    return from_record(values)


def _feedback(problem: str, model: str, asked: float, record: str, helpful: int | None, comment: str) -> dict[str, Any]:
    values = [value for _, value in json.loads(record)]
    given = next((value["solution"] for value in values if value["event"] == "AnswerGiven"), None)
    return {
        "problem": problem, "model": model, "asked": asked,
        "answer": given["answer"] if given else None, "badge": given["badge"]["verdict"] if given else None,
        "helpful": None if helpful is None else bool(helpful), "comment": comment,
    }  # fmt: skip
