"""A reply in the student's language, by the model: shown only where it still says the same, number by number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime

from agent.calls import ask_model
from agent.context import TutorContext
from agent.domain import Verdict
from agent.errors import ContextFull
from agent.prompts import render
from agent.teaching.leaks import Secret, leaks
from agent.teaching.rewording import what_changed
from agent.verification.verifier import Verifier

TRANSLATION_TOKENS = 500
LONGEST_ANNOUNCEMENT = 80


def translated(text: str, problem: str, runtime: Runtime[TutorContext], secrets: Sequence[Secret] = ()) -> str:
    """`text` in the language that the student chose; as it is where she chose none, or where the translation lost or
    made up a number, says a calculation that is false, or gives one of `secrets` away."""
    language = runtime.context.limits.language
    if not language or not text.strip():
        return text
    request = HumanMessage(render("translate", language=language, text=text))
    try:
        written = ask_model(runtime, [request], max_tokens=TRANSLATION_TOKENS, stop=[]).text.strip()
    except ContextFull:
        return text
    written = _without_announcement(written)
    if what_changed(text, written, problem) or turns_false(text, written, problem, runtime.context.verifier):
        return text
    return text if leaks(written, secrets, problem) else written


def _without_announcement(written: str) -> str:
    """The translation alone: small models like to say first that here it comes."""
    first, _, rest = written.partition("\n\n")
    announces = len(first) < LONGEST_ANNOUNCEMENT and first.rstrip().endswith(":") and not re.search(r"\d", first)
    return rest.strip() if rest.strip() and announces else written


def turns_false(text: str, written: str, problem: str, verifier: Verifier) -> bool:
    """Whether other words make a false statement of a text that makes none: they can keep every number and swap two."""
    return _is_refuted(written, problem, verifier) and not _is_refuted(text, problem, verifier)


def _is_refuted(text: str, problem: str, verifier: Verifier) -> bool:
    return any(claim.verdict is Verdict.REFUTED for claim in verifier.check_step(text, problem=problem))
