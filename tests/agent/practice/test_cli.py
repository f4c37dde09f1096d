"""`mathlearn practice` on its own store: a session, its end, and what can be done with what is kept."""

from __future__ import annotations

import io
import json
from pathlib import Path
from random import Random

import pytest

from agent import cli, solve
from agent.practice.problems import skills_for


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATHLEARN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MATHLEARN_CHECK_SECONDS", "20")


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return solve.run(cli.app, ["practice", *arguments], "mathlearn")


def test_a_session_asks_hints_judges_and_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    typed = "what\nhint\n99999\nsolution\nskip\n"
    assert _run(monkeypatch, "--topic", "fractions", "--level", "2", "--seed", "3", "--count", "2", typed=typed) == 0
    said = capsys.readouterr().out
    assert "1 of 2" in said
    assert "this does not count" in " ".join(said.split())
    assert "The method:" in said
    assert "Not yet." in said
    assert "Answer  " in said
    assert "0 of 1 found at the first go" in said
    assert _run(monkeypatch, "export") == 0
    (attempt,) = json.loads(capsys.readouterr().out)
    assert (attempt["typed"], attempt["hints"], attempt["independent"]) == ("99999", 1, False)
    assert _run(monkeypatch, "progress") == 0
    assert attempt["skill"] in capsys.readouterr().out


def test_a_problem_left_open_is_shown_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert _run(monkeypatch, "--topic", "time", "--seed", "1") == 0
    first = capsys.readouterr().out
    assert _run(monkeypatch, "--topic", "time", "--seed", "2") == 0
    again = capsys.readouterr().out
    assert "You left this problem open" in again
    assert first.split("\n")[2] in again


def test_ctrl_c_is_clean(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Interrupting(io.StringIO):
        def readline(self, *_: object) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Interrupting())
    assert solve.run(cli.app, ["practice", "--topic", "time"], "mathlearn") == solve.STOPPED
    assert "stopped" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--topic", "cooking"], "choose one of"),
        (["--topic", "arithmetic", "--level", "5"], "levels 1 to 3"),
        (["--like", "x", "--topic", "time"], "either"),
        (["export", "--format", "xml"], "json or csv"),
        (["delete"], "--yes"),
    ],
)
def test_bad_input_is_one_sentence_and_code_2(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, *arguments) == 2
    assert said in capsys.readouterr().err


def test_everything_can_be_deleted_and_written_to_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert _run(monkeypatch, "--topic", "time", "--seed", "1", "--count", "1", typed="solution\n") == 0
    assert _run(monkeypatch, "export", "--format", "csv", "--output", str(tmp_path / "out.csv")) == 0
    assert (tmp_path / "out.csv").read_text().startswith("skill,topic")
    assert _run(monkeypatch, "delete", "--yes") == 0
    assert "1 practised problems deleted" in capsys.readouterr().out
    assert _run(monkeypatch, "topics") == 0
    assert "number theory" in capsys.readouterr().out


def test_the_same_seed_and_history_give_the_same_problem() -> None:
    from agent.practice.problems import new_problem

    skill = skills_for("time")[0]
    assert new_problem(skill, Random(9)) == new_problem(skill, Random(9))
