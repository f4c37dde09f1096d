"""Worked problems in: rows of NuminaMath-CoT's columns, from the hub or from files of that layout. For examples.py."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration, BadInput, FetchFailed

MAX_ROW_BYTES = 1_000_000
PARQUET_BATCH_ROWS = 1024
COLUMNS = ("source", "problem", "solution")  # of AI-MO/NuminaMath-CoT; its messages repeat the last two
FAMILIES = "families"  # our own problem families, as index/families writes them


@dataclass(frozen=True, slots=True)
class Row:
    """A worked problem. `answer` is "" where the row names none; `annotated` is the solution with its calculations
    marked as `<<48/2=24>>`, "" where the source has no such thing."""

    source: str
    problem: str
    solution: str
    answer: str = ""
    annotated: str = ""


def read_rows(places: list[str], dropped: Counter[str]) -> Iterator[Row]:
    """The rows of files (JSON Lines, parquet), of hub data sets (owner/name or owner/name:config:split), and of our
    own problem families ("families"), one place after the other.

    A row that is no worked problem is counted in `dropped`. Raises BadInput for a file that is missing, of another
    kind or without the columns, FetchFailed where the hub does not answer.
    """
    for place in places:
        if place == FAMILIES:
            yield from _family_rows()
            continue
        for file, name in _files(place):
            yield from _rows_of(file, name, dropped)


def read_problems(place: str) -> Iterator[str]:
    """The problems alone of a file or hub data set, under the column problem or question."""
    for file, _ in _files(place):
        for number, record in enumerate(_records(file, Counter())):
            problem = record.get("problem") or record.get("question")
            if isinstance(problem, str) and problem.strip():
                yield problem
            elif number == 0:
                raise BadInput(f"{place} has no column problem or question: name another file to keep apart.")


def _rows_of(file: Path, name: str, dropped: Counter[str]) -> Iterator[Row]:
    for number, record in enumerate(_records(file, dropped)):
        missing = [column for column in ("problem", "solution") if column not in record]
        if number == 0 and missing:
            found = ", ".join(str(key)[:40] for key in list(record)[:20]) or "none"
            raise BadInput(
                f"{file} lacks the columns {' and '.join(missing)} (it has {found}): "
                f"rename its columns to those of NuminaMath-CoT, {', '.join(COLUMNS)}."
            )
        texts = {key: record.get(key, "") for key in ("problem", "solution", "answer", "solution_annotated")}
        if not all(isinstance(text, str) for text in texts.values()) or not (texts["problem"] and texts["solution"]):
            dropped["not a worked problem"] += 1
            continue
        source = record.get("source")
        solution = texts["solution"]
        annotated = texts["solution_annotated"] or (solution if "<<" in solution else "")
        yield Row(source if isinstance(source, str) else name, texts["problem"], solution, texts["answer"], annotated)


def _family_rows() -> Iterator[Row]:
    from index.families.corpus import readable_answer, starter_corpus

    for worked in starter_corpus():
        answer = readable_answer(worked.answer, worked.unit)
        yield Row(FAMILIES, worked.problem, worked.solution, answer, worked.solution)


def _files(place: str) -> list[tuple[Path, str]]:
    path = Path(place).expanduser()
    if path.suffix in (".jsonl", ".parquet"):
        if not path.is_file():
            raise BadInput(f"There is no file {place}: check the path, or name a data set of the hub.")
        return [(path, path.stem)]
    if path.exists() or place.count("/") != 1:
        raise BadInput(f"{place} is neither a .jsonl or .parquet file, a data set owner/name of the hub, nor families.")
    return [(file, place) for file in _from_hub(*_hub_place(place))]


def _hub_place(place: str) -> tuple[str, str, str]:
    repository, _, rest = place.partition(":")
    config, _, split = rest.partition(":")
    return repository, config, split or "train"


def _from_hub(repository: str, config: str, split: str) -> list[Path]:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

    patterns = [f"*{config}*{split}*.parquet", f"*{split}*.jsonl"]
    try:
        folder = Path(snapshot_download(repository, repo_type="dataset", allow_patterns=patterns))
    except GatedRepoError:
        raise BadConfiguration(
            f"The data set {repository} is gated: accept its terms on the hub and set HF_TOKEN."
        ) from None
    except RepositoryNotFoundError:
        raise BadInput(f"The hub has no data set {repository}: check the name, or give a file.") from None
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as failed:
        raise FetchFailed(
            f"The data set {repository} cannot be fetched ({type(failed).__name__}): connect to the internet, "
            "or put a .jsonl or .parquet file in its place with --override."
        ) from None
    # The folder may hold what was fetched for another split.
    files = sorted(
        file
        for file in folder.rglob("*")
        if any(fnmatch(str(file.relative_to(folder)), pattern) for pattern in patterns)
    )
    if not files:
        raise BadInput(f"The data set {repository} has no {config} {split} files of parquet or JSON Lines.")
    return files


def _records(file: Path, dropped: Counter[str]) -> Iterator[Mapping[str, Any]]:
    try:
        yield from _parquet(file) if file.suffix == ".parquet" else _json_lines(file, dropped)
    except OSError as refused:
        raise BadInput(f"{file} cannot be read ({refused.strerror or refused}): check the file.") from None


def _json_lines(file: Path, dropped: Counter[str]) -> Iterator[Mapping[str, Any]]:
    with file.open("rb") as lines:
        while line := lines.readline(MAX_ROW_BYTES):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict):
                yield record
            else:
                dropped["not a JSON object"] += 1


def _parquet(file: Path) -> Iterator[Mapping[str, Any]]:
    import pyarrow
    from pyarrow import parquet

    try:
        opened = parquet.ParquetFile(file)
    except pyarrow.ArrowInvalid:
        raise BadInput(f"{file} is not a parquet file: download it again.") from None
    wanted = {"source", "problem", "solution", "answer", "solution_annotated", "question"}
    with opened:
        names = [name for name in opened.schema_arrow.names if name in wanted] or opened.schema_arrow.names
        for batch in opened.iter_batches(PARQUET_BATCH_ROWS, columns=names):
            yield from batch.to_pylist()
