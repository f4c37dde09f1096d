"""A conversation to take along: Markdown, LaTeX, JSON, and a page to print. Everything from outside is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from agent.domain import Verdict
from agent.parsing import plain_mathematics
from ui.answer import Answer, folded, to_record
from ui.history import Conversation, KeptAnswer
from ui.mathematics import Piece, markdown, one_line, pieces

BADGE = {Verdict.VERIFIED: "verified", Verdict.REFUTED: "refuted", Verdict.UNVERIFIED: "not verified"}
SIMILAR = "Similar worked problems"
_LATEX_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip
_STYLE = """
body { font: 11pt/1.5 Georgia, serif; max-width: 44em; margin: 2em auto; padding: 0 1em; color: #111; }
h1 { font-size: 1.4em; } h2 { font-size: 1.1em; margin-top: 2em; border-top: 1px solid #bbb; padding-top: 1em; }
.answer { border: 1px solid #888; border-radius: 4px; padding: .5em 1em; break-inside: avoid; }
.answer strong { font-size: 1.2em; } .mark { color: #555; font-size: .85em; } pre { white-space: pre-wrap; }
"""


def solution_markdown(problem: str, answer: Answer) -> str:
    """One solution as Markdown with `$…$` formulas."""
    parts = [f"**Problem.** {markdown(problem).strip()}"]
    parts += [markdown(step.text).strip() for step in answer.steps if answer.solves]
    if answer.result is not None:
        parts.append(f"**Answer.** {markdown(answer.result).strip()}")
    if answer.badge is not None and answer.solves:
        parts.append(_verdict(answer))
    if answer.examples:
        cited = "\n".join(f"- {one_line(f'{e.problem} ({e.citation})')}" for e in answer.examples)
        parts.append(f"{SIMILAR}:\n\n{cited}")
    return "\n\n".join(parts) + "\n"


def solution_latex(problem: str, answer: Answer) -> str:
    """One solution as LaTeX, to paste into a document that loads amsmath."""
    parts = [rf"\textbf{{Problem.}} {_latex(problem)}"]
    parts += [_latex(step.text) for step in answer.steps if answer.solves]
    if answer.result is not None:
        parts.append(rf"\textbf{{Answer.}} {_latex_answer(answer.result)}")
    if answer.examples:
        items = "\n".join(rf"\item {_latex(' '.join(f'{e.problem} ({e.citation})'.split()))}" for e in answer.examples)
        parts.append(f"{SIMILAR}:\n\\begin{{itemize}}\n{items}\n\\end{{itemize}}")
    return "\n\n".join(parts) + "\n"


def conversation_markdown(conversation: Conversation, kept: Sequence[KeptAnswer]) -> str:
    solutions = [solution_markdown(one.problem, folded(one.happened)) for one in kept]
    return f"# {markdown(conversation.title).strip()}\n\n" + "\n---\n\n".join(solutions)


def conversation_json(conversation: Conversation, kept: Sequence[KeptAnswer]) -> str:
    """Everything that is kept, as one document; the events are those of docs/JSON.md."""
    document: dict[str, Any] = {
        "schema": 1,
        "title": conversation.title,
        "answers": [
            {
                "problem": one.problem, "model": one.model, "asked": one.asked, "status": one.status,
                "helpful": one.helpful, "comment": one.comment, "events": to_record(one.happened),
            }
            for one in kept
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2)


def conversation_html(conversation: Conversation, kept: Sequence[KeptAnswer]) -> str:
    """A page to print, complete in itself: formulas in plain characters, no script, nothing loaded."""
    title = escape(conversation.title)
    body = "".join(_html_solution(one.problem, folded(one.happened)) for one in kept)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n{body}</body></html>\n"
    )


def _html_solution(problem: str, answer: Answer) -> str:
    parts = [f"<h2>{_html(problem)}</h2>"]
    for step in answer.steps if answer.solves else ():
        mark = f' <span class="mark">{step.checked.verdict.mark}</span>' if step.checked else ""
        parts.append(f"<p>{_html(step.text)}{mark}</p>")
    if answer.result is not None:
        verdict = f"<br>{escape(_verdict(answer))}" if answer.badge and answer.solves else ""
        parts.append(f'<p class="answer"><strong>{_html(answer.result)}</strong>{verdict}</p>')
    if answer.examples:
        cited = "".join(f"<li>{_html(f'{e.problem} ({e.citation})')}</li>" for e in answer.examples)
        parts.append(f'<p class="mark">{SIMILAR}:</p><ul class="mark">{cited}</ul>')
    return "\n".join(parts) + "\n"


def _html(text: str) -> str:
    shown = re.sub(r"\*\*([^*\n]+)\*\*", r"\1", plain_mathematics(text).replace("$$", "")).strip()
    return escape(shown).replace("\n", "<br>\n")


def _verdict(answer: Answer) -> str:
    if answer.badge is None:
        return ""
    return f"{answer.badge.verdict.mark} {BADGE[answer.badge.verdict]}. {plain_mathematics(answer.badge.reason)}"


def _latex(text: str) -> str:
    return "".join(_latex_piece(piece) for piece in pieces(text)).strip()


def _latex_piece(piece: Piece) -> str:
    match piece.kind:
        case "inline":
            return f"${piece.text.strip()}$"
        case "display":
            return f"\n\\[\n{piece.text.strip()}\n\\]\n"
        case "code":
            return rf"\texttt{{{_latex_words(piece.text.strip('`~ '))}}}"
    words = re.sub(r"^#{1,6}\s+(.*)$", r"**\1**", plain_mathematics(piece.text), flags=re.M)
    return re.sub(r"\*\*([^*\n]+)\*\*", r"\\textbf{\1}", _latex_words(words))


def _latex_words(text: str) -> str:
    return "".join(_LATEX_SIGNS.get(sign, sign) for sign in text)


def _latex_answer(result: str) -> str:
    return f"${result.strip()}$" if "\\" in result and "$" not in result else _latex(result)
