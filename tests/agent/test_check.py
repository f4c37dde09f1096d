"""`mathlearn check` as a command: what it reads, and what it says of what it cannot read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent import assembly, cli, solve
from agent.assembly import Tutor
from agent.context import TutorContext
from agent.models import opening
from agent.verification.verifier import Verifier
from tests.scripted import PLAIN, ScriptedModel, done

PENS = "A shop sells pens at 3 for $2. How much do 12 pens cost?"
PROGRAM = "```\npacks = 12 / 3\nanswer = packs * 2\n```"
FUNCTION = "```\ndef solution():\n    packs = 12 / 3\n    return packs * 2\n```"


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command with a scripted model in the place of a loaded one."""

    @contextmanager
    def no_model(*_: object) -> Iterator[Future[Any]]:
        yield done(None)

    @contextmanager
    def tutor(*_: object) -> Iterator[Tutor]:
        with Verifier(deadline=10.0) as verifier:
            model = ScriptedModel([], [PROGRAM, FUNCTION])
            context = TutorContext(done(model), done(None), verifier, calibration=PLAIN)
            yield Tutor(context, lambda _thread: pytest.fail("no conversation is opened"))

    monkeypatch.setattr(opening, "fetch_if_missing", lambda _settings: None)
    monkeypatch.setattr(opening, "open_model", no_model)
    monkeypatch.setattr(assembly, "open_tutor", tutor)


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return solve.run(cli.app, ["check", *arguments], "mathlearn")


@pytest.mark.usefixtures("scripted")
def test_work_from_standard_input_is_reviewed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert _run(monkeypatch, PENS, "--work", "-", typed="12 / 3 = 4 packs\n4 × 3 = 12\nThe answer is $12\n") == 0
    said = capsys.readouterr().out
    assert "✔  1  12 / 3 = 4 packs" in said
    assert "step 2" in said
    assert "$8" not in said


@pytest.mark.usefixtures("scripted")
def test_work_from_a_file_comes_back_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "work.txt").write_text("12 / 3 = 4\n4 × 2 = 8\n$8", encoding="utf-8")
    assert _run(monkeypatch, PENS, "--work", str(tmp_path / "work.txt"), "--json") == 0
    review = json.loads(capsys.readouterr().out)["review"]
    assert review["pointed"] is None
    assert [step["verdict"] for step in review["steps"][:2]] == ["right", "right"]


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        ([PENS, "--work", "no/such/file"], "", "cannot be read"),
        ([PENS, "--work", "-"], " \n", "no solution"),
        (["--work", "-"], "2 + 2 = 4", "Write the problem"),
        ([PENS, "--work", "-"], "x" * 7_000, "longer than"),
    ],
)
def test_bad_input_is_one_sentence_and_code_2(
    arguments: list[str], typed: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, *arguments, typed=typed) == 2
    assert said in capsys.readouterr().err
