"""Text of students and models as Markdown that Streamlit shows rightly: formulas set, money left alone, nothing active.

Streamlit's Markdown knows `$…$` and `$$…$$` alone and takes any pair of dollars for a formula. Here the text is cut
into prose, formulas and code; each is written out in the one way that shows it as meant. What cannot be set as a
formula is shown in plain characters, never as raw LaTeX or as an error in red.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.parsing import plain_mathematics
from ui.prose import hard_breaks, safe_prose

Kind = Literal["prose", "inline", "display", "code", "open"]

# KaTeX has no multline or eqnarray, and sets the numbered environments with numbers that nobody refers to.
_ENVIRONMENTS = {
    "align": "aligned", "align*": "aligned", "eqnarray": "aligned", "eqnarray*": "aligned", "equation": "",
    "equation*": "", "gather": "gathered", "gather*": "gathered", "multline": "gathered", "multline*": "gathered",
    "displaymath": "", "math": "", "tabular": "array", "flalign": "aligned", "flalign*": "aligned",
}  # fmt: skip
_BARE_ENVIRONMENT = re.compile(
    r"\\begin\{(align\*?|aligned|equation\*?|gather\*?|gathered|eqnarray\*?|multline\*?|cases|array|[bpvBV]?matrix)\}"
)
# Behind a fence of backticks stands no further one (CommonMark 0.31, 4.5): else it is text, with what is active in it.
_FENCE = re.compile(r"^[ \t]*(`{3,}(?=[^`\n]*$)|~{3,})", re.M)
_FUNCTION_NAMES = {
    "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "exp", "lim", "max", "min", "gcd", "lcm", "mod", "det",
    "arcsin", "arccos", "arctan",
}  # fmt: skip
# Commands that reach outside the formula, or that only number it.
_LINKS = re.compile(r"\\(?:href|htmlClass|htmlId|htmlStyle|htmlData)\s*\{[^{}]*\}")
_DROPPED = re.compile(
    r"\\(?:url|includegraphics|label|ref|eqref|def|gdef|newcommand|renewcommand)(?![A-Za-z])(?:\s*\{[^{}]*\})?"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind. `open` is a formula that has begun and not ended."""

    kind: Kind
    text: str


def markdown(text: str) -> str:
    """A finished text."""
    return _written(list(pieces(text)), finished=True)


def streamed_markdown(text: str) -> str:
    """A text that is still being written: what has begun and may become a formula is held back until it closes."""
    found = list(pieces(text, finished=False))
    if found and found[-1].kind == "open":
        found.pop()
    return _written(found, finished=False)


def one_line(text: str) -> str:
    """A short text for a label or a caption: formulas in the line, no blocks."""
    shown = [Piece("inline", p.text) if p.kind == "display" else p for p in pieces(" ".join(text.split()))]
    return _written(shown, finished=True).strip()


def answer_markdown(answer: str) -> str:
    """An answer by itself: as a formula where it is one, else as text."""
    bare = answer.strip()
    prose = "$" in bare.replace(r"\$", "") or r"\(" in bare or "](" in bare  # the last would be a link
    if re.search(r"\\[A-Za-z]|[\^_]", bare) and not prose:
        return _inline(bare)
    return one_line(bare)


def pieces(text: str, *, finished: bool = True) -> Iterator[Piece]:
    """Cut a text into prose, formulas and code. Every character of it is in some piece, but for the delimiters."""
    at = prose = 0
    while at < len(text):
        found = _piece_at(text, at, finished)
        if found is None:
            at += 2 if text[at] == "\\" and text[at + 1 : at + 2] in ("$", "\\") else 1
            continue
        piece, end = found
        if prose < at:
            yield Piece("prose", text[prose:at])
        yield piece
        at = prose = end
    if prose < len(text):
        yield Piece("prose", text[prose:])


def _piece_at(text: str, at: int, finished: bool) -> tuple[Piece, int] | None:
    """The formula or the code that begins at `at`, with its end."""
    match text[at]:
        case "`" | "~":
            return _code(text, at)
        case "$":
            return _between_dollars(text, at, finished)
        case "\\":
            return _after_backslash(text, at, finished)
    return None


def _code(text: str, at: int) -> tuple[Piece, int] | None:
    line_start = text.rfind("\n", 0, at) + 1
    fence = _FENCE.match(text, line_start)
    if fence is not None and fence.start(1) == at:
        closing = re.compile(rf"^[ \t]*{re.escape(fence[1])}[`~]*[ \t]*(?:\n|\Z)", re.M).search(text, fence.end())
        if closing is None:
            return Piece("code", text[at:].rstrip("`~") + ("" if text.endswith("\n") else "\n") + fence[1]), len(text)
        return Piece("code", text[at : closing.end()]), closing.end()
    ticks = re.compile(r"`+").match(text, at)
    if ticks is None:
        return None
    closing = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(text, ticks.end())
    paragraph = text.find("\n\n", at)
    if closing is None or (paragraph != -1 and closing.start() > paragraph):
        return Piece("prose", ticks[0]), ticks.end()
    return Piece("code", text[at : closing.end()]), closing.end()


def _between_dollars(text: str, at: int, finished: bool) -> tuple[Piece, int] | None:
    if text.startswith("$$", at):
        end = text.find("$$", at + 2)
        if end != -1 and text[at + 2 : end].strip():
            return Piece("display", text[at + 2 : end]), end + 2
        return (Piece("prose", "$$"), at + 2) if finished else (Piece("open", text[at:]), len(text))
    paragraph = text.find("\n\n", at)
    limit = len(text) if paragraph == -1 else paragraph
    for closing in re.compile(r"(?<!\\)\$").finditer(text, at + 1, limit):
        inside, following = text[at + 1 : closing.start()], text[closing.end() : closing.end() + 1]
        if _is_formula(inside, following):
            if not finished and not following:
                return Piece("open", text[at:]), len(text)  # "$5-$" may still become "$5-$6"
            return Piece("inline", inside), closing.end()
        break
    if finished or limit < len(text) or _is_money(text[at + 1 :]):
        return None
    return Piece("open", text[at:]), len(text)


def _is_formula(inside: str, following: str) -> bool:
    """Whether what stands between two dollars is a formula, and not the text between two prices."""
    if not inside.strip() or following.isdigit():
        return False
    spaced = (inside[0].isspace(), inside[-1].isspace())
    if spaced[0] != spaced[1]:
        return False
    bare = re.sub(r"\\(?:text|mathrm|textbf|mathbf|operatorname|mbox)\s*\{[^{}]*\}|\\[A-Za-z]+|\\.", " ", inside)
    words = [word for word in re.findall(r"[A-Za-z]{2,}", bare) if word.lower() not in _FUNCTION_NAMES]
    if inside.strip()[0].isdigit() and words:
        return False
    return not spaced[0] or bool(re.search(r"[A-Za-z=+\\^_×*/<>-]", inside))


def _is_money(after: str) -> bool:
    """Whether what follows a dollar is evidently a price: a number, and then a word, a stop or another dollar."""
    return bool(re.match(r"\d[\d,]*(?:\.\d+)?(?:\s+[A-Za-z]{2,}|[.,;:!?)]\s|\s*\n|\s[^\d\s$=+*/^×÷−<>\\-]\S)", after))


def _after_backslash(text: str, at: int, finished: bool) -> tuple[Piece, int] | None:
    pairs: tuple[tuple[str, str, Kind], ...] = ((r"\(", r"\)", "inline"), (r"\[", r"\]", "display"))
    for opening, closing, kind in pairs:
        if text.startswith(opening, at) and not text.startswith("\\" + opening, at - 1):
            end = text.find(closing, at + 2)
            if end != -1 and (kind == "display" or "\n\n" not in text[at:end]):
                return Piece(kind, text[at + 2 : end]), end + 2
            return Piece("open", text[at:]), len(text)
    begun = _BARE_ENVIRONMENT.match(text, at)
    if begun is not None:
        closing = rf"\end{{{begun[1]}}}"
        end = text.find(closing, at)
        if end == -1:
            return Piece("open", text[at:]), len(text)
        return Piece("display", text[at : end + len(closing)]), end + len(closing)
    boxed = re.compile(r"\\(?:boxed|fbox)\s*\{").match(text, at)
    if boxed is not None:
        last = _closing_brace(text, boxed.end())
        if last is None:
            return Piece("open", text[at:]), len(text)
        return Piece("inline", text[at:last]), last
    if not finished and (at == len(text) - 1 or re.fullmatch(r"\\[A-Za-z]*\s*(\{[^{}]*)?", text[at:])):
        return Piece("open", text[at:]), len(text)  # a command whose name is still being written
    return None


def _closing_brace(text: str, start: int) -> int | None:
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    return None


def _written(found: list[Piece], *, finished: bool) -> str:
    """The pieces as Markdown."""
    out = ""
    for piece in found:
        match piece.kind:
            case "code":
                out += piece.text
            case "inline":
                out += _inline(piece.text, in_table=_line(out).lstrip().startswith("|"))
            case "display":
                out = _with_display(out, piece.text)
            case "open":
                out += safe_prose(plain_mathematics(piece.text))
            case "prose":
                out += _prose(piece.text, after_display=out.endswith("$$\n"))
    return hard_breaks(out if finished else out.rstrip(" "))


def _prose(text: str, *, after_display: bool) -> str:
    shown = plain_mathematics(text) if "\\" in text or re.search(r"\^[23](?!\d)", text) else text
    if after_display:
        # A full stop that ended the formula would stand on a line of its own.
        shown = "\n" + re.sub(r"^[ \t]*[.,;](?=\s|$)", "", shown).lstrip(" \t").removeprefix("\n")
    return safe_prose(shown)


def _inline(formula: str, *, in_table: bool = False) -> str:
    body = " ".join(settable(formula).split())
    if not body:
        return ""
    if not _is_balanced(body):
        return safe_prose(plain_mathematics(formula))
    if in_table:
        body = body.replace(r"\|", r"\Vert ").replace("|", r"\vert ").strip()
    return f"${body}$"


def _with_display(before: str, formula: str) -> str:
    """A formula in lines of its own, as far in as the list item that it belongs to."""
    line = _line(before)
    item = re.match(r"\s*(?:[-*+]|\d{1,9}\\?[.)])\s+", line)
    indent = " " * (len(item[0].replace("\\", "")) if item else len(line) - len(line.lstrip(" ")))
    body = [row.strip() for row in settable(formula).splitlines() if row.strip()]
    if not body or not _is_balanced("\n".join(body)):
        return before + safe_prose(plain_mathematics(formula))
    gap = "" if not before.strip() else "\n\n"
    rows = "".join(f"{indent}{row}\n" for row in ("$$", *body, "$$"))
    return before.rstrip() + gap + rows if before.strip() else rows


def _line(text: str) -> str:
    return text[text.rfind("\n") + 1 :]


def settable(formula: str) -> str:
    """LaTeX that KaTeX sets, without anything that could end the formula or reach outside it."""
    body = formula.strip()
    while (bare := _DROPPED.sub("", _LINKS.sub("", body))) != body:  # a removal may join what makes another
        body = bare
    body = re.sub(r"\\(begin|end)\{([A-Za-z]+\*?)\}", _environment, body)
    body = re.sub(r"^\\[(\[]|\\[)\]]$", "", body)
    body = re.sub(r"\\?\$", r"\\text{\\textdollar}", body)
    body = re.sub(r"(?<!\\)((?:\\\\)*)([%#])", r"\1\\\2", body)
    body = body.replace("<", r"\lt ").replace(">", r"\gt ")
    body = body.replace(r"\fbox{", r"\boxed{")
    if re.search(r"(?<!\\)&|\\\\", body) and r"\begin" not in body:
        body = rf"\begin{{aligned}}{body}\end{{aligned}}"
    return body.replace("`", "'")


def _environment(command: re.Match[str]) -> str:
    name = _ENVIRONMENTS.get(command[2], command[2])
    return rf"\{command[1]}{{{name}}}" if name else ""


def _is_balanced(formula: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)(?:\\\\)*[{}]", formula):
        depth += 1 if brace[-1] == "{" else -1
        if depth < 0:
            return False
    begun, ended = (sorted(re.findall(rf"\\{word}\{{([^{{}}]*)\}}", formula)) for word in ("begin", "end"))
    lefts, rights = (len(re.findall(rf"\\{word}(?![A-Za-z])", formula)) for word in ("left", "right"))
    dangling = re.search(r"(?<!\\)(?:\\\\)*\\$|[\^_]\s*$|\^\s*\^|_\s*_", formula)
    return depth == 0 and begun == ended and lefts == rights and dangling is None
