"""What a recipe will need before it is started: parameters, memory with its arithmetic, time. For --dry-run.

An estimate, not a measurement: activations depend on the kernels, so that a tenth more or less is to be expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from finetune.recipe import Recipe

GIB = 1024**3
# Bits a weight in NF4 with double quantisation: 4, and 0.127 for the constants (Dettmers et al. 2023, section 3).
NF4_BYTES = (4 + 0.127) / 8
# Dense bfloat16 peak of a card with float32 accumulation, in 10^12 operations a second, from its data sheet.
CARDS = {"RTX 3090": 71, "RTX 4090": 165, "A100": 312, "H100": 989}
DEVICES = {
    "NVIDIA GeForce RTX 3090": "RTX 3090", "NVIDIA GeForce RTX 4090": "RTX 4090", "NVIDIA H100 80GB HBM3": "H100",
    "NVIDIA H200": "H100",  # the H100's arithmetic, more memory
}  # fmt: skip
UTILISATION = 0.35  # assumed share of the peak; what a run reaches is in its own loss.jsonl


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a decoder: `inner` is the width of its feed-forward layers, `tied` one matrix at both ends."""

    layers: int
    hidden: int
    inner: int
    heads: int
    kv_heads: int
    head: int
    vocabulary: int
    tied: bool

    @property
    def matrices(self) -> list[tuple[int, int]]:
        """Inputs and outputs of the linear layers of one block: q, k, v, o, gate, up, down."""
        attention, shared = self.heads * self.head, self.kv_heads * self.head
        return [
            (self.hidden, attention), (self.hidden, shared), (self.hidden, shared), (attention, self.hidden),
            (self.hidden, self.inner), (self.hidden, self.inner), (self.inner, self.hidden),
        ]  # fmt: skip

    @property
    def linear(self) -> int:
        return self.layers * sum(rows * columns for rows, columns in self.matrices)

    @property
    def embedding(self) -> int:
        return self.vocabulary * self.hidden * (1 if self.tied else 2)

    def adapter(self, rank: int) -> int:
        """Parameters of a LoRA adapter on all linear layers."""
        return self.layers * sum(rank * (rows + columns) for rows, columns in self.matrices)


# From the models' config.json, for where the hub is out of reach or the model is gated.
SHAPES = {
    "google/gemma-2-9b-it": Shape(42, 3584, 14336, 16, 8, 256, 256000, True),
    "google/gemma-2-2b-it": Shape(26, 2304, 9216, 8, 4, 256, 256000, True),
    "Qwen/Qwen2.5-Coder-1.5B-Instruct": Shape(28, 1536, 8960, 12, 2, 128, 151936, True),
    "smollm2-135m": Shape(30, 576, 1536, 9, 3, 64, 49152, True),
}
SHAPES["qwen2.5-coder-1.5b"] = SHAPES["Qwen/Qwen2.5-Coder-1.5B-Instruct"]


@dataclass(frozen=True, slots=True)
class Part:
    """One share of the memory, with the arithmetic that gives it."""

    name: str
    bytes: float
    arithmetic: str


def peak_of(device: str) -> int | None:
    """The peak in CARDS of a card as CUDA names it; None for another. A card's variants (PCIe, NVL, Ti, laptops) have
    peaks of their own, so that only these very names count."""
    return CARDS["A100"] if device.startswith("NVIDIA A100-") else CARDS.get(DEVICES.get(device, ""))


def memory(shape: Shape, recipe: Recipe) -> list[Part]:
    """What lies in memory at the worst moment of a step, on each device, without sharding."""
    model, sft = recipe.model, recipe.sft
    full = 4 if recipe.text.get("use_cpu") else 2
    weight = NF4_BYTES if model.load_in_4bit else full
    rank = shape.adapter(model.lora_r)
    tokens = sft.per_device_train_batch_size * (sft.max_length or recipe.examples.tokens_expected)
    # TRL keeps the adapter of a quantised base in bfloat16 (SFTTrainer, after QLoRA), PEFT any other in float32.
    trained = 2 if model.load_in_4bit else 4
    states = 2 if "8bit" in str(recipe.text.get("optim", "")) else 2 * trained
    kept = shape.layers * tokens * shape.hidden * full
    # In one block: input, two norms, q, k, v, attention's output, its projection; gate, up, their product.
    block = tokens * (
        4 * shape.hidden + 2 * shape.heads * shape.head + 2 * shape.kv_heads * shape.head + 3 * shape.inner
    )
    blocks = 1 if _checkpointing(recipe) else shape.layers
    kept = kept if _checkpointing(recipe) else 0
    scores = _scores(recipe)
    logits = tokens * shape.vocabulary * (full + 4)
    largest = max(rows * columns for rows, columns in shape.matrices) * full if model.load_in_4bit else 0
    return [
        Part("linear layers", shape.linear * weight, f"{shape.linear:,} × {weight:.3f} bytes"),
        Part("embedding", shape.embedding * full, f"{shape.vocabulary:,} × {shape.hidden:,} × {full} bytes"),
        Part("adapter", float(rank * trained), f"{rank:,} × {trained} bytes"),
        Part("its gradients", float(rank * trained), f"{rank:,} × {trained} bytes"),
        Part("optimiser", rank * float(states), f"{rank:,} × {states} bytes (two moments)"),
        Part("kept activations", float(kept), f"{shape.layers} layers × {tokens:,} tokens × {shape.hidden:,} × {full}"),
        Part("activations of a block", float(block * full * blocks), f"{block:,} numbers × {full} bytes × {blocks}"),
        Part("attention scores", float(shape.heads * scores * (8 * blocks + 6)),
             f"{shape.heads} heads × {scores:,} × {8 * blocks + 6} bytes" if scores else "none: never written out"),
        Part("one matrix, dequantised", float(largest), "the largest of a block"),
        Part("logits", float(logits), f"{tokens:,} tokens × {shape.vocabulary:,} × {full + 4} bytes at most: in tiles"),
    ]  # fmt: skip


def _scores(recipe: Recipe) -> int:
    """Attention scores of a head that eager attention writes out; the other kernels never hold them all.

    Packed rows of a batch are laid end to end in one, so that their scores are the square of it all. Of each score are
    kept for the backward pass the capped value (2 bytes), the softmax (4) and its copy for the product (2); 6 more are
    there while the softmax's gradient is calculated (transformers, eager_attention_forward of Gemma 2).
    """
    sft = recipe.sft
    if recipe.model.attn_implementation != "eager":
        return 0
    length, rows = sft.max_length or recipe.examples.tokens_expected, sft.per_device_train_batch_size
    return int((rows * length) ** 2 if sft.packing else rows * length**2)


def shape_of(recipe: Recipe) -> Shape | None:
    """The sizes of a recipe's base model: ours where we know them, else from its config. None where neither is."""
    name = recipe.model.model_name_or_path
    if name in SHAPES:
        return SHAPES[name]
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(name)
        heads = config.num_attention_heads
        return Shape(
            config.num_hidden_layers, config.hidden_size, config.intermediate_size, heads,
            getattr(config, "num_key_value_heads", None) or heads,
            getattr(config, "head_dim", None) or config.hidden_size // heads, config.vocab_size,
            bool(getattr(config, "tie_word_embeddings", False)),
        )  # fmt: skip
    except (OSError, ValueError, AttributeError):
        return None


def steps_and_tokens(recipe: Recipe) -> tuple[int, int]:
    """Optimiser steps and the tokens that they read."""
    sft, of = recipe.sft, recipe.examples
    examples = of.train_problems * len(of.targets)
    a_step = sft.per_device_train_batch_size * sft.gradient_accumulation_steps
    in_a_row = max((sft.max_length or of.tokens_expected) // of.tokens_expected, 1) if sft.packing else 1
    steps = sft.max_steps if sft.max_steps > 0 else -(-int(examples * sft.num_train_epochs) // (a_step * in_a_row))
    return steps, steps * a_step * in_a_row * of.tokens_expected


def operations(shape: Shape, recipe: Recipe) -> float:
    """Floating point operations of a run: 2 a parameter and token forwards, 2 backwards to the adapter (frozen
    weights need no gradient of their own), 2 more where activations are computed again."""
    passes = 6 if _checkpointing(recipe) else 4
    return float(passes) * (shape.linear + shape.vocabulary * shape.hidden) * steps_and_tokens(recipe)[1]


def processor_speed() -> float:
    """Operations a second that this processor reaches in a matrix product, tried for a moment."""
    import time

    import torch

    a, b = torch.rand(256, 576), torch.rand(576, 1536)
    _ = a @ b
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < 0.5:
        _ = a @ b
        done += 1
    return done * 2 * 256 * 576 * 1536 / (time.perf_counter() - started)


def _checkpointing(recipe: Recipe) -> bool:
    sft: Any = recipe.sft
    return bool(getattr(sft, "activation_checkpointing", False) or getattr(sft, "gradient_checkpointing", False))
