"""The vectors of an index in FAISS: which kind of index for how many, built from a file, grown and shrunk.

Every kind holds the vectors themselves under numbers of our own, so that vectors can be added, removed, read back
and moved to another kind without embedding a text again. bench/retrieval.py measured the kinds: see RESULTS.md.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Numbers = NDArray[np.int64]

# (vectors placed, vectors in all)
Placed = Callable[[int, int], None]

# Up to here all vectors are compared, exactly, in at most a few milliseconds.
FLAT_UP_TO = 40_000
TRAINING_VECTORS_A_CELL = 40
# As measured, what it takes for 99 % of the ten nearest at 50,000 and at 200,000 vectors.
PROBED_AT_LEAST = 96
PROBED_SHARE = 16
SEED = 20_261_126
_PORTION = 16_384


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of FAISS index. `cells` is 0 where every vector is compared, else how many cells of near vectors
    there are, of which a query visits `probed`; the vectors in cells are float16."""

    cells: int
    probed: int

    @property
    def description(self) -> str:
        if not self.cells:
            return "Flat (exact)"
        return f"IVF{self.cells}, float16, {self.probed} cells a query"


def kind_for(vectors: int) -> Kind:
    """The default for so many vectors."""
    if vectors <= FLAT_UP_TO:
        return Kind(0, 0)
    cells = int(2 ** round(math.log2(2 * math.sqrt(vectors))))
    return Kind(cells, max(PROBED_AT_LEAST, cells // PROBED_SHARE))


def kind_of(index: Any) -> Kind:
    cells = getattr(index, "nlist", 0)
    return Kind(cells, index.nprobe if cells else 0)


def build(dimension: int, count: int, portions: Callable[[], Iterator[tuple[Numbers, Vectors]]], placed: Placed) -> Any:
    """An index of the kind for `count` vectors. `portions()` gives them from the start: (numbers, unit vectors)."""
    import faiss
    import numpy as np

    kind = kind_for(count)
    index: Any
    if not kind.cells:
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    else:
        cells = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(
            cells, dimension, kind.cells, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT, False
        )
        index.cp.seed, index.cp.spherical, index.cp.niter = SEED, True, 10
        index.nprobe = kind.probed
        wanted = min(count, kind.cells * TRAINING_VECTORS_A_CELL)
        chosen = np.sort(np.random.default_rng(SEED).choice(count, wanted, replace=False))
        index.train(_sample(portions(), chosen, dimension))
    done = 0
    for numbers, vectors in portions():
        index.add_with_ids(vectors, numbers)
        done += len(numbers)
        placed(done, count)
    return index


def grow(index: Any, added: int, portions: Callable[[], Iterator[tuple[Numbers, Vectors]]], placed: Placed) -> Any:
    """The index with `added` more vectors; one of the kind for so many where this one has become too small."""
    total = index.ntotal + added
    if kind_for(total).cells > kind_of(index).cells:
        return build(index.d, total, lambda: _both(contents(index), portions()), placed)
    done = index.ntotal
    for numbers, vectors in portions():
        index.add_with_ids(vectors, numbers)
        done += len(numbers)
        placed(done, total)
    return index


def shrink(index: Any, numbers: Sequence[int]) -> Any:
    """The index without these vectors; a flat one where so few are left."""
    import numpy as np

    index.remove_ids(np.array(numbers, np.int64))
    if kind_of(index).cells and not kind_for(index.ntotal).cells:
        return build(index.d, index.ntotal, lambda: contents(index), lambda *_: None)
    return index


def contents(index: Any) -> Iterator[tuple[Numbers, Vectors]]:
    """All (numbers, vectors) of an index, a portion at a time."""
    import faiss
    import numpy as np

    if not kind_of(index).cells:
        numbers = faiss.vector_to_array(index.id_map)
        inner = faiss.downcast_index(index.index)
        for start in range(0, len(numbers), _PORTION):
            count = min(_PORTION, len(numbers) - start)
            yield numbers[start : start + count], inner.reconstruct_n(start, count)
        return
    lists = index.invlists
    for cell in range(index.nlist):
        size = lists.list_size(cell)
        if size:
            codes = faiss.rev_swig_ptr(lists.get_codes(cell), size * lists.code_size).view(np.float16)
            numbers = faiss.rev_swig_ptr(lists.get_ids(cell), size).copy()
            yield numbers, codes.reshape(size, index.d).astype(np.float32)


def sample(index: Any, count: int) -> Vectors:
    """So many of an index's vectors, all of them where it has no more, drawn at random and always the same."""
    import numpy as np

    chosen = np.random.default_rng(SEED).choice(index.ntotal, min(count, index.ntotal), replace=False)
    return _sample(contents(index), np.sort(chosen), index.d)


def reconstruct(index: Any, numbers: Sequence[int]) -> Vectors:
    """The vectors of these numbers, a row each, in their order, from an index that was made addressable."""
    import numpy as np

    return (
        np.stack([index.reconstruct(number) for number in numbers]) if numbers else np.empty((0, index.d), np.float32)
    )


def make_addressable(index: Any) -> None:
    """Let single vectors be read by their number: an index in cells needs a table for it. Not while it is searched."""
    import faiss

    if kind_of(index).cells:
        index.set_direct_map_type(faiss.DirectMap.Hashtable)  # type: ignore[attr-defined, unused-ignore]


def read(file: Path) -> Any:
    """Raises RuntimeError or MemoryError for what is no index."""
    import faiss

    return faiss.read_index(str(file))


def write(index: Any, file: Path) -> None:
    """Raises OSError where the disk refuses."""
    import faiss

    try:
        faiss.write_index(index, str(file))
    except RuntimeError as refusal:  # FAISS knows no other kind
        raise OSError(f"writing {file.name} failed") from refusal


class VectorFile:
    """Vectors of a draft on their way to an index: float16, one after the other, appended and cut to a count."""

    def __init__(self, file: Path, dimension: int) -> None:
        self._file = file
        self._dimension = dimension

    def cut_to(self, count: int) -> None:
        """Drop what was written after the first `count` vectors. Raises OSError where there are fewer."""
        size = 2 * self._dimension * count
        with self._file.open("ab") as opened:
            if opened.seek(0, 2) < size:
                raise OSError(f"{self._file.name} is shorter than recorded")
            opened.truncate(size)

    def append(self, vectors: Vectors) -> None:
        """On the disk when this returns."""
        import numpy as np

        with self._file.open("ab") as opened:
            opened.write(np.ascontiguousarray(vectors, np.float16).tobytes())
            opened.flush()
            os.fsync(opened.fileno())

    def portions(self, count: int, first: int) -> Iterator[tuple[Numbers, Vectors]]:
        """The first `count` vectors, numbered from `first`, a portion at a time."""
        import numpy as np

        with self._file.open("rb") as opened:
            for start in range(0, count, _PORTION):
                size = min(_PORTION, count - start)
                halves = np.frombuffer(opened.read(2 * self._dimension * size), np.float16)
                numbers = np.arange(first + start, first + start + size, dtype=np.int64)
                yield numbers, halves.reshape(size, self._dimension).astype(np.float32)


def _both(
    one: Iterator[tuple[Numbers, Vectors]], other: Iterator[tuple[Numbers, Vectors]]
) -> Iterator[tuple[Numbers, Vectors]]:
    yield from one
    yield from other


def _sample(portions: Iterator[tuple[Numbers, Vectors]], chosen: Numbers, dimension: int) -> Vectors:
    """The vectors at these ascending positions."""
    import numpy as np

    sample = np.empty((len(chosen), dimension), np.float32)
    start = 0
    for _, vectors in portions:
        low, high = np.searchsorted(chosen, (start, start + len(vectors)))
        sample[low:high] = vectors[chosen[low:high] - start]
        start += len(vectors)
    return sample
