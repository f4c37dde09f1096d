"""Base model against adapter on the same held-out examples: loss, and the answers that both write. After a run.

The loss is transformers'; the answers are written on the tutor's llama.cpp where it has the model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from agent.domain import Verdict
from agent.errors import BadConfiguration, CheckFailed
from finetune.base import MORE_MEMORY, base_place, load_network, load_tokenizer, memory_explained
from finetune.card import write_card
from finetune.contract import Checker, Tutor
from finetune.examples import PROGRAM, Example
from finetune.export import read_recipe_of
from finetune.quiet import quiet_libraries
from finetune.templates import prompt_text, set_template, tokens
from finetune.train import ADAPTER, kept_examples

T = TypeVar("T")

MOST_TOKENS = {"solution": 512, "program": 160}


@dataclass(frozen=True, slots=True)
class Pair:
    """One held-out example: mean loss a token and whether the answer is right, of the base and with the adapter."""

    source: str
    target: str
    tokens: int
    loss: tuple[float, float]
    right: tuple[bool, bool] | None = None


@dataclass(slots=True)
class Comparison:
    """All pairs, with what is to be said of them; `device` is where they were measured."""

    base: str
    device: str
    pairs: list[Pair] = field(default_factory=list)

    def loss(self, which: int) -> float:
        """The mean over tokens, in natural units."""
        total = sum(pair.tokens for pair in self.pairs)
        return sum(pair.loss[which] * pair.tokens for pair in self.pairs) / total

    def loss_gain(self) -> tuple[float, float]:
        """The mean of the paired differences a problem (positive: the adapter's is lower), half its 95 % interval."""
        gains = [pair.loss[0] - pair.loss[1] for pair in self.pairs]
        mean = sum(gains) / len(gains)
        variance = sum((gain - mean) ** 2 for gain in gains) / max(len(gains) - 1, 1)
        return mean, 1.96 * math.sqrt(variance / len(gains))

    def answered(self, target: str) -> list[tuple[bool, bool]]:
        return [pair.right for pair in self.pairs if pair.right is not None and pair.target == target]


def compare(run: Path, tutor: Tutor, *, limit: int | None = None, write: bool = True) -> Comparison:
    """Measure a run's held-out examples, at most `limit` of them, and keep comparison.jsonl and comparison.md there.

    Where an export has left a model card, it is written anew, with these figures. Raises BadConfiguration where the
    run has no held-out examples or no adapter, ModelFailed for a lack of memory, and as load_network does.
    """
    recipe = read_recipe_of(run)
    examples = kept_examples(run, "held_out")[:limit]
    if not examples or not (run / ADAPTER / "adapter_config.json").is_file():
        raise BadConfiguration(f"{run} has no held-out examples or no adapter yet: let its training end first.")
    name = str(recipe["model_name_or_path"])
    with quiet_libraries(), memory_explained(f"{name} with its adapter", MORE_MEMORY):
        import torch
        from peft import PeftModel

        place = base_place(name, tutor)
        tokenizer = load_tokenizer(place)
        set_template(tokenizer, str(recipe.get("chat_format", "")))
        on_gpu = torch.cuda.is_available() and not recipe.get("use_cpu")
        options = {"dtype": "bfloat16", "device_map": "auto"} if on_gpu else {"dtype": "float32"}
        network = PeftModel.from_pretrained(load_network(place, **options), str(run / ADAPTER)).eval()
        compared = Comparison(name, "GPU" if on_gpu else "CPU")
        with torch.inference_mode():
            losses = [_both(network, partial(_loss, network, tokenizer, example)) for example in examples]
            answers: list[tuple[bool, bool] | None] = [None] * len(examples)
            if write:
                answers = list(_answers(run, name, network, tokenizer, examples, tutor))
    with (run / "comparison.jsonl").open("w", encoding="utf-8") as out:
        for example, (before, after), right in zip(examples, losses, answers, strict=True):
            pair = Pair(example.source, example.target, before[1], (before[0], after[0]), right)
            compared.pairs.append(pair)
            out.write(json.dumps(asdict(pair)) + "\n")
    (run / "comparison.md").write_text(in_words(compared) + "\n", encoding="utf-8")
    if (run / "README.md").is_file():
        write_card(run, recipe)
    return compared


def in_words(compared: Comparison) -> str:
    """The comparison as Markdown: losses with the paired gain, right answers with McNemar's test."""
    gain, half = compared.loss_gain()
    lines = [
        f"{len(compared.pairs)} held-out examples, base {compared.base}, on the {compared.device}.", "",
        "| | base | with the adapter | paired difference |", "|---|---|---|---|",
        f"| loss a token | {compared.loss(0):.3f} | {compared.loss(1):.3f} | {-gain:+.3f} a problem, 95 % interval "
        f"{-gain - half:+.3f} to {-gain + half:+.3f} |",
    ]  # fmt: skip
    for target in sorted({pair.target for pair in compared.pairs}):
        answers = compared.answered(target)
        if not answers:
            continue
        base, adapted = (sum(answer[which] for answer in answers) for which in (0, 1))
        gained = sum(after and not before for before, after in answers)
        lost = sum(before and not after for before, after in answers)
        lines.append(
            f"| right answers, {target} | {base} of {len(answers)} | {adapted} of {len(answers)} | "
            f"{gained} gained, {lost} lost, McNemar p {mcnemar(gained, lost):.2g} |"
        )
    return "\n".join(lines)


def mcnemar(gained: int, lost: int) -> float:
    """Exact two-sided p of McNemar's test on the discordant pairs."""
    n = gained + lost
    tail = sum(math.comb(n, k) for k in range(min(gained, lost) + 1)) / 2**n
    return float(min(1.0, 2 * tail))


def _answers(
    run: Path, name: str, network: Any, tokenizer: Any, examples: Sequence[Example], tutor: Tutor
) -> Iterator[tuple[bool, bool]]:
    """Whether each example is answered rightly, by the base and with the adapter: on the tutor's llama.cpp where it
    has the model, which is many times faster without a GPU, else by transformers."""
    adapter = run / "adapter.gguf"
    file = tutor.model_file(name)
    with tutor.open_checker() as checker:
        if file is None or not adapter.is_file():
            for example in examples:
                before, after = _both(network, partial(_written, network, tokenizer, example))
                yield _is_right(before, example, checker, tutor), _is_right(after, example, checker, tutor)
            return
        rights = []
        for place in (None, adapter):
            with tutor.open_writer(file, place) as write, ThreadPoolExecutor(tutor.parallel) as pool:
                texts = list(pool.map(lambda e, write=write: write(e.prompt, MOST_TOKENS[e.target]), examples))
            rights.append([_is_right(t, e, checker, tutor) for t, e in zip(texts, examples, strict=True)])
        yield from zip(*rights, strict=True)


def _both(network: Any, measure: Callable[[], T]) -> tuple[T, T]:
    """What is measured of the base alone, and with the adapter."""
    with network.disable_adapter():
        before = measure()
    return before, measure()


def _loss(network: Any, tokenizer: Any, example: Example) -> tuple[float, int]:
    """Mean negative log-likelihood of the completion's tokens, and how many there are."""
    import torch

    cut = tokens(tokenizer, example)
    ids = torch.tensor([cut.input_ids], device=network.device)
    labels = [token if mask else -100 for token, mask in zip(cut.input_ids, cut.completion_mask, strict=True)]
    logits = network(input_ids=ids).logits[0, :-1].float()
    target = torch.tensor(labels[1:], device=network.device)
    loss = torch.nn.functional.cross_entropy(logits, target, ignore_index=-100)
    return float(loss), sum(cut.completion_mask)


def _written(network: Any, tokenizer: Any, example: Example) -> str:
    """What the model writes greedily for the example's prompt."""
    encoded = tokenizer(prompt_text(tokenizer, example.prompt), return_tensors="pt", add_special_tokens=False)
    encoded = encoded.to(network.device)
    made = network.generate(
        **encoded, max_new_tokens=MOST_TOKENS[example.target], do_sample=False, temperature=None, top_p=None,
        top_k=None, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return str(tokenizer.decode(made[0, encoded["input_ids"].shape[1] :], skip_special_tokens=True))


def _is_right(text: str, example: Example, checker: Checker, tutor: Tutor) -> bool:
    if example.target == PROGRAM:
        try:
            answer: str | None = checker.evaluate_derivation(text)
        except CheckFailed:
            answer = None
    else:
        answer = tutor.final_answer(text)
    return answer is not None and checker.same_value(example.answer, answer) is Verdict.VERIFIED
