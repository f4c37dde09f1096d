"""Kinds of FAISS index: what is put in comes out under its number, however the index grew and shrank."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import vectors
from index.vectors import Kind, VectorFile, kind_for, kind_of

DIMENSION = 16


def unit(count: int, seed: int = 0) -> Any:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def portions(rows: Any, first: int = 0) -> Any:
    def give() -> Iterator[tuple[Any, Any]]:
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            yield np.arange(first + start, first + start + len(part), dtype=np.int64), part

    return give


def held(index: Any) -> dict[int, Any]:
    return {int(n): row for numbers, part in vectors.contents(index) for n, row in zip(numbers, part, strict=True)}


def ignore(*_: int) -> None:
    pass


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "FLAT_UP_TO", 1_000)


def test_a_small_index_is_exact_and_a_large_one_has_more_cells_the_larger_it_is() -> None:
    assert kind_for(40_000) == Kind(0, 0)
    assert [kind_for(count).cells for count in (50_000, 200_000, 1_000_000)] == [512, 1024, 2048]


@pytest.mark.usefixtures("small")
def test_cells_find_nearly_what_an_exact_search_finds_and_hold_every_vector() -> None:
    rows = unit(4_000)
    told: list[tuple[int, int]] = []
    index = vectors.build(DIMENSION, len(rows), portions(rows), lambda *n: told.append(n))
    assert kind_of(index) == kind_for(4_000)
    assert told[-1] == (4_000, 4_000)
    back = held(index)
    assert sorted(back) == list(range(4_000))
    np.testing.assert_allclose(np.stack([back[n] for n in range(4_000)]), rows, atol=1e-3)
    _, found = index.search(rows[:50], 1)
    assert found[:, 0].tolist() == list(range(50))


@pytest.mark.usefixtures("small")
def test_an_index_grows_out_of_its_kind_and_shrinks_back_into_it(tmp_path: Path) -> None:
    rows = unit(3_000)
    index = vectors.build(DIMENSION, 800, portions(rows[:800]), ignore)
    assert kind_of(index).cells == 0
    index = vectors.grow(index, 100, portions(rows[800:900], 800), ignore)
    assert kind_of(index).cells == 0
    index = vectors.grow(index, 2_100, portions(rows[900:], 900), ignore)
    assert kind_of(index).cells == kind_for(3_000).cells > 0
    vectors.write(index, tmp_path / "v.faiss")
    index = vectors.read(tmp_path / "v.faiss")
    assert kind_of(index) == kind_for(3_000)  # what a query probes is kept in the file
    index = vectors.shrink(index, range(0, 3_000, 2))
    assert kind_of(index).cells > 0
    index = vectors.shrink(index, range(1, 1_801, 2))
    assert kind_of(index).cells == 0
    back = held(index)
    assert sorted(back) == list(range(1_801, 3_000, 2))
    np.testing.assert_allclose(np.stack([back[n] for n in sorted(back)]), rows[1_801::2], atol=1e-3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("count", [500, 3_000])
def test_single_vectors_are_read_by_their_number_in_every_kind(count: int) -> None:
    rows = unit(count)
    index = vectors.build(rows.shape[1], count, portions(rows, 7), ignore)
    vectors.make_addressable(index)
    assert bool(kind_of(index).cells) is (count > 1_000)
    assert np.allclose(vectors.reconstruct(index, [7, 7 + count - 1, 9]), rows[[0, count - 1, 2]], atol=2e-3)
    assert vectors.reconstruct(index, []).shape == (0, rows.shape[1])


def test_the_vectors_of_a_draft_are_cut_to_what_counts(tmp_path: Path) -> None:
    rows = unit(40)
    file = VectorFile(tmp_path / "draft", DIMENSION)
    file.cut_to(0)
    file.append(rows[:30])
    with (tmp_path / "draft").open("ab") as torn:
        torn.write(b"half a vector")
    file.cut_to(25)
    file.append(rows[25:])
    (numbers, back), *rest = list(file.portions(40, 7))
    assert rest == []
    assert numbers.tolist() == list(range(7, 47))
    np.testing.assert_allclose(back, rows, atol=1e-3)
    with pytest.raises(OSError, match="shorter"):
        file.cut_to(41)
