"""A reply in the student's language, by the model, line by line: shown only where a line still says the same.

A small model that is given a whole solution and a wish tells it in English again, or drops half of its numbers; given
one sentence at a time it translates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial

from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime

from agent.calls import ask_model
from agent.context import TutorContext
from agent.derivations import TEMPERATURE
from agent.domain import Verdict
from agent.errors import ContextFull
from agent.prompts import render
from agent.teaching.leaks import Secret, leaks
from agent.teaching.rewording import keeps_numbers
from agent.verification.verifier import Verifier

TRANSLATION_TOKENS = 300  # of one line
MAX_LINES = 40  # translated ones; what comes after them stays as it is
LONGEST_ANNOUNCEMENT = 80
ATTEMPTS = 2  # the first is greedy, the next one drawn
_NUMBERING = re.compile(r"\s*(?:\d{1,2}[.)]|[-•*])\s+")


def translated(text: str, problem: str, runtime: Runtime[TutorContext], secrets: Sequence[Secret] = ()) -> str:
    """`text` in the language that the student chose; as it is where she chose none, or where a line of the translation
    lost or made up a number, says a calculation that is false, or gives one of `secrets` away."""
    language = runtime.context.limits.language
    if not language or not text.strip():
        return text
    lines = translated_lines(text.split("\n"), language, problem, runtime, secrets)
    return text if any(line is None for line in lines) else "\n".join(line or "" for line in lines)


def translated_lines(
    lines: Sequence[str],
    language: str,
    problem: str,
    runtime: Runtime[TutorContext],
    secrets: Sequence[Secret] = (),
) -> list[str | None]:
    """Each line in `language`, side by side; None for one that none of the attempts could say without harm."""
    one = partial(_translated, language=language, problem=problem, runtime=runtime, secrets=secrets)
    with ThreadPoolExecutor(min(len(lines), MAX_LINES) or 1, thread_name_prefix="translation") as threads:
        running = [threads.submit(copy_context().run, one, line) for line in lines[:MAX_LINES]]
        return [line.result() for line in running] + [None] * len(lines[MAX_LINES:])


def _translated(
    line: str, *, language: str, problem: str, runtime: Runtime[TutorContext], secrets: Sequence[Secret]
) -> str | None:
    if not re.search(r"[^\W\d_]{2}", line):
        return line
    numbering = _NUMBERING.match(line)
    start = numbering[0] if numbering else ""
    body = line[len(start) :].strip()
    request = HumanMessage(render("translate", language=language, text=body))
    for attempt in range(ATTEMPTS):
        try:
            written = ask_model(
                runtime, [request], max_tokens=TRANSLATION_TOKENS, stop=[], temperature=TEMPERATURE if attempt else 0.0,
                seed=runtime.context.limits.seed + attempt,
            )  # fmt: skip
        except ContextFull:
            return None
        said = _alone(written.text)
        if said and says_the_same(body, said, problem, runtime.context.verifier) and not leaks(said, secrets, problem):
            return start + said
    return None


def says_the_same(line: str, said: str, problem: str, verifier: Verifier) -> bool:
    """Whether a line is still itself in another language, as far as can be told without knowing the language."""
    if " ".join(said.split()).lower() == " ".join(line.split()).lower() and len(re.findall(r"[^\W\d_]{3,}", line)) > 1:
        return False  # it has only been repeated
    return keeps_numbers(line, said) and not turns_false(line, said, problem, verifier)


def _alone(written: str) -> str:
    """The translated line without what small models say around it: that here it comes, quotation marks, comments."""
    parts = [part.strip() for part in written.strip().split("\n\n") if part.strip()]
    if (
        len(parts) > 1
        and len(parts[0]) < LONGEST_ANNOUNCEMENT
        and parts[0][-1] in ":："
        and not re.search(r"\d", parts[0])
    ):
        parts = parts[1:]
    said = " ".join(parts[0].split("\n")).strip() if parts else ""
    quoted = re.fullmatch(r"[\"“„«»‘'](?P<inside>[^\"“”„«»]*)[\"”“«»’']", said)
    return quoted["inside"].strip() if quoted else said


def turns_false(text: str, written: str, problem: str, verifier: Verifier) -> bool:
    """Whether other words say something false where the text does not, or no longer say what was right in it: they can
    keep every number and swap two. A check that did not end in time confirms nothing, so it counts as that."""
    before, after = _verdicts(text, problem, verifier), _verdicts(written, problem, verifier)
    false = after[Verdict.REFUTED] > 0 and before[Verdict.REFUTED] == 0
    return false or after[Verdict.VERIFIED] < before[Verdict.VERIFIED]


def _verdicts(text: str, problem: str, verifier: Verifier) -> Counter[Verdict]:
    return Counter(claim.verdict for claim in verifier.check_step(text, problem=problem))
