"""Retrieval at the size of Orca-math: kinds of FAISS index side by side, and the product's own build and search.

    rows      write worked problems of the families as a parquet file with Orca-math's columns
    vectors   embed real problems, and spread them to as many vectors as asked for
    kinds     build kinds of index over those vectors: time, size, latency of one query, recall@10
    change    add 1,000 problems to what `build` left, and delete them again
    retellings  how many words problems with the same numbers have in common
    build     what `mathlearn index build` does with a parquet file, embedding aside, and searches in the result
    report    the table of what `kinds` recorded

Every step writes into --work, so that each can be run by itself. Times are the processor's (one thread), because
they mean the same on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice
from pathlib import Path
from random import Random
from typing import Any

import faiss
import numpy as np

from index.build import add_records, build_index, delete_records
from index.corpus import Record, open_corpus
from index.embedder import OnnxMiniLM
from index.sameness import common_words, wording
from index.search import Searcher
from index.vectors import FLAT_UP_TO, SEED, kind_for

DIMENSION = 384
QUERIES = 200
K = 10
PORTION = 20_000
# How far a spread vector lies from the real ones that it is made of: see spread().
NOISE = 0.35

Build = Callable[[], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for vectors, records and indexes")
    steps = parser.add_subparsers(required=True)
    step = steps.add_parser("rows")
    step.add_argument("count", type=int)
    step.set_defaults(run=lambda a: write_rows(a.work / f"rows-{a.count}.parquet", a.count))
    step = steps.add_parser("vectors")
    step.add_argument("problems", type=Path, help="real problems, as `mathlearn index build` reads them")
    step.add_argument("--real", type=int, default=2_600, help="how many to embed")
    step.set_defaults(run=lambda a: embed(a.work / "real.npy", a.problems, a.real))
    step = steps.add_parser("kinds")
    step.add_argument("names", nargs="+", choices=[*kinds(1), "all"])
    step.add_argument("--size", type=int, default=200_000)
    step.set_defaults(run=lambda a: measure_kinds(a.work, a.size, a.names))
    step = steps.add_parser("build")
    step.add_argument("file", type=Path)
    step.add_argument("--derivations", type=Path, help="JSONL of problem and text (bench/evidence.py) to search by")
    step.set_defaults(run=lambda a: measure_build(a.work, a.file, a.derivations))
    step = steps.add_parser("change")
    step.set_defaults(run=lambda a: measure_change(a.work))
    step = steps.add_parser("retellings")
    step.add_argument("problems", type=Path)
    step.set_defaults(run=lambda a: measure_retellings(a.problems))
    step = steps.add_parser("report")
    step.set_defaults(run=lambda a: report(a.work))
    arguments = parser.parse_args()
    faiss.omp_set_num_threads(1)
    arguments.work.mkdir(parents=True, exist_ok=True)
    arguments.run(arguments)


def write_rows(file: Path, count: int) -> None:
    """`count` distinct problems, families in turn, shuffled: columns question and answer."""
    import pyarrow as arrow
    from pyarrow import parquet

    from index.families.corpus import all_families, readable_answer
    from index.families.family import instance

    live = {family.name: family for family in all_families()}
    seen: set[str] = set()
    rows: list[tuple[str, str]] = []
    repeats = dict.fromkeys(live, 0)
    attempt = 0
    while len(rows) < count and live:
        for name, family in list(live.items()):
            worked = instance(family, family.stories[attempt % len(family.stories)], SEED + attempt)
            plain = " ".join(worked.problem.casefold().split())
            if plain in seen:
                repeats[name] += 1
                if repeats[name] > 60:  # this family has told all that it can
                    del live[name]
                continue
            seen.add(plain)
            rows.append((worked.problem, f"{worked.solution}\nAnswer: {readable_answer(worked.answer, worked.unit)}"))
        attempt += 1
    Random(SEED).shuffle(rows)
    del rows[count:]
    table = arrow.table({"question": [q for q, _ in rows], "answer": [a for _, a in rows]})
    parquet.write_table(table, file, row_group_size=1_000)
    print(f"{len(rows):,} rows in {file}")


def embed(file: Path, problems: Path, count: int) -> None:
    """The first `count` problems as real vectors; the last QUERIES of them are the queries."""
    embedder = OnnxMiniLM(threads=1)
    texts = [record.problem for record in islice(open_corpus(problems).records(), count)]
    began = time.process_time()
    vectors = embedder.embed(texts)
    seconds = time.process_time() - began
    np.save(file, vectors.astype(np.float32))
    print(f"{len(texts):,} problems, {len(texts) / seconds:.0f} texts a second of one core")


def spread(real: np.ndarray, count: int) -> np.ndarray:
    """`count` unit vectors that lie as real ones do.

    Each is a random point between a real vector and one of its ten nearest, moved by noise with the covariance of
    the differences between real neighbours, NOISE of their length: so the cloud keeps its clusters and its few
    wide directions, which isotropic noise would fill up.
    """
    chance = np.random.default_rng(SEED)
    nearest = np.argsort(-(real @ real.T), axis=1)[:, 1:11]
    differences = (real[:, None] - real[nearest]).reshape(-1, real.shape[1])
    values, axes = np.linalg.eigh(np.cov(differences.T))
    shape = (axes * np.sqrt(np.maximum(values, 0))).T.astype(np.float32)
    vectors = np.empty((count, real.shape[1]), np.float32)
    for start in range(0, count, PORTION):
        size = min(PORTION, count - start)
        one = chance.integers(len(real), size=size)
        other = nearest[one, chance.integers(10, size=size)]
        weight = chance.random((size, 1), np.float32) / 2
        noise = chance.standard_normal((size, real.shape[1]), np.float32) @ shape
        rows = (1 - weight) * real[one] + weight * real[other] + NOISE * noise
        vectors[start : start + size] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return vectors


def cells_for(size: int) -> int:
    return kind_for(max(size, FLAT_UP_TO + 1)).cells


def kinds(size: int) -> dict[str, tuple[Build, Sequence[int]]]:
    """By name: how an empty index is made, and the values of its one search parameter (0: it has none)."""
    scalar, product = faiss.ScalarQuantizer, faiss.METRIC_INNER_PRODUCT
    cells = cells_for(size)

    def ivf(make: Callable[[Any], Any]) -> Build:
        def build() -> Any:
            index = make(faiss.IndexFlatIP(DIMENSION))
            index.cp.seed, index.cp.spherical, index.cp.niter = SEED, True, 10
            return index

        return build

    def scalar_ivf(kind: int) -> Build:
        return ivf(lambda q: faiss.IndexIVFScalarQuantizer(q, DIMENSION, cells, kind, product, False))

    def graph(make: Callable[[], Any]) -> Build:
        def build() -> Any:
            index = make()
            index.hnsw.efConstruction = 80
            return index

        return build

    probes = (16, 32, 64, 96, 128)
    return {
        "Flat": (lambda: faiss.IndexFlatIP(DIMENSION), (0,)),
        "Flat fp16": (lambda: faiss.IndexScalarQuantizer(DIMENSION, scalar.QT_fp16, product), (0,)),
        "Flat SQ8": (lambda: faiss.IndexScalarQuantizer(DIMENSION, scalar.QT_8bit, product), (0,)),
        "PQ96": (lambda: faiss.IndexPQ(DIMENSION, 96, 8, product), (0,)),
        "IVF fp16": (scalar_ivf(scalar.QT_fp16), probes),
        "IVF SQ8": (scalar_ivf(scalar.QT_8bit), probes),
        "IVF PQ96": (ivf(lambda q: faiss.IndexIVFPQ(q, DIMENSION, cells, 96, 8, product)), probes),
        "HNSW16 fp16": (graph(lambda: faiss.IndexHNSWSQ(DIMENSION, scalar.QT_fp16, 16, product)), (64, 128, 256)),
    }


def measure_kinds(work: Path, size: int, names: list[str]) -> None:
    real = np.load(work / "real.npy")
    real, queries = real[:-QUERIES], real[-QUERIES:]
    vectors = spread(real, size)
    exact = faiss.IndexFlatIP(DIMENSION)
    exact.add(vectors)
    similarities, truth = exact.search(queries, K)
    del exact
    spread_as = {"nearest": np.percentile(similarities[:, 0], [10, 50, 90]), "tenth": similarities[:, -1].mean()}
    print(f"cosine of the nearest to a query, p10/p50/p90: {spread_as['nearest'].round(3)}; of the tenth, mean: "
          f"{spread_as['tenth']:.3f}")  # fmt: skip
    for name in list(kinds(size)) if "all" in names else names:
        make, settings = kinds(size)[name]
        index = make()
        wall, began = time.perf_counter(), time.process_time()
        if not index.is_trained:
            sample = min(size, max(40 * getattr(index, "nlist", 0), 20_000))
            index.train(vectors[np.sort(np.random.default_rng(SEED).choice(size, sample, replace=False))])
        for start in range(0, size, PORTION):
            index.add(vectors[start : start + PORTION])
        built = {"build_cpu_s": time.process_time() - began, "build_wall_s": time.perf_counter() - wall}
        faiss.write_index(index, str(work / "measured.faiss"))
        megabytes = (work / "measured.faiss").stat().st_size / 1e6
        (work / "measured.faiss").unlink()
        for setting in settings:
            if hasattr(index, "nprobe"):
                index.nprobe = setting
            elif hasattr(index, "hnsw"):
                index.hnsw.efSearch = setting
            measured = _queries(index, queries, truth)
            label = name.replace("IVF", f"IVF{cells_for(size)}")
            row = {"size": size, "kind": label, "setting": setting, "mb": megabytes, **built, **measured}
            print(json.dumps(row), flush=True)
            with (work / "kinds.jsonl").open("a", encoding="utf-8") as records:
                records.write(json.dumps(row) + "\n")


def _queries(index: Any, queries: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    cpu, wall, found = [], [], []
    for query in queries:
        began, clock = time.thread_time(), time.perf_counter()
        _, numbers = index.search(query[None], K)
        cpu.append(1000 * (time.thread_time() - began))
        wall.append(1000 * (time.perf_counter() - clock))
        found.append(len(set(numbers[0].tolist()) & set(truth[len(found)].tolist())) / K)
    p50, p99 = np.percentile(cpu, [50, 99])
    return {
        "recall": float(np.mean(found)), "p50_ms": float(p50), "p99_ms": float(p99),
        "wall_p50_ms": float(np.percentile(wall, 50)), "wall_p99_ms": float(np.percentile(wall, 99)),
    }  # fmt: skip


def measure_retellings(problems: Path) -> None:
    by_numbers: dict[Any, list[Any]] = {}
    for record in open_corpus(problems).records():
        told = wording(record.problem)
        if told.numbers:
            by_numbers.setdefault(told.numbers, []).append(told)
    shares = [common_words(*pair) for group in by_numbers.values() for pair in combinations(group, 2)]
    counts, edges = np.histogram(shares, bins=np.linspace(0, 1, 11))
    print(f"{len(shares):,} pairs of problems with the same numbers; by the share of words in common:")
    print("; ".join(f"from {edge:.1f}: {count:,}" for edge, count in zip(edges, counts, strict=False)))


class SpreadEmbedder(OnnxMiniLM):
    """Stands in for the model where its time is not what is measured: spread vectors, one after the other."""

    def __init__(self, vectors: np.ndarray) -> None:
        super().__init__(threads=1)
        self._vectors = vectors
        self._given = 0

    def embed(self, texts: Sequence[str]) -> Any:
        start = self._given
        self._given = start + len(texts)
        return self._vectors[np.arange(start, self._given) % len(self._vectors)]


def measure_build(work: Path, file: Path, derivations: Path | None) -> None:
    corpus = open_corpus(file)
    rows = corpus.row_count() or 0
    real = np.load(work / "real.npy")
    # Few vectors are held, and given again with the next rows: memory is then the build's own.
    embedder = SpreadEmbedder(spread(real[:-QUERIES], min(rows, PORTION)))
    before = _peak_megabytes()
    wall, began = time.perf_counter(), time.process_time()
    manifest = build_index(_ticking(corpus.records()), embedder, work / "index")
    cpu = time.process_time() - began
    print(f"{manifest.records:,} problems: {cpu:.1f} s of one core ({manifest.records / cpu:,.0f} rows/s), "
          f"{time.perf_counter() - wall:.1f} s by the clock, peak memory {_peak_megabytes():,.0f} MB "
          f"({before:,.0f} MB before), {manifest.kind}")  # fmt: skip
    for one in manifest.files:
        print(f"  {one.name}: {one.size / 1e6:,.0f} MB")
    clock = time.perf_counter()
    with Searcher.open(work / "index", embedder) as searcher:
        print(f"opened in {time.perf_counter() - clock:.2f} s by the clock")
        texts = [(record.problem, "") for record in islice(corpus.records(), QUERIES)]
        print(f"a search, embedding aside: {_searches(searcher, texts, real)}")
        if derivations:
            rows_read = map(json.loads, derivations.read_text(encoding="utf-8").splitlines())
            derived = [(str(row["problem"]), str(row["text"])) for row in rows_read][:QUERIES]
            print(f"{len(derived)} searches by a derivation: {_searches(searcher, derived, real)}")


def _searches(searcher: Searcher, asked: Sequence[tuple[str, str]], real: np.ndarray) -> str:
    """Milliseconds of one core for five results to each (problem, derivation), with a real vector for a query."""
    took = []
    for (problem, derivation), vector in zip(asked, real[-len(asked) :], strict=True):
        began = time.thread_time()
        searcher.choose(problem, vector[None], 5, derivation)
        took.append(1000 * (time.thread_time() - began))
    return "p50 {:.2f} ms, p99 {:.2f} ms of one core".format(*np.percentile(took, [50, 99]))


def measure_change(work: Path) -> None:
    embedder = SpreadEmbedder(spread(np.load(work / "real.npy")[:-QUERIES], 1_000))
    new = [Record(f"Which number follows {n}, and which {n * n}?", "Add 1.", "", "new", n, "CC0") for n in range(1_000)]
    for name, change in (
        ("add", lambda: add_records(new, embedder, work / "index")),
        ("delete", lambda: delete_records(work / "index", "new")),
    ):
        wall, began = time.perf_counter(), time.process_time()
        manifest = change()
        print(f"{name} 1,000, {manifest.records:,} then: {time.process_time() - began:.1f} s of one core, "
              f"{time.perf_counter() - wall:.1f} s by the clock, peak memory {_peak_megabytes():,.0f} MB")  # fmt: skip


def _ticking(records: Iterator[Any]) -> Iterator[Any]:
    for number, record in enumerate(records, start=1):
        if number % 20_000 == 0:
            print(f"  {number:,} rows", flush=True)
        yield record


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def report(work: Path) -> None:
    print("| vectors | index | probed / ef | MB | build, s of a core | query p50 / p99, ms | recall@10 |")
    print("|---|---|---|---|---|---|---|")
    for line in (work / "kinds.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        print(
            f"| {row['size']:,} | {row['kind']} | {row['setting'] or '–'} | {row['mb']:.0f} | {row['build_cpu_s']:.0f} "
            f"| {row['p50_ms']:.2f} / {row['p99_ms']:.2f} | {row['recall']:.3f} |"
        )


if __name__ == "__main__":
    main()
