"""What the retrieval embedder is trained on: pairs that mean what they say, and nothing that is held out."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import BadInput
from finetune.embedder import Recipe, family_triplets, graded_pairs, read_recipe
from index.controlled.families import controlled_corpus
from index.families.corpus import starter_corpus
from index.standards import (
    HELD_OUT_SIGNATURES,
    annotated_structure,
    families_standard,
    held_out,
    held_out_families,
    held_out_stories,
    kept_from_training,
)
from index.structure import signature_of, similarity

RECIPE = Path(__file__).parents[2] / "finetune" / "recipes" / "embedder.yaml"
ROWS = [
    {"problem": f"{name} has {n} bags of {m} nuts and {told}. How many nuts?",
     "solution_annotated": solution.format(n=n, m=m, result=eval_of(n, m)),
     "answer": str(eval_of(n, m))}
    for name in ("Ada", "Ben", "Cy")
    for n, m in ((12, 15), (13, 17), (14, 19))
    for told, solution, eval_of in (
        ("eats 5", "{n}*{m}=<<{n}*{m}-5={result}>>", lambda n, m: n * m - 5),
        ("finds 5", "{n}*{m}=<<{n}*{m}+5={result}>>", lambda n, m: n * m + 5),
        ("shares with 5", "{n}*{m}=<<({n}+{m})*5={result}>>", lambda n, m: (n + m) * 5),
    )
]  # fmt: skip


def test_the_recipe_is_read_and_a_wrong_one_refused(tmp_path: Path) -> None:
    recipe = read_recipe(RECIPE)
    assert isinstance(recipe, Recipe)
    assert 0 < recipe.minutes <= 60
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("base: some\nspeed: 3\n")
    with pytest.raises(BadInput, match="it must give base, seed, minutes"):
        read_recipe(wrong)


def test_triplets_hold_nothing_that_measures_retrieval() -> None:
    unseen, foreign = held_out_families(), held_out_stories()
    measured = {
        p.problem
        for seed in (0, 1, 2)
        for p in controlled_corpus(each=3, seed=seed)
        if p.family in unseen or p.story in foreign
    }
    triplets = family_triplets(200, seed=3)
    assert len(triplets) == 200
    for one, same, another in triplets:
        assert len({one, same, another}) == 3
        assert not {one, same, another} & measured


def test_pairs_carry_the_similarity_of_their_structures_and_no_held_out_signature() -> None:
    structures = {row["problem"]: annotated_structure(row) for row in ROWS}
    pairs = graded_pairs(ROWS, 60, seed=1)
    assert len(pairs) == 60
    for one, other, score in pairs:
        first, second = structures[one], structures[other]
        assert first is not None
        assert second is not None
        assert score == similarity(first, second)
        assert not kept_from_training(first.signature)


def test_no_training_text_calculates_what_a_query_does() -> None:
    """The starter corpus once told the calculations of held-out families in stories of its own."""
    standard = families_standard()
    asked = {signature_of(r.problem, r.solution) for r in (standard.corpus[q.place] for q in standard.queries)}
    assert len(asked) > 5
    assert all(kept_from_training(signature) for signature in asked)
    told = {p.problem: signature_of(p.problem, p.solution) for p in starter_corpus(per_family=10)}
    assert asked & set(told.values())  # so there is something to keep out
    trained = [problem for triplet in family_triplets(2_000, seed=4) for problem in triplet]
    for problem in trained:
        signature = told.get(problem, "")
        assert not signature or not (signature in asked or held_out(signature, HELD_OUT_SIGNATURES))


def test_without_annotated_problems_there_are_no_pairs() -> None:
    assert graded_pairs([], 10, seed=1) == []
