"""Examples as tokens: the chat template around them, and which tokens carry loss. For train.py and evaluate.py.

The prompt is written by the tokenizer's own chat template, as the tutor's server will write it, and cut into tokens
by itself, because at generation the completion too begins with a token of its own. Loss is on the completion and on
the mark that ends the turn, so that a model learns to stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.errors import BadConfiguration
from finetune.contract import Turn
from finetune.examples import Example

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# Google's documentation of Gemma's formatting: two roles, user and model, and no system turn.
GEMMA = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ raise_exception('Gemma has no system role') }}{% endif %}"
    "{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else 'user') + '\n'"
    " + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
TEMPLATES = {"chatml": CHATML, "gemma": GEMMA}


@dataclass(frozen=True, slots=True)
class Tokens:
    """An example cut into tokens; `completion_mask` is 1 where the loss is taken."""

    input_ids: list[int]
    completion_mask: list[int]


def set_template(tokenizer: Any, chat_format: str) -> None:
    """Give a tokenizer the template of a chat format; "" leaves it its own. Raises BadConfiguration without any."""
    if chat_format and chat_format not in TEMPLATES:
        raise BadConfiguration(f"There is no chat format {chat_format}: use {' or '.join(TEMPLATES)}.")
    if chat_format:
        tokenizer.chat_template = TEMPLATES[chat_format]
    elif not tokenizer.chat_template:
        raise BadConfiguration("The base model has no chat template: set chat_format to gemma or chatml.")


def prompt_text(tokenizer: Any, turns: Sequence[Turn]) -> str:
    """The prompt as the model sees it, up to where its answer begins."""
    return str(tokenizer.apply_chat_template(_messages(tokenizer, turns), tokenize=False, add_generation_prompt=True))


def completion_text(tokenizer: Any, turns: Sequence[Turn], completion: str) -> str:
    """The completion and the mark that ends the turn, without the line end that templates put after it."""
    messages = [*_messages(tokenizer, turns), {"role": "assistant", "content": completion}]
    whole = str(tokenizer.apply_chat_template(messages, tokenize=False))
    _, _, end = whole.rpartition(completion)
    return completion + (end.rstrip() or str(tokenizer.eos_token))


def tokens(tokenizer: Any, example: Example) -> Tokens:
    """The tokens of an example, special ones included, none added."""
    prompt = tokenizer(prompt_text(tokenizer, example.prompt), add_special_tokens=False)["input_ids"]
    answer = completion_text(tokenizer, example.prompt, example.completion)
    completion = tokenizer(answer, add_special_tokens=False)["input_ids"]
    return Tokens([*prompt, *completion], [0] * len(prompt) + [1] * len(completion))


def has_system_role(tokenizer: Any) -> bool:
    """Whether the template shows a system message: Gemma's raises, others drop it in silence."""
    marker = "a-system-message"
    messages = [{"role": "system", "content": marker}, {"role": "user", "content": "a question"}]
    try:
        return marker in tokenizer.apply_chat_template(messages, tokenize=False)
    except Exception:  # the template language lets a template raise anything
        return False


def _messages(tokenizer: Any, turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The turns for the template; a system text goes before the first question where there is no system role."""
    system = "\n\n".join(turn.content for turn in turns if turn.role == "system")
    if not system or has_system_role(tokenizer):
        return [{"role": turn.role, "content": turn.content} for turn in turns]
    rest = [{"role": turn.role, "content": turn.content} for turn in turns if turn.role != "system"]
    rest[0]["content"] = f"{system}\n\n{rest[0]['content']}"
    return rest
