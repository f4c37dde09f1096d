"""What to say to a student who is stuck, tired or angry: short, kind, true, and back to one small step."""

from __future__ import annotations

import re

from agent.domain import Lesson

_FEELINGS = (
    (re.compile(r"useless|rubbish|stupid (?:bot|app|thing|tutor)|you(?:'re| are| r|r)?\b", re.I),
     "I am sorry that I was no help just now."),
    (re.compile(r"panic|anxious|nervous|stress|worried|scared|overwhelm|exam|test", re.I),
     "It is all right to be nervous. One small step at a time is enough."),
    (re.compile(r"\bi'?m\b.*(?:bad|stupid|dumb|slow|hopeless)|\bbad at|never|can'?t|cannot|everyone", re.I),
     "Not seeing it yet is not the same as not being able to."),
    (re.compile(r"boring|pointless|hate|sick of|tired", re.I), "I hear you: this is tiresome at times."),
    (re.compile(r"give up|cry|no sense|don'?t (?:get|understand)|lost|stuck|hard", re.I),
     "That is a frustrating place to be, and everybody who learns something new comes through it."),
)  # fmt: skip
_OTHERWISE = "I hear you."


def comfort(message: str, lesson: Lesson | None, hint: str) -> str:
    """A sentence for the feeling, without praise, and then one small step, an offer or a question."""
    said = next((words for pattern, words in _FEELINGS if pattern.search(message)), _OTHERWISE)
    if hint:
        return f"{said} Let us take one small step together. {hint}"
    if lesson is not None:
        return f"{said} Say “show me”, and we go through the whole solution together, or ask me about any line of it."
    return f"{said} Send me the problem that you are working on, and we begin with its first line."
