"""Worked problems of our own for the finetuning tests, in NuminaMath-CoT's columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

THINGS = ("apples", "books", "coins", "drums", "eggs", "flags", "globes", "hats", "inks", "jars", "keys", "lamps")
PLACES = ("shed", "school", "market", "harbour", "library", "garden", "museum", "station", "bakery", "farm", "mill")
PEOPLE = ("Ada", "Ben", "Cleo", "Dov", "Eve", "Finn", "Gus")


def row(number: int, source: str = "own") -> dict[str, Any]:
    """Problem `number`: as long as it is below 11 × 12 × 7, no two are near-duplicates."""
    thing, place = THINGS[number % 12], PLACES[number % 11]
    boxes, each, gone = number + 3, number % 7 + 2, number % 5 + 1
    whole = boxes * each
    problem = (
        f"{PEOPLE[number % 7]} finds {boxes} boxes behind the {place}, and {each} {thing} lie in each. "
        f"Later {gone} {thing} go to the {PLACES[(number + 4) % 11]}. How many {thing} stay?"
    )
    solution = (
        f"The boxes hold {boxes} * {each} = <<{boxes}*{each}={whole}>>{whole} {thing}.\n"
        f"So {whole} - {gone} = <<{whole}-{gone}={whole - gone}>>{whole - gone} {thing} stay."
    )
    return {"source": source, "problem": problem, "solution": solution, "answer": str(whole - gone)}


def write_rows(file: Path, rows: list[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file
