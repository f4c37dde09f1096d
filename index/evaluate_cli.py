"""`mathlearn index evaluate`: the retrievers side by side on the gold standards, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadConfiguration, BadInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.status import Status

    from index.embedder import Embedder
    from index.evaluate import Retriever
    from index.standards import Standard
    from index.structure import Structure

Data = Annotated[
    Path, typer.Option(help="The folder with gsm8k_train.jsonl and gsm_symbolic_dev.jsonl, for template and structure.")
]
Names = Annotated[list[str] | None, typer.Option("--standard", help="template, families or structure; none: all.")]
Derived = Annotated[
    list[Path] | None,
    typer.Option("--derivations", help="Derivations of the queries as JSONL of problem and text (bench/evidence.py)."),
]
Others = Annotated[list[str] | None, typer.Option("--embedder", help="Measure this embedder too: a name or a folder.")]
Without = Annotated[
    list[str] | None, typer.Option(help="Leave out retrievers whose name holds this, such as “masked”.")
]
Cache = Annotated[Path, typer.Option(help="Where embeddings are kept between runs.")]
Asked = Annotated[Path | None, typer.Option("--queries-to", help="Only write the queries, to be derived, as JSONL.")]
Threads = Annotated[int, typer.Option(min=0, max=256, help="Processor threads; 0: one a core.")]

MINILM, OWN, GOLD = "MiniLM", "our embedder", "gold structure, then MiniLM (upper bound)"
# As many of the nearest in meaning as the product compares by structure.
COMPARED = 100


def evaluate_command(
    data: Data = Path("data"),
    standard: Names = None,
    derivations: Derived = None,
    embedder: Others = None,
    without: Without = None,
    cache: Cache = Path(".cache/retrieval"),
    queries_to: Asked = None,
    threads: Threads = 0,
) -> None:
    """Measure retrievers: hits, recall, MRR and nDCG with intervals, beside chance. Takes minutes."""
    from index.evaluate import evaluate, markdown
    from index.standards import STANDARDS

    unknown = set(standard or ()) - set(STANDARDS)
    if unknown:
        raise BadInput(f"There is no standard {unknown.pop()}: there are {', '.join(STANDARDS)}.")
    loaded = [STANDARDS[name](data) for name in standard or STANDARDS]
    if queries_to:
        _write_queries(loaded, queries_to)
        return
    derived = _read_derivations(derivations or [])
    for one in loaded:
        for part, retrievers in _tables(one, data, derived, embedder or [], cache, threads):
            retrievers = {
                name: retriever
                for name, retriever in retrievers.items()
                if not any(left in name for left in without or ())
            }
            with _working(f"{part.name}: {len(retrievers)} retrievers"):
                try:
                    table = markdown(evaluate(part, retrievers, MINILM), [part])
                except ImportError as missing:
                    package = str(missing.name).partition(".")[0]
                    raise BadConfiguration(
                        f"Measuring needs the package {package}: run `pip install 'mathlearn[dev]'`."
                    ) from None
            typer.echo(table)


def _tables(
    standard: Standard,
    data: Path,
    derived: Mapping[str, Structure],
    others: list[str],
    cache: Path,
    threads: int,
) -> Iterator[tuple[Standard, dict[str, Retriever]]]:
    """The whole standard, then those of its queries that a model has derived."""
    from index import embedder
    from index.embedder import open_embedder
    from index.nearness import MEASURED
    from index.retrievers import bm25, by_quantities, by_structure, dense, fused, reranked
    from index.search import CANDIDATES_AT_LEAST

    ours = open_embedder(embedder.MATHLEARN, threads=threads)
    whole = _by_text(open_embedder(embedder.MINILM, threads=threads), cache)
    own, ordered = dense(ours, cache), reranked(ours, cache, near=COMPARED)
    whole |= {OWN: own, f"RRF of BM25 and {OWN}": fused(bm25, own), "quantities alone": by_quantities}
    packaged = reranked(open_embedder(embedder.MINILM, threads=threads), cache, near=COMPARED)
    whole |= {
        f"{MINILM}, re-ranked by quantities": packaged,
        f"{OWN}, re-ranked by quantities": ordered,
        f"the same as the product searches ({CANDIDATES_AT_LEAST} nearest, what is near first)": reranked(
            ours, cache, near=CANDIDATES_AT_LEAST, first_from=MEASURED[embedder.MATHLEARN]
        ),
    }
    whole |= {name: dense(open_embedder(name, threads=threads), cache) for name in others}
    whole |= _by_prediction(data)
    gold = {GOLD: by_structure(_gold(standard, data), whole[MINILM])}
    yield standard, whole | gold
    known = tuple(query for query in standard.queries if standard.corpus[query.place].problem in derived)
    if known:
        structures = {problem: structure for problem, structure in derived.items() if structure.operations}
        both = {
            "TF-IDF": whole["TF-IDF"],
            MINILM: whole[MINILM],
            OWN: own,
            f"{OWN}, re-ranked by quantities": ordered,
            "derivation's structure, then MiniLM": by_structure(structures, whole[MINILM]),
            f"derivation's structure, then {OWN}": by_structure(structures, own),
            f"derivation's structure, then re-ranked {OWN}": by_structure(structures, ordered),
            f"the same as the product searches ({COMPARED} nearest)": by_structure(structures, ordered, near=COMPARED),
        }
        yield replace(standard, name=f"{standard.name}, derived by the model", queries=known), both | gold


def _by_text(embedder: Embedder, cache: Path) -> dict[str, Retriever]:
    from index.retrievers import bm25, dense, fused, masked_problem, problem_and_solution, tf_idf

    plain = dense(embedder, cache)
    without_story = dense(embedder, cache, corpus=masked_problem, query=masked_problem)
    return {
        "TF-IDF": tf_idf,
        "BM25": bm25,
        MINILM: plain,
        "MiniLM, story masked": without_story,
        "MiniLM, problem + solution": dense(embedder, cache, corpus=problem_and_solution),
        "RRF of BM25 and MiniLM": fused(bm25, plain),
        "RRF of TF-IDF, MiniLM and masked": fused(tf_idf, plain, without_story),
    }


def _by_prediction(data: Path) -> dict[str, Retriever]:
    """Trained on annotated problems whose signatures are not held out; left out where there are none."""
    from index.prediction import StructurePredictor
    from index.retrievers import by_predicted_structure, fused, tf_idf
    from index.standards import HELD_OUT_SIGNATURES, SMALLEST, annotated_problems, held_out

    file = data / "gsm8k_train.jsonl"
    if not file.exists():
        return {}

    @cache
    def predictor() -> StructurePredictor:
        usable = [
            (row["problem"], structure)
            for row, structure in annotated_problems(file)
            if structure is not None
            and structure.operations >= SMALLEST
            and not held_out(structure.signature, HELD_OUT_SIGNATURES)
        ]
        return StructurePredictor.fit(*zip(*usable, strict=True))

    def predicted(asked: Standard) -> NDArray[np.int64]:
        return by_predicted_structure(predictor())(asked)

    return {"structure predicted from words": predicted, "RRF of TF-IDF and predicted": fused(tf_idf, predicted)}


def _gold(standard: Standard, data: Path) -> dict[str, Structure]:
    """Every query's own structure: annotated where it is, else as its worked solution is read."""
    from index.standards import annotated_problems
    from index.structure import structure_of_solution

    asked = [standard.corpus[query.place] for query in standard.queries]
    if standard.name == "structure":
        rows = annotated_problems(data / "gsm8k_train.jsonl")
        found = {record.problem: rows[record.row][1] for record in asked}
    else:
        read = {record.problem: structure_of_solution(record.problem, record.solution) for record in asked}
        found = {problem: structure and structure[0] for problem, structure in read.items()}
    return {problem: structure for problem, structure in found.items() if structure is not None}


def _read_derivations(files: list[Path]) -> dict[str, Structure]:
    """By problem; one that cannot be read counts with a structure of no operations, so that its query counts too."""
    from index.retrievers import derived_structures
    from index.standards import read_jsonl
    from index.structure import OTHER, Structure

    rows = [row for file in files for row in read_jsonl(file)]
    return {str(row["problem"]): Structure(OTHER) for row in rows} | derived_structures(rows)


def _write_queries(standards: list[Standard], file: Path) -> None:
    import json

    with file.open("w", encoding="utf-8") as out:
        for standard in standards:
            for query in standard.queries:
                record = standard.corpus[query.place]
                row = {"id": f"{standard.name}-{record.row}", "problem": record.problem, "answer": record.answer}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _working(what: str) -> Status:
    from rich.console import Console

    return Console(stderr=True).status(what)
