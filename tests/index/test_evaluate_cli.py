"""`mathlearn index evaluate`: tables with intervals, queries to derive, and one sentence for what it cannot measure."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.cli import make_app
from index.evaluate import METRICS
from index.standards import STANDARDS, Query, Standard, families_standard

FIGURE = re.compile(r"([01]\.\d{3}) \(([01]?\.\d{3})–([01]?\.\d{3})\)")
OVER = re.compile(r"[+-]\d\.\d{3} \([+-]\d\.\d{3} to [+-]\d\.\d{3}\)")


def few_families(_data: Path) -> Standard:
    """Three queries of the families, with four problems relevant to each and some that are to none."""
    whole = families_standard(queries=3)
    relevant = {place for query in whole.queries for place in (query.place, *sorted(query.relevant)[:4])}
    kept = sorted(relevant | set(range(0, len(whole.corpus), 50)))
    new = {place: number for number, place in enumerate(kept)}
    queries = tuple(
        Query(
            new[query.place],
            frozenset(new[place] for place in query.relevant if place in new),
            {new[place]: gain for place, gain in query.gains.items() if place in new},
            frozenset(new[place] for place in query.left_out if place in new),
        )
        for query in whole.queries
    )
    return Standard("families", tuple(whole.corpus[place] for place in kept), queries)


def run(*arguments: str, folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(make_app(lambda: folder / "index"), ["evaluate", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--standard", "guesswork"], "There is no standard guesswork: there are template, families, structure."),
        (["--standard", "structure", "--data", "nowhere"], "cannot be read"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    code, output = run(*arguments, folder=tmp_path)
    assert code == 2
    assert said in output
    assert len(output.strip().splitlines()) == 1


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    code, output = run("--standard", "families", folder=tmp_path)
    assert code == 2
    assert "needs the package sklearn" in output


def test_the_queries_are_written_for_a_model_to_derive(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    code, output = run("--standard", "families", "--queries-to", str(file), folder=tmp_path)
    assert (code, output) == (0, "")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 72
    assert {"id", "problem", "answer"} == set(rows[0])


def test_a_small_standard_is_measured_to_a_table_with_an_interval_for_every_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STANDARDS, "families", few_families)
    code, output = run(
        "--standard", "families", "--data", str(tmp_path), "--cache", str(tmp_path / "cache"), "--threads", "1",
        "--without", "masked", "--without", "solution", folder=tmp_path,
    )  # fmt: skip
    assert code == 0, output
    lines = output.splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    heading, _, _, *rows = table
    assert lines[0].startswith("### families: 3 queries, ")
    assert heading == ["retriever", *METRICS, "nDCG@10 over the reference"]
    assert {"TF-IDF", "BM25", "MiniLM", "our embedder"} <= {row[0] for row in rows}
    assert not any("masked" in row[0] for row in rows)
    for name, *figures, over in rows:
        for figure in figures:
            found = FIGURE.fullmatch(figure)
            assert found is not None, (name, figure)
            mean, low, high = map(float, found.groups())
            assert 0 <= low <= mean <= high <= 1
        assert over == "" if name == "MiniLM" else OVER.fullmatch(over)
    assert any(figure != "0.000 (.000–.000)" for _, *figures, _ in rows for figure in figures)
