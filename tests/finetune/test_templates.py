"""Which tokens of an example carry loss, and what stands around it in either chat format."""

from __future__ import annotations

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


def test_the_trainer_takes_the_loss_from_those_tokens_alone(tokenizer: Any, small_base: Any) -> None:
    """The labels as SFTTrainer makes them: -100 for what carries no loss."""
    pytest.importorskip("trl", reason="the finetune extra is not installed")
    from finetune.train import data_set, label_rows

    cut = tokens(tokenizer, EXAMPLE)
    (labels,) = label_rows(data_set(tokenizer, [EXAMPLE], max_length=200), tokenizer)
    assert [label for label in labels if label != -100] == cut.input_ids[-sum(cut.completion_mask) :]
    assert labels[: -sum(cut.completion_mask)] == [-100] * (len(labels) - sum(cut.completion_mask))


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
