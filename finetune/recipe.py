"""A recipe: what to train, on what, and how. One YAML file, read by TRL's own parser, and what is overridden in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration, BadInput
from finetune.examples import SOLUTION, Wanted

_OVERRIDE = re.compile(r"([a-z][a-z0-9_]*)=(.*)", re.S)


@dataclass
class ExampleArguments:
    """The part of a recipe that TRL does not know: which examples are made of which data."""

    data: list[str] = field(default_factory=list, metadata={"help": "hub data sets, .jsonl or .parquet, families"})
    keep_apart: list[str] = field(default_factory=list, metadata={"help": "benchmarks whose problems are left out"})
    targets: list[str] = field(default_factory=lambda: [SOLUTION], metadata={"help": "solution, program"})
    train_problems: int = field(default=1000, metadata={"help": "problems to train on"})
    held_out_problems: int = field(default=100, metadata={"help": "problems to measure with"})
    data_seed_of_examples: int = field(default=0, metadata={"help": "seed of the subset"})
    max_steps_of_solution: int = field(default=12, metadata={"help": "solutions with more steps are left out"})
    check_steps: bool = field(default=True, metadata={"help": "leave out solutions with a refuted step"})
    chat_format: str = field(default="", metadata={"help": "gemma or chatml; empty: the base model's own template"})
    early_stopping_patience: int = field(default=0, metadata={"help": "measurements without gain before stopping"})
    tokens_expected: int = field(default=400, metadata={"help": "tokens of an example, for the estimates"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe that has been read: `sft` is TRL's SFTConfig, `model` its ModelConfig, `text` what was read."""

    name: str
    examples: ExampleArguments
    sft: Any
    model: Any
    text: dict[str, Any]

    @property
    def wanted(self) -> Wanted:
        of = self.examples
        return Wanted(
            places=tuple(of.data), train=of.train_problems, held_out=of.held_out_problems, targets=tuple(of.targets),
            apart=tuple(of.keep_apart), seed=of.data_seed_of_examples, max_steps=of.max_steps_of_solution,
            check_steps=of.check_steps,
        )  # fmt: skip


def recipe_names() -> list[str]:
    """The recipes for adapters that come with the package; the folder holds other settings too."""
    files = [file for file in resources.files("finetune").joinpath("recipes").iterdir() if file.name.endswith(".yaml")]
    named = [file for file in files if "\nmodel_name_or_path:" in file.read_text(encoding="utf-8")]
    return sorted(file.name.removesuffix(".yaml") for file in named)


def read_recipe(name: str, overrides: Sequence[str] = (), *, dry_run: bool = False) -> Recipe:
    """A recipe by its name or file, with `key=value` put in. For a dry run it need not fit this machine.

    Raises BadInput for a recipe that is not there, BadConfiguration for one that cannot be read, has a key that is
    unknown or unusable, or asks for a GPU where there is none.
    """
    values = {**_yaml(name), **dict(_override(text) for text in overrides)}
    # YAML 1.1 takes a bare no for false.
    values = {key: "no" if value is False and key.endswith("_strategy") else value for key, value in values.items()}
    written = dict(values)
    needs_gpu = not values.get("use_cpu", False)
    if needs_gpu and not _has_gpu():
        if not dry_run:
            raise BadConfiguration(
                f"The recipe {name} trains on a GPU, and torch sees none here (torch.cuda.is_available() is false): "
                "install a CUDA build of torch on a machine with one, or try the recipe smollm2-cpu-smoke."
            )
        values |= {"use_cpu": True, "bf16": False}  # only so that the settings can be read here
    if not values.get("data"):
        raise BadConfiguration(f"The recipe {name} names no data: add data, a list of files or hub data sets.")
    values.setdefault("output_dir", f"runs/{Path(name).stem}")
    examples, sft, model = _parsed(name, values)
    return Recipe(Path(name).stem, examples, sft, model, written)


def _yaml(name: str) -> dict[str, Any]:
    import yaml

    file = Path(name)
    if file.suffix in (".yaml", ".yml"):
        if not file.is_file():
            raise BadInput(f"There is no recipe file {name}: check the path.")
        text = file.read_text(encoding="utf-8")
    elif name in recipe_names():
        text = resources.files("finetune").joinpath(f"recipes/{name}.yaml").read_text(encoding="utf-8")
    else:
        raise BadInput(f"There is no recipe {name[:80]!r}: use one of {', '.join(recipe_names())}, or a .yaml file.")
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise BadConfiguration(f"The recipe {name} is not valid YAML ({' '.join(str(wrong).split())[:200]}).") from None
    if not isinstance(values, dict):
        raise BadConfiguration(f"The recipe {name} is not a list of settings: write key: value lines.")
    return values


def _override(text: str) -> tuple[str, Any]:
    import yaml

    match = _OVERRIDE.fullmatch(text)
    if match is None:
        raise BadInput(f"--override takes key=value, not {text[:80]!r}.")
    value = yaml.safe_load(match[2])
    if isinstance(value, str) and re.fullmatch(r"[-+]?\d+(\.\d+)?e[-+]?\d+", value, re.I):
        value = float(value)  # YAML 1.1 takes 1e-4 for text
    return match[1], value


def _parsed(name: str, values: dict[str, Any]) -> tuple[ExampleArguments, Any, Any]:
    try:
        import yaml
        from trl import ModelConfig, SFTConfig, TrlParser
    except ImportError as missing:
        raise BadConfiguration(
            f"Finetuning lacks the package {missing.name}: run `pip install 'mathlearn[finetune]'`."
        ) from None
    import tempfile

    from finetune.quiet import quiet_libraries

    with quiet_libraries(), tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump(values, file)
        file.flush()
        try:
            parts: Any = (ExampleArguments, SFTConfig, ModelConfig)
            parser = TrlParser(parts)
            examples, sft, model = parser.parse_args_and_config(["--config", file.name])
        except (ValueError, TypeError, SystemExit) as wrong:
            said = " ".join(str(wrong).split())[:300].replace("config file", "recipe").rstrip(".")
            raise BadConfiguration(f"The recipe {name} cannot be used: {said}.") from None
    return examples, sft, model


def _has_gpu() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())
