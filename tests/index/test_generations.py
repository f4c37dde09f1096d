"""Generations of an index: kill -9 at any point loses and doubles nothing, and readers read on through swaps."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as arrow
from pyarrow import parquet

from index import vectors
from index.build import add_records, build_index, delete_records
from index.corpus import Record, open_corpus
from index.manifest import check_files, read_manifest
from index.search import Searcher
from tests.index.letters import LetterEmbedder

ROOT = Path(__file__).parents[2]
BUILDER = """
import sys
from pathlib import Path
from index.build import add_records, build_index, resume_key
from index.corpus import open_corpus
from tests.index.letters import LetterEmbedder

change, file, folder = {"build": build_index, "add": add_records}[sys.argv[1]], *map(Path, sys.argv[2:])
corpus, embedder = open_corpus(file), LetterEmbedder()
change(
    corpus.records(), embedder, folder, resume_key=resume_key(corpus.digest(), embedder),
    progress=lambda done, _: print(done, flush=True), placing=lambda done, _: print("placed", done, flush=True),
)
"""


def orca_math_file(file: Path, rows: int, begin: int = 0) -> Path:
    """A parquet file with Orca-math's two columns; every fifth row is a duplicate of the row before."""
    numbers = [n - (n % 5 == 4) for n in range(begin, begin + rows)]
    question = [f"Ann has {n} apples and buys {n % 7 + 2} more. How many has she?" for n in numbers]
    answer = [f"{n} + {n % 7 + 2} = {n + n % 7 + 2}" for n in numbers]
    parquet.write_table(arrow.table({"question": question, "answer": answer}), file, row_group_size=500)
    return file


def run_and_kill(command: list[str], chance: random.Random) -> list[str] | None:
    """The lines that the builder printed before it was killed at a random point, None where it had finished."""
    builder = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with builder:
        assert builder.stdout is not None
        lines = []
        for _ in range(chance.randint(0, 6)):
            if line := builder.stdout.readline():
                lines.append(line.strip())
        time.sleep(chance.random() * 0.02)
        builder.kill()
        lines += builder.stdout.read().split("\n")[:-1]
        return None if builder.wait() == 0 else lines


def test_a_build_killed_again_and_again_loses_no_row_and_doubles_none(tmp_path: Path) -> None:
    file, folder, chance = orca_math_file(tmp_path / "orca.parquet", 2_000), tmp_path / "index", random.Random(1)
    command = [sys.executable, "-c", BUILDER, "build", str(file), str(folder)]
    reached, kills = 0, 0
    while (lines := run_and_kill(command, chance)) is not None:
        kills += 1
        counts = [int(line) for line in lines if line.isdigit()]
        if counts:
            assert counts[0] >= reached  # it went on from where the last one was killed
            reached = counts[-1]
        assert kills < 40
    assert kills >= 2
    _assert_whole(folder, file, 1_600)


def test_an_addition_killed_again_and_again_loses_no_row_and_doubles_none(tmp_path: Path) -> None:
    first, more = (orca_math_file(tmp_path / f"{n}.parquet", 1_000, n) for n in (0, 1_000))
    folder, chance = tmp_path / "index", random.Random(3)
    build_index(open_corpus(first, name="orca").records(), LetterEmbedder(), folder)
    before = read_manifest(folder)
    command = [sys.executable, "-c", BUILDER, "add", str(more), str(folder)]
    kills = 0
    while run_and_kill(command, chance) is not None:
        kills += 1
        with Searcher.open(folder, LetterEmbedder()) as searcher:  # the index in use is whole at every moment
            assert searcher.search("Ann has 12 apples and buys 7 more. How many has she?", 1)[0].verbatim
        assert kills < 40
    assert kills >= 1
    after = read_manifest(folder)
    assert (before.records, after.records, after.duplicates) == (800, 1_600, 400)
    check_files(folder, after, thorough=True)
    _assert_every_vector_is_its_records(folder)


def test_a_build_of_another_file_does_not_take_up_the_draft(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    one, other = (orca_math_file(tmp_path / f"{n}.parquet", 600, n) for n in (0, 600))
    assert run_and_kill([sys.executable, "-c", BUILDER, "build", str(one), str(folder)], random.Random(5)) is not None
    subprocess.run([sys.executable, "-c", BUILDER, "build", str(other), str(folder)], cwd=ROOT, check=True)
    _assert_whole(folder, other, 480, drafts=1)


def _assert_whole(folder: Path, file: Path, expected: int, drafts: int = 0) -> None:
    manifest = read_manifest(folder)
    check_files(folder, manifest, thorough=True)
    connection = sqlite3.connect(folder / manifest.generation / "documents.sqlite")
    stored = connection.execute("SELECT row, problem, solution FROM records ORDER BY id").fetchall()
    connection.close()
    wanted = [(r.row, r.problem, r.solution) for r in open_corpus(file).records() if r.row % 5 != 4]
    assert len(stored) == expected
    assert stored == wanted
    assert manifest.duplicates == expected // 4
    _assert_every_vector_is_its_records(folder)
    others = {entry.name for entry in folder.iterdir()} - {".lock", "manifest.json", manifest.generation}
    assert len(others) == drafts
    assert {f.name for f in (folder / manifest.generation).iterdir()} == {"vectors.faiss", "documents.sqlite"}


def _assert_every_vector_is_its_records(folder: Path) -> None:
    manifest = read_manifest(folder)
    connection = sqlite3.connect(folder / manifest.generation / "documents.sqlite")
    query = "SELECT vectors.id, problem FROM vectors JOIN records ON records.id = record"
    problems = dict(connection.execute(query).fetchall())
    connection.close()
    index = vectors.read(folder / manifest.generation / "vectors.faiss")
    held = {int(n): row for numbers, rows in vectors.contents(index) for n, row in zip(numbers, rows, strict=True)}
    assert held.keys() == problems.keys()
    order = sorted(held)
    expected = LetterEmbedder().embed([problems[n] for n in order])
    np.testing.assert_allclose(np.stack([held[n] for n in order]), expected, atol=1e-3)


def test_readers_get_whole_answers_while_the_index_is_swapped_under_them(tmp_path: Path) -> None:
    def records(source: str, count: int) -> list[Record]:
        texts = [f"{source} has {n} pears and eats {n % 3 + 1}. How many are left?" for n in range(count)]
        return [Record(text, f"Solution of: {text}", "", source, n, "MIT") for n, text in enumerate(texts)]

    embedder = LetterEmbedder()
    build_index(records("Ada", 60), embedder, tmp_path)
    stop, failures, answered = threading.Event(), [], [0, 0]

    def read(who: int) -> None:
        kept = Searcher.open(tmp_path, embedder)
        while not stop.is_set():
            try:
                with Searcher.open(tmp_path, embedder) as fresh:
                    for searcher in (fresh, kept):
                        found = searcher.search("Ada has 20 pears and eats 3. How many are left?", 5)
                        assert found[0].verbatim
                        assert all(e.solution == f"Solution of: {e.problem}" for e in found)
                        assert len({e.problem for e in found}) == 5
                answered[who] += 1
            except Exception as failure:
                failures.append(failure)
                return
        kept.close()

    readers = [threading.Thread(target=read, args=(who,)) for who in (0, 1)]
    for reader in readers:
        reader.start()
    for _ in range(5):
        add_records(records("Bob", 30), embedder, tmp_path)
        delete_records(tmp_path, "Bob")
        build_index(records("Ada", 60), embedder, tmp_path)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert min(answered) > 0
