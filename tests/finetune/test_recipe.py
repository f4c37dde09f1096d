"""Recipes: each of ours can be read and estimated without a GPU; what is wrong with one is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import BadConfiguration, BadInput
from finetune.curve import draw, read_curve
from finetune.estimate import GIB, SHAPES, memory, operations, shape_of, steps_and_tokens
from finetune.recipe import Recipe, read_recipe, recipe_names

pytest.importorskip("trl", reason="the finetune extra is not installed")
torch = pytest.importorskip("torch")

GEMMA = "gemma2-9b-numina-qlora"


@pytest.fixture(scope="module")
def recipes() -> dict[str, Recipe]:
    return {name: read_recipe(name, dry_run=True) for name in recipe_names()}


def test_every_recipe_is_one_that_trl_reads(recipes: dict[str, Recipe]) -> None:
    assert set(recipes) == {
        "gemma2-2b-numina-qlora", GEMMA, "qwen2.5-coder-1.5b-lora", "smollm2-cpu-smoke",
    }  # fmt: skip
    for recipe in recipes.values():
        assert recipe.sft.completion_only_loss
        assert recipe.model.lora_target_modules == ["all-linear"] or recipe.model.lora_target_modules == "all-linear"
        assert shape_of(recipe) is not None


def test_gemmas_memory_is_the_arithmetic_that_its_recipe_writes_out(recipes: dict[str, Recipe]) -> None:
    recipe = recipes[GEMMA]
    shape = SHAPES["google/gemma-2-9b-it"]
    assert shape.linear + shape.embedding == pytest.approx(9.24e9, rel=0.001)
    assert shape.adapter(recipe.model.lora_r) == 54_018_048
    parts = {part.name: part.bytes / GIB for part in memory(shape, recipe)}
    assert parts["linear layers"] == pytest.approx(4.00, abs=0.01)
    assert parts["embedding"] == pytest.approx(1.71, abs=0.01)
    # TRL keeps a quantised base's adapter in bfloat16; two packed rows are one of 2,048 tokens to eager attention.
    assert parts["adapter"] + parts["its gradients"] + parts["optimiser"] == pytest.approx(0.30, abs=0.01)
    assert parts["attention scores"] * GIB == 16 * 2048**2 * 14
    assert sum(parts.values()) == pytest.approx(10.8, abs=0.1)


def test_only_eager_attention_writes_its_scores_out(recipes: dict[str, Recipe]) -> None:
    recipe = recipes["qwen2.5-coder-1.5b-lora"]
    parts = {part.name: part for part in memory(SHAPES["qwen2.5-coder-1.5b"], recipe)}
    assert parts["attention scores"].bytes == 0
    assert parts["adapter"].bytes == 4 * SHAPES["qwen2.5-coder-1.5b"].adapter(recipe.model.lora_r)


def test_steps_and_time_follow_from_the_data(recipes: dict[str, Recipe]) -> None:
    steps, tokens = steps_and_tokens(recipes[GEMMA])
    assert (steps, tokens) == (3125, 46_000_000)
    shape = SHAPES["google/gemma-2-9b-it"]
    assert operations(shape, recipes[GEMMA]) == pytest.approx(6 * 9.24e9 * tokens, rel=0.01)


def test_overrides_take_the_place_of_settings() -> None:
    read = read_recipe(
        "smollm2-cpu-smoke",
        [
            "learning_rate=1e-4",
            "targets=[program]",
            "eval_strategy=no",
            "load_best_model_at_end=no",
            "early_stopping_patience=0",
        ],
    )
    assert read.sft.learning_rate == 1e-4
    assert read.wanted.targets == ("program",)
    assert read.sft.eval_strategy == "no"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_recipe_for_a_gpu_says_that_there_is_none() -> None:
    with pytest.raises(BadConfiguration, match="trains on a GPU, and torch sees none"):
        read_recipe(GEMMA)


@pytest.mark.parametrize(
    ("name", "overrides", "error", "says"),
    [
        ("gemma9", [], BadInput, "no recipe 'gemma9': use one of gemma2-2b"),
        ("missing.yaml", [], BadInput, "no recipe file missing.yaml"),
        ("smollm2-cpu-smoke", ["learning_rate"], BadInput, "key=value"),
        ("smollm2-cpu-smoke", ["learning_rte=1"], BadConfiguration, "learning_rte"),
        ("smollm2-cpu-smoke", ["data=[]"], BadConfiguration, "names no data"),
        ("smollm2-cpu-smoke", ["eval_strategy=often"], BadConfiguration, "often"),
    ],
)
def test_a_recipe_that_cannot_be_used_is_one_sentence(
    name: str, overrides: list[str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as raised:
        read_recipe(name, overrides)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_recipe_is_refused(tmp_path: Path) -> None:
    for content, says in (("- a\n", "not a list of settings"), ("a: [", "not valid YAML")):
        (tmp_path / "own.yaml").write_text(content)
        with pytest.raises(BadConfiguration, match=says):
            read_recipe(str(tmp_path / "own.yaml"))


def test_a_curve_is_drawn_and_survives_a_line_that_was_cut_off(tmp_path: Path) -> None:
    (tmp_path / "loss.jsonl").write_text('{"step": 1, "loss": 2.0}\n{"step": 2, "eval_loss": 1.5}\n{"step": 3, "lo')
    points = read_curve(tmp_path / "loss.jsonl")
    assert [point["step"] for point in points] == [1, 2]
    drawing = draw(points, "a < b")
    assert drawing.count("<polyline") == 2
    assert "a &lt; b" in drawing
