"""Building an index: what goes in, what collapses, and that only a whole build replaces the old one."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.errors import BadInput, IndexDamaged, StorageFailed
from index.build import add_records, build_index, delete_records, ensure_starter_index
from index.corpus import Record
from index.embedder import OnnxMiniLM
from index.generations import STALE_SECONDS, only_writer
from index.manifest import check_files, read_manifest
from index.search import Searcher


@pytest.fixture(scope="module")
def embedder() -> OnnxMiniLM:
    return OnnxMiniLM(threads=1)


def record(problem: str, row: int = 0, solution: str = "Count.") -> Record:
    return Record(problem, solution, "1", "tests", row, "MIT", "counting")


def entries(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()} - {".lock"}


SUMS = [record(f"What is {n} plus {n + 3}?", n) for n in range(5)]
ROOTS = [record(f"Find the square root of {n * n}.", n) for n in range(4, 8)]


def test_the_manifest_describes_what_was_built(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    manifest = build_index(SUMS + ROOTS, embedder, tmp_path / "index")
    assert manifest == read_manifest(tmp_path / "index")
    assert (manifest.records, manifest.vectors, manifest.duplicates, manifest.dimension) == (9, 9, 0, 384)
    assert [(source.name, source.licence, source.records) for source in manifest.sources] == [("tests", "MIT", 9)]
    assert manifest.embedder_digest == embedder.digest
    check_files(tmp_path / "index", manifest, thorough=True)


def test_the_same_records_have_the_same_corpus_digest_and_others_another(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    digests = [build_index(r, embedder, tmp_path).corpus_digest for r in (SUMS, SUMS, SUMS[:-1], SUMS[::-1])]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_problems_of_identical_text_collapse_into_the_first(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    twice = [record("What is 1 + 1?", 0, "first"), record("what  is 1 + 1?\n", 1, "second"), *ROOTS]
    manifest = build_index(twice, embedder, tmp_path)
    assert (manifest.records, manifest.duplicates) == (5, 1)
    with Searcher.open(tmp_path, embedder) as searcher:
        assert searcher.search("What is 1 + 1?", 1)[0].solution == "first"


def test_a_long_problem_is_found_by_its_end_and_shown_whole_and_once(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    filler = "The farmer walks along the fence and counts every post that he passes on his way home. " * 30
    long = record(filler + "Now compute the probability that two dice show a sum of seven.", 9, "6/36 = 1/6")
    manifest = build_index([*SUMS, long, *ROOTS], embedder, tmp_path)
    assert manifest.records == 10
    assert manifest.vectors > 11
    with Searcher.open(tmp_path, embedder) as searcher:
        found = searcher.search("What is the probability that two dice sum to seven?", 10)
        assert found[0].problem == long.problem
        assert found[0].solution == "6/36 = 1/6"
        assert len({example.problem for example in found}) == len(found) == 10


def test_progress_counts_up_to_the_number_of_records(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    many = [record(f"What is {n} plus 1?", n) for n in range(130)]
    seen: list[tuple[int, int | None]] = []
    build_index(many, embedder, tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(128, 130), (130, 130)]
    seen.clear()
    build_index(iter(SUMS), embedder, tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(5, None)]


def test_nothing_to_index_is_refused_and_leaves_the_old_index(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    before = build_index(SUMS, embedder, tmp_path)
    for key in ("", "a key"):
        with pytest.raises(BadInput, match="no worked problem"):
            build_index([], embedder, tmp_path, resume_key=key)
    assert read_manifest(tmp_path) == before
    assert entries(tmp_path) == {"manifest.json", before.generation}


def test_an_interrupted_build_leaves_the_old_index_and_no_litter(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    before = build_index(SUMS, embedder, tmp_path)

    def interrupted() -> Iterator[Record]:
        yield from (record(f"What is {n} times 2?", n) for n in range(140))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(interrupted(), embedder, tmp_path)
    assert entries(tmp_path) == {"manifest.json", before.generation}
    with Searcher.open(tmp_path, embedder) as searcher:
        assert searcher.search("2 plus 5", 1)[0].source == "tests"


def test_ctrl_c_in_a_real_process_leaves_the_old_index(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    before = build_index(SUMS, embedder, tmp_path)
    code = (
        "import sys; from pathlib import Path; from index.build import build_index; "
        "from index.corpus import Record; from index.embedder import OnnxMiniLM\n"
        "records = (Record(f'What is {n} minus 1?', 's', '', 't', n, 'MIT') for n in range(10**9))\n"
        "build_index(records, OnnxMiniLM(2), Path(sys.argv[1]), progress=lambda *_: print('.', flush=True))"
    )
    builder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == b".\n"
        builder.send_signal(signal.SIGINT)
        assert builder.wait(20) != 0
    assert read_manifest(tmp_path) == before
    assert entries(tmp_path) == {"manifest.json", before.generation}


def test_a_reader_of_the_old_index_goes_on_after_a_rebuild(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    build_index(SUMS, embedder, tmp_path)
    with Searcher.open(tmp_path, embedder) as old:
        after = build_index(ROOTS, embedder, tmp_path)
        assert old.search("square root of 25", 1)[0].problem.startswith("What is")
        with Searcher.open(tmp_path, embedder) as new:
            assert new.search("square root of 25", 1)[0].problem.startswith("Find the square root")
    assert entries(tmp_path) == {"manifest.json", after.generation}


def test_what_a_killed_build_left_is_removed_when_no_command_will_go_on_with_it(
    tmp_path: Path, embedder: OnnxMiniLM
) -> None:
    build_index(SUMS, embedder, tmp_path)
    nobodys, old, young, foreign = (tmp_path / name for name in ("a" * 16, "b" * 16, "c" * 16, "notes"))
    for folder in (nobodys, old, young, foreign):
        folder.mkdir()
    for folder in (old, young):
        (folder / "draft.json").write_text('{"key": "another build"}', encoding="utf-8")
    for folder in (old, foreign):
        os.utime(folder, (time.time() - 2 * STALE_SECONDS,) * 2)
    build_index(SUMS, embedder, tmp_path)
    assert [folder.exists() for folder in (nobodys, old, young, foreign)] == [False, False, True, True]


def test_added_problems_are_found_and_known_ones_left_out(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    build_index(SUMS, embedder, tmp_path, starter="a starter")
    after = add_records([*ROOTS, record("what is 2 plus 5", 77)], embedder, tmp_path)
    assert (after.records, after.vectors, after.duplicates, after.starter) == (9, 9, 1, "")
    check_files(tmp_path, after, thorough=True)
    with Searcher.open(tmp_path, embedder) as searcher:
        for one in SUMS + ROOTS:
            (found,) = searcher.search(one.problem, 1)
            assert (found.problem, found.row, found.verbatim) == (one.problem, one.row, True)
    assert entries(tmp_path) == {"manifest.json", after.generation}


def test_deleted_problems_are_gone_from_the_search_and_from_the_disk(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    other = [Record(one.problem, "Secret.", "1", "others", one.row, "MIT") for one in ROOTS]
    build_index(SUMS + other, embedder, tmp_path)
    after = delete_records(tmp_path, "others", [4, 5])
    assert (after.records, after.vectors) == (7, 7)
    after = delete_records(tmp_path, "others")
    assert [(source.name, source.records) for source in after.sources] == [("tests", 5)]
    with Searcher.open(tmp_path, embedder) as searcher:
        found = searcher.search(ROOTS[0].problem, 9)
        assert {example.source for example in found} == {"tests"}
        assert not any(example.verbatim for example in found)
    assert b"Secret" not in (tmp_path / after.generation / "documents.sqlite").read_bytes()
    again = add_records(other, embedder, tmp_path)
    assert (again.records, again.vectors, again.duplicates) == (9, 9, 0)


def test_what_cannot_be_deleted_is_refused_and_nothing_changes(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    before = build_index(SUMS, embedder, tmp_path)
    for source, rows, sentence in (
        ("nobody", [], "has no source nobody"),
        ("tests", [99], "rows 99 of tests"),
        ("tests", [], "leave nothing"),
    ):
        with pytest.raises(BadInput, match=sentence):
            delete_records(tmp_path, source, rows)
    assert read_manifest(tmp_path) == before
    assert entries(tmp_path) == {"manifest.json", before.generation}


def test_adding_with_another_embedder_is_refused(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    class Renamed(OnnxMiniLM):
        digest = "0" * 64

    build_index(SUMS, embedder, tmp_path)
    with pytest.raises(IndexDamaged, match="another embedder"):
        add_records(ROOTS, Renamed(1), tmp_path)


def test_one_writer_at_a_time(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    with only_writer(tmp_path), pytest.raises(BadInput, match="try again when it has finished"):
        build_index(SUMS, embedder, tmp_path)
    assert build_index(SUMS, embedder, tmp_path).records == 5


def test_a_folder_that_cannot_be_written_is_a_storage_failure(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageFailed, match="could not be written"):
        build_index(SUMS, embedder, tmp_path / "file")


def test_the_documents_are_plain_sqlite(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    manifest = build_index(SUMS, embedder, tmp_path)
    connection = sqlite3.connect(tmp_path / manifest.generation / "documents.sqlite")
    assert connection.execute("SELECT problem, row, method FROM records WHERE id = 2").fetchone() == (
        "What is 2 plus 5?",
        2,
        "counting",
    )
    connection.close()


@pytest.fixture
def small_starter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.families.corpus.starter_records", lambda: iter(SUMS))


@pytest.mark.usefixtures("small_starter")
class TestEnsuringTheStarterIndex:
    def test_it_is_built_once_and_then_kept(self, tmp_path: Path, embedder: OnnxMiniLM) -> None:
        calls: list[Any] = []
        assert ensure_starter_index(tmp_path / "index", embedder, lambda *n: calls.append(n)) == tmp_path / "index"
        first = read_manifest(tmp_path / "index")
        assert calls
        assert first.starter
        ensure_starter_index(tmp_path / "index", embedder)
        assert read_manifest(tmp_path / "index") == first

    def test_it_is_rebuilt_when_the_generators_changed(
        self, tmp_path: Path, embedder: OnnxMiniLM, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ensure_starter_index(tmp_path, embedder)
        first = read_manifest(tmp_path)
        monkeypatch.setattr("index.families.corpus.starter_digest", lambda: "another")
        ensure_starter_index(tmp_path, embedder)
        assert read_manifest(tmp_path).generation != first.generation
        assert read_manifest(tmp_path).starter == "another"

    def test_it_is_rebuilt_when_its_files_are_gone_or_cut(self, tmp_path: Path, embedder: OnnxMiniLM) -> None:
        ensure_starter_index(tmp_path, embedder)
        file = tmp_path / read_manifest(tmp_path).generation / "vectors.faiss"
        file.write_bytes(file.read_bytes()[:-1])
        ensure_starter_index(tmp_path, embedder)
        Searcher.open(tmp_path, embedder).close()

    def test_one_of_another_version_is_rebuilt(self, tmp_path: Path, embedder: OnnxMiniLM) -> None:
        ensure_starter_index(tmp_path, embedder)
        manifest = tmp_path / "manifest.json"
        former = {"format": 1, "generation": "d" * 16, "starter": "former"}
        manifest.write_text(json.dumps(former), encoding="utf-8")
        ensure_starter_index(tmp_path, embedder)
        assert read_manifest(tmp_path).starter != "former"
        manifest.write_text(json.dumps(former | {"starter": ""}), encoding="utf-8")
        ensure_starter_index(tmp_path, embedder)
        assert json.loads(manifest.read_text(encoding="utf-8"))["format"] == 1

    def test_it_is_rebuilt_for_another_embedder(self, tmp_path: Path, embedder: OnnxMiniLM) -> None:
        class Renamed(OnnxMiniLM):
            digest = "0" * 64

            def embed(self, texts: Sequence[str]) -> Any:
                return embedder.embed(texts)

        ensure_starter_index(tmp_path, Renamed(1))
        ensure_starter_index(tmp_path, embedder)
        assert read_manifest(tmp_path).embedder_digest == embedder.digest

    def test_a_corpus_of_the_users_own_is_left_alone(self, tmp_path: Path, embedder: OnnxMiniLM) -> None:
        own = build_index(ROOTS, embedder, tmp_path)
        ensure_starter_index(tmp_path, embedder)
        assert read_manifest(tmp_path) == own
        (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
        ensure_starter_index(tmp_path, embedder)
        assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == "{"


def test_an_index_in_place_is_recognised_in_a_few_milliseconds(
    tmp_path: Path, embedder: OnnxMiniLM, small_starter: None
) -> None:
    from index.families.corpus import starter_digest

    ensure_starter_index(tmp_path, embedder)
    starter_digest.cache_clear()
    quickest = min(_seconds(tmp_path, embedder) for _ in range(3))
    assert quickest < 0.02


def _seconds(folder: Path, embedder: OnnxMiniLM) -> float:
    start = time.perf_counter()
    ensure_starter_index(folder, embedder)
    return time.perf_counter() - start
