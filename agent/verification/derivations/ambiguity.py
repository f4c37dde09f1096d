"""Wordings that people read in two ways, to different answers: no agreement of derivations shows which one is meant.

"Three times more than" is three times as much to most, and that much on top, four times as much, to others (an old
question in guides to usage: Merriam-Webster's Dictionary of English Usage, "times"). Serves confidence.
"""

from __future__ import annotations

import re

from agent.verification.reading.quantities import MAX_CHARACTERS

_COUNT = (
    r"\d[\d,]{0,12}(?:\.\d{1,9})?"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|fifty|(?:a )?hundred"
)
# What grows: "three times smaller" has one sensible reading.
_LARGER = (
    r"more|greater|larger|bigger|higher|longer|older|taller|heavier|faster|farther|further|deeper|wider|thicker"
    r"|richer|stronger|hotter|brighter|louder|harder"
)
_TIMES_MORE = re.compile(rf"(?i)\b({_COUNT})\s{{1,4}}times\s{{1,4}}({_LARGER})\b")


def two_readings(problem: str) -> str | None:
    """The reason, in one sentence, why the problem can be read in two ways; None where nothing is known."""
    found = _TIMES_MORE.search(problem[:MAX_CHARACTERS])
    if found is None:
        return None
    times = " ".join(found[0].split())
    return f"“{times}” can be read in two ways: {found[1]} times as much, or that much on top of what there is."
