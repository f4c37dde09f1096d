"""Worked problems in: reads files and hub data sets row by row into Records for the index."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from agent.errors import BadInput, CorpusMissing

MAX_PROBLEM_CHARS = 8_000
MAX_SOLUTION_CHARS = 32_000
MAX_ROW_BYTES = 1_000_000
MAX_JSON_BYTES = 256_000_000
PARQUET_BATCH_ROWS = 512

# A terminal obeys control characters; tab and line feed are the two that a text needs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# U+FFFD marks bytes that were not UTF-8; a lone surrogate can be neither stored nor embedded.
_NOT_TEXT = re.compile("[\ufffd\ud800-\udfff]")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A worked problem with its provenance. `answer` and `method` are "" where the source names none;
    `row` counts the source's rows from 0."""

    problem: str
    solution: str
    answer: str
    source: str
    row: int
    licence: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names under which a source keeps problem, worked solution and (optionally) final answer."""

    problem: str
    solution: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class HubCorpus:
    """A data set on the Hugging Face hub that is known by a short name."""

    repository: str
    files: str
    columns: Columns
    licence: str


HUB_CORPORA = {
    "orca-math": HubCorpus(
        "microsoft/orca-math-word-problems-200k", "data/*.parquet", Columns("question", "answer"), "MIT"
    ),
}

# Tried in this order; the first whose problem and solution columns both exist is used.
USUAL_COLUMNS = (
    Columns("problem", "solution", "answer"),
    Columns("question", "solution", "answer"),
    Columns("question", "answer"),
)


class _RowError(ValueError):
    """A row that is counted and skipped; the message is the reason it is counted under."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Files of one source: the name and licence that are cited for it, and its columns where they are given."""

    files: tuple[Path, ...]
    name: str
    licence: str
    columns: Columns | None

    def records(self, skipped: Counter[str] | None = None) -> Iterator[Record]:
        """Stream the records; rows that cannot be used are counted by reason in `skipped`. Always the same ones
        in the same order. Raises BadInput for a file that is missing, of another kind, unreadable or without the
        expected columns."""
        tally: Counter[str] = Counter() if skipped is None else skipped
        # Rows are numbered through all of a data set's files, as its viewer on the hub does.
        rows = enumerate(chain.from_iterable(_checked_rows(file, self.columns) for file in self.files))
        return _records(rows, self.name, self.licence, tally)

    def row_count(self) -> int | None:
        """How many rows there are, None where only reading all of them would tell. Raises BadInput."""
        if any(file.suffix.lower() != ".parquet" for file in self.files):
            return None
        return sum(_parquet_row_count(file) for file in self.files)

    def digest(self) -> str:
        """A hash of all that determines the records: the files' content and how they are read. Raises BadInput."""
        hashed = hashlib.sha256(repr((self.name, self.licence, self.columns)).encode())
        for file in self.files:
            with _readable(file), file.open("rb") as opened:
                hashed.update(hashlib.file_digest(opened, "sha256").digest())
        return hashed.hexdigest()


def open_corpus(source: str | Path, *, columns: Columns | None = None, licence: str = "", name: str = "") -> Corpus:
    """A JSONL, JSON, CSV or parquet file, or a hub data set by its short name, downloaded where it is not here yet.

    `columns` names the columns where they are not the usual ones, `name` and `licence` what is cited (else the
    file's name and "not stated"). Raises CorpusMissing where the hub does not answer.
    """
    if isinstance(source, str) and source in HUB_CORPORA:
        preset = HUB_CORPORA[source]
        files = tuple(_fetch(source, preset))
        return Corpus(files, name or preset.repository, licence or preset.licence, columns or preset.columns)
    file = Path(source)
    return Corpus((file,), name or file.name, licence or "not stated", columns)


def read_corpus(
    source: str | Path,
    *,
    limit: int | None = None,
    columns: Columns | None = None,
    licence: str = "",
    name: str = "",
    skipped: Counter[str] | None = None,
) -> Iterator[Record]:
    """The first `limit` records of a file or data set: `open_corpus` and `Corpus.records` in one."""
    corpus = open_corpus(source, columns=columns, licence=licence, name=name)
    return islice(corpus.records(skipped), limit)


def final_answer(solution: str) -> str:
    r"""What a solution marks as its answer (`\boxed{…}`, or a last line `#### …` or `Answer: …`), else ""."""
    start = solution.rfind(r"\boxed{")
    if start >= 0:
        depth, inner = 1, start + len(r"\boxed{")
        for position in range(inner, len(solution)):
            depth += {"{": 1, "}": -1}.get(solution[position], 0)
            if depth == 0:
                return solution[inner:position].strip()
    marked = re.search(r"(?:^|\n)[ \t]*(?:####|(?:final )?answer:)[ \t]*([^\n]{1,200})\s*\Z", solution, re.IGNORECASE)
    return marked[1].strip() if marked else ""


def _records(
    rows: Iterator[tuple[int, tuple[Columns, Row] | _RowError]], name: str, licence: str, tally: Counter[str]
) -> Iterator[Record]:
    for number, row in rows:
        try:
            if isinstance(row, _RowError):
                raise row
            columns, values = row
            problem = _text(values, columns.problem, MAX_PROBLEM_CHARS)
            solution = _text(values, columns.solution, MAX_SOLUTION_CHARS)
        except _RowError as reason:
            tally[str(reason)] += 1
            continue
        stated = values.get(columns.answer) if columns.answer else None
        answer = _clean(stated)[:200] if isinstance(stated, str) else final_answer(solution)
        yield Record(problem, solution, answer, name, number, licence)


def _text(values: Row, column: str, longest: int) -> str:
    value = values.get(column)
    if value is None:
        raise _RowError(f"no {column}")
    if not isinstance(value, str):
        raise _RowError(f"{column} is not text")
    text = _clean(value)
    if not text:
        raise _RowError(f"no {column}")
    if len(text) > longest:
        raise _RowError(f"{column} is longer than {longest:,} characters")
    if _NOT_TEXT.search(text):
        raise _RowError(f"{column} is not valid Unicode text")
    return text


def _clean(text: str) -> str:
    """Without control characters, which a terminal would obey, and with \\n as the only line ending."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _checked_rows(file: Path, columns: Columns | None) -> Iterator[tuple[Columns, Row] | _RowError]:
    """The rows of a file with the columns to read in them, chosen once from the first usable row's names."""
    chosen: Columns | None = None
    for row in _rows(file, columns):
        if isinstance(row, _RowError):
            yield row
            continue
        if chosen is None:
            chosen = _choose(file, columns, list(row))
        yield chosen, row


def _choose(file: Path, wanted: Columns | None, found: list[str]) -> Columns:
    for columns in (wanted,) if wanted else USUAL_COLUMNS:
        if {columns.problem, columns.solution} <= set(found):
            return columns
    expected = " or ".join(f"{c.problem}/{c.solution}" for c in ((wanted,) if wanted else USUAL_COLUMNS))
    named = ", ".join(str(name)[:40] for name in found[:20]) or "none"
    raise BadInput(
        f"{file} has the columns {named} where {expected} are expected: "
        "name the right ones with --question and --answer."
    )


def _rows(file: Path, columns: Columns | None) -> Iterator[Row | _RowError]:
    readers: dict[str, Callable[[Path], Iterator[Row | _RowError]]] = {
        ".jsonl": _jsonl_rows,
        ".json": _json_rows,
        ".csv": _csv_rows,
        ".parquet": partial(_parquet_rows, columns=columns),
    }
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise BadInput(f"{file} is not of a kind that can be read: give a {', '.join(readers)} file.")
    with _readable(file):
        yield from reader(file)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BadInput(f"There is no file {file}: check the path.") from None
    except OSError as refusal:
        raise BadInput(f"{file} cannot be read ({refusal.strerror or refusal}): check the file.") from None


def _jsonl_rows(file: Path) -> Iterator[Row | _RowError]:
    with file.open("rb") as lines:
        while line := lines.readline(MAX_ROW_BYTES):
            if len(line) == MAX_ROW_BYTES and not line.endswith(b"\n"):
                while (rest := lines.readline(MAX_ROW_BYTES)) and not rest.endswith(b"\n"):
                    pass
                yield _RowError(f"row is longer than {MAX_ROW_BYTES:,} bytes")
            elif line.strip():
                yield _object(line)


def _object(line: bytes) -> Row | _RowError:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of thousands of digits, a deep nest
        return _RowError("row is not a JSON object")
    return value if isinstance(value, dict) else _RowError("row is not a JSON object")


def _json_rows(file: Path) -> Iterator[Row | _RowError]:
    if file.stat().st_size > MAX_JSON_BYTES:
        raise BadInput(
            f"{file} is larger than the {MAX_JSON_BYTES:,} bytes that a .json file may have: "
            "convert it to .jsonl, which is read line by line."
        )
    try:
        rows = json.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput(f"{file} is not valid JSON in UTF-8: correct it, or give one object a line as .jsonl.") from None
    if not isinstance(rows, list):
        raise BadInput(f"{file} is not a JSON array of objects: make it one, or give one object a line as .jsonl.")
    for row in rows:
        yield row if isinstance(row, dict) else _RowError("row is not a JSON object")


def _csv_rows(file: Path) -> Iterator[Row | _RowError]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        reader = csv.DictReader(text)
        while True:
            try:
                row = next(reader, None)
            except csv.Error:  # a field over the csv module's own limit of 131,072 characters, a stray quote
                yield _RowError("row is not valid CSV")
                continue
            if row is None:
                return
            yield row


def _parquet_rows(file: Path, columns: Columns | None) -> Iterator[Row]:
    with _parquet(file) as table:
        names = table.schema_arrow.names
        chosen = _choose(file, columns, names)
        read = [name for name in (chosen.problem, chosen.solution, chosen.answer) if name in names]
        for batch in table.iter_batches(PARQUET_BATCH_ROWS, columns=read):
            yield from batch.to_pylist()


def _parquet_row_count(file: Path) -> int:
    with _readable(file), _parquet(file) as table:
        return int(table.metadata.num_rows)


@contextmanager
def _parquet(file: Path) -> Iterator[Any]:
    import pyarrow as arrow
    from pyarrow import parquet

    try:
        # Read and not mapped, and the pages of one batch at a time: memory stays that of a row group's columns.
        with parquet.ParquetFile(file, pre_buffer=False) as table:
            yield table
    except arrow.ArrowException as damage:
        raise BadInput(
            f"{file} is not a readable parquet file ({str(damage).splitlines()[0][:120]}): download it again."
        ) from None


def _fetch(short_name: str, corpus: HubCorpus) -> list[Path]:
    """The data set's files in the hub's cache, downloaded where they are not there yet."""
    import httpx
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        folder = snapshot_download(corpus.repository, repo_type="dataset", allow_patterns=corpus.files)
    except (OSError, httpx.HTTPError, HfHubHTTPError) as refusal:
        reason = (str(refusal).strip().splitlines() or [type(refusal).__name__])[0][:160]
        raise CorpusMissing(
            f"The data set {corpus.repository} could not be downloaded ({reason}): download its parquet file "
            f"elsewhere and give it here with `mathlearn index build --corpus {short_name} FILE.parquet`."
        ) from None
    files = sorted(Path(folder).glob(corpus.files))
    if not files:
        raise CorpusMissing(f"{corpus.repository} has no {corpus.files} any more: give a downloaded file instead.")
    return files
