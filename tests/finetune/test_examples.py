"""Worked problems become training examples: what is left out, what is kept apart, what is checked, what is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from agent.errors import BadConfiguration, BadInput
from agent.finetuning import tutor_for_finetuning
from agent.verification.verifier import Verifier
from finetune.examples import Examples, Wanted, examples_of, make_examples, proportional, rows_of
from finetune.overlap import HeldOut, Seen
from finetune.sources import Row, read_rows
from finetune.targets import program, solution_steps, with_answer

from .problems import row, write_rows

TUTOR = tutor_for_finetuning()


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(deadline=10) as verifier:
        yield verifier


def made(file: Path, **wish: object) -> Examples:
    wanted = Wanted(**{"places": (str(file),), "train": 100, "held_out": 0, **wish})  # type: ignore[arg-type]
    return make_examples(wanted, TUTOR)


def test_a_solution_is_written_in_steps_that_the_tutor_cuts_at_and_ends_boxed(tmp_path: Path) -> None:
    (example,) = made(write_rows(tmp_path / "own.jsonl", [row(1)])).train
    steps = example.completion.split("\n\n")
    assert len(steps) == 3
    assert "<<" not in example.completion
    assert TUTOR.final_answer(example.completion) == row(1)["answer"] == example.answer
    assert example.prompt[-1].content.startswith(row(1)["problem"])
    assert examples_of(rows_of([example])) == [example]


def test_a_heading_and_an_unfinished_formula_stay_with_what_follows() -> None:
    solution = "1. **The area**\n\nIt is the product:\n\n\\[\n3 \\cdot 4\n\n= 12\n\\]\n\nSo it is $\\boxed{12}$."
    steps = solution_steps(solution, TUTOR.step_is_open)
    assert len(steps) == 2
    assert steps[0].startswith("1. **The area**")
    assert steps[0].endswith("\\]")
    assert with_answer(steps, "12") == steps


def test_a_program_is_one_that_the_verifier_evaluates_to_the_answer(verifier: Verifier) -> None:
    one = row(2)
    written = program(Row("own", one["problem"], one["solution"], one["answer"], one["solution"]))
    assert written is not None
    assert written.splitlines()[0] == "# asked: How many coins stay?"
    assert written.splitlines()[1:] == ["coins = 5 * 4", "answer = coins - 3"]
    assert verifier.evaluate_derivation(written) == one["answer"]


def test_both_targets_are_made_and_a_program_with_another_answer_is_left_out(tmp_path: Path) -> None:
    wrong = {**row(4), "solution": "It is 2 + 3 = <<2+3=5>>5.\nTherefore 11 * 4 is \\boxed{44}.", "answer": ""}
    examples = made(write_rows(tmp_path / "a.jsonl", [row(3), wrong]), targets=("solution", "program"))
    assert examples.report.made == {"solution": 2, "program": 1}
    assert examples.report.dropped["no program: it gives another answer"] == 1
    (written,) = [example for example in examples.train if example.target == "program"]
    assert written.completion.startswith("```\n# asked")


def test_a_row_with_a_refuted_step_is_dropped_and_counted(tmp_path: Path) -> None:
    false = {**row(5), "solution": "There are 7 * 8 = 54 of them.\nThe answer is $\\boxed{54}$.", "answer": ""}
    file = write_rows(tmp_path / "a.jsonl", [row(6), false])
    examples = made(file)
    assert examples.report.dropped == {"a refuted step": 1}
    assert [example.problem for example in examples.train] == [row(6)["problem"]]
    assert len(made(file, check_steps=False).train) == 2


def test_what_cannot_be_used_is_counted_by_its_reason(tmp_path: Path) -> None:
    no_answer = {**row(7), "solution": "One sees it at once.", "answer": ""}
    long = {**row(8), "problem": "Count. " * 700}
    steps = {**row(9), "solution": "\n\n".join(f"Line {n} says nothing." for n in range(14)) + "\n\n$\\boxed{1}$"}
    same = {**row(10), "solution": row(10)["solution"] + " Indeed."}
    nearly = {**row(10), "problem": row(10)["problem"].replace("Dov", "Dave")}
    rows = [row(10), no_answer, long, steps, same, nearly]
    report = made(write_rows(tmp_path / "a.jsonl", rows)).report
    assert report.read == 6
    assert report.dropped == Counter(
        {
            "no boxed answer": 1, "too long": 1, "more steps than the tutor takes": 1, "duplicate": 1,
            "near-duplicate": 1,
        }
    )  # fmt: skip


def test_problems_of_a_benchmark_are_kept_apart_and_counted(tmp_path: Path) -> None:
    benchmark = write_rows(tmp_path / "bench.jsonl", [{"question": row(11)["problem"].upper() + " Explain."}])
    examples = made(write_rows(tmp_path / "a.jsonl", [row(11), row(12)]), apart=(str(benchmark),))
    assert [example.problem for example in examples.train] == [row(12)["problem"]]
    assert examples.report.dropped == {f"shares 13 words with {benchmark}": 1}
    assert examples.report.apart == {str(benchmark): 1}


def test_a_short_benchmark_problem_is_shared_only_as_a_whole() -> None:
    held_out = HeldOut()
    held_out.add("short", ["What is 2 + 2?"])
    assert held_out.found_in("what is 2 + 2") == {"short"}
    assert not held_out.found_in("What is 2 + 2 of the apples that Ada counted on the day before she left?")


def test_similar_problems_with_other_words_are_no_near_duplicates() -> None:
    seen = Seen()
    assert not any(seen.is_near_duplicate(row(number)["problem"]) for number in range(60))
    assert seen.is_near_duplicate(row(30)["problem"] + " Say it.")


def test_the_subset_is_in_proportion_the_same_again_and_apart_from_what_is_measured(tmp_path: Path) -> None:
    rows = [row(n, "many" if n % 4 else "few") for n in range(40)]
    file = write_rows(tmp_path / "a.jsonl", rows)
    first, again, other = (made(file, train=12, held_out=8, seed=seed) for seed in (1, 1, 2))
    assert first.train == again.train != other.train
    assert first.report.sources == {"few": 3, "many": 9}
    assert len(first.held_out) == 8
    assert not {e.problem for e in first.train} & {e.problem for e in first.held_out}


@given(st.integers(0, 500), st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 200), max_size=6))
def test_shares_add_up_and_none_is_more_than_there_is(number: int, sizes: dict[str, int]) -> None:
    shares = proportional(number, sizes)
    assert sum(shares.values()) == min(number, sum(sizes.values()))
    assert all(0 <= share <= sizes[name] for name, share in shares.items())


def test_parquet_and_our_own_families_are_read(tmp_path: Path) -> None:
    rows = [{**row(1), "messages": "[]"}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    (read,) = read_rows([str(tmp_path / "a.parquet")], Counter())
    assert (read.source, read.problem) == ("own", row(1)["problem"])
    family = next(iter(read_rows(["families"], Counter())))
    assert family.source == "families"
    assert family.answer


def test_real_rows_of_numinamath_are_read_as_they_are(development_data: Path) -> None:
    examples = made(development_data / "numinamath_cot_fixture.jsonl")
    lines = (development_data / "numinamath_cot_fixture.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert {example.problem for example in examples.train} == {one["problem"] for one in rows}
    assert all(TUTOR.final_answer(example.completion) for example in examples.train)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", '{"question": "How?", "answer": "so"}\n', "lacks the columns problem and solution"),
        ("a.csv", "problem,solution\n", "is neither a .jsonl or .parquet file"),
        ("a.parquet", "PAR1", "is not a parquet file"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(BadInput, match=says):
        made(tmp_path / name)


def test_a_parquet_file_with_other_columns_is_said_with_those_that_it_has(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"prompt": ["How?"], "response": ["so"]}), file)
    with pytest.raises(BadInput, match=r"lacks the columns problem and solution \(it has prompt, response\)"):
        made(file)


def test_an_answer_that_cannot_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    """What the verifier cannot find equal to itself cannot be graded either."""
    unreadable = {**row(11), "solution": "One sees it at once: $\\boxed{∎}$.", "answer": ""}
    examples = made(write_rows(tmp_path / "a.jsonl", [row(10), unreadable]))
    assert examples.report.dropped == {"an answer that cannot be read": 1}
    assert [example.answer for example in examples.train] == [row(10)["answer"]]


def test_a_gated_data_set_is_said_with_the_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx
    import huggingface_hub
    from huggingface_hub.errors import GatedRepoError

    def gated(*_: object, **__: object) -> str:
        answer = httpx.Response(403, request=httpx.Request("GET", "https://huggingface.co"))
        raise GatedRepoError("access is restricted", response=answer)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", gated)
    with pytest.raises(BadConfiguration, match=r"owner/name is gated: accept its terms .* HF_TOKEN"):
        list(read_rows(["owner/name"], Counter()))


def test_nothing_left_to_train_on_is_said_with_the_reasons(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.jsonl", [{**row(7), "solution": "One sees it at once.", "answer": ""}])
    with pytest.raises(BadConfiguration, match="1 no boxed answer"):
        made(file)
    with pytest.raises(BadInput, match="There is no file"):
        made(tmp_path / "missing.jsonl")
    with pytest.raises(BadConfiguration, match="no target plan"):
        made(file, targets=("plan",))
