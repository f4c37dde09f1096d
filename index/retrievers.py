"""The retrievers that are measured side by side: by words, by meaning, by structure, and their fusions.

Each takes a Standard and ranks its corpus for every query. They search exhaustively: what is compared is what they
find relevant, not how fast. The product's own search is index/search.py.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.corpus import Record
from index.embedder import Embedder
from index.evaluate import DEPTH, Retriever
from index.masking import masked
from index.prediction import StructurePredictor
from index.quantities import Quantities, quantities
from index.reranking import kinship, standings
from index.standards import Standard
from index.structure import Structure, similarity, structure_of_program, structure_of_solution

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Reciprocal rank fusion's constant (Cormack et al. 2009).
FUSION = 60
WORDS = r"[A-Za-z]+|\d+|[%$]"

Text = Callable[[Record], str]


def problem_text(record: Record) -> str:
    return record.problem


def masked_problem(record: Record) -> str:
    return masked(record.problem)


def problem_and_solution(record: Record) -> str:
    return f"{record.problem}\n{record.solution}"


def tf_idf(standard: Standard) -> NDArray[np.int64]:
    """Words and pairs of words, cosine of their TF-IDF weights."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    weigh = TfidfVectorizer(token_pattern=WORDS, ngram_range=(1, 2), sublinear_tf=True)
    corpus = weigh.fit_transform([record.problem for record in standard.corpus])
    asked = corpus[[query.place for query in standard.queries]]
    return _ranked((asked @ corpus.T).toarray())


def bm25(standard: Standard) -> NDArray[np.int64]:
    """Okapi BM25 with the usual constants, English stop words left in: they are the mathematics."""
    import bm25s
    import numpy as np

    texts = [record.problem for record in standard.corpus]
    tokens = bm25s.tokenize(texts, stopwords=None, token_pattern=WORDS, show_progress=False)
    index = bm25s.BM25()
    index.index(tokens, show_progress=False)
    asked = bm25s.tokenize(
        [texts[query.place] for query in standard.queries],
        stopwords=None, token_pattern=WORDS, show_progress=False, return_ids=False,
    )  # fmt: skip
    return _ranked(np.stack([index.get_scores(words) for words in asked]))


def dense(embedder: Embedder, cache: Path, *, corpus: Text = problem_text, query: Text = problem_text) -> Retriever:
    """Cosine of embeddings; `corpus` and `query` say which text of a record is embedded on either side."""

    def rank(standard: Standard) -> NDArray[np.int64]:
        held = embedded([corpus(record) for record in standard.corpus], embedder, cache)
        asked = embedded([query(standard.corpus[q.place]) for q in standard.queries], embedder, cache)
        return _ranked(asked @ held.T)

    return rank


def reranked(embedder: Embedder, cache: Path, *, near: int, first_from: float = -1.0) -> Retriever:
    """The `near` nearest by cosine, put in order by their quantities too; with `first_from`, those with such a cosine
    and more before all others, as index/search.py has it."""

    def rank(standard: Standard) -> NDArray[np.int64]:
        import numpy as np

        held = embedded([record.problem for record in standard.corpus], embedder, cache)
        told = _quantities_of(standard.corpus)
        scores = held[[query.place for query in standard.queries]] @ held.T
        for row, query in zip(scores, standard.queries, strict=True):
            first = [place for place in np.argsort(-row, kind="stable").tolist() if place not in query.left_out][:near]
            kin = kinship(told[query.place], [told[place] for place in first])
            moved = standings(row[first].tolist(), kin)
            # Before all others, which have cosines; quantities move one by less than 10.
            row[first] = np.array(moved, np.float32) + 20.0 + 20.0 * (row[first] >= first_from)
        return _ranked(scores)

    return rank


def by_quantities(standard: Standard) -> NDArray[np.int64]:
    """By the quantities alone, the whole corpus."""
    import numpy as np

    told = _quantities_of(standard.corpus)
    return _ranked(np.array([kinship(told[query.place], told) for query in standard.queries], np.float32))


@lru_cache(maxsize=3)
def _quantities_of(corpus: tuple[Record, ...]) -> list[Quantities]:
    return [quantities(record.problem) for record in corpus]


def fused(*retrievers: Retriever, weights: Sequence[float] = ()) -> Retriever:
    """Reciprocal rank fusion of what the retrievers rank first."""

    def rank(standard: Standard) -> NDArray[np.int64]:
        import numpy as np

        scores = np.zeros((len(standard.queries), len(standard.corpus)), np.float32)
        for retriever, weight in zip(retrievers, weights or (1.0,) * len(retrievers), strict=True):
            for row, ranking in enumerate(retriever(standard)):
                scores[row, ranking] += weight / (FUSION + np.arange(1, len(ranking) + 1, dtype=np.float32))
        return _ranked(scores)

    return rank


def by_structure(structures: Mapping[str, Structure], then: Retriever, *, near: int = 0) -> Retriever:
    """Nearest structure first; `structures` has a query's own by its problem. What is alike in structure, and
    every query without one, is ranked by `then`. With `near`, equal structures are found everywhere and similar
    ones among the first `near` of `then` alone, as index/search.py does it."""

    def rank(standard: Standard) -> NDArray[np.int64]:
        import numpy as np

        kinds, held = corpus_structures(standard)
        rankings = then(standard)
        scores = np.zeros((len(standard.queries), len(standard.corpus)), np.float32)
        for row, (query, ranking) in enumerate(zip(standard.queries, rankings, strict=True)):
            scores[row, ranking] = 1e-3 / np.arange(1, len(ranking) + 1, dtype=np.float32)
            own = structures.get(standard.corpus[query.place].problem)
            if own is not None:
                alike = np.array([*(similarity(own, kind) for kind in kinds), 0.0], np.float32)[held]
                if near:
                    seen = alike == 1
                    seen[ranking[:near]] = True
                    alike[~seen] = 0
                scores[row] += alike
        return _ranked(scores)

    return rank


def by_predicted_structure(predictor: StructurePredictor) -> Retriever:
    """By how well a solution's structure fits what is predicted from the query's text."""

    def rank(standard: Standard) -> NDArray[np.int64]:
        import numpy as np

        kinds, held = corpus_structures(standard)
        fits = predictor.scores([standard.corpus[query.place].problem for query in standard.queries], kinds)
        without = np.full((len(fits), 1), fits.min() - 1, np.float32)
        return _ranked(np.hstack([fits, without])[:, held])

    return rank


def corpus_structures(standard: Standard) -> tuple[list[Structure], NDArray[np.int64]]:
    """The distinct structures of a corpus' solutions as written, and which one each record has (last: none)."""
    return _structures_of(standard.corpus)


@lru_cache(maxsize=3)
def _structures_of(corpus: tuple[Record, ...]) -> tuple[list[Structure], NDArray[np.int64]]:
    import numpy as np

    kinds: dict[str, int] = {}
    found: list[Structure] = []
    held = np.full(len(corpus), -1, np.int64)
    for place, record in enumerate(corpus):
        read = structure_of_solution(record.problem, record.solution)
        if read is None:
            continue
        structure = read[0]
        if structure.signature not in kinds:
            kinds[structure.signature] = len(found)
            found.append(structure)
        held[place] = kinds[structure.signature]
    held[held < 0] = len(found)
    return found, held


def derived_structures(derivations: Sequence[Mapping[str, Any]]) -> dict[str, Structure]:
    """By problem, the structure of a derivation {problem, text}; those that cannot be read are left out.

    Where a problem has several and they say an `answer`, it is the first of those that share the commonest answer: the
    tutor, too, searches by a derivation that reaches the answer which its derivations agree on.
    """
    by_problem: dict[str, list[Mapping[str, Any]]] = {}
    for one in derivations:
        by_problem.setdefault(one["problem"], []).append(one)
    found: dict[str, Structure] = {}
    for problem, written in by_problem.items():
        answers = Counter(one["answer"] for one in written if one.get("answer") is not None)
        for one in sorted(written, key=lambda one: -answers[one.get("answer")]):  # stable: else in their own order
            read = structure_of_program(problem, one["text"])
            if read is not None and read[0].parts:
                found[problem] = read[0]
                break
    return found


def embedded(texts: Sequence[str], embedder: Embedder, cache: Path) -> NDArray[np.float32]:
    """The texts' embeddings, from the folder `cache` where they have been made before."""
    import numpy as np

    mark = hashlib.sha256(embedder.digest.encode())
    for text in texts:
        mark.update(text.encode() + b"\x00")
    file = cache / f"{mark.hexdigest()[:24]}.npy"
    if file.exists():
        kept: NDArray[np.float32] = np.load(file, allow_pickle=False)
        return kept
    vectors = embedder.embed(texts)
    cache.mkdir(parents=True, exist_ok=True)
    np.save(file, vectors)
    return vectors


def _ranked(scores: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """The best places of each row, best first, ties by place; some more than DEPTH, as a query leaves some out."""
    import numpy as np

    kept = min(DEPTH + 20, scores.shape[1])
    return np.argsort(-scores, axis=1, kind="stable")[:, :kept]
