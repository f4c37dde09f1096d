"""Reading worked problems: every format, every kind of bad row, and refusals that say what to do."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from agent.errors import BadInput, CorpusMissing
from index.corpus import (
    MAX_PROBLEM_CHARS,
    MAX_ROW_BYTES,
    Columns,
    Record,
    final_answer,
    read_corpus,
)

ROWS = [
    {"question": "What is 2 + 3?", "answer": "2 + 3 = 5.\n#### 5"},
    {"question": "Halve 10.", "answer": r"10 / 2 = 5, so \boxed{5}."},
]
DATA = Path(__file__).parents[3] / "shared" / "data"


def write(file: Path, rows: list[dict[str, str]]) -> Path:
    if file.suffix == ".jsonl":
        file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    elif file.suffix == ".json":
        file.write_text(json.dumps(rows), encoding="utf-8")
    elif file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        parquet.write_table(arrow.Table.from_pylist(rows), file)
    return file


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "parquet"])
def test_every_format_gives_the_same_records(kind: str, tmp_path: Path) -> None:
    file = write(tmp_path / f"sums.{kind}", ROWS)
    assert list(read_corpus(file, licence="MIT")) == [
        Record("What is 2 + 3?", "2 + 3 = 5.\n#### 5", "5", file.name, 0, "MIT"),
        Record("Halve 10.", r"10 / 2 = 5, so \boxed{5}.", "5", file.name, 1, "MIT"),
    ]


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "parquet"])
def test_columns_of_other_names_are_refused_by_name_and_read_when_named(kind: str, tmp_path: Path) -> None:
    file = write(tmp_path / f"sums.{kind}", [{"frage": "Was ist 1 + 1?", "weg": "1 + 1 = 2"}])
    with pytest.raises(BadInput, match=r"columns frage, weg where problem/solution or .* are expected"):
        list(read_corpus(file))
    (record,) = read_corpus(file, columns=Columns("frage", "weg"))
    assert (record.problem, record.solution, record.licence) == ("Was ist 1 + 1?", "1 + 1 = 2", "not stated")


def test_a_named_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="question, answer where task/answer are expected"):
        list(read_corpus(write(tmp_path / "sums.csv", ROWS), columns=Columns("task", "answer")))


def test_problem_solution_and_answer_columns_are_kept_apart(tmp_path: Path) -> None:
    file = write(tmp_path / "sums.jsonl", [{"problem": "1 + 1?", "solution": "It is 2.", "answer": "2"}])
    (record,) = read_corpus(file)
    assert (record.solution, record.answer) == ("It is 2.", "2")


def test_bad_rows_are_counted_by_reason_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [
        b'{"question": "1 + 1?", "answer": "2"}',
        b'{"question": "  ", "answer": "2"}',
        b'{"question": "1 + 1?"}',
        b'{"question": 7, "answer": "2"}',
        b"not json",
        b"[1, 2]",
        b'{"question": "caf\xe9", "answer": "2"}',
        b'{"question": "lone \\ud800 surrogate", "answer": "2"}',
        json.dumps({"question": "x" * (MAX_PROBLEM_CHARS + 1), "answer": "2"}).encode(),
        b'{"question": "' + b"y" * 2 * MAX_ROW_BYTES + b'", "answer": "2"}',
        b"[" * 100_000,
        b'{"question": "n", "answer": ' + b"9" * 10_000 + b"}",
        b"",
        b'{"question": "2 + 2?", "answer": "4"}',
    ]
    file = tmp_path / "sums.jsonl"
    file.write_bytes(b"\n".join(lines))
    skipped: Counter[str] = Counter()
    records = list(read_corpus(file, skipped=skipped))
    assert [(record.problem, record.row) for record in records] == [("1 + 1?", 0), ("2 + 2?", 12)]
    assert skipped == {
        "no question": 1,
        "no answer": 1,
        "question is not text": 1,
        "row is not a JSON object": 5,
        "question is not valid Unicode text": 1,
        f"question is longer than {MAX_PROBLEM_CHARS:,} characters": 1,
        f"row is longer than {MAX_ROW_BYTES:,} bytes": 1,
    }


def test_a_csv_row_with_an_endless_field_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "sums.csv"
    file.write_text(f'question,answer\n"{"z" * 200_000}",1\n1 + 1?,2\n', encoding="utf-8")
    skipped: Counter[str] = Counter()
    assert [record.problem for record in read_corpus(file, skipped=skipped)][-1] == "1 + 1?"
    assert skipped["row is not valid CSV"] == 1


def test_control_characters_that_a_terminal_obeys_are_removed(tmp_path: Path) -> None:
    file = write(tmp_path / "sums.jsonl", [{"question": "1\x1b[2J +\r\n1?\x07", "answer": "a\tb"}])
    (record,) = read_corpus(file)
    assert (record.problem, record.solution) == ("1[2J +\n1?", "a\tb")


def test_limit_stops_reading(tmp_path: Path) -> None:
    assert len(list(read_corpus(write(tmp_path / "sums.parquet", ROWS * 2000), limit=3))) == 3


@pytest.mark.parametrize("kind", ["parquet", "json"])
def test_a_damaged_file_is_refused(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"sums.{kind}"
    file.write_bytes(b"PAR1 this is neither")
    with pytest.raises(BadInput, match=r"sums\."):
        list(read_corpus(file))


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "sums.parquet", ROWS * 500)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BadInput, match="not a readable parquet file"):
        list(read_corpus(file))


def test_missing_and_unknown_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        list(read_corpus(tmp_path / "none.jsonl"))
    with pytest.raises(BadInput, match="not of a kind that can be read"):
        list(read_corpus(tmp_path / "sums.xlsx"))


@pytest.mark.parametrize(
    ("solution", "answer"),
    [
        (r"So \boxed{\frac{3}{4}}.", r"\frac{3}{4}"),
        (r"First \boxed{1}, then \boxed{2}", "2"),
        ("3 × 4 = 12\n#### 12", "12"),
        ("It is so.\nAnswer: 7 apples\n", "7 apples"),
        ("The final answer: is not marked here, 12 it is.\nGoodbye.", ""),
        (r"open \boxed{1 + {2}", ""),
        ("There are 4 people faster than him.", ""),
    ],
)
def test_only_a_marked_answer_is_taken_from_a_solution(solution: str, answer: str) -> None:
    assert final_answer(solution) == answer


@given(st.text(max_size=400))
def test_final_answer_reads_any_text(text: str) -> None:
    assert final_answer(text) in text


@settings(max_examples=60)
@given(content=st.binary(max_size=300), kind=st.sampled_from(["jsonl", "json", "csv", "parquet"]))
def test_any_bytes_give_records_or_a_refusal(
    content: bytes, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("any") / f"any.{kind}"
    file.write_bytes(content)
    try:
        records = list(read_corpus(file))
    except BadInput:
        return
    assert all(record.problem and record.solution for record in records)


def test_orca_math_layout_is_read() -> None:
    file = DATA / "orca_math_fixture.jsonl"
    if not file.exists():
        pytest.skip(f"{file.name} is not on this machine")
    (record,) = read_corpus(file)
    assert (record.problem.split()[0], record.row, record.answer) == ("Jungkook", 0, "")
    assert "4 people" in record.solution


def test_a_hub_out_of_reach_is_refused_with_the_way_round_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def refuse(*_: object, **__: object) -> str:
        raise ConnectionError("no route to the hub")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    with pytest.raises(CorpusMissing, match=r"no route to the hub.*index build --corpus orca-math FILE.parquet"):
        list(read_corpus("orca-math"))


def test_a_hub_data_set_is_read_from_its_downloaded_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub

    (tmp_path / "data").mkdir()
    write(tmp_path / "data" / "train-00000-of-00002.parquet", ROWS)
    write(tmp_path / "data" / "train-00001-of-00002.parquet", ROWS[:1])
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(tmp_path))
    records = list(read_corpus("orca-math"))
    assert [record.row for record in records] == [0, 1, 2]
    assert {(record.source, record.licence) for record in records} == {
        ("microsoft/orca-math-word-problems-200k", "MIT")
    }
