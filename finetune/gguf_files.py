"""Adapters and models for llama.cpp: GGUF files from a PEFT adapter and from merged weights. For export.py.

llama.cpp has converters (convert_lora_to_gguf.py, convert_hf_to_gguf.py), but they are scripts of its repository
that no package installs beside `gguf`: so gguf's writer, its table of tensor names and its quantisation are used
here. Only the linear layers of the architectures below are written; whatever an adapter holds beside them is
refused, not dropped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration, BadInput, ModelDamaged

# llama.cpp keeps the rows of q and k of the llama architecture in another order than transformers does, because its
# rotary embedding turns neighbouring numbers where transformers turns halves. The others are turned alike.
ARCHITECTURES = {"llama": True, "qwen2": False, "qwen3": False, "gemma": False, "gemma2": False}
QUANTISATIONS = ("f16", "q8_0", "q5_1", "q4_1", "q4_0")

Array = Any  # a numpy array


def write_lora(adapter: Path, base_config: Mapping[str, Any], target: Path) -> int:
    """Write the PEFT adapter of a folder as a GGUF LoRA adapter; how many matrices it changes.

    `base_config` is the base model's config.json. Raises BadConfiguration for what llama.cpp has no place for: DoRA,
    biases, whole modules, embeddings, other architectures.
    """
    import gguf
    from safetensors.numpy import load_file

    settings = read_adapter_config(adapter)
    architecture = _architecture(base_config)
    names = _names(architecture, base_config)
    pairs: dict[str, dict[str, Array]] = {}
    for key, value in load_file(str(adapter / "adapter_model.safetensors")).items():
        module, _, which = key.removeprefix("base_model.model.").rpartition(".lora_")
        if which not in ("A.weight", "B.weight"):
            raise BadConfiguration(f"The adapter has {key}, which a GGUF adapter cannot hold: train with LoRA alone.")
        pairs.setdefault(module, {})[which[0]] = value
    draft = target.with_suffix(".draft")
    writer = gguf.GGUFWriter(draft, architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    # llama.cpp scales by alpha / rank; rank-stabilised LoRA (Kalajdzievski 2023) by alpha / √rank.
    rank, alpha = int(settings["r"]), float(settings["lora_alpha"])
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha * math.sqrt(rank) if settings.get("use_rslora") else alpha)
    for module, pair in sorted(pairs.items()):
        if set(pair) != {"A", "B"}:
            raise ModelDamaged(f"The adapter in {adapter} has half of {module} only: train it again.")
        b = _turned(module, pair["B"], architecture, base_config)
        name = _name_of(f"{module}.weight", names)
        writer.add_tensor(f"{name}.lora_a", _plain(pair["A"]))
        writer.add_tensor(f"{name}.lora_b", _plain(b))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    draft.replace(target)  # a file that llama.cpp has mapped must not change under it
    return len(pairs)


def write_model(
    base: Path, base_config: Mapping[str, Any], weights: Callable[[str], Array | None], quantisation: str, target: Path
) -> dict[str, int]:
    """Write a GGUF model: `base`, a GGUF file of the same model, with other weights in it.

    `weights` gives a linear layer's weight (float32) by its transformers name ("model.layers.0.mlp.up_proj.weight"),
    None where it is as in `base`, tokenizer, template and settings are `base`'s. Changed matrices are quantised
    by gguf's own routines, which are those of llama.cpp's reference; the count of matrices by type.

    Raises BadInput for another quantisation, ModelDamaged for a base of another model.
    """
    import gguf
    import numpy as np

    if quantisation not in QUANTISATIONS:
        raise BadInput(f"There is no quantisation {quantisation}: use {', '.join(QUANTISATIONS)}.")
    kind = gguf.GGMLQuantizationType[quantisation.upper()]
    architecture = _architecture(base_config)
    by_gguf_name = {
        _name_of(name, _names(architecture, base_config)): name for name in linear_layers(architecture, base_config)
    }
    reader = gguf.GGUFReader(base)
    draft = target.with_suffix(".draft")
    writer = gguf.GGUFWriter(draft, architecture)
    _copy_fields(reader, writer, quantisation)
    written: dict[str, int] = {}
    layers: list[tuple[Any, str]] = []
    for tensor in reader.tensors:
        name = by_gguf_name.pop(tensor.name, "")
        weight = weights(name) if name else None
        layers.append((tensor, "" if weight is None else name))
        if weight is None:
            size, dtype, raw = tensor.data.shape, tensor.data.dtype, tensor.tensor_type
            label = f"{raw.name.lower()}, as in the base"
        else:
            shape = tuple(int(size) for size in reversed(tensor.shape))
            if tuple(weight.shape) != shape:
                raise ModelDamaged(f"{base} is another model than the adapter's base ({tensor.name} differs).")
            full = kind == gguf.GGMLQuantizationType.F16
            size = shape if full else gguf.quant_shape_to_byte_shape(shape, kind)
            dtype, raw, label = np.dtype(np.float16 if full else np.uint8), kind, quantisation
        writer.add_tensor_info(tensor.name, size, dtype, int(np.prod(size)) * dtype.itemsize, raw_dtype=raw)
        written[label] = written.get(label, 0) + 1
    if by_gguf_name:
        raise ModelDamaged(f"{base} lacks {min(by_gguf_name)}: it is another model than the adapter's base.")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for tensor, name in layers:  # one matrix in memory at a time
        weight = weights(name) if name else None
        if weight is None:
            writer.write_tensor_data(tensor.data)
            continue
        turned = _turned(name.removesuffix(".weight"), weight, architecture, base_config)
        writer.write_tensor_data(gguf.quants.quantize(_plain(turned), kind))
    writer.close()
    draft.replace(target)
    return written


def read_adapter_config(adapter: Path) -> dict[str, Any]:
    """adapter_config.json of a PEFT folder. Raises BadConfiguration for what is no plain LoRA adapter."""
    try:
        settings: dict[str, Any] = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadConfiguration(
            f"There is no PEFT adapter in {adapter}: give the folder with adapter_config.json."
        ) from None
    refused = {
        "DoRA": settings.get("use_dora"),
        "trained biases": settings.get("bias", "none") != "none" or settings.get("lora_bias"),
        "whole trained modules": settings.get("modules_to_save"),
        "ranks of its own for some layers": settings.get("rank_pattern") or settings.get("alpha_pattern"),
        "trained tokens": settings.get("trainable_token_indices"),
    }
    if settings.get("peft_type") != "LORA" or any(refused.values()):
        what = next((name for name, present in refused.items() if present), str(settings.get("peft_type")))
        raise BadConfiguration(
            f"The adapter in {adapter} has {what}, which llama.cpp has no place for: use plain LoRA."
        )
    return settings


def linear_layers(architecture: str, config: Mapping[str, Any]) -> Iterator[str]:
    """The transformers names of the weights that LoRA on all linear layers changes."""
    del architecture  # the same names in all of ARCHITECTURES
    for block in range(int(config["num_hidden_layers"])):
        for part in ("q_proj", "k_proj", "v_proj", "o_proj"):
            yield f"model.layers.{block}.self_attn.{part}.weight"
        for part in ("gate_proj", "up_proj", "down_proj"):
            yield f"model.layers.{block}.mlp.{part}.weight"


def turned_for_rotary(rows: Array, heads: int) -> Array:
    """The rows of a q or k weight in llama.cpp's order: in each head, the halves interleaved (as its converter does).

    Shape (heads × head size, columns) in, the same out.
    """
    head = rows.shape[0] // heads
    return rows.reshape(heads, 2, head // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def _turned(module: str, rows: Array, architecture: str, config: Mapping[str, Any]) -> Array:
    if not ARCHITECTURES[architecture]:
        return rows
    heads = int(config["num_attention_heads"])
    if module.endswith("q_proj"):
        return turned_for_rotary(rows, heads)
    if module.endswith("k_proj"):
        return turned_for_rotary(rows, int(config.get("num_key_value_heads") or heads))
    return rows


def _architecture(config: Mapping[str, Any]) -> str:
    architecture = str(config.get("model_type", ""))
    if architecture not in ARCHITECTURES:
        raise BadConfiguration(
            f"Adapters of the architecture {architecture or 'unknown'} cannot be exported: use one of "
            f"{', '.join(ARCHITECTURES)}."
        )
    return architecture


def _names(architecture: str, config: Mapping[str, Any]) -> Any:
    import gguf

    number = next(kind for kind, name in gguf.MODEL_ARCH_NAMES.items() if name == architecture)
    return gguf.get_tensor_name_map(number, int(config["num_hidden_layers"]))


def _name_of(name: str, names: Any) -> str:
    found = names.get_name(name, try_suffixes=(".weight",))
    if found is None or not found.startswith("blk."):
        raise BadConfiguration(f"The adapter changes {name}, which is no linear layer of a block: train those alone.")
    return str(found)


def _copy_fields(reader: Any, writer: Any, quantisation: str) -> None:
    import gguf

    for field in reader.fields.values():
        if field.name == gguf.Keys.General.ARCHITECTURE or field.name.startswith("GGUF."):
            continue
        if field.name == gguf.Keys.General.FILE_TYPE:
            writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{quantisation.upper()}"])
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)


def _plain(array: Array) -> Array:
    import numpy as np

    return np.ascontiguousarray(array, dtype=np.float32)
