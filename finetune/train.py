"""Training, from a recipe to an adapter: read it top to bottom.

A run is a folder: recipe.json, examples/ (made once, so that a resumed run trains on the same), checkpoint-N/,
loss.jsonl, loss.svg, adapter/, summary.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration, StorageFailed
from finetune.base import base_place, load_network, load_tokenizer, memory_explained
from finetune.contract import Tutor
from finetune.examples import Example, examples_of, make_examples, rows_of
from finetune.quiet import quiet_libraries
from finetune.recipe import Recipe
from finetune.templates import set_template, tokens

ADAPTER = "adapter"
# What may differ between a run and its resumption: where things are, and how long it goes on.
FREE = ("output_dir", "max_steps", "save_steps", "logging_steps", "num_train_epochs", "save_total_limit")

Told = Callable[[str], None]


def train(recipe: Recipe, tutor: Tutor, told: Told = print) -> Path:
    """Train as the recipe says, or go on with the run in its output_dir; the folder of the adapter.

    Raises BadConfiguration for a folder that holds a run of another recipe, ModelFailed for a lack of memory, and
    what making examples and loading the base model raise.
    """
    folder = Path(recipe.sft.output_dir)
    with quiet_libraries():
        from accelerate import PartialState
        from transformers import EarlyStoppingCallback, PrinterCallback, set_seed
        from trl import SFTTrainer, get_peft_config, get_quantization_config

        from finetune.curve import Curve

        # Where several processes train together, one of them makes the examples and the others read them.
        with PartialState().main_process_first():
            _claim(folder, recipe)
            trained, held_out = _examples(folder, recipe, tutor, told)
            place = base_place(recipe.model.model_name_or_path, tutor)
        set_seed(recipe.sft.seed)
        tokenizer = load_tokenizer(place)
        set_template(tokenizer, recipe.examples.chat_format)
        network = load_network(place, **_loading(recipe, get_quantization_config(recipe.model)))
        longest = recipe.sft.max_length
        rows = data_set(tokenizer, trained, longest)
        held_out_rows = data_set(tokenizer, held_out, longest) if held_out else None
        too_long = {"train": len(trained) - len(rows), "held_out": len(held_out) - len(held_out_rows or ())}
        if any(too_long.values()):
            told(f"longer than max_length, {longest} tokens, and left out: {json.dumps(too_long)}")
        callbacks = [Curve(folder, f"{recipe.name}: {recipe.model.model_name_or_path}", told)]
        if recipe.examples.early_stopping_patience:
            callbacks.append(EarlyStoppingCallback(recipe.examples.early_stopping_patience))
        last = _last_checkpoint(folder)
        try:
            with memory_explained(recipe.model.model_name_or_path):
                trainer = SFTTrainer(  # it moves the network to the GPU
                    model=network,
                    args=recipe.sft,
                    train_dataset=rows,
                    eval_dataset=held_out_rows,
                    processing_class=tokenizer,
                    peft_config=get_peft_config(recipe.model),
                    callbacks=callbacks,
                )
                trainer.remove_callback(PrinterCallback)
                trainable = sum(weight.numel() for weight in trainer.model.parameters() if weight.requires_grad)
                told(f"{'going on from ' + last.name if last else 'training'} in {folder}")
                result = trainer.train(resume_from_checkpoint=str(last) if last else None)
                save_adapter(trainer, folder / ADAPTER)
        except OSError as refused:
            raise StorageFailed(
                f"The run in {folder} cannot be written ({refused.strerror or refused}): make room and start it again."
            ) from None
        if trainer.is_world_process_zero():
            summary = {
                "recipe": recipe.name, "base": recipe.model.model_name_or_path, "train_examples": len(rows),
                "held_out_examples": len(held_out_rows or ()), "too_long": too_long,
                "trainable_parameters": trainable, **_figures(trainer, result),
            }  # fmt: skip
            _write(folder / "summary.json", summary)
    return folder / ADAPTER


def save_adapter(trainer: Any, folder: Path) -> None:
    """Save the trainer's adapter, from all processes: under FSDP each of them has only its shard.

    The trainer writes nothing under FSDP unless whole state dicts are asked for (transformers, `Trainer.save_model`),
    and the checkpoints on the way are sharded ones: so the kind is changed for this last time.
    """
    plugin = getattr(trainer.accelerator.state, "fsdp_plugin", None)
    if plugin is not None:
        plugin.set_state_dict_type("FULL_STATE_DICT")
    trainer.save_model(str(folder))


def data_set(tokenizer: Any, examples: Sequence[Example], max_length: int | None) -> Any:
    """Examples as token rows with their loss masks. One that is longer than `max_length` is left out, not cut off:
    a solution without its end would teach not to answer."""
    from datasets import Dataset

    cut = [tokens(tokenizer, example) for example in examples]
    rows = [one for one in cut if max_length is None or len(one.input_ids) <= max_length]
    if not rows:
        raise BadConfiguration(f"No example is shorter than max_length, {max_length} tokens: raise it.")
    return Dataset.from_dict(
        {"input_ids": [one.input_ids for one in rows], "completion_mask": [one.completion_mask for one in rows]}
    )


def kept_examples(folder: Path, which: str) -> list[Example]:
    """The examples of a run: `which` is train or held_out. Raises BadConfiguration where there is no run."""
    file = folder / "examples" / f"{which}.jsonl"
    try:
        return examples_of(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError, TypeError):
        raise BadConfiguration(f"{folder} holds no finetuning run ({file} is missing or damaged).") from None


def _claim(folder: Path, recipe: Recipe) -> None:
    """Note the recipe in the run's folder; refuse a folder where another one has begun."""
    file = folder / "recipe.json"
    text = {key: value for key, value in recipe.text.items() if key not in FREE}
    if file.is_file():
        before = json.loads(file.read_text(encoding="utf-8"))
        differing = sorted(key for key in {*before, *text} if before.get(key) != text.get(key))
        if differing:
            raise BadConfiguration(
                f"{folder} holds a run with another {', '.join(differing[:3])}: set output_dir to another folder, or "
                "remove it."
            )
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(file, text)
    except OSError as refused:
        raise StorageFailed(f"{folder} cannot be written ({refused.strerror}): set output_dir to another.") from None


def _examples(folder: Path, recipe: Recipe, tutor: Tutor, told: Told) -> tuple[list[Example], list[Example]]:
    kept = folder / "examples"
    if not (kept / "report.json").is_file():
        kept.mkdir(parents=True, exist_ok=True)
        made = make_examples(
            recipe.wanted, tutor, lambda doing, done: told(f"{doing} {done:,}") if _round(done) else None
        )
        for which, examples in (("train", made.train), ("held_out", made.held_out)):
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows_of(examples))
            (kept / f"{which}.jsonl").write_text(lines, encoding="utf-8")
        _write(kept / "report.json", made.report.to_json())  # last: its presence says that the others are whole
    told(f"examples: {json.dumps(json.loads((kept / 'report.json').read_text(encoding='utf-8')))}")
    return kept_examples(folder, "train"), kept_examples(folder, "held_out")


def _round(number: int) -> bool:
    return number % 1000 == 0


def _loading(recipe: Recipe, quantisation: Any) -> dict[str, Any]:
    import torch

    on_cpu = recipe.sft.use_cpu
    dtype = recipe.model.dtype if recipe.model.dtype not in (None, "auto") else "float32" if on_cpu else "bfloat16"
    options: dict[str, Any] = {"dtype": dtype, "attn_implementation": recipe.model.attn_implementation}
    if quantisation is not None:
        # NF4 weights are multiplied in bfloat16, which is what QLoRA was measured with (Dettmers et al. 2023).
        quantisation.bnb_4bit_compute_dtype = torch.float32 if on_cpu else torch.bfloat16
        options["quantization_config"] = quantisation
        if not on_cpu:
            from accelerate import PartialState

            options["device_map"] = {"": PartialState().local_process_index}
    return options


def _last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that is whole: the trainer writes its state last."""
    found = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").is_file()]
    return max(found, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def _figures(trainer: Any, result: Any) -> dict[str, Any]:
    return {
        "steps": trainer.state.global_step, "train_loss": result.training_loss,
        "eval_losses": [entry["eval_loss"] for entry in trainer.state.log_history if "eval_loss" in entry],
        "seconds": result.metrics.get("train_runtime"),
    }  # fmt: skip


def _write(file: Path, content: dict[str, Any]) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    draft.replace(file)
