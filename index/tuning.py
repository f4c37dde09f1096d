"""What our finetuning changed in all-MiniLM-L6-v2, laid over the packaged int8 model when it is opened.

The file holds the changed tensors by their names in the original: vectors (biases, layer norms) as float32, matrices
as int8 rows, each with its scale; and the mean of many problems' vectors, which is taken from every vector: what all
problems have in common says nothing of which are alike (Mu and Viswanath 2018).

onnxruntime takes the tensors in place of the packaged model's own (`SessionOptions.add_initializer`), under the names
that those have once it has made floats of the int8 weights. That is knowledge of the insides of both, so a text's
vector lies beside the weights, and the embedder refuses a session that does not reproduce it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# The packaged model that the names below belong to.
PACKAGED_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
PROBE = "Ann has 12 apples and gives 5 of them to Ben. How many apples does she have left?"
PROBE_VECTOR, CENTRE, SCALE = "probe", "centre", "/scale"
LARGEST_LEVEL = 127
# A layer's matrices in the order in which the packaged model's export numbered them, with their numbers in layer 1.
_NUMBERS = {
    "attention.self.query": 122, "attention.self.key": 130, "attention.self.value": 138,
    "attention.output.dense": 176, "intermediate.dense": 180, "output.dense": 189,
}  # fmt: skip
_NUMBERS_A_LAYER = 71
_MATRIX = re.compile(r"encoder\.layer\.([1-5])\.(.+)\.weight")


@dataclass(frozen=True, slots=True)
class Changes:
    """Tensors by name, the mean of problems' unit vectors, and the unit vector that PROBE comes to, mean taken off."""

    tensors: Mapping[str, Floats]
    centre: Floats
    probe: Floats


def centred(unit: Floats, centre: Floats) -> Floats:
    """A unit vector without what all have in common, of length 1 again."""
    import numpy as np

    moved = unit - centre
    return np.asarray(moved / np.float32(max(float(np.linalg.norm(moved)), 1e-12)), np.float32)


def write_changes(changes: Changes, file: Path) -> None:
    """Keep changes whose tensors are named and laid out as in the original.

    Raises ValueError for a matrix outside encoder layers 1 to 5: those of layer 0 are numbered otherwise.
    """
    import numpy as np

    kept: dict[str, NDArray[Any]] = {PROBE_VECTOR: changes.probe, CENTRE: changes.centre}
    for name, tensor in changes.tensors.items():
        if tensor.ndim == 1:
            kept[name] = tensor.astype(np.float32)
            continue
        _packaged_name(name)
        scale = np.maximum(np.abs(tensor).max(axis=1, keepdims=True), 1e-12) / LARGEST_LEVEL
        kept[name] = np.rint(tensor / scale).astype(np.int8)
        kept[name + SCALE] = scale.astype(np.float32)
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **kept)  # type: ignore[arg-type]


def read_changes(file: Path) -> Changes:
    """What `write_changes` kept, the tensors named and laid out as in the packaged model."""
    import numpy as np

    with np.load(file, allow_pickle=False) as kept:
        tensors = {}
        for name in kept.files:
            if name in (PROBE_VECTOR, CENTRE) or name.endswith(SCALE):
                continue
            if name + SCALE in kept.files:
                floats = kept[name].astype(np.float32) * kept[name + SCALE]
                tensors[_packaged_name(name)] = np.ascontiguousarray(floats.T)
            else:
                tensors[f"inner.{name}"] = kept[name]
        return Changes(tensors, kept[CENTRE], kept[PROBE_VECTOR])


def _packaged_name(matrix: str) -> str:
    found = _MATRIX.fullmatch(matrix)
    if found is None or found[2] not in _NUMBERS:
        raise ValueError(f"The packaged model has no matrix for {matrix}.")
    return f"val_{_NUMBERS[found[2]] + _NUMBERS_A_LAYER * (int(found[1]) - 1)}"
