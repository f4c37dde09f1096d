"""Searching an index: the right neighbours, whole and once, in many threads; every kind of damage refused."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.errors import BadInput, IndexDamaged, IndexMissing
from index.build import build_index
from index.corpus import Record
from index.embedder import OnnxMiniLM
from index.manifest import Manifest, file_sha256, read_manifest, write_manifest
from index.search import Searcher

PROBLEMS = {
    "A train travels 60 miles an hour for 3 hours. How far does it go?": "distance = speed × time",
    "Find the derivative of x^3 + 2x.": "power rule",
    "How many ways are there to seat five people in a row?": "permutations",
    "Two dice are thrown. What is the probability of a sum of seven?": "counting cases",
    "A jacket costs $80 and is reduced by 25%. What is the new price?": "percentage decrease",
}
RECORDS = [
    Record(problem, "Worked.", "1", "tests", row, "MIT", method)
    for row, (problem, method) in enumerate(PROBLEMS.items())
]


@pytest.fixture(scope="module")
def embedder() -> OnnxMiniLM:
    return OnnxMiniLM(threads=1)


@pytest.fixture
def folder(tmp_path: Path, embedder: OnnxMiniLM) -> Path:
    build_index(RECORDS, embedder, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def searcher(folder: Path, embedder: OnnxMiniLM) -> Searcher:
    return Searcher.open(folder, embedder)


@pytest.mark.parametrize(
    ("query", "method"),
    [
        ("A bus drives at 40 miles per hour for 2 hours; what distance?", "distance = speed × time"),
        ("Differentiate x^2 - 5x", "power rule"),
        ("In how many orders can 6 books be arranged on a shelf?", "permutations"),
        ("What is the chance that two dice show a total of nine?", "counting cases"),
        ("Shoes for $60 are 10% off. How much are they now?", "percentage decrease"),
    ],
)
def test_the_nearest_problem_is_of_the_same_kind(searcher: Searcher, query: str, method: str) -> None:
    found = searcher.search(query, 3)
    assert found[0].method == method
    near = [e.similarity >= searcher.near_from for e in found]
    assert near == sorted(near, reverse=True)


def test_of_problems_as_near_the_one_with_the_same_quantities_comes_first(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    """The nearest in wording tells of the same story and asks for something else."""
    asked = "Ada pays $12 for each of 4 lamps. How much does she pay in total?"
    other = "Ada owns 12 lamps and gives away 4 lamps. How many lamps does she own then?"
    same = "Ben pays $9 for each of 3 chairs. How much does he pay in total?"
    build_index([Record(p, "Worked.", "", "tests", n, "MIT") for n, p in enumerate((other, same))], embedder, tmp_path)
    with Searcher.open(tmp_path, embedder) as searcher:
        found = searcher.search(asked, 2)
    assert found[0].problem == same
    assert "the same kinds of quantities and question" in found[0].why
    assert "the same kinds" not in found[1].why


def test_the_very_problem_has_similarity_one_and_its_provenance(searcher: Searcher) -> None:
    (example,) = searcher.search(RECORDS[3].problem, 1)
    assert example.similarity == pytest.approx(1.0, abs=1e-4)
    assert example.similarity <= 1.0
    assert (example.source, example.row, example.licence, example.answer) == ("tests", 3, "MIT", "1")


def test_no_more_examples_than_records(searcher: Searcher) -> None:
    assert len(searcher.search("anything", 100)) == len(RECORDS)


@pytest.mark.parametrize(("problem", "k"), [("", 3), (" \n", 3), ("1 + 1", 0), ("1 + 1", 101)])
def test_unusable_queries_are_refused(searcher: Searcher, problem: str, k: int) -> None:
    with pytest.raises(BadInput):
        searcher.search(problem, k)


def test_a_megabyte_of_query_is_answered(searcher: Searcher) -> None:
    assert len(searcher.search("train " * 200_000, 2)) == 2


def test_threads_get_the_same_answers_as_one(searcher: Searcher) -> None:
    queries = list(PROBLEMS) * 6
    alone = [searcher.search(query, 3) for query in queries]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda query: searcher.search(query, 3), queries)) == alone


def test_the_embedder_is_the_manifests_where_none_is_given(folder: Path) -> None:
    with Searcher.open(folder) as searcher:
        assert searcher.search("derivative", 1)[0].method == "power rule"


def test_no_index_is_missing_with_the_way_to_build_it(tmp_path: Path, embedder: OnnxMiniLM) -> None:
    with pytest.raises(IndexMissing, match="build one with `mathlearn index build`"):
        Searcher.open(tmp_path, embedder)


def _vectors(folder: Path) -> Path:
    return folder / read_manifest(folder).generation / "vectors.faiss"


def _documents(folder: Path) -> Path:
    return folder / read_manifest(folder).generation / "documents.sqlite"


def _change_manifest(folder: Path, **changes: Any) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def _flip(file: Path, position: int) -> None:
    content = bytearray(file.read_bytes())
    content[position] ^= 0xFF
    file.write_bytes(content)


def _vouch_for(folder: Path, file: Path) -> None:
    """Make the manifest agree with a changed file, so that only the next check can notice it."""
    manifest = read_manifest(folder)
    files = tuple(
        replace(f, size=file.stat().st_size, sha256=file_sha256(file)) if f.name == file.name else f
        for f in manifest.files
    )
    write_manifest(folder, replace(manifest, files=files))


def _vouched_garbage(which: Callable[[Path], Path]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        which(folder).write_bytes(b"IxFI" + b"\x07" * 5000)
        _vouch_for(folder, which(folder))

    return damage


def _vouched_empty_documents(folder: Path) -> None:
    connection = sqlite3.connect(_documents(folder))
    connection.execute("DELETE FROM records WHERE id = 0")
    connection.commit()
    connection.close()
    _vouch_for(folder, _documents(folder))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "vectors gone": lambda folder: _vectors(folder).unlink(),
    "documents gone": lambda folder: _documents(folder).unlink(),
    "vectors cut": lambda folder: _vectors(folder).write_bytes(_vectors(folder).read_bytes()[:-7]),
    "a bit of the vectors flipped": lambda folder: _flip(_vectors(folder), 900),
    "a bit of the documents flipped": lambda folder: _flip(_documents(folder), 5000),
    "vectors that are none": _vouched_garbage(_vectors),
    "documents that are none": _vouched_garbage(_documents),
    "a record missing": _vouched_empty_documents,
    "another embedder": lambda folder: _change_manifest(folder, embedder_digest="0" * 64),
    "another count": lambda folder: _change_manifest(folder, vectors=6),
    "another dimension": lambda folder: _change_manifest(folder, dimension=3),
    "a future format": lambda folder: _change_manifest(folder, format=99),
    "a path for a generation": lambda folder: _change_manifest(folder, generation="../../etc/passwd"),
    "a list for a name": lambda folder: _change_manifest(folder, embedder=["x"]),
    "a negative count": lambda folder: _change_manifest(folder, records=-1),
    "no files": lambda folder: _change_manifest(folder, files=[]),
    "an empty manifest": lambda folder: (folder / "manifest.json").write_bytes(b""),
    "a manifest of brackets": lambda folder: (folder / "manifest.json").write_bytes(b"[" * 90_000),
    "a manifest that is a list": lambda folder: (folder / "manifest.json").write_bytes(b"[1]"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_every_damage_is_refused_with_the_way_to_repair_it(
    damage: Callable[[Path], object], folder: Path, embedder: OnnxMiniLM
) -> None:
    damage(folder)
    with pytest.raises(IndexDamaged, match="rebuild it with `mathlearn index build`"):
        Searcher.open(folder, embedder)


def test_opening_follows_a_rebuild_that_happens_meanwhile(
    folder: Path, embedder: OnnxMiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Searcher._open.__func__  # type: ignore[attr-defined]
    opened: list[Manifest] = []

    def rebuilding_first(cls: type[Searcher], at: Path, manifest: Manifest, using: OnnxMiniLM) -> Searcher:
        opened.append(manifest)
        if len(opened) == 1:
            build_index(RECORDS[:2], embedder, folder)
        searcher: Searcher = real(cls, at, manifest, using)
        return searcher

    monkeypatch.setattr(Searcher, "_open", classmethod(rebuilding_first))
    with Searcher.open(folder, embedder) as searcher:
        assert searcher.manifest.records == 2
    assert len(opened) == 2


def test_the_langchain_retriever_gives_the_same_problems_as_documents(searcher: Searcher) -> None:
    from index.retriever import ProblemRetriever

    documents = ProblemRetriever(searcher=searcher, k=2).invoke("Differentiate x^2 - 5x")
    examples = searcher.search("Differentiate x^2 - 5x", 2)
    assert [d.page_content for d in documents] == [e.problem for e in examples]
    assert documents[0].metadata["method"] == "power rule"
    assert documents[0].metadata["similarity"] == examples[0].similarity


def test_searching_imports_neither_langchain_nor_torch_nor_sympy(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.search import Searcher\n"
        "Searcher.open(Path(sys.argv[1])).search('1 + 1', 1)\n"
        "heavy = {'langchain_core', 'langchain_text_splitters', 'torch', 'sympy', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(folder)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


CALCULATIONS = [
    (
        "A florist ties 14 bouquets of 6 roses and 9 roses are left. How many roses were there?",
        "14 × 6 = 84\n84 + 9 = 93",
    ),
    ("A bus has 14 rows of 6 seats, and 9 of the seats are broken. How many can be used?", "14 × 6 = 84\n84 - 9 = 75"),
    ("Tickets cost $14. Paul buys 6 and pays a fee of $9. What does he pay?", "14 × 6 = 84\n84 + 9 = 93"),
    ("A crew paints 84 doors in 6 days. How many is that a day?", "84 ÷ 6 = 14"),
]
SEATS = "A cinema has 12 rows of 7 seats. In the foyer stand 8 more seats. How many seats are there in all?"


@pytest.fixture
def calculating(tmp_path: Path, embedder: OnnxMiniLM) -> Searcher:
    records = [Record(p, s, "", "tests", row, "MIT") for row, (p, s) in enumerate(CALCULATIONS)]
    build_index(records, embedder, tmp_path / "calculations")
    return Searcher.open(tmp_path / "calculations", embedder)


def test_a_derivation_brings_the_same_calculation_before_the_same_subject(calculating: Searcher) -> None:
    by_subject = calculating.search(SEATS, 4)
    rows = [example.row for example in by_subject]
    assert rows.index(1) < rows.index(2)
    assert sum("nearest" in example.why for example in by_subject) == 1
    assert "nearest" in max(by_subject, key=lambda example: example.similarity).why
    by_structure = calculating.search(SEATS, 4, derivation="seats = 12 * 7\nanswer = seats + 8")
    assert {example.row for example in by_structure[:2]} == {0, 2}
    assert by_structure[0].why.startswith("the same calculation, □ × □ + □")
    assert len(by_structure) == len({example.row for example in by_structure}) == 4


def test_the_same_calculation_comes_first_however_far_from_a_near_one_that_is_only_similar(
    tmp_path: Path, embedder: OnnxMiniLM
) -> None:
    """`make solve` once showed a neighbour with a similar calculation before the one with the same."""
    near = "A cinema has 12 rows of 7 seats. In the foyer stand 8 more seats and 5 stools. How many are there in all?"
    records = [
        Record(near, "12 × 7 = 84\n84 + 8 + 5 = 97", "", "tests", 0, "MIT"),
        Record(
            "Tickets cost $14. Paul buys 6 and pays a fee of $9. What is it?", CALCULATIONS[2][1], "", "tests", 1, ""
        ),
    ]
    build_index(records, embedder, tmp_path / "two")
    with Searcher.open(tmp_path / "two", embedder) as searcher:
        same, similar = searcher.search(SEATS, 2, derivation="seats = 12 * 7\nanswer = seats + 8")
        assert same.similarity < searcher.near_from < similar.similarity
    assert same.row == 1
    assert same.likeness == 1 > similar.likeness > 0.5


@pytest.mark.parametrize("derivation", ["", "  ", "import os", "answer = rows * seats", "answer = 8"])
def test_a_derivation_that_says_nothing_changes_nothing(calculating: Searcher, derivation: str) -> None:
    assert calculating.search(SEATS, 3, derivation=derivation) == calculating.search(SEATS, 3)
