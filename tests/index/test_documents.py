"""Protects the documents' speed where an index is large: what a search reads does not grow with the corpus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.corpus import Record
from index.documents import Documents, DraftDocuments, Progress


def write(file: Path, count: int) -> Documents:
    """`count` problems of one calculation among as many of others, each with two vectors."""
    records = [
        Record(f"Ada has {n} pens and buys {n + 3} more. How many?", f"{n} + {n + 3} = {2 * n + 3}", "", "tests", n, "")
        if n % 2
        else Record(f"Ada has {n} pens. How many are {n}?", "It is said.", "", "tests", n, "")
        for n in range(2 * count)
    ]
    draft = DraftDocuments(file)
    draft.store(draft.without_duplicates(records), [2] * len(records), Progress(len(records), 0, 2 * len(records)))
    draft.close()
    return Documents(file)


def work(documents: Documents, ask: Callable[[], object]) -> int:
    """How much SQLite does for it: thousands of its virtual machine's steps."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    documents._connection.set_progress_handler(step, 1_000)
    ask()
    documents._connection.set_progress_handler(None, 1_000)
    return steps


@pytest.mark.parametrize("most", [5, 100])
def test_the_vectors_of_a_structure_are_found_without_reading_all_vectors(tmp_path: Path, most: int) -> None:
    """A search by a derivation took six seconds among 200,000 problems: all vectors were read for each record."""
    small, large = write(tmp_path / "small", 200), write(tmp_path / "large", 4_000)
    found = large.vectors_of_structure("sum(n,n)", most)
    assert found == sorted(found)
    assert len(found) == 2 * most
    assert set(large.owners(found).values()) == {2 * n + 1 for n in range(most)}
    in_small = work(small, lambda: small.vectors_of_structure("sum(n,n)", most))
    assert work(large, lambda: large.vectors_of_structure("sum(n,n)", most)) <= in_small + 1
