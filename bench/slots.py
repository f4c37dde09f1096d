"""Calls side by side, in neighbouring slots of the llama.cpp server and in slots that lie apart: tokens a second.

    python bench/slots.py

The tutor's own model and server. llama.cpp computes only consecutive slots together; agent/models/slots.py chooses
them so. Every call writes as many tokens, greedily, on prompts of its own; the arrangements take turns.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from langchain_core.messages import HumanMessage

from agent.models.loaded import LoadedModel
from agent.models.opening import open_model
from agent.settings import load_settings, quiet_third_parties

SLOTS = 16
TOKENS = 48
ARRANGEMENTS = {
    "1": [0],
    "4 together": [0, 1, 2, 3],
    "4 apart": [0, 4, 8, 12],
    "8 together": list(range(8)),
    "8 apart": list(range(0, SLOTS, 2)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    quiet_third_parties()
    rates: dict[str, list[float]] = {name: [] for name in ARRANGEMENTS}
    with open_model(load_settings(parallel=SLOTS)) as opening:
        model = opening.result()
        for _ in range(options.rounds):
            for name, slots in ARRANGEMENTS.items():
                rates[name].append(tokens_a_second(model, slots))
    print("| calls side by side | tokens/s, median | each round |\n|---|---|---|")
    for name, found in rates.items():
        print(f"| {name} | {statistics.median(found):.1f} | {', '.join(f'{rate:.1f}' for rate in found)} |")


def tokens_a_second(model: LoadedModel, slots: Sequence[int]) -> float:
    began = time.monotonic()
    with ThreadPoolExecutor(len(slots)) as pool:
        written = sum(pool.map(lambda slot: write(model, slot), slots))
    return written / (time.monotonic() - began)


def write(model: LoadedModel, slot: int) -> int:
    @contextmanager
    def reserve(*_: Any) -> Iterator[dict[str, Any]]:
        yield {"id_slot": slot}

    asked = HumanMessage(
        f"Tell at length the story of a sailor who counts the islands of a sea, beginning with {slot + 2}."
    )
    return replace(model, reserve=reserve).stream([asked], max_tokens=TOKENS).output_tokens


if __name__ == "__main__":
    main()
