"""`mathlearn finetune` and `mathlearn adapter` as a user meets them, as far as nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.finetuning import tutor_for_finetuning
from finetune.cli import add_commands


def run(arguments: Sequence[str]) -> tuple[int, str, str]:
    app = typer.Typer()
    add_commands(app, tutor_for_finetuning)
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_without_a_recipe_the_recipes_are_listed() -> None:
    code, said, _ = run(["finetune"])
    assert code == 0
    assert said.split() == [
        "gemma2-2b-numina-qlora", "gemma2-9b-numina-qlora", "qwen2.5-coder-1.5b-lora", "smollm2-cpu-smoke",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["finetune", "gemma9"], "There is no recipe 'gemma9'"),
        (["finetune", "missing.yaml"], "no recipe file missing.yaml"),
        (["finetune", "smollm2-cpu-smoke", "--override", "nonsense"], "takes key=value"),
        (["adapter", "export", "nowhere"], "no PEFT adapter in nowhere/adapter"),
        (["adapter", "evaluate", "nowhere"], "nowhere holds no finetuning run"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments: list[str], says: str) -> None:
    code, _, said = run(arguments)
    assert code == 2
    assert says in said
    assert len(said.strip().splitlines()) == 1


def test_a_dry_run_prints_sizes_memory_and_time(tmp_path: Path) -> None:
    pytest.importorskip("trl", reason="the finetune extra is not installed")
    code, said, _ = run(["finetune", "gemma2-9b-numina-qlora", "--dry-run", "--override", f"output_dir={tmp_path}/run"])
    assert code == 0
    for part in (
        "9,241,100,288 parameters",
        "54,018,048 parameters",
        "8,323,596,288 × 0.516 bytes",
        "RTX 4090",
        "hours",
    ):
        assert part in said
    assert not (tmp_path / "run").exists()
