"""Prose of students and models as Markdown in which nothing is active: no HTML, no link, no image, no directive.

Bold, italics, lists, tables and numbering keep their meaning; whatever could load, lead away or draw is escaped.
"""

from __future__ import annotations

import re

# Between the parts of an address it shows nothing and keeps it from becoming a link.
_JOINER = "\u2060"

_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.M)
_UNDERLINE = re.compile(r"^([ ]{0,3})(=+|-{2,})[ \t]*$", re.M)
_LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]", re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def safe_prose(text: str) -> str:
    """Escape what is not plain Markdown. The result holds no bare `<`, `[`, `]`, `$` or `~`."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"\\(?=[^\w\s])", "", text).replace("\\", "\\\\")
    text = re.sub(r"[\[\]<~$&]", lambda sign: "\\" + sign[0], text)
    text = re.sub(r":(?=[A-Za-z0-9_+:-])", r"\\:", text)  # :red[…], :smile:, ::: are Streamlit's own
    text = re.sub(r"(?i)\b(https?|ftp|mailto|javascript|data)(\\?:)", rf"\1{_JOINER}\2", text)
    text = re.sub(r"(?i)\bwww\.", f"www{_JOINER}.", text)
    text = re.sub(r"(?<=\w)@(?=\w)", f"@{_JOINER}", text)
    text = re.sub(r"(?<=[\w)])\*\*(?=\d)", r"\\*\\*", text)  # x**2 is a power, not bold
    text = re.sub(r"(?<=[\w)])(?<!\*)\*(?=[\w(])(?!\*)", r"\\*", text)  # 2*3*4 is a product, not italics
    text = re.sub(r"`", r"\\`", text)
    text = _HEADING.sub(lambda heading: _bold(heading[1]), text)
    text = _UNDERLINE.sub(lambda line: "" if line[2].startswith("-") else line[1] + "\\" + line[2], text)
    text = re.sub(r"^([ ]{0,3})>", r"\1\\>", text, flags=re.M) if "\\<" in text else text
    if not _LIST_ITEM.search(text):
        text = re.sub(r"^[ \t]{4,}", "   ", text, flags=re.M)  # four spaces would make it code
    return text.replace("\t", "    ") if "|" not in text else text


def _bold(heading: str) -> str:
    bare = heading.replace("**", "").strip()
    return f"**{bare}**" if bare else ""


def hard_breaks(markdown: str) -> str:
    """Keep the line ends of prose, which Markdown would join; code, formulas and tables are left as they are."""
    lines = markdown.split("\n")
    out: list[str] = []
    fence = ""
    formula = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        bare = line.strip()
        if not formula and (mark := re.match(r"`{3,}|~{3,}", bare)):
            fence = "" if fence and bare.startswith(fence) else fence or mark[0]
            out.append(line)
            continue
        if not fence and bare == "$$":
            formula = not formula
            out.append(line)
            continue
        breaks = not fence and not formula and bare and following.strip()
        joined = following.strip() not in ("", "$$") and not bare.startswith("|") and not bare.endswith("\\")
        out.append(line.rstrip() + "  " if breaks and joined and not following.lstrip().startswith("```") else line)
    return "\n".join(out)
