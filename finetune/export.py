"""A run's adapter for llama.cpp: the GGUF adapter, a whole GGUF model with it, and the card that says what it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration
from finetune.base import base_place, load_network
from finetune.card import write_card
from finetune.contract import Tutor
from finetune.gguf_files import read_adapter_config, write_lora, write_model
from finetune.quiet import quiet_libraries
from finetune.train import ADAPTER


def export_run(run: Path, tutor: Tutor, *, quantisation: str = "q8_0") -> list[Path]:
    """Write adapter.gguf, the model card and, unless `quantisation` is "", model-….gguf into a run's folder.

    The whole model is the base's GGUF file with the adapter merged into its linear layers. Raises BadConfiguration
    where there is no adapter or the base has no GGUF file, and what write_lora and write_model raise.
    """
    adapter = run / ADAPTER
    read_adapter_config(adapter)
    recipe = read_recipe_of(run)
    name = str(recipe["model_name_or_path"])
    place = base_place(name, tutor)
    config = base_config(place)
    written = [run / "adapter.gguf"]
    matrices = write_lora(adapter, config, written[0])
    types: dict[str, int] = {}
    if quantisation:
        file = tutor.model_file(name)
        if file is None:
            raise BadConfiguration(
                f"{name} is not one of the tutor's GGUF models, so there is no file to put the merged weights into: "
                "use --adapter-only, or add its GGUF file under that name with `mathlearn models add`."
            )
        written.append(run / f"model-{quantisation}.gguf")
        types = write_model(file, config, _Merged(place, adapter).weight, quantisation, written[1])
    written.append(write_card(run, recipe, matrices=matrices, types=types))
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


def next_token_agreement(
    place: str, adapter: Path, contexts: Sequence[str], llamacpp_choice: Any
) -> list[tuple[int, int]]:
    """For each context the next token of highest probability: transformers' with the PEFT adapter on, llama.cpp's.

    `llamacpp_choice(context)` is llama.cpp's, as a token id.
    """
    import torch
    from peft import PeftModel
    from transformers import AutoTokenizer

    with quiet_libraries(), torch.inference_mode():
        tokenizer = AutoTokenizer.from_pretrained(place)
        network = PeftModel.from_pretrained(load_network(place, dtype="float32"), str(adapter)).eval()
        chosen = []
        for context in contexts:
            ids = tokenizer(context, return_tensors="pt", add_special_tokens=False)["input_ids"]
            chosen.append((int(network(ids).logits[0, -1].argmax()), int(llamacpp_choice(context))))
    return chosen
