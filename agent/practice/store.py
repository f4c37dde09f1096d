"""What students practised, on disk: one row a problem, and the problem that is open. Each statement names the owner."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from agent.errors import StorageFailed
from agent.practice.choice import SkillRecord
from agent.practice.problems import Name

STORE = "practice.sqlite"
HERE = "this computer"  # the owner on the command line, where there is one person

_SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL,
    skill TEXT NOT NULL, topic TEXT NOT NULL, level INTEGER NOT NULL,
    family TEXT NOT NULL, story TEXT NOT NULL, seed INTEGER NOT NULL,
    asked REAL NOT NULL, answered REAL NOT NULL,
    typed TEXT NOT NULL, outcome TEXT NOT NULL, independent INTEGER NOT NULL,
    hints INTEGER NOT NULL, tries INTEGER NOT NULL, mastery REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS attempts_of ON attempts (owner, id);
CREATE TABLE IF NOT EXISTS open_problems (
    owner TEXT PRIMARY KEY, family TEXT NOT NULL, story TEXT NOT NULL, seed INTEGER NOT NULL, asked REAL NOT NULL,
    hints INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, typed TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT ''
);
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A problem that is done with.

    `typed` and `outcome` are the first answer and what it was worth ("" where none was given); `independent` says that
    this answer was right and came without a hint: that alone counts as known. `mastery` is the skill's afterwards.
    """

    skill: str
    topic: str
    level: int
    family: str
    story: str
    seed: int
    asked: float
    answered: float
    typed: str
    outcome: str
    independent: bool
    hints: int
    tries: int
    mastery: float


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """The problem a student is at: hints taken, answers tried, the first of them with its outcome."""

    name: Name
    asked: float
    hints: int = 0
    tries: int = 0
    typed: str = ""
    outcome: str = ""


class PracticeStore:
    """One open file, usable from any thread."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            file.chmod(0o600)  # it says how well a student does
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA secure_delete=ON")
            self._connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as refused:
            raise StorageFailed(
                f"Practice cannot be kept in {file} ({refused}): set MATHLEARN_DATA_DIR to another folder."
            ) from refused

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def open_problem(self, owner: str) -> OpenProblem | None:
        rows = self._rows(
            "SELECT family, story, seed, asked, hints, tries, typed, outcome FROM open_problems WHERE owner = ?",
            (owner,),
        )
        return OpenProblem(Name(*rows[0][:3]), *rows[0][3:]) if rows else None

    def set_open(self, owner: str, problem: OpenProblem) -> None:
        name = problem.name
        self._rows(
            "INSERT OR REPLACE INTO open_problems VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (owner, name.family, name.story, name.seed, problem.asked, problem.hints, problem.tries, problem.typed,
             problem.outcome),
        )  # fmt: skip

    def clear_open(self, owner: str) -> None:
        self._rows("DELETE FROM open_problems WHERE owner = ?", (owner,))

    def add(self, owner: str, attempt: Attempt) -> None:
        """Keep an attempt; the problem is no longer open."""
        values = [owner, *asdict(attempt).values()]
        columns = ", ".join(["owner", *(field.name for field in fields(Attempt))])
        marks = ", ".join("?" * len(values))
        with self._statements() as connection, connection:
            connection.execute("BEGIN")
            connection.execute(f"INSERT INTO attempts ({columns}) VALUES ({marks})", values)  # noqa: S608
            connection.execute("DELETE FROM open_problems WHERE owner = ?", (owner,))

    def attempts(self, owner: str) -> list[Attempt]:
        """All of the owner's attempts, oldest first."""
        columns = [field.name for field in fields(Attempt)]
        chosen = f"SELECT {', '.join(columns)} FROM attempts WHERE owner = ? ORDER BY id"  # noqa: S608 - our own names
        kept = [dict(zip(columns, row, strict=True)) for row in self._rows(chosen, (owner,))]
        return [Attempt(**{**row, "independent": bool(row["independent"])}) for row in kept]

    def records(self, owner: str) -> dict[str, SkillRecord]:
        """What is known of each skill that the owner has practised."""
        return records_of(self.attempts(owner))

    def delete(self, owner: str) -> int:
        """Delete all that is kept of the owner; the number of attempts deleted."""
        with self._statements() as connection, connection:
            connection.execute("BEGIN")
            deleted = connection.execute("DELETE FROM attempts WHERE owner = ?", (owner,)).rowcount
            connection.execute("DELETE FROM open_problems WHERE owner = ?", (owner,))
        return int(deleted)

    def _rows(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with self._statements() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def _statements(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as broken:
                raise StorageFailed(
                    f"The store of practice failed ({broken}): make room on the disk, or repair the file."
                ) from broken


def records_of(attempts: Sequence[Attempt]) -> dict[str, SkillRecord]:
    """The attempts of one student, oldest first, by skill."""
    records: dict[str, SkillRecord] = {}
    for attempt in attempts:
        before = records.get(attempt.skill)
        records[attempt.skill] = SkillRecord(
            skill=attempt.skill, topic=attempt.topic, mastery=attempt.mastery,
            answered=(before.answered if before else 0) + 1,
            right=(before.right if before else 0) + attempt.independent,
            streak=((before.streak if before else 0) + 1) if attempt.independent else 0,
            last_seen=attempt.answered, last_right=attempt.independent,
        )  # fmt: skip
    return records


def as_json(attempts: Sequence[Attempt]) -> str:
    return json.dumps([asdict(attempt) for attempt in attempts], ensure_ascii=False, indent=2)


def as_csv(attempts: Sequence[Attempt]) -> str:
    """One line an attempt. What a student typed cannot become a formula of a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [field.name for field in fields(Attempt)], lineterminator="\n")
    writer.writeheader()
    for attempt in attempts:
        row = asdict(attempt)
        if attempt.typed.lstrip()[:1] in ("=", "+", "-", "@"):
            row["typed"] = f"'{attempt.typed}"
        writer.writerow(row)
    return out.getvalue()
