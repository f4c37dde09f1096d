"""Conversations come back after a restart, are found, renamed, rated and deleted, and belong to one owner alone."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agent import events
from agent.domain import Badge, Effort, Route, Solution, Step, Verdict
from agent.errors import BadInput, StorageFailed
from ui.answer import TimedEvent, folded, for_resuming, from_record, to_record
from ui.history import History, Preferences

SOLUTION = Solution("p", Route.WORD_PROBLEM, "8", Badge(Verdict.VERIFIED, "agrees"), (Step(1, "4 × 2 = 8"),))
HAPPENED: list[TimedEvent] = [
    (0.1, events.NodeStarted("write_step")),
    (0.2, events.TokenWritten(1, "4 × 2")),
    (0.3, events.TokenWritten(1, " = 8")),
    (0.4, events.NodeFinished("write_step", 0.3, {"a": "b"}, {"c": "d"}, 10, 5, 3)),
    (0.5, events.StepChecked(SOLUTION.steps[0])),
    (0.6, events.AnswerGiven(SOLUTION)),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "conversations.sqlite"


@pytest.fixture
def history(file: Path) -> Iterator[History]:
    opened = History(file)
    yield opened
    opened.close()


def kept(history: History, owner: str, thread: str, problem: str = "How much?") -> int:
    history.begin(owner, thread, problem)
    answer = history.ask(owner, thread, problem, after=None, model="m")
    history.finish(answer, "finished", "", HAPPENED)
    return answer


def test_a_conversation_is_there_again_when_the_file_is_opened_again(file: Path) -> None:
    first = History(file)
    kept(first, "ann", "t1")
    first.close()
    again = History(file)
    assert [one.title for one in again.conversations("ann")] == ["How much?"]
    answer = again.answers("ann", "t1")[0]
    assert folded(answer.happened) == folded(HAPPENED)
    assert answer.status == "finished"
    again.close()


def test_what_went_through_the_nodes_is_kept_apart_and_is_its_owners_alone(history: History) -> None:
    call = events.ModelCall((("human", "How much?"),), "8", 0.0, 0, 100, 10, 5, 1)
    inspected = events.NodeInspected("write_step", {"problem": "How much?"}, {"draft": "4 × 2"}, (call,))
    number = kept(history, "ann", "t1")
    history.finish(number, "finished", "", [*HAPPENED[:3], (0.4, inspected), *HAPPENED[3:]])
    assert history.answers("ann", "t1")[0].happened == tuple(from_record(to_record(HAPPENED)))
    assert [event for _, event in history.in_full("ann", number)][2:4] == [inspected, HAPPENED[3][1]]
    assert history.in_full("bob", number) == []


def test_a_file_of_an_earlier_version_is_opened_and_grows(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as earlier:
        earlier.executescript(
            "CREATE TABLE conversations (thread TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,"
            " created REAL NOT NULL, changed REAL NOT NULL);"
            "CREATE TABLE answers (id INTEGER PRIMARY KEY AUTOINCREMENT, thread TEXT NOT NULL, problem TEXT NOT NULL,"
            " after TEXT, model TEXT NOT NULL, asked REAL NOT NULL, status TEXT NOT NULL, error TEXT NOT NULL"
            " DEFAULT '', events TEXT NOT NULL DEFAULT '[]', said TEXT NOT NULL DEFAULT '', helpful INTEGER,"
            " comment TEXT NOT NULL DEFAULT '');"
            "CREATE TABLE preferences (owner TEXT PRIMARY KEY, effort TEXT NOT NULL, retrieval INTEGER NOT NULL);"
            "INSERT INTO preferences VALUES ('ann', 'high', 0);"
        )
    history = History(file)
    assert history.preferences("ann") == Preferences(Effort.HIGH, False, "")
    history.prefer("ann", Preferences(Effort.LOW, True, "German"))
    assert history.preferences("ann").language == "German"
    assert history.in_full("ann", kept(history, "ann", "t1"))
    history.close()


def test_nobody_reaches_a_conversation_of_somebody_else(history: History) -> None:
    number = kept(history, "ann", "t1", "A secret")
    assert history.conversations("bob") == []
    assert history.conversations("bob", "secret") == []
    assert history.answers("bob", "t1") == []
    assert history.feedback("bob") == []
    history.rate("bob", number, helpful=False, comment="mine")
    for intrusion in (
        lambda: history.rename("bob", "t1", "stolen"),
        lambda: history.delete("bob", "t1"),
        lambda: history.begin("bob", "t1", "other"),
        lambda: history.ask("bob", "t1", "more", after=None, model="m"),
        lambda: history.withdraw("bob", "t1", number),
    ):
        with pytest.raises(BadInput, match="no such conversation"):
            intrusion()
    assert history.conversations("ann")[0].title == "A secret"
    assert history.answers("ann", "t1")[0].helpful is None


def test_what_was_cut_off_with_its_process_counts_as_stopped(file: Path) -> None:
    first = History(file)
    first.begin("ann", "t", "p")
    first.follows(first.ask("ann", "t", "p", after=None, model="m"), "checkpoint")
    first.close()
    again = History(file)
    assert again.answers("ann", "t")[0].status == "stopped"
    assert again.answers("ann", "t")[0].after == "checkpoint"
    again.close()


def test_search_reads_titles_problems_and_solutions_and_takes_signs_literally(history: History) -> None:
    kept(history, "ann", "t1", "Pens for 100% more")
    kept(history, "ann", "t2", "Eggs")
    history.rename("ann", "t2", "Breakfast")
    assert [one.thread for one in history.conversations("ann", "pens")] == ["t1"]
    assert [one.thread for one in history.conversations("ann", "100%")] == ["t1"]
    assert [one.thread for one in history.conversations("ann", "breakf")] == ["t2"]
    assert [one.thread for one in history.conversations("ann", "4 × 2")] == ["t2", "t1"]
    assert history.conversations("ann", "_") == []


def test_deleting_leaves_nothing_of_a_conversation_in_the_file(history: History, file: Path) -> None:
    kept(history, "ann", "t1", "An unmistakable question")
    history.delete("ann", "t1")
    assert history.conversations("ann") == []
    history.close()
    assert b"unmistakable" not in file.read_bytes()


def test_feedback_is_kept_with_what_it_is_about(history: History) -> None:
    number = kept(history, "ann", "t1")
    kept(history, "ann", "t2")
    history.rate("ann", number, helpful=False, comment=" wrong unit ")
    assert history.feedback("ann") == [
        {"problem": "How much?", "model": "m", "asked": history.answers("ann", "t1")[0].asked, "answer": "8",
         "badge": "verified", "helpful": False, "comment": "wrong unit"}
    ]  # fmt: skip


def test_a_question_that_is_asked_again_takes_back_what_came_after(history: History) -> None:
    first = kept(history, "ann", "t", "one")
    second = kept(history, "ann", "t", "two")
    history.withdraw("ann", "t", second)
    assert [one.id for one in history.answers("ann", "t")] == [first]


def test_preferences_are_each_owners_own(history: History) -> None:
    history.prefer("ann", Preferences(Effort.HIGH, False))
    history.prefer("ann", Preferences(Effort.LOW, True))
    assert history.preferences("ann") == Preferences(Effort.LOW, True)
    assert history.preferences("bob") == Preferences()


def test_only_the_user_may_read_the_file_and_a_damaged_one_is_one_sentence(history: History, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    damaged = file.with_name("damaged.sqlite")
    damaged.write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageFailed, match="MATHLEARN_DATA_DIR"):
        History(damaged)


def test_a_record_is_as_short_as_its_steps_and_reads_back_the_same() -> None:
    record = to_record(HAPPENED)
    assert len(record) == len(HAPPENED) - 1
    assert folded(from_record(record)) == folded(HAPPENED)


@pytest.mark.parametrize(
    "record", [None, [[1]], [[1, {"event": "Nothing"}]], [[1, {"event": "NodeStarted", "node": []}]]]
)
def test_a_foreign_record_is_refused_with_a_sentence(record: object) -> None:
    with pytest.raises(StorageFailed, match="cannot be read any more"):
        from_record(record)


def test_an_answer_goes_on_without_its_half_written_step() -> None:
    cut = [*HAPPENED[:5], (0.6, events.NodeStarted("write_step")), (0.7, events.TokenWritten(2, "So"))]
    assert for_resuming(cut) == HAPPENED[:5]
