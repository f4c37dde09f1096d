"""`mathlearn index evaluate`: refuses what it cannot measure in one sentence, and writes the queries to derive."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.cli import make_app


def run(*arguments: str, folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(make_app(lambda: folder / "index"), ["evaluate", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--standard", "guesswork"], "There is no standard guesswork: there are template, families, structure."),
        (["--standard", "structure", "--data", "nowhere"], "cannot be read"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    code, output = run(*arguments, folder=tmp_path)
    assert code == 2
    assert said in output
    assert len(output.strip().splitlines()) == 1


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    code, output = run("--standard", "families", folder=tmp_path)
    assert code == 2
    assert "needs the package sklearn" in output


def test_the_queries_are_written_for_a_model_to_derive(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    code, output = run("--standard", "families", "--queries-to", str(file), folder=tmp_path)
    assert (code, output) == (0, "")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 72
    assert {"id", "problem", "answer"} == set(rows[0])
