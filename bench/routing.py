"""How messages are routed, against labelled messages: accuracy with its interval, and the confusion table.

`python bench/routing.py` measures on the half of bench/messages.jsonl that was held out while the rules were written;
`--half rules` shows the other one, with every message that goes astray. The messages were written by the rules' author
before the rules, and split within each intent by seed 20261126.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from accuracy import wilson

from agent.domain import Route
from agent.routing import decide

MESSAGES = Path(__file__).with_name("messages.jsonl")
INTENTS = ("solve", "hint", "check", "practise", "follow up", "concept", "objection", "support", "off topic")
_INTENT_OF = {
    Route.WORD_PROBLEM: "solve", Route.SYMBOLIC: "solve", Route.CONCEPT: "concept", Route.HINT: "hint",
    Route.CHECK: "check", Route.PRACTISE: "practise", Route.FOLLOW_UP: "follow up", Route.OBJECTION: "objection",
    Route.SUPPORT: "support", Route.DECLINED: "off topic",
}  # fmt: skip


def routed(message: str, previous: str) -> str:
    """The intent that the router gives a message: one of INTENTS."""
    decision = decide(message, previous)
    return "follow up" if decision.follow_up and decision.route.solves else _INTENT_OF[decision.route]


def confusion(rows: list[dict[str, str]]) -> Counter[tuple[str, str]]:
    """How often each intent was taken for each."""
    return Counter((row["intent"], routed(row["message"], row["previous"])) for row in rows)


def table(counted: Counter[tuple[str, str]]) -> str:
    """The confusion table in Markdown: a row for what was meant, a column for what it was taken for."""
    lines = ["| meant \\ taken for | " + " | ".join(INTENTS) + " |", "|---" * (len(INTENTS) + 1) + "|"]
    for meant in INTENTS:
        cells = [str(counted[meant, taken] or "") for taken in INTENTS]
        lines.append(f"| {meant} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--half", choices=("held out", "rules"), default="held out")
    half = options.parse_args().half
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["half"] == half]
    counted = confusion(rows)
    right = sum(count for (meant, taken), count in counted.items() if meant == taken)
    low, high = wilson(right, len(rows))
    print(f"{half}: {right} of {len(rows)} right, {right / len(rows):.1%} (95 % interval {low:.1%} to {high:.1%})\n")
    print(table(counted))
    if half == "rules":
        for row in rows:
            taken = routed(row["message"], row["previous"])
            if taken != row["intent"]:
                place = " (in a conversation)" if row["previous"] else ""
                print(f"{row['intent']} taken for {taken}: {row['message']!r}{place}")


if __name__ == "__main__":
    main()
