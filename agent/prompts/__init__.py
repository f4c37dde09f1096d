"""The prompts, one file each, and how they become messages."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

MESSAGE_OF_SECTION = {"system": SystemMessage, "problem": HumanMessage, "program": AIMessage}


@cache
def prompt_text(name: str) -> str:
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip()


def render(name: str, **values: str) -> str:
    """The prompt `name` with its {places} filled. One pass: braces inside a value are left as they are."""
    pattern = "|".join(re.escape("{" + key + "}") for key in values)
    return re.sub(pattern, lambda place: values[place[0][1:-1]], prompt_text(name)) if values else prompt_text(name)


@cache
def worked_turns(name: str) -> tuple[BaseMessage, ...]:
    """The worked examples of the prompt `name` as the turns of a chat."""
    return worked_turns_of(prompt_text(name))


def worked_turns_of(text: str) -> tuple[BaseMessage, ...]:
    """Worked examples as the turns of a chat; programs stand in a code block.

    These turns come first and never change, so that the model's server can keep them evaluated.
    """
    sections = re.findall(r"^\[(system|problem|program)\]\n(.*?)(?=^\[|\Z)", text, re.M | re.S)
    return tuple(
        MESSAGE_OF_SECTION[kind](f"```\n{body.strip()}\n```" if kind == "program" else body.strip())
        for kind, body in sections
    )
