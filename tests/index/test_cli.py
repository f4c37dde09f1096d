"""`mathlearn index …` as a user meets it: build, info, search, and one sentence for each mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as arrow
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from index.cli import make_app
from index.manifest import read_manifest

ROWS = [
    {"question": "A train travels 60 miles an hour for 3 hours. How far?", "answer": "60 × 3 = 180."},
    {"question": "Find the derivative of x^3.", "answer": "By the power rule it is 3x^2."},
    {"question": "", "answer": "nothing was asked"},
]


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(make_app(lambda: folder), arguments)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return file


def test_build_then_info_then_search(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    code, output, _ = run(folder, "build", str(file), "--licence", "MIT", "--threads", "1")
    assert code == 0
    assert "2 (0 duplicates left out)" in output
    assert "1 rows: no question" in output
    code, output, _ = run(folder, "info", "--check")
    assert (code, "own.jsonl: 2 problems, licence MIT" in output) == (0, True)
    code, output, _ = run(folder, "search", "differentiate x^2", "-k", "1")
    assert code == 0
    assert "power rule" in output
    assert "own.jsonl, row 1" in output
    assert "train" not in output
    problem, program = "A ferry crosses 12 miles of sea an hour for 2 hours. How far is that?", "answer = 12 * 2"
    _, output, _ = run(folder, "search", problem, "-k", "1", "--derivation", program)
    assert "1. the same calculation, □ × □" in output


def test_the_layout_and_licence_of_a_known_corpus_go_with_a_downloaded_file(file: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "usual", "build", str(file), "--corpus", "orca-math", "--into", str(tmp_path / "own"))[0] == 0
    (source,) = read_manifest(tmp_path / "own").sources
    assert (source.name, source.licence) == ("microsoft/orca-math-word-problems-200k", "MIT")
    assert not (tmp_path / "usual").exists()


def test_limit_and_named_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("task,way\n1 + 1?,2\n2 + 2?,4\n3 + 3?,6\n", encoding="utf-8")
    arguments = ("build", str(tmp_path / "a.csv"), "--question", "task", "--answer", "way", "--limit", "2")
    assert run(tmp_path / "index", *arguments)[0] == 0
    assert read_manifest(tmp_path / "index").records == 2


def test_a_parquet_file_of_orca_math_is_built_added_to_and_cut_back(tmp_path: Path) -> None:
    rows = [{"question": f"Jo has {n} figs and eats 2. How many are left?", "answer": f"{n} - 2"} for n in range(3, 9)]
    for name, part in (("first", rows[:4]), ("second", rows[2:])):
        parquet.write_table(arrow.Table.from_pylist(part), tmp_path / f"{name}.parquet")
    folder, orca = tmp_path / "index", "microsoft/orca-math-word-problems-200k"
    assert run(folder, "build", "--corpus", "orca-math", str(tmp_path / "first.parquet"), "--threads", "1")[0] == 0
    code, output, _ = run(folder, "add", str(tmp_path / "second.parquet"), "--licence", "CC0", "--threads", "1")
    assert (code, "2 problems added, 2 were there already." in output) == (0, True)
    code, output, _ = run(folder, "search", "Jo has 8 figs and eats 2: how many are left", "-k", "2")
    assert code == 0
    assert "1. this very problem is in the corpus" in output
    assert "second.parquet, row 3, CC0" in output
    code, output, _ = run(folder, "delete", orca, "--row", "0", "--row", "1")
    assert (code, "2 problems removed." in output) == (0, True)
    assert {s.name: s.records for s in read_manifest(folder).sources} == {orca: 2, "second.parquet": 2}
    code, _, error = run(folder, "delete", "nobody")
    assert (code, f"names its sources ({orca}, second.parquet)" in error) == (2, True)


def test_without_the_hub_the_corpus_says_how_to_use_a_downloaded_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise ConnectionError("no route to the hub")

    monkeypatch.setattr("huggingface_hub.snapshot_download", refuse)
    code, output, error = run(tmp_path / "index", "build", "--corpus", "orca-math")
    assert (code, output, error.count("\n")) == (2, "", 1)
    assert "`mathlearn index build --corpus orca-math FILE.parquet`" in error


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("search", "1 + 1"), "There is no index in"),
        (("info",), "There is no index in"),
        (("build", "none.jsonl"), "There is no file none.jsonl"),
        (("build", "--corpus", "nothing"), "the known ones are orca-math"),
        (("build", "x.csv", "--question", "q"), "belong together"),
        (("build", "--licence", "MIT"), "describe FILES"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    code, output, error = run(tmp_path / "index", *arguments)
    assert (code, output) == (2, "")
    assert sentence in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_ctrl_c_is_exit_code_130(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.build.build_index", interrupt)
    code, _, error = run(tmp_path / "index", "build", str(file))
    assert (code, "as it was" in error) == (130, True)
