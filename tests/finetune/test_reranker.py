"""The weights of the re-ranker: fitted on what may be trained on alone, and kept as index/reranking.py reads them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import fmean

import pytest

from finetune.reranker import main
from index.quantities import quantities
from index.reranking import FEATURES, FILE, compared
from index.standards import annotated_structure, kept_from_training, structure_standard

TOLD = (
    ("{name} has {n} bags of {m} nuts and eats 5. How many nuts are left?", "{n}*{m}-5", lambda n, m: n * m - 5),
    ("{name} has {n} bags of {m} nuts and finds 5. How many nuts are there?", "{n}*{m}+5", lambda n, m: n * m + 5),
    ("{name} pays ${n} and ${m} in each of 5 shops. How much is that?", "({n}+{m})*5", lambda n, m: (n + m) * 5),
    ("{name} splits {n} and {m} nuts among 5 friends. How many has each?", "({n}+{m})/5", lambda n, m: (n + m) // 5),
    ("{name} walks {n} miles less {m} miles on each of 5 days. How far?", "({n}-{m})*5", lambda n, m: (n - m) * 5),
    ("{name} reads {n} pages, {m} pages and 5 pages. How many pages?", "{n}+{m}+5", lambda n, m: n + m + 5),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with (tmp_path / "gsm8k_train.jsonl").open("w", encoding="utf-8") as file:
        for name in ("Ada", "Ben", "Cy", "Dee"):
            for n, m in ((20, 15), (33, 17), (44, 26)):
                for text, expression, value in TOLD:
                    calculation = expression.format(n=n, m=m)
                    row = {
                        "problem": text.format(name=name, n=n, m=m),
                        "solution": "",
                        "solution_annotated": f"It is <<{calculation}={value(n, m)}>>.",
                        "answer": str(value(n, m)),
                    }
                    file.write(json.dumps(row) + "\n")
    return tmp_path


def test_only_signatures_that_may_be_trained_on_are_asked(data: Path) -> None:
    standard = structure_standard(data / "gsm8k_train.jsonl", training=True)
    other = structure_standard(data / "gsm8k_train.jsonl")
    rows = [json.loads(line) for line in (data / "gsm8k_train.jsonl").read_text().splitlines()]
    structures = [annotated_structure(rows[query.place]) for query in standard.queries]
    assert structures
    assert not any(found is None or kept_from_training(found.signature) for found in structures)
    assert not {query.place for query in standard.queries} & {query.place for query in other.queries}


def test_the_weights_are_fitted_and_kept_with_where_they_come_from(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "reranker.json"
    monkeypatch.setattr(
        sys, "argv", ["reranker", "--data", str(data), "--cache", str(tmp_path / "cache"), "--out", str(out)]
    )
    main()
    kept = json.loads(out.read_text())
    assert set(kept["weights"]) == set(FEATURES) == set(json.loads(FILE.read_text())["weights"])
    standard = structure_standard(data / "gsm8k_train.jsonl", training=True)
    told = [quantities(record.problem) for record in standard.corpus]
    scores: dict[bool, list[float]] = {True: [], False: []}
    for query in standard.queries:
        for place in set(range(len(told))) - query.left_out:
            values = compared(told[query.place], told[place])
            score = sum(kept["weights"][name] * value for name, value in zip(FEATURES, values, strict=True))
            scores[query.gains.get(place, 0.0) > 0].append(score)
    assert fmean(scores[True]) > fmean(scores[False])
    assert "GSM8K" in kept["fitted on"]
    assert kept["fitted again by"].startswith("python -m finetune.reranker")
