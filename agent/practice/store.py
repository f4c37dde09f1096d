"""What students practised, on disk: one row a problem, and the problem that is open. Each statement names the owner."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from agent.database import PrivateDatabase
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
        self._database = PrivateDatabase(file, _SCHEMA, "results of practice")

    def close(self) -> None:
        self._database.close()

    def open_problem(self, owner: str) -> OpenProblem | None:
        rows = self._database.rows(
            "SELECT family, story, seed, asked, hints, tries, typed, outcome FROM open_problems WHERE owner = ?",
            (owner,),
        )
        return OpenProblem(Name(*rows[0][:3]), *rows[0][3:]) if rows else None

    def set_open(self, owner: str, problem: OpenProblem) -> None:
        name = problem.name
        self._database.rows(
            "INSERT OR REPLACE INTO open_problems VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (owner, name.family, name.story, name.seed, problem.asked, problem.hints, problem.tries, problem.typed,
             problem.outcome),
        )  # fmt: skip

    def clear_open(self, owner: str) -> None:
        self._database.rows("DELETE FROM open_problems WHERE owner = ?", (owner,))

    def add(self, owner: str, attempt: Attempt) -> None:
        """Keep an attempt; the problem is no longer open."""
        values = [owner, *asdict(attempt).values()]
        columns = ", ".join(["owner", *(field.name for field in fields(Attempt))])
        marks = ", ".join("?" * len(values))
        with self._database.statements() as connection, connection:
            connection.execute("BEGIN")
            connection.execute(f"INSERT INTO attempts ({columns}) VALUES ({marks})", values)  # noqa: S608
            connection.execute("DELETE FROM open_problems WHERE owner = ?", (owner,))

    def attempts(self, owner: str) -> list[Attempt]:
        """All of the owner's attempts, oldest first."""
        columns = [field.name for field in fields(Attempt)]
        chosen = f"SELECT {', '.join(columns)} FROM attempts WHERE owner = ? ORDER BY id"  # noqa: S608 - our own names
        kept = [dict(zip(columns, row, strict=True)) for row in self._database.rows(chosen, (owner,))]
        return [Attempt(**{**row, "independent": bool(row["independent"])}) for row in kept]

    def records(self, owner: str) -> dict[str, SkillRecord]:
        """What is known of each skill that the owner has practised."""
        return records_of(self.attempts(owner))

    def delete(self, owner: str) -> int:
        """Delete all that is kept of the owner; the number of attempts deleted."""
        with self._database.statements() as connection, connection:
            connection.execute("BEGIN")
            deleted = connection.execute("DELETE FROM attempts WHERE owner = ?", (owner,)).rowcount
            connection.execute("DELETE FROM open_problems WHERE owner = ?", (owner,))
        return int(deleted)


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
