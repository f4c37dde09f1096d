"""A run's adapter for llama.cpp: the GGUF adapter, a whole GGUF model with it, and the card that says what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration
from finetune.base import base_place, load_network, load_tokenizer
from finetune.card import write_card
from finetune.contract import Turn, Tutor
from finetune.gguf_files import read_adapter_config, write_lora, write_model
from finetune.quiet import quiet_libraries
from finetune.templates import prompt_text, set_template
from finetune.train import ADAPTER, Told, kept_examples

CONTEXTS = 24


def export_run(
    run: Path,
    tutor: Tutor,
    *,
    quantisation: str = "q8_0",
    base_gguf: Path | None = None,
    check: bool = True,
    told: Told = print,
) -> list[Path]:
    """Write adapter.gguf, the model card and, unless `quantisation` is "", model-….gguf into a run's folder.

    The whole model is the base's GGUF file (`base_gguf`, else the tutor's of that name) with the adapter merged into
    its linear layers. `check` compares next tokens with transformers', where there is such a file. Raises
    BadConfiguration where there is no adapter or no such file, and what write_lora and write_model raise.
    """
    adapter = run / ADAPTER
    read_adapter_config(adapter)
    recipe = read_recipe_of(run)
    name = str(recipe["model_name_or_path"])
    place = base_place(name, tutor)
    config = base_config(place)
    file = base_gguf or tutor.model_file(name)
    if quantisation and file is None:
        raise BadConfiguration(
            f"The tutor has no GGUF file of {name} to put the merged weights into: name one with --base-gguf, or use "
            "--adapter-only."
        )
    written = [run / "adapter.gguf"]
    matrices = write_lora(adapter, config, written[0])
    types: dict[str, int] = {}
    if quantisation and file is not None:
        told(f"merging and quantising to {quantisation}")
        written.append(run / f"model-{quantisation}.gguf")
        types = write_model(file, config, _Merged(place, adapter).weight, quantisation, written[1])
    agreement = None
    if check and file is not None:
        told("comparing next tokens with those of transformers")
        agreement = next_token_agreement(run, file, tutor)
    written.append(write_card(run, recipe, matrices=matrices, types=types, agreement=agreement))
    return written


def read_recipe_of(run: Path) -> dict[str, Any]:
    """The recipe that a run was started with. Raises BadConfiguration where the folder holds no run."""
    try:
        recipe: dict[str, Any] = json.loads((run / "recipe.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadConfiguration(f"{run} holds no finetuning run: give the output_dir of one.") from None
    return recipe


def base_config(place: str) -> dict[str, Any]:
    """The config.json of a base model, here or on the hub."""
    from transformers import AutoConfig

    found: dict[str, Any] = AutoConfig.from_pretrained(place).to_dict()
    return found


def merged(place: str, adapter: Path) -> Any:
    """The base model with the adapter added to its weights, in float32."""
    from peft import PeftModel

    with quiet_libraries():
        return PeftModel.from_pretrained(load_network(place, dtype="float32"), str(adapter)).merge_and_unload()


class _Merged:
    """The merged weights by name, computed when the first one is asked for."""

    def __init__(self, place: str, adapter: Path) -> None:
        self._network = merged(place, adapter)
        self._weights = dict(self._network.state_dict())
        settings = read_adapter_config(adapter)
        targets = settings["target_modules"]
        self._targets = {targets} if isinstance(targets, str) else set(targets)

    def weight(self, name: str) -> Any | None:
        layer = name.removesuffix(".weight").rpartition(".")[2]
        return self._weights[name].numpy() if layer in self._targets else None


def next_token_agreement(run: Path, base_gguf: Path, tutor: Tutor, most: int = CONTEXTS) -> tuple[int, int]:
    """In how many of how many contexts llama.cpp with adapter.gguf chooses the next token that transformers chooses
    with the PEFT adapter: beginnings of the held-out completions, cut at words."""
    import torch

    recipe = read_recipe_of(run)
    place = base_place(str(recipe["model_name_or_path"]), tutor)
    contexts = []
    for number, example in enumerate(kept_examples(run, "held_out")[:most] or kept_examples(run, "train")[:most]):
        words = example.completion.split(" ")
        begun = " ".join(words[: len(words) * (number % 4) // 4])
        contexts.append((*example.prompt, Turn("assistant", begun)) if begun else example.prompt)
    with quiet_libraries(), torch.inference_mode(), tutor.open_writer(base_gguf, run / "adapter.gguf") as write:
        tokenizer = load_tokenizer(place)
        set_template(tokenizer, str(recipe.get("chat_format", "")))
        network = merged(place, run / ADAPTER).eval()
        same = 0
        for turns in contexts:
            begun = turns[-1].content if turns[-1].role == "assistant" else ""
            text = prompt_text(tokenizer, turns[:-1] if begun else turns) + begun
            ids = tokenizer(text, return_tensors="pt", add_special_tokens=False)["input_ids"]
            chosen = tokenizer.decode([int(network(ids).logits[0, -1].argmax())], skip_special_tokens=True)
            same += chosen == write(turns, 1)
    return same, len(contexts)
