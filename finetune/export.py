"""A run's adapter for llama.cpp: the GGUF adapter, a whole GGUF model with it, and the card that says what it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration, StorageFailed
from finetune.base import MORE_MEMORY, base_config, base_place, load_network, load_tokenizer, memory_explained
from finetune.card import note_export, write_card
from finetune.contract import Turn, Tutor
from finetune.gguf_files import read_adapter_config, write_lora, write_model
from finetune.quiet import quiet_libraries
from finetune.templates import prompt_text, set_template
from finetune.train import ADAPTER, Told, kept_examples

CONTEXTS = 24
# SmolLM2's run on programs (bench/RESULTS.md): 39 of 40 contexts; with the adapter lost on the way, 26 of 40.
ENOUGH_AGREEMENT = 0.8


def export_run(
    run: Path,
    tutor: Tutor,
    *,
    quantisation: str = "q8_0",
    base_gguf: Path | None = None,
    merged_folder: Path | None = None,
    check: bool = True,
    told: Told = print,
) -> list[Path]:
    """Write adapter.gguf, the model card and, unless `quantisation` is "", model-….gguf into a run's folder.

    The whole model is the base's GGUF file (`base_gguf`, else the tutor's of that name) with the adapter merged into
    its linear layers. `merged_folder` takes the merged weights and the tokenizer as transformers reads them. `check`
    compares next tokens with transformers', where there is such a file, and says how many agree. Raises
    BadConfiguration where there is no adapter or no such file, ModelFailed for a lack of memory, StorageFailed, and
    what base_config, write_lora and write_model raise.
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
    agreement = None
    with memory_explained(f"{name} with its adapter", MORE_MEMORY):
        if merged_folder is not None:
            told(f"writing the merged weights to {merged_folder}")
            written.append(write_merged(place, adapter, merged_folder, config, str(recipe.get("chat_format", ""))))
        if quantisation and file is not None:
            told(f"merging and quantising to {quantisation}")
            written.append(run / f"model-{quantisation}.gguf")
            types = write_model(file, config, _Merged(place, adapter).weight, quantisation, written[-1])
        if check and file is not None:
            told("comparing next tokens with those of transformers")
            agreement = next_token_agreement(run, file, tutor)
            told(agreement_in_words(*agreement))
    note_export(run, matrices, types, agreement)
    written.append(write_card(run, recipe))
    return written


def agreement_in_words(same: int, contexts: int) -> str:
    """The outcome of next_token_agreement, with a warning where it is too low for rounding to be the reason."""
    said = f"next token: llama.cpp with adapter.gguf chooses as transformers does in {same} of {contexts} contexts"
    if same >= ENOUGH_AGREEMENT * contexts:
        return said
    return (
        f"WARNING: {said}, fewer than {ENOUGH_AGREEMENT:.0%}: the base's GGUF file is coarsely quantised or not of the "
        "model that was trained; evaluate adapter.gguf before you use it"
    )


def write_merged(place: str, adapter: Path, folder: Path, config: Mapping[str, Any], chat_format: str) -> Path:
    """Write the base model with the adapter in its weights, and its tokenizer, as a folder that transformers, vLLM and
    llama.cpp's own converter read. The sum is made in float32 and kept in the base's type (`config`, its config.json).

    Raises BadConfiguration for a folder that holds something, StorageFailed where it cannot be written.
    """
    import torch

    if folder.exists() and any(folder.iterdir()):
        raise BadConfiguration(f"{folder} is not empty: give --merged a new folder.")
    kind = str(config.get("dtype") or "float32").removeprefix("torch.")
    tokenizer = load_tokenizer(place)
    set_template(tokenizer, chat_format)
    network = merged(place, adapter).to(getattr(torch, kind))
    try:
        network.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    except OSError as refused:
        raise StorageFailed(f"{folder} cannot be written ({refused.strerror or refused}): make room there.") from None
    return folder


def read_recipe_of(run: Path) -> dict[str, Any]:
    """The recipe that a run was started with. Raises BadConfiguration where the folder holds no run."""
    try:
        recipe: dict[str, Any] = json.loads((run / "recipe.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadConfiguration(f"{run} holds no finetuning run: give the output_dir of one.") from None
    return recipe


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
