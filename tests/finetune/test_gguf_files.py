"""GGUF adapters and models: what is written, what is refused. The real model's agreement is in test_train.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadConfiguration, BadInput, ModelDamaged
from finetune.gguf_files import turned_for_rotary, write_lora, write_model

gguf = pytest.importorskip("gguf")
save_file = pytest.importorskip("safetensors.numpy").save_file

HIDDEN, HEADS, KV_HEADS, HEAD, INNER, RANK = 64, 4, 2, 16, 96, 2
SHAPES = {
    "self_attn.q_proj": (HEADS * HEAD, HIDDEN), "self_attn.k_proj": (KV_HEADS * HEAD, HIDDEN),
    "self_attn.v_proj": (KV_HEADS * HEAD, HIDDEN), "self_attn.o_proj": (HIDDEN, HEADS * HEAD),
    "mlp.gate_proj": (INNER, HIDDEN), "mlp.up_proj": (INNER, HIDDEN), "mlp.down_proj": (HIDDEN, INNER),
}  # fmt: skip
NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}  # fmt: skip


def config(kind: str) -> dict[str, Any]:
    return {
        "model_type": kind, "num_hidden_layers": 1, "num_attention_heads": HEADS, "num_key_value_heads": KV_HEADS,
    }  # fmt: skip


def adapter(folder: Path, extra: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """A PEFT adapter of random numbers in a folder; its tensors."""
    folder.mkdir(exist_ok=True)
    numbers = np.random.default_rng(0)
    tensors: dict[str, Any] = {}
    for module, (rows, columns) in SHAPES.items():
        place = f"base_model.model.model.layers.0.{module}"
        tensors[f"{place}.lora_A.weight"] = numbers.normal(size=(RANK, columns)).astype(np.float32)
        tensors[f"{place}.lora_B.weight"] = numbers.normal(size=(rows, RANK)).astype(np.float32)
    save_file({**tensors, **(extra or {})}, folder / "adapter_model.safetensors")
    written = {
        "peft_type": "LORA",
        "r": RANK,
        "lora_alpha": 8,
        "bias": "none",
        "target_modules": "all-linear",
        **settings,
    }
    (folder / "adapter_config.json").write_text(json.dumps(written))
    return tensors


def read(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    reader = gguf.GGUFReader(file)
    fields = {name: field.contents() for name, field in reader.fields.items() if not name.startswith("GGUF.")}
    return fields, {tensor.name: tensor for tensor in reader.tensors}


@pytest.mark.parametrize("kind", ["llama", "qwen2", "gemma2"])
def test_an_adapter_has_each_matrix_under_llamacpps_name(tmp_path: Path, kind: str) -> None:
    tensors = adapter(tmp_path / "a")
    assert write_lora(tmp_path / "a", config(kind), tmp_path / "a.gguf") == len(SHAPES)
    fields, written = read(tmp_path / "a.gguf")
    assert fields["general.architecture"] == kind
    assert (fields["general.type"], fields["adapter.type"], fields["adapter.lora.alpha"]) == ("adapter", "lora", 8.0)
    for module, name in NAMES.items():
        a, b = (tensors[f"base_model.model.model.layers.0.{module}.lora_{which}.weight"] for which in "AB")
        if kind == "llama" and module in ("self_attn.q_proj", "self_attn.k_proj"):
            b = turned_for_rotary(b, HEADS if "q_proj" in module else KV_HEADS)
        np.testing.assert_array_equal(written[f"blk.0.{name}.weight.lora_a"].data, a)
        np.testing.assert_array_equal(written[f"blk.0.{name}.weight.lora_b"].data, b)


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 3))
def test_turned_rows_keep_the_rotary_pairs_together(heads: int, half: int, columns: int) -> None:
    """transformers turns number i with i + half; llama.cpp turns 2i with 2i + 1."""
    rows = np.arange(heads * 2 * half * columns).reshape(heads * 2 * half, columns)
    turned = turned_for_rotary(rows, heads)
    for head in range(heads):
        for i in range(half):
            first = head * 2 * half
            assert (turned[first + 2 * i] == rows[first + i]).all()
            assert (turned[first + 2 * i + 1] == rows[first + i + half]).all()


def test_rank_stabilised_adapters_carry_their_scale(tmp_path: Path) -> None:
    adapter(tmp_path / "a", use_rslora=True)
    write_lora(tmp_path / "a", config("qwen2"), tmp_path / "a.gguf")
    assert read(tmp_path / "a.gguf")[0]["adapter.lora.alpha"] == pytest.approx(8 * 2**0.5)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"use_dora": True}, "DoRA"),
        ({"bias": "all"}, "trained biases"),
        ({"modules_to_save": ["lm_head"]}, "whole trained modules"),
        ({"rank_pattern": {"q_proj": 4}}, "ranks of its own"),
        ({"peft_type": "IA3"}, "IA3"),
    ],
)
def test_what_llamacpp_has_no_place_for_is_refused(tmp_path: Path, settings: dict[str, Any], says: str) -> None:
    adapter(tmp_path / "a", **settings)
    with pytest.raises(BadConfiguration, match=says):
        write_lora(tmp_path / "a", config("llama"), tmp_path / "a.gguf")


def test_trained_embeddings_and_other_architectures_are_refused(tmp_path: Path) -> None:
    weight = np.zeros((RANK, HIDDEN), np.float32)
    adapter(tmp_path / "a", {"base_model.model.model.embed_tokens.lora_embedding_A": weight})
    with pytest.raises(BadConfiguration, match="cannot hold"):
        write_lora(tmp_path / "a", config("llama"), tmp_path / "a.gguf")
    head = {f"base_model.model.lm_head.lora_{which}.weight": weight for which in "AB"}
    adapter(tmp_path / "b", head)
    with pytest.raises(BadConfiguration, match="no linear layer of a block"):
        write_lora(tmp_path / "b", config("llama"), tmp_path / "b.gguf")
    with pytest.raises(BadConfiguration, match="architecture mamba"):
        write_lora(tmp_path / "b", config("mamba"), tmp_path / "b.gguf")
    with pytest.raises(BadConfiguration, match="no PEFT adapter"):
        write_lora(tmp_path / "c", config("llama"), tmp_path / "c.gguf")


def base_file(file: Path) -> dict[str, Any]:
    """A GGUF model of one block with random weights; its linear layers, in transformers' order of rows."""
    numbers = np.random.default_rng(1)
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_block_count(1)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b"])
    writer.add_string("tokenizer.chat_template", "{{ messages }}")
    writer.add_tensor("token_embd.weight", numbers.normal(size=(2, HIDDEN)).astype(np.float32))
    layers = {}
    for module, shape in SHAPES.items():
        layers[f"model.layers.0.{module}.weight"] = weight = numbers.normal(size=shape).astype(np.float32)
        writer.add_tensor(f"blk.0.{NAMES[module]}.weight", weight)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return layers


@pytest.mark.parametrize("quantisation", ["f16", "q8_0", "q4_1"])
def test_a_model_keeps_the_bases_settings_and_quantises_what_changed(tmp_path: Path, quantisation: str) -> None:
    layers = base_file(tmp_path / "base.gguf")
    changed = {name: weight + 1 for name, weight in layers.items() if "up_proj" in name or "q_proj" in name}
    counts = write_model(tmp_path / "base.gguf", config("llama"), changed.get, quantisation, tmp_path / "new.gguf")
    assert counts == {quantisation: 2, "f32, as in the base": 6}
    fields, tensors = read(tmp_path / "new.gguf")
    assert fields["tokenizer.ggml.tokens"] == ["a", "b"]
    assert fields["tokenizer.chat_template"] == "{{ messages }}"
    assert fields["general.file_type"] == gguf.LlamaFileType[f"MOSTLY_{quantisation.upper()}"]
    tolerance = {"f16": 0.01, "q8_0": 0.05, "q4_1": 0.6}[quantisation]
    for name, expected in (
        ("ffn_up", changed["model.layers.0.mlp.up_proj.weight"]),
        ("attn_q", turned_for_rotary(changed["model.layers.0.self_attn.q_proj.weight"], HEADS)),
    ):
        tensor = tensors[f"blk.0.{name}.weight"]
        np.testing.assert_allclose(gguf.quants.dequantize(tensor.data, tensor.tensor_type), expected, atol=tolerance)
    np.testing.assert_array_equal(tensors["blk.0.ffn_down.weight"].data, layers["model.layers.0.mlp.down_proj.weight"])


def test_a_base_of_another_model_and_an_unknown_quantisation_are_refused(tmp_path: Path) -> None:
    layers = base_file(tmp_path / "base.gguf")
    with pytest.raises(BadInput, match="no quantisation q2_k"):
        write_model(tmp_path / "base.gguf", config("llama"), layers.get, "q2_k", tmp_path / "new.gguf")
    two = {**config("llama"), "num_hidden_layers": 2}
    with pytest.raises(ModelDamaged, match=r"lacks blk\.1"):
        write_model(tmp_path / "base.gguf", two, layers.get, "q8_0", tmp_path / "new.gguf")
    smaller = {name: weight[:, :32] for name, weight in layers.items()}
    with pytest.raises(ModelDamaged, match="another model"):
        write_model(tmp_path / "base.gguf", config("llama"), smaller.get, "f16", tmp_path / "new.gguf")
