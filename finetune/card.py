"""The model card of an adapter: base, recipe, data with its counts, figures, use. For export.py and evaluate.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EXPORT = "export.json"
SHOWN = (
    "lora_r", "lora_alpha", "lora_dropout", "lora_target_modules", "learning_rate", "lr_scheduler_type",
    "per_device_train_batch_size", "gradient_accumulation_steps", "max_length", "packing", "load_in_4bit", "seed",
)  # fmt: skip


def note_export(run: Path, matrices: int, types: Mapping[str, int], agreement: tuple[int, int] | None) -> None:
    """Keep in the run's folder what the card says of an export: the matrices that the adapter changes, the whole
    model's tensors by type, and (same, contexts) of the next-token comparison where there was one."""
    content = {"matrices": matrices, "types": dict(types), "agreement": agreement}
    (run / EXPORT).write_text(json.dumps(content) + "\n", encoding="utf-8")


def write_card(run: Path, recipe: Mapping[str, Any]) -> Path:
    """Write README.md from what the run's folder knows; figures that were not measured are not in it."""
    summary, report, export = (_json(run / name) for name in ("summary.json", "examples/report.json", EXPORT))
    base = recipe["model_name_or_path"]
    lines = [
        "---", f"base_model: {base}", "library_name: peft", "tags: [lora, mathematics, mathlearn]", "---", "",
        f"# A LoRA adapter for {base}", "",
        f"Trained by Mathlearn on {', '.join(recipe.get('data', []))}, to write {_targets(recipe)}.", "",
        "## Use", "", "```", f"mathlearn solve --model {_model(base)} --adapter adapter.gguf \"…\"",
        f"MATHLEARN_BACKEND=huggingface mathlearn solve --model {_folder(base)} --adapter adapter \"…\"", "```", "",
        "The first is for llama.cpp, the second for transformers."
        + (f" adapter.gguf changes {export['matrices']} matrices." if export else ""),
    ]  # fmt: skip
    if export.get("agreement"):
        same, contexts = export["agreement"]
        lines += ["", f"Next token in {contexts} contexts: llama.cpp with adapter.gguf chooses as transformers does in "
                  f"{same}; the base's GGUF weights and activations are quantised there."]  # fmt: skip
    if export.get("types"):
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(export["types"].items()))
        lines += ["", f"The whole model holds its tensors as: {said} (quantised by the gguf package's own routines)."]
    lines += ["", "## Data", "", f"{report.get('read', 0):,} rows were read.", ""]
    lines += [f"- {count:,} left out: {reason}" for reason, count in sorted(report.get("dropped", {}).items())]
    lines += [f"- {count:,} problems of {name} kept apart" for name, count in report.get("kept_apart", {}).items()]
    lines += [f"- {count:,} examples of the target {target}" for target, count in report.get("made", {}).items()]
    lines += [f"- {count:,} training examples from {source}" for source, count in report.get("sources", {}).items()]
    too_long = summary.get("too_long", {})
    lines += [f"- {count:,} examples ({which.replace('_', ' ')}) longer than max_length, left out"
              for which, count in too_long.items() if count]  # fmt: skip
    lines += ["", "## Recipe", "", *(f"- {key}: {recipe[key]}" for key in SHOWN if key in recipe)]
    if summary:
        losses = summary["eval_losses"]
        held_out = f", held-out loss {losses[0]:.3f} at first and {losses[-1]:.3f} at the end" if losses else ""
        lines += [
            "",
            "## Figures",
            "",
            f"{summary['steps']} steps on {summary['train_examples']:,} examples, mean training loss "
            f"{summary['train_loss']:.3f}{held_out}.",
        ]
    comparison = run / "comparison.md"
    if comparison.is_file():
        lines += ["", comparison.read_text(encoding="utf-8").strip()]
    lines += ["", f"The licence of {base} and those of the data hold for this adapter.", ""]
    file = run / "README.md"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _model(base: str) -> str:
    return base if "/" not in base else "MODEL.gguf"


def _folder(base: str) -> str:
    return base if "/" in base else "FOLDER"


def _targets(recipe: Mapping[str, Any]) -> str:
    said = {
        "solution": "solutions in steps that it can check",
        "program": "programs of assignments that it can evaluate",
    }
    return " and ".join(said[target] for target in recipe.get("targets", ["solution"]))


def _json(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content
