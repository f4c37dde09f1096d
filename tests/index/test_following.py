"""A long-lived searcher takes up each new generation, and keeps the last good one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.build import add_records, build_index
from index.corpus import Record
from index.following import FollowingSearcher
from tests.index.letters import LetterEmbedder


def records(name: str, count: int = 40) -> list[Record]:
    texts = [f"{name} sells {n} maps for {n % 4 + 2} coins each. How many coins is that?" for n in range(count)]
    return [Record(text, f"Solution of: {text}", "", name, n, "MIT") for n, text in enumerate(texts)]


QUESTION = "Eva sells 12 maps for 2 coins each. How many coins is that?"


def test_what_is_added_is_found_by_a_searcher_that_was_open_before(tmp_path: Path) -> None:
    build_index(records("Ben"), LetterEmbedder(), tmp_path)
    searcher = FollowingSearcher(tmp_path, LetterEmbedder())
    assert not searcher.search(QUESTION)[0].verbatim
    add_records(records("Eva"), LetterEmbedder(), tmp_path)
    assert searcher.search(QUESTION)[0].verbatim
    build_index(records("Ben"), LetterEmbedder(), tmp_path)
    assert {example.source for example in searcher.search(QUESTION)} == {"Ben"}
    searcher.close()


def test_a_derivation_reaches_the_searcher_in_use(tmp_path: Path) -> None:
    sold = Record("Ben sells 9 maps for 4 coins each. How many coins?", "9 × 4 = 36", "", "tests", 0, "MIT")
    shared = Record("Ida shares 80 shells among 5 friends. How many each?", "80 ÷ 5 = 16", "", "tests", 1, "MIT")
    build_index([sold, shared], LetterEmbedder(), tmp_path)
    searcher = FollowingSearcher(tmp_path, LetterEmbedder())
    for derivation, row in (("answer = 12 * 2", 0), ("answer = 12 / 2", 1)):
        first = searcher.search(QUESTION, 2, derivation=derivation)[0]
        assert (first.row, first.likeness) == (row, 1.0)
    searcher.close()


def test_a_damaged_or_missing_successor_leaves_the_one_before_in_use(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build_index(records("Eva"), LetterEmbedder(), tmp_path)
    searcher = FollowingSearcher(tmp_path, LetterEmbedder())
    for ruin in (lambda: (tmp_path / "manifest.json").write_text("{"), (tmp_path / "manifest.json").unlink):
        ruin()
        assert searcher.search(QUESTION)[0].verbatim
        assert "stays the one before" in caplog.text
        caplog.clear()
    add = build_index(records("Ben"), LetterEmbedder(), tmp_path)
    assert searcher.search(QUESTION)[0].source == add.sources[0].name == "Ben"
    searcher.close()


def test_threads_that_search_through_swaps_always_get_whole_answers(tmp_path: Path) -> None:
    build_index(records("Eva"), LetterEmbedder(), tmp_path)
    searcher = FollowingSearcher(tmp_path, LetterEmbedder())
    stop, failures = threading.Event(), []

    def ask() -> None:
        try:
            while not stop.is_set():
                found = searcher.search(QUESTION)
                assert found[0].verbatim
                assert all(e.solution == f"Solution of: {e.problem}" for e in found)
        except Exception as failure:
            failures.append(failure)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for count in (60, 40, 50, 45):
        build_index(records("Eva", count), LetterEmbedder(), tmp_path)
    stop.set()
    for asker in askers:
        asker.join()
    assert failures == []
    searcher.close()
