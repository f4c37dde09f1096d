"""Which tokens of an example carry loss, and what stands around it in either chat format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.errors import BadConfiguration
from finetune.contract import Turn
from finetune.examples import Example
from finetune.templates import GEMMA, completion_text, has_system_role, prompt_text, set_template, tokens

QUESTION = Turn("user", "What is 6 * 7?")
EXAMPLE = Example((QUESTION,), "6 * 7 = 42.\n\nThe answer is $\\boxed{42}$.", "What is 6 * 7?", "42", "own", "solution")


def test_loss_is_on_the_completion_and_the_end_of_the_turn_alone(tokenizer: Any) -> None:
    cut = tokens(tokenizer, EXAMPLE)
    with_loss = [token for token, mask in zip(cut.input_ids, cut.completion_mask, strict=True) if mask]
    without = [token for token, mask in zip(cut.input_ids, cut.completion_mask, strict=True) if not mask]
    assert tokenizer.decode(with_loss) == EXAMPLE.completion + "<|im_end|>"
    assert tokenizer.decode(without) == prompt_text(tokenizer, EXAMPLE.prompt)
    assert cut.completion_mask == sorted(cut.completion_mask)


def test_the_trainer_takes_the_loss_from_those_tokens_alone(tokenizer: Any, tmp_path: Path) -> None:
    """The batch that TRL's trainer makes of our rows: -100 stands where no loss is taken."""
    pytest.importorskip("trl", reason="the finetune extra is not installed")
    from transformers import LlamaConfig, LlamaForCausalLM
    from trl import SFTTrainer

    from finetune.quiet import quiet_libraries
    from finetune.recipe import read_recipe
    from finetune.train import data_set

    shape = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=1,
        num_key_value_heads=1,
    )  # fmt: skip
    settings = ["eval_strategy=no", "load_best_model_at_end=false", "early_stopping_patience=0"]
    recipe = read_recipe("smollm2-cpu-smoke", [*settings, f"output_dir={tmp_path}"])
    cut = tokens(tokenizer, EXAMPLE)
    with quiet_libraries():
        trainer = SFTTrainer(
            model=LlamaForCausalLM(shape), args=recipe.sft, train_dataset=data_set(tokenizer, [EXAMPLE], 200),
            processing_class=tokenizer,
        )  # fmt: skip
        batch = next(iter(trainer.get_train_dataloader()))
    labels = batch["labels"][0].tolist()
    carrying = sum(cut.completion_mask)
    assert batch["input_ids"][0].tolist() == cut.input_ids
    assert labels == [-100] * (len(cut.input_ids) - carrying) + cut.input_ids[-carrying:]


def test_gemma_gets_the_system_text_in_the_first_question(tokenizer: Any) -> None:
    before = tokenizer.chat_template
    try:
        set_template(tokenizer, "gemma")
        assert tokenizer.chat_template == GEMMA
        assert not has_system_role(tokenizer)
        turns = (Turn("system", "Be brief."), QUESTION)
        assert prompt_text(tokenizer, turns) == (
            f"{tokenizer.bos_token}<start_of_turn>user\nBe brief.\n\nWhat is 6 * 7?<end_of_turn>\n"
            "<start_of_turn>model\n"
        )
        assert completion_text(tokenizer, turns, "42") == "42<end_of_turn>"
    finally:
        tokenizer.chat_template = before


def test_chatml_keeps_the_system_turn(tokenizer: Any) -> None:
    before = tokenizer.chat_template
    try:
        set_template(tokenizer, "chatml")
        turns = (Turn("system", "Be brief."), QUESTION)
        assert prompt_text(tokenizer, turns) == (
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is 6 * 7?<|im_end|>\n"
            "<|im_start|>assistant\n"
        )
    finally:
        tokenizer.chat_template = before


def test_a_model_without_a_template_and_an_unknown_format_are_refused(tokenizer: Any) -> None:
    before = tokenizer.chat_template
    try:
        with pytest.raises(BadConfiguration, match="no chat format alpaca"):
            set_template(tokenizer, "alpaca")
        tokenizer.chat_template = None
        with pytest.raises(BadConfiguration, match="set chat_format"):
            set_template(tokenizer, "")
    finally:
        tokenizer.chat_template = before
