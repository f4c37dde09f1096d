"""How a statement of a step is quoted in a claim; serves claims and identities."""

from __future__ import annotations

import re

from agent.domain import Claim, Verdict

_LAYOUT = re.compile(r"&|\\\\|\\(?:left|right|quad|qquad|displaystyle)(?![A-Za-z])|\\end\{[a-z]+\*?\}|\*\*")


def unread(written: str, reason: str) -> Claim:
    return Claim(written, Verdict.UNVERIFIED, reason)


def tidy(written: str) -> str:
    written = _LAYOUT.sub(" ", written)
    if written.count("{") != written.count("}"):
        written = written.replace(r"\boxed{", "")
    return " ".join(written.split())
