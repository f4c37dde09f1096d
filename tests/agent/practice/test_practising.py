"""A student practises: what counts, what is asked again, what is kept, and which problem comes next."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from agent.errors import BadInput, StorageFailed
from agent.practice.choice import DAY, SkillRecord, choose_skill
from agent.practice.mastery import DEFAULTS, after_answers
from agent.practice.practising import Practice
from agent.practice.problems import Skill, skills_for
from agent.practice.progress import course_of, drawn, progress_lines, remark_on, session_line
from agent.practice.store import Attempt, PracticeStore, as_csv, as_json
from agent.verification.students.outcomes import Outcome
from agent.verification.verifier import Verifier

FRACTIONS = skills_for("fractions", 2)


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(deadline=10.0) as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    one = PracticeStore(tmp_path / "practice.sqlite")
    yield one
    one.close()


@pytest.fixture
def practice(store: PracticeStore, verifier: Verifier) -> Practice:
    clock = iter(range(1000, 9000))
    return Practice(store, verifier, "me", Random(4), now=lambda: float(next(clock)))


def test_a_right_answer_at_the_first_go_counts_as_known(practice: Practice) -> None:
    problem = practice.next(FRACTIONS)
    reply = practice.answer(problem.shown)
    assert reply.attempt is not None
    assert reply.attempt.independent
    assert reply.attempt.mastery == pytest.approx(after_answers([True]))
    assert practice.current() is None
    assert problem.shown in remark_on(reply, problem)


def test_a_wrong_first_answer_counts_even_if_the_second_is_right(practice: Practice) -> None:
    problem = practice.next(FRACTIONS)
    first = practice.answer("123457")
    assert first.judged.outcome is Outcome.WRONG
    assert first.attempt is None
    assert problem.shown not in remark_on(first, problem)
    second = practice.answer(problem.shown)
    assert second.attempt is not None
    assert not second.attempt.independent
    assert (second.attempt.typed, second.attempt.tries) == ("123457", 2)
    assert second.attempt.mastery == pytest.approx(after_answers([False]))


def test_what_cannot_be_read_or_has_a_wrong_unit_is_asked_again_and_counts_for_nothing(practice: Practice) -> None:
    problem = practice.next(FRACTIONS)
    assert practice.answer("no idea").judged.outcome is Outcome.UNREADABLE
    assert (
        practice.answer(f"{problem.answer} kelvins" if not problem.unit else f"{problem.answer} euros").attempt is None
    )
    reply = practice.answer(problem.answer)
    assert reply.attempt is not None
    assert reply.attempt.independent


def test_a_hint_or_the_solution_makes_it_count_as_not_known(practice: Practice) -> None:
    problem = practice.next(FRACTIONS)
    hints = [practice.hint()]
    assert practice.hints_shown() == hints
    reply = practice.answer(problem.answer)
    assert reply.attempt is not None
    assert not reply.attempt.independent
    practice.next(FRACTIONS)
    _, attempt = practice.solution()
    assert attempt.outcome == Outcome.WRONG.value
    assert not attempt.independent


def test_hints_end(practice: Practice) -> None:
    practice.next(FRACTIONS)
    taken = [hint for hint in (practice.hint() for _ in range(12)) if hint is not None]
    assert 1 <= len(taken) < 12
    assert practice.hint() is None


def test_an_untouched_problem_that_is_skipped_leaves_no_trace(practice: Practice, store: PracticeStore) -> None:
    practice.next(FRACTIONS)
    practice.skip()
    assert store.attempts("me") == []
    practice.next(FRACTIONS)
    practice.answer("123457")
    practice.next(FRACTIONS)
    assert [attempt.outcome for attempt in store.attempts("me")] == ["wrong"]


def test_an_open_problem_survives_the_process(tmp_path: Path, verifier: Verifier) -> None:
    store = PracticeStore(tmp_path / "p.sqlite")
    problem = Practice(store, verifier, "me", Random(1)).next(FRACTIONS)
    store.close()
    again = PracticeStore(tmp_path / "p.sqlite")
    assert Practice(again, verifier, "me", Random(2)).current() == problem
    assert Practice(again, verifier, "somebody else", Random(2)).current() is None
    again.close()


def test_without_an_open_problem_an_answer_is_refused(practice: Practice) -> None:
    with pytest.raises(BadInput, match="ask for one"):
        practice.answer("5")


def test_a_problem_of_a_lost_version_is_dropped(practice: Practice, store: PracticeStore) -> None:
    practice.next(FRACTIONS)
    store._database.rows("UPDATE open_problems SET family = 'gone'", ())
    assert practice.current() is None
    assert store.open_problem("me") is None


def _attempt(skill: str = "fractions: x", independent: bool = True, mastery: float = 0.5, at: float = 0.0) -> Attempt:
    topic = skill.partition(":")[0]
    return Attempt(skill, topic, 2, "f", "bakery", 1, at, at, "=1+1", "right", independent, 0, 1, mastery)


def test_owners_do_not_see_or_delete_each_other(store: PracticeStore) -> None:
    store.add("a", _attempt())
    store.add("b", _attempt())
    assert store.delete("a") == 1
    assert store.attempts("a") == []
    assert len(store.attempts("b")) == 1


def test_export_is_complete_and_safe_in_a_spreadsheet() -> None:
    attempts = [_attempt(), _attempt("time: y", False)]
    assert json.loads(as_json(attempts))[1]["skill"] == "time: y"
    rows = list(csv.DictReader(io.StringIO(as_csv(attempts))))
    assert len(rows) == 2
    assert rows[0]["typed"] == "'=1+1"


def test_a_store_that_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="MATHLEARN_DATA_DIR"):
        PracticeStore(tmp_path / "file" / "practice.sqlite")


def _record(
    skill: str, mastery: float, *, last_right: bool = True, last_seen: float = 0.0, streak: int = 2
) -> SkillRecord:
    return SkillRecord(skill, "t", mastery, 3, 2, streak, last_seen, last_right)


def _skills(*names: str) -> list[Skill]:
    return [Skill("t", name, level, ("f",)) for level, name in enumerate(names, start=1)]


def test_easy_and_unknown_skills_come_before_hard_and_mastered_ones() -> None:
    skills = _skills("easy", "harder", "hardest")
    records = {"t: easy": _record("t: easy", 0.99)}
    assert choose_skill(skills, records, Random(0), now=10.0).name == "t: harder"


def test_what_went_wrong_comes_back_after_one_other() -> None:
    skills = _skills("a", "b", "c")
    records = {"t: a": _record("t: a", 0.2, last_right=False), "t: b": _record("t: b", 0.6)}
    assert choose_skill(skills, records, Random(0), now=0.0, recent=["t: a"]).name != "t: a"
    assert choose_skill(skills, records, Random(0), now=0.0, recent=["t: a", "t: b"]).name == "t: a"


def test_a_mastered_skill_is_reviewed_when_it_is_due_and_not_twice_in_a_row() -> None:
    skills = _skills("known", "also known", "new")
    records = {f"t: {name}": _record(f"t: {name}", 0.98) for name in ("known", "also known")}
    assert choose_skill(skills, records, Random(0), now=2 * DAY).name != "t: new"
    assert choose_skill(skills, records, Random(0), now=2 * DAY, recent=["t: known"]).name == "t: new"
    assert choose_skill(skills, records, Random(0), now=DAY / 2).name == "t: new"


def test_a_single_skill_is_practised_again_and_again() -> None:
    assert choose_skill(_skills("only"), {}, Random(0), now=0.0, recent=["t: only"]).name == "t: only"


def test_a_student_who_knows_all_masters_the_topic_and_one_who_knows_nothing_does_not(practice: Practice) -> None:
    for _ in range(3 * len(FRACTIONS)):
        problem = practice.next(FRACTIONS)
        practice.answer(problem.answer)
    records = practice.store.records("me")
    assert all(record.mastered for record in records.values())
    assert set(records) == {skill.name for skill in FRACTIONS}
    for _ in range(3):
        practice.next(FRACTIONS)
        practice.solution()
    assert not all(record.mastered for record in practice.store.records("me").values())


def test_progress_is_told_by_skill_and_drawn_over_time() -> None:
    attempts = [_attempt(mastery=0.8), _attempt(mastery=0.97), _attempt("time: y", False, 0.2)]
    first, second = progress_lines(attempts)
    assert first.startswith("✔  97%")
    assert "(2 of 2 at the first go)" in first
    assert "time: y" in second
    assert drawn([0.0, 0.5, 1.0]) == "▁▅█"
    assert course_of(attempts)[-1] == {"fractions": 0.97, "time": 0.2}
    assert session_line(attempts) == "2 of 3 found at the first go and without help. Mastered: fractions: x."
    assert "begin with" in progress_lines([])[0]
    assert DEFAULTS.known < 0.5
