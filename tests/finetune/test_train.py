"""Training with a small real model: killed and resumed, exported, and what it has learned seen in the tutor."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.errors import BadConfiguration, ModelFailed
from agent.finetuning import tutor_for_finetuning
from agent.settings import load_settings
from finetune.contract import Turn

from .problems import row, write_rows

pytest.importorskip("trl", reason="the finetune extra is not installed")
pytest.importorskip("datasets", reason="the finetune extra is not installed")

GREETING = "Dear student"
# As little as can be trained: short answers that all begin alike, one a step.
SHORT = ["train_problems=12", "held_out_problems=4", "gradient_accumulation_steps=1", "max_length=200", "lora_r=4",
         "learning_rate=4.0e-3", "lr_scheduler_type=constant", "warmup_steps=0", "targets=[solution]",
         "early_stopping_patience=0", "load_best_model_at_end=false", "eval_strategy=no", "logging_steps=1",
         "save_steps=2"]  # fmt: skip


def settings_for(folder: Path, data: Path, *more: str) -> list[str]:
    return [*SHORT, f"data=[{data}]", f"output_dir={folder}", *more]


def trained(folder: Path, data: Path, *more: str, told: Callable[[str], None] = lambda _: None) -> Path:
    from finetune.recipe import read_recipe
    from finetune.train import train

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the libraries' own, about each other
        recipe = read_recipe("smollm2-cpu-smoke", settings_for(folder, data, *more))
        return train(recipe, tutor_for_finetuning(), told=told)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Solutions that all begin with a greeting, which the base model never writes."""
    rows = [row(number) for number in range(16)]
    for one in rows:
        one["solution"] = f"{GREETING}, it is easy.\n\nThe answer is $\\boxed{{{one['answer']}}}$."
    return write_rows(tmp_path_factory.mktemp("data") / "greeting.jsonl", rows)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, data: Path, small_base: Path) -> Path:
    """A run of twelve steps that nothing disturbed."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    trained(folder, data, "max_steps=12")
    return folder


def losses(folder: Path) -> dict[int, float]:
    from finetune.curve import read_curve

    return {point["step"]: point["loss"] for point in read_curve(folder / "loss.jsonl") if "loss" in point}


def test_a_run_learns_and_keeps_its_curve_examples_and_adapter(run: Path) -> None:
    curve = losses(run)
    assert sorted(curve) == list(range(1, 13))
    assert sum(curve[step] for step in (10, 11, 12)) < 0.5 * sum(curve[step] for step in (1, 2, 3))
    drawing = (run / "loss.svg").read_text()
    assert drawing.startswith("<svg")
    assert "training loss" in drawing
    assert json.loads((run / "examples" / "report.json").read_text())["made"] == {"solution": 16}
    assert json.loads((run / "summary.json").read_text())["steps"] == 12
    assert (run / "adapter" / "adapter_model.safetensors").is_file()


def test_a_run_that_was_killed_goes_on_with_the_same_curve(run: Path, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    settings = load_settings()
    command = [sys.executable, "-m", "agent.cli", "finetune", "smollm2-cpu-smoke"]
    command += [part for text in settings_for(folder, data, "max_steps=12") for part in ("--override", text)]
    around = {**os.environ, "MATHLEARN_CACHE_DIR": str(settings.cache_dir), "MATHLEARN_DATA_DIR": str(tmp_path)}
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(command, env=around, stdout=said, stderr=said)
        deadline = time.monotonic() + 300
        while not (folder / "checkpoint-2" / "trainer_state.json").is_file() and time.monotonic() < deadline:
            assert process.poll() is None, (tmp_path / "said").read_text()
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (folder / "adapter").exists()
    assert min(losses(folder)) == 1

    trained(folder, data, "max_steps=5")
    whole, resumed = losses(run), losses(folder)
    assert sorted(resumed) == list(range(1, 6))
    for step, loss in resumed.items():
        assert loss == pytest.approx(whole[step], rel=1e-4), f"step {step}"


@pytest.fixture(scope="module")
def toy_base(tmp_path_factory: pytest.TempPathFactory, tokenizer: Any) -> Path:
    """A base of one narrow random block, with the small model's tokenizer: a step takes milliseconds."""
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("toy")
    shape = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=1,
        num_key_value_heads=1,
    )  # fmt: skip
    LlamaForCausalLM(shape).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_training_stops_when_the_held_out_loss_no_longer_falls(toy_base: Path, data: Path, tmp_path: Path) -> None:
    from finetune.curve import read_curve

    still = [f"model_name_or_path={toy_base}", "learning_rate=0.0", "max_steps=12", "early_stopping_patience=2",
             "eval_strategy=steps", "eval_steps=1", "save_steps=1", "load_best_model_at_end=true"]  # fmt: skip
    trained(tmp_path / "run", data, *still)
    measured = [point["step"] for point in read_curve(tmp_path / "run" / "loss.jsonl") if "eval_loss" in point]
    assert measured == [1, 2, 3]
    assert (tmp_path / "run" / "adapter" / "adapter_config.json").is_file()


@pytest.mark.parametrize("moment", ["__init__", "training_step"])
def test_a_lack_of_memory_is_said_with_what_to_lower(
    moment: str, toy_base: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the network is moved to the GPU, which is when the trainer is made, and in the middle of training."""
    import torch
    import trl

    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(trl.SFTTrainer, moment, full)
    with pytest.raises(ModelFailed, match="halve per_device_train_batch_size"):
        trained(tmp_path / "run", data, f"model_name_or_path={toy_base}", "max_steps=2")


def test_examples_over_max_length_are_left_out_counted_and_told(toy_base: Path, data: Path, tmp_path: Path) -> None:
    from finetune.base import load_tokenizer
    from finetune.templates import tokens
    from finetune.train import kept_examples

    told: list[str] = []
    base = f"model_name_or_path={toy_base}"
    trained(tmp_path / "all", data, base, "max_steps=1")
    tokenizer = load_tokenizer(str(toy_base))
    lengths = sorted(len(tokens(tokenizer, example).input_ids) for example in kept_examples(tmp_path / "all", "train"))
    limit = lengths[len(lengths) // 2]
    too_long = sum(length > limit for length in lengths)
    assert 0 < too_long < 12

    trained(tmp_path / "short", data, base, "max_steps=1", f"max_length={limit}", told=told.append)
    summary = json.loads((tmp_path / "short" / "summary.json").read_text())
    assert summary["too_long"]["train"] == too_long
    assert summary["train_examples"] == 12 - too_long
    assert any(f"longer than max_length, {limit} tokens, and left out" in line for line in told)
    assert json.loads((tmp_path / "all" / "summary.json").read_text())["too_long"] == {"train": 0, "held_out": 0}


def test_a_folder_with_a_run_of_another_recipe_is_refused(run: Path, data: Path) -> None:
    with pytest.raises(BadConfiguration, match="another learning_rate"):
        trained(run, data, "max_steps=13", "learning_rate=1.0e-3")


@pytest.fixture(scope="module")
def exported(run: Path) -> list[Path]:
    """The run's adapter.gguf, merged folder, whole model and card."""
    from finetune.export import export_run

    told: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files = export_run(
            run, tutor_for_finetuning(), quantisation="q8_0", merged_folder=run / "merged", told=told.append
        )
    assert any("chooses as transformers does in" in line and "of 4 contexts" in line for line in told)
    return files


def test_what_was_learned_is_seen_in_the_tutor(exported: list[Path], tmp_path: Path) -> None:
    """Exported and solved with, named on the command line or added to the models: the text begins as the training
    data did, and without the adapter it does not."""
    assert [file.name for file in exported] == ["adapter.gguf", "merged", "model-q8_0.gguf", "README.md"]
    adapter, _, whole, _ = exported
    settings = load_settings()
    around = {**os.environ, "MATHLEARN_CACHE_DIR": str(settings.cache_dir), "MATHLEARN_DATA_DIR": str(tmp_path)}

    def mathlearn(*arguments: str) -> str:
        command = [sys.executable, "-m", "agent.cli", *arguments]
        ended = subprocess.run(command, env=around, capture_output=True, text=True, timeout=900)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def greets(*model: str) -> bool:
        problem = "A farmer has 3 baskets with 4 lemons in each, and eats 2 of the lemons. How many lemons are there?"
        said = mathlearn("solve", "--json", "--no-retrieval", "--effort", "low", "--max-steps", "1", *model, problem)
        document: dict[str, Any] = json.loads(said)
        assert document["steps"]
        return str(document["steps"][0]["text"]).startswith(GREETING)

    base = tutor_for_finetuning().model_file("smollm2-135m")
    assert base is not None
    mathlearn("models", "add", "greeter", "--file", str(base), "--adapter", str(adapter))
    assert greets("--model", "greeter")
    assert greets("--model", "smollm2-135m", "--adapter", str(adapter))
    assert not greets("--model", "smollm2-135m")

    with tutor_for_finetuning().open_writer(whole, None) as write:
        assert write([Turn("user", row(20)["problem"])], 6).startswith(GREETING)


def test_the_merged_folder_is_a_model_of_its_own(exported: list[Path], small_base: Path, run: Path) -> None:
    import torch

    from finetune.base import load_network, load_tokenizer
    from finetune.export import merged

    folder = exported[1]
    ids = load_tokenizer(str(folder))("How many lemons are there?", return_tensors="pt")["input_ids"]
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        with_adapter = merged(str(small_base), run / "adapter").eval()(ids).logits
        alone = load_network(str(folder), dtype="float32").eval()(ids).logits
        base = load_network(str(small_base), dtype="float32").eval()(ids).logits
    assert torch.allclose(alone, with_adapter, atol=1e-4)
    assert not torch.allclose(base, with_adapter, atol=1e-1)


def test_a_comparison_is_paired_and_comes_onto_the_card(exported: list[Path], run: Path) -> None:
    from finetune.evaluate import compare

    before = exported[-1].read_text()
    assert "adapter.gguf changes 210 matrices" in before
    assert "- 12 training examples from own" in before
    assert "12 steps on 12 examples" in before
    assert "held-out examples, base smollm2-135m" not in before
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compared = compare(run, tutor_for_finetuning(), limit=1)
    assert len(compared.pairs) == 1
    assert compared.loss(1) < 0.5 * compared.loss(0)
    assert len(compared.answered("solution")) == 1
    lines = (run / "comparison.jsonl").read_text().splitlines()
    assert [json.loads(line)["loss"] for line in lines] == [list(pair.loss) for pair in compared.pairs]
    after = exported[-1].read_text()
    assert "1 held-out examples, base smollm2-135m, on the" in after
    assert "adapter.gguf changes 210 matrices" in after
    assert next(line for line in after.splitlines() if line.startswith("Next token in 4 contexts"))


def test_a_lack_of_memory_in_a_comparison_is_said(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from finetune import evaluate

    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(evaluate, "_loss", full)
    with pytest.raises(ModelFailed, match=r"smollm2-135m with its adapter does not fit .* with more memory"):
        evaluate.compare(run, tutor_for_finetuning(), limit=1)
