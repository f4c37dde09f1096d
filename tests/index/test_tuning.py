"""Our embedder's weights over the packaged model: what is written is read back, and what does not fit is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import BadConfiguration
from index.controlled.families import controlled_corpus
from index.embedder import MATHLEARN, MINILM, TUNED_WEIGHTS, OnnxMiniLM
from index.standards import held_out_families, held_out_stories
from index.tuning import LARGEST_LEVEL, PROBE, Changes, read_changes, write_changes

NONE = np.zeros(384, np.float32)
BIAS, MATRIX = "encoder.layer.0.output.dense.bias", "encoder.layer.5.intermediate.dense.weight"


def use(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    monkeypatch.setattr("index.embedder.TUNED_WEIGHTS", weights)
    monkeypatch.setattr("index.embedder.TUNED_SHA256", hashlib.sha256(weights.read_bytes()).hexdigest())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e3))
def test_what_is_written_is_read_back_to_half_a_level(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: float
) -> None:
    rng = np.random.default_rng(seed)
    bias, matrix = (size * rng.standard_normal(shape).astype(np.float32) for shape in ((5,), (7, 5)))
    matrix[0] = 0
    file = tmp_path_factory.mktemp("weights") / "weights.npz"
    write_changes(Changes({BIAS: bias, MATRIX: matrix}, bias + 1, bias + 2), file)
    read = read_changes(file)
    assert np.array_equal(read.tensors[f"inner.{BIAS}"], bias)
    assert np.array_equal(read.centre, bias + 1)
    assert np.array_equal(read.probe, bias + 2)
    level = np.abs(matrix).max(axis=1) / LARGEST_LEVEL
    assert (np.abs(read.tensors["val_464"].T - matrix) <= 0.51 * level[:, None] + 1e-9).all()


def test_a_matrix_that_the_packaged_model_keeps_elsewhere_is_refused(tmp_path: Path) -> None:
    for name in ("encoder.layer.0.output.dense.weight", "embeddings.word_embeddings.weight"):
        with pytest.raises(ValueError, match="no matrix for"):
            write_changes(Changes({name: np.ones((2, 2), np.float32)}, NONE, NONE), tmp_path / "weights.npz")


def test_the_weights_are_small_enough_for_a_repository() -> None:
    assert TUNED_WEIGHTS.stat().st_size <= 3_000_000


def test_damaged_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    file.write_bytes(TUNED_WEIGHTS.read_bytes()[:-1])
    monkeypatch.setattr("index.embedder.TUNED_WEIGHTS", file)
    with pytest.raises(BadConfiguration, match="missing or damaged: install mathlearn again"):
        OnnxMiniLM(1).embed(["1"])


def test_weights_that_the_model_does_not_take_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As when another onnxruntime ignored them without a word: the model would answer, and be another one."""
    plain = OnnxMiniLM(1, MINILM).embed([PROBE])[0]
    other = {"encoder.layer.5.output.LayerNorm.bias": NONE + 1}
    write_changes(Changes(other, NONE, plain), tmp_path / "weights.npz")
    use(monkeypatch, tmp_path / "weights.npz")
    with pytest.raises(BadConfiguration, match=r"does not fit the onnxruntime .* install the versions"):
        OnnxMiniLM(1).embed(["1"])


def test_it_hears_the_mathematics_and_not_the_story_where_nothing_was_trained() -> None:
    """The same family in another story is nearer than another family in the same story; by meaning it never is."""
    unseen, foreign = held_out_families(), held_out_stories()
    held = [p for p in controlled_corpus(each=1, seed=0) if p.family in unseen and p.story in foreign]
    rng, triplets = Random(0), []
    for one in held:
        same = [p for p in held if p.family == one.family and p.story != one.story]
        other = [p for p in held if p.family != one.family and p.story == one.story]
        triplets.append((one.problem, rng.choice(same).problem, rng.choice(other).problem))
    right = {}
    for name in (MINILM, MATHLEARN):
        vectors = OnnxMiniLM(name=name).embed([text for triplet in triplets for text in triplet])
        anchor, same_family, same_story = vectors.reshape(-1, 3, 384).swapaxes(0, 1)
        right[name] = float(((anchor * (same_family - same_story)).sum(axis=1) > 0).mean())
    assert len(triplets) == 36
    assert right[MATHLEARN] >= 0.5 > 0.2 > right[MINILM]
