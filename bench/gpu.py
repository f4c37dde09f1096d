"""Finetuning and generation on a GPU: throughput, memory, and what an adapter gains. bench/GPU.md explains the runs.

    python bench/gpu.py throughput | training | generation | all  [--data FILES] [--apart FILES] [--out bench/runs/gpu]

Without CUDA every run is done on the processor with a small model and few steps, and says so: that shows that the
scripts work, not what a GPU does. Prints Markdown, and appends each figure to OUT/figures.jsonl.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402

from agent.finetuning import tutor_for_finetuning  # noqa: E402
from finetune.estimate import SHAPES, Shape, peak_of  # noqa: E402
from finetune.quiet import quiet_libraries  # noqa: E402

ON_GPU = torch.cuda.is_available()
WARM_UP, MEASURED = (3, 10) if ON_GPU else (1, 2)
# The processor's stand-in for Gemma 2 9B: its architecture with four small blocks.
SMALL = Shape(4, 256, 1024, 4, 2, 64, 8192, True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["throughput", "training", "generation", "all"])
    parser.add_argument("--data", nargs="*", default=["families"], help="files in NuminaMath-CoT's columns, families")
    parser.add_argument("--apart", nargs="*", default=[], help="benchmarks whose problems are kept out of training")
    parser.add_argument("--train", type=int, default=14000, help="training problems, on a GPU")
    parser.add_argument("--held-out", type=int, default=500, help="problems to compare base and adapter on, on a GPU")
    parser.add_argument("--override", nargs="*", default=[], help="further settings of the recipe, as key=value")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "runs" / "gpu")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    print(f"Device: {torch.cuda.get_device_name() if ON_GPU else 'CPU, small models, few steps: no GPU figures'}\n")
    for name in (*RUNS,) if options.what == "all" else (options.what,):
        print(f"## {name}\n", flush=True)
        for figure in quietly(RUNS[name], options):
            figure = {"run": name, "device": torch.cuda.get_device_name() if ON_GPU else "CPU", **figure}
            with (options.out / "figures.jsonl").open("a", encoding="utf-8") as out:
                out.write(json.dumps(figure) + "\n")
            print("- " + ", ".join(f"{key} {value}" for key, value in figure.items()), flush=True)
        print()


def quietly(measure: Any, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The figures of a run, without the libraries' warnings about each other."""
    with quiet_libraries():
        yield from measure(options)


def throughput(_options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """QLoRA steps on Gemma 2's architecture with random weights: what the arithmetic costs does not depend on them."""
    shape = SHAPES["google/gemma-2-9b-it"] if ON_GPU else SMALL
    kernels = ["eager"] + (["flash_attention_2"] if importlib.util.find_spec("flash_attn") else [])
    # Liger's kernels are Triton's: a GPU's alone. They fuse norms, rotations, the gated product, and logits with loss.
    with_liger = [False] + ([True] if ON_GPU and importlib.util.find_spec("liger_kernel") else [])
    for liger, attention in itertools.product(with_liger, kernels):
        if liger:  # it patches the architecture for good, so it comes last
            from liger_kernel.transformers import apply_liger_kernel_to_gemma2

            apply_liger_kernel_to_gemma2()
        network = quantised(shape, attention)
        for length in (1024, 2048) if ON_GPU else (64, 128):
            for share in (1.0, 0.45):  # packed rows are full; a row alone is 460 of 1,024 tokens on average
                yield {
                    "attention": attention, "liger": liger, "length": length,
                    "rows": "packed" if share == 1 else "padded", **measured(network, shape, length, share),
                }  # fmt: skip
        del network


def quantised(shape: Shape, attention: str) -> Any:
    """Gemma 2 in these sizes, its linear layers in NF4, with a LoRA adapter of rank 16 on them."""
    import bitsandbytes
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, Gemma2Config

    config = Gemma2Config(
        num_hidden_layers=shape.layers, hidden_size=shape.hidden, intermediate_size=shape.inner,
        num_attention_heads=shape.heads, num_key_value_heads=shape.kv_heads, head_dim=shape.head,
        vocab_size=shape.vocabulary, query_pre_attn_scalar=shape.head,
    )  # fmt: skip
    device = "cuda" if ON_GPU else "cpu"
    with torch.device(device):
        network = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16, attn_implementation=attention)
    for block in network.model.layers:
        for name, layer in list(block.named_modules()):
            if isinstance(layer, torch.nn.Linear):
                smaller = bitsandbytes.nn.Linear4bit(
                    layer.in_features, layer.out_features, bias=False, compute_dtype=torch.bfloat16,
                    compress_statistics=True, quant_type="nf4",
                )  # fmt: skip
                smaller.weight = bitsandbytes.nn.Params4bit(
                    layer.weight.data.cpu(), requires_grad=False, compress_statistics=True, quant_type="nf4"
                )
                parent = block.get_submodule(name.rpartition(".")[0])
                setattr(parent, name.rpartition(".")[2], smaller.to(device))
    network.is_loaded_in_4bit = True
    network.activation_checkpointing_enable()
    network.enable_input_require_grads()
    return get_peft_model(network, LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM"))


def measured(network: Any, shape: Shape, length: int, share: float) -> dict[str, Any]:
    """Tokens a second that carry text, the arithmetic with its share of the card's peak, and the peak of memory."""
    device = next(network.parameters()).device
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=2e-4)
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(0, shape.vocabulary, (2, length), generator=generator).to(device)
    labels = ids.clone()
    labels[:, int(length * share) :] = -100
    mask = (labels != -100).long()
    network.train()
    seconds = []
    if ON_GPU:
        torch.cuda.reset_peak_memory_stats()
    for _ in range(WARM_UP + MEASURED):
        started = time.perf_counter()
        network(input_ids=ids, attention_mask=mask, labels=labels).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        if ON_GPU:
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    a_step = sum(seconds[WARM_UP:]) / MEASURED
    card = torch.cuda.get_device_name() if ON_GPU else ""
    figures: dict[str, Any] = {
        "text tokens/s": round(2 * length * share / a_step, 1),
        **speeds(shape, 2 * length / a_step, peak_of(card)),
    }
    if ON_GPU:
        figures["peak GiB"] = round(torch.cuda.max_memory_allocated() / 1024**3, 2)
    return figures


def speeds(shape: Shape, tokens_a_second: float, peak: int | None) -> dict[str, Any]:
    """TFLOP/s of the matrix products, padding included, counted twice; of the card's bfloat16 `peak` where it is known.

    `hardware` is what is calculated: 6 operations a weight and token (2 forwards, 2 forwards again where activations
    are recomputed, 2 backwards through the activations; frozen weights have no gradient of their own). `model` is what
    the method needs, 4, without the recomputation. Attention's own products are in neither.
    """
    figures: dict[str, Any] = {}
    for name, operations in (("hardware", 6), ("model", 4)):
        work = operations * (shape.linear + shape.vocabulary * shape.hidden) * tokens_a_second / 1e12
        figures[f"{name} TFLOP/s"] = float(f"{work:.4g}")
        if peak:
            figures[f"{name} utilisation"] = f"{work / peak:.1%}"
    return figures


def training(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A real finetuning run on real problems, both targets, and base against adapter on held-out ones."""
    from finetune.evaluate import compare, in_words
    from finetune.export import export_run
    from finetune.recipe import read_recipe
    from finetune.train import train

    recipe = "qwen2.5-coder-1.5b-lora" if ON_GPU else "smollm2-cpu-smoke"
    folder = options.out / recipe
    settings = [f"data={json.dumps(options.data)}", f"output_dir={folder}"]
    settings.append(f"keep_apart={json.dumps(options.apart)}")
    if not options.apart:
        print("No benchmark is kept apart: name those that the adapter will be measured on with --apart.\n")
    if ON_GPU:
        settings += [f"train_problems={options.train}", f"held_out_problems={options.held_out}", "num_train_epochs=1"]
    else:
        settings += ["train_problems=12", "held_out_problems=2", "max_steps=4", "eval_steps=2", "save_steps=2"]
    settings += options.override
    started = time.perf_counter()
    train(read_recipe(recipe, settings), tutor_for_finetuning(), told=lambda line: print(line, file=sys.stderr))
    yield {"recipe": recipe, "seconds": round(time.perf_counter() - started)}
    export_run(folder, tutor_for_finetuning(), quantisation="", told=lambda line: print(line, file=sys.stderr))
    compared = compare(folder, tutor_for_finetuning())
    print(in_words(compared) + "\n")
    gain, half = compared.loss_gain()
    yield {"base loss": round(compared.loss(0), 4), "adapter loss": round(compared.loss(1), 4),
           "paired gain": round(gain, 4), "half interval": round(half, 4)}  # fmt: skip
    for target in ("solution", "program"):
        answers = compared.answered(target)
        if answers:
            yield {"target": target, "n": len(answers), "base right": sum(before for before, _ in answers),
                   "adapter right": sum(after for _, after in answers)}  # fmt: skip


def generation(_options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Greedy generation of the tutor's solutions by transformers and, where it is installed, vLLM."""
    from finetune.base import base_place, load_network, load_tokenizer

    tutor = tutor_for_finetuning()
    place = base_place("qwen2.5-coder-1.5b" if ON_GPU else "smollm2-135m", tutor)
    tokenizer = load_tokenizer(place)
    prompts = [
        tokenizer.apply_chat_template(
            [{"role": turn.role, "content": turn.content} for turn in tutor.solution_turns(problem)],
            tokenize=False, add_generation_prompt=True,
        )
        for problem in (f"A shop sells {n} pens for ${n + 3}. How much do {3 * n} pens cost?" for n in range(2, 10))
    ]  # fmt: skip
    limit = 256 if ON_GPU else 16
    options = {"dtype": "bfloat16", "device_map": "cuda"} if ON_GPU else {"dtype": "float32"}
    network = load_network(place, **options).eval()
    tokenizer.padding_side = "left"
    for batch in (prompts[:1], prompts):
        encoded = tokenizer(batch, return_tensors="pt", padding=True, add_special_tokens=False).to(network.device)
        network.generate(**encoded, max_new_tokens=2, do_sample=False)
        started = time.perf_counter()
        made = network.generate(**encoded, max_new_tokens=limit, min_new_tokens=limit, do_sample=False)
        seconds = time.perf_counter() - started
        tokens = made[:, encoded["input_ids"].shape[1] :].numel()
        yield {"route": "transformers", "prompts at once": len(batch), "tokens/s": round(tokens / seconds, 1)}
    del network
    if ON_GPU and importlib.util.find_spec("vllm"):
        from vllm import LLM, SamplingParams

        served = LLM(model=place, dtype="bfloat16", gpu_memory_utilization=0.6, enforce_eager=False)
        greedy = SamplingParams(temperature=0.0, max_tokens=limit, min_tokens=limit)
        for batch in (prompts[:1], prompts):
            served.generate(batch, SamplingParams(max_tokens=2), use_tqdm=False)
            started = time.perf_counter()
            written = served.generate(batch, greedy, use_tqdm=False)
            seconds = time.perf_counter() - started
            tokens = sum(len(one.outputs[0].token_ids) for one in written)
            yield {"route": "vLLM", "prompts at once": len(batch), "tokens/s": round(tokens / seconds, 1)}


RUNS = {"throughput": throughput, "training": training, "generation": generation}


if __name__ == "__main__":
    main()
