"""What is near enough to show is said for each embedder: as measured, else by how the index's own cosines lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import build_index
from index.corpus import Record
from index.embedder import MATHLEARN, MINILM
from index.following import FollowingSearcher
from index.nearness import AT_MOST, near_from
from index.search import Searcher
from index.vectors import build, sample
from tests.index.letters import LetterEmbedder


def flat(rows: Any) -> Any:
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return build(unit.shape[1], len(unit), lambda: iter([(np.arange(len(unit)), unit)]), lambda *_: None)


def random_rows(count: int, in_common: float) -> Any:
    """Directions drawn at random, which share a part: as with embedders whose cosines are all high."""
    return np.random.default_rng(1).normal(size=(count, 64)) + in_common


def test_the_embedders_that_were_measured_have_their_own_line() -> None:
    index = flat(random_rows(30, 0.0))
    assert (near_from(MATHLEARN, index), near_from(MINILM, index)) == (0.60, 0.70)


def test_another_embedders_line_lies_far_above_its_random_pairs_and_well_below_the_same_text() -> None:
    lines = []
    for in_common in (0.0, 0.5, 1.0):
        rows = random_rows(400, in_common)
        line = near_from("some/model", flat(rows))
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        cosines = (unit @ unit.T)[np.triu_indices(len(unit), 1)]
        assert (cosines >= line).mean() < 0.001
        lines.append(line)
    assert lines == sorted(lines)
    assert 0.4 < lines[0] < lines[-1] <= AT_MOST


def test_too_few_vectors_to_tell_let_only_what_is_nearly_the_same_through() -> None:
    assert near_from("some/model", flat(random_rows(3, 0.0))) == AT_MOST


def test_a_sample_is_of_the_indexs_own_vectors_each_once_and_always_the_same() -> None:
    index = flat(random_rows(50, 0.0))
    chosen = sample(index, 20)
    assert chosen.shape == (20, 64)
    assert len(np.unique(chosen, axis=0)) == 20
    assert np.array_equal(chosen, sample(index, 20))
    assert sample(index, 100).shape == (50, 64)


@pytest.mark.parametrize("opener", [Searcher.open, FollowingSearcher])
def test_a_searcher_says_the_line_of_the_embedder_that_its_index_was_built_with(tmp_path: Path, opener: Any) -> None:
    records = [Record(f"Ben sells {n} maps. How many coins?", "s", "", "tests", n, "MIT") for n in range(40)]
    lines = set()
    for name in ("letters", MINILM):
        embedder = LetterEmbedder()
        embedder.name = name
        build_index(records, embedder, tmp_path / name)
        searcher = opener(tmp_path / name, embedder)
        lines.add(searcher.near_from)
        searcher.close()
    assert len(lines) == 2
    assert 0.70 in lines
