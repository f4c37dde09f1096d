"""The loss curve, written as it grows: one JSON object a line, and a drawing of it. For train.py."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

WIDTH, HEIGHT, MARGIN = 640, 320, 46
KEPT = ("loss", "eval_loss", "learning_rate", "grad_norm", "epoch")
COLOURS = {"loss": "#4c72b0", "eval_loss": "#c44e52"}
LABELS = {"loss": "training loss", "eval_loss": "held-out loss"}

Point = dict[str, Any]


class Curve(TrainerCallback):  # type: ignore[misc]  # transformers is not typed
    """Notes what the trainer logs in `folder`/loss.jsonl and draws `folder`/loss.svg.

    What lies after the step that a resumed run begins at is dropped: those steps are trained again.
    """

    def __init__(self, folder: Path, title: str, told: Callable[[str], None]) -> None:
        self.file, self.drawing, self.title = folder / "loss.jsonl", folder / "loss.svg", title
        self._told = told
        self._started = time.perf_counter()
        self._before = 0.0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if not state.is_world_process_zero:
            return
        points = [point for point in read_curve(self.file) if point["step"] <= state.global_step]
        self._before = max((point["seconds"] for point in points), default=0.0)
        self._started = time.perf_counter()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("".join(json.dumps(point) + "\n" for point in points), encoding="utf-8")

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        values = {key: float((logs or {})[key]) for key in KEPT if key in (logs or {})}
        if not state.is_world_process_zero or not {"loss", "eval_loss"} & set(values):
            return
        seconds = round(self._before + time.perf_counter() - self._started, 2)
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"step": state.global_step, **values, "seconds": seconds}) + "\n")
        said = ", ".join(f"{LABELS[key]} {values[key]:.4f}" for key in LABELS if key in values)
        self._told(f"step {state.global_step} of {state.max_steps}: {said}, {seconds:.0f} s")
        draft = self.drawing.with_suffix(".draft")
        draft.write_text(draw(read_curve(self.file), self.title), encoding="utf-8")
        draft.replace(self.drawing)


def read_curve(file: Path) -> list[Point]:
    """The points of a curve; a last line that was cut off by a crash is left out."""
    points: list[Point] = []
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                points.append(json.loads(line))
            except ValueError:
                break
    return points


def draw(points: Sequence[Point], title: str) -> str:
    """The losses over the steps as an SVG document."""
    series = {key: [(p["step"], p[key]) for p in points if key in p] for key in COLOURS}
    every = [point for line in series.values() for point in line]
    if not every:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"/>\n'
    last = max(step for step, _ in every) or 1
    low, high = min(loss for _, loss in every), max(loss for _, loss in every)
    low, high = low - 0.05 * (high - low or 1), high + 0.05 * (high - low or 1)

    def place(step: float, loss: float) -> str:
        x = MARGIN + step / last * (WIDTH - 2 * MARGIN)
        y = MARGIN + (high - loss) / (high - low) * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="white"/>',
        f'<text x="{WIDTH / 2}" y="18" text-anchor="middle">{_escaped(title)}</text>',
    ]
    for tick in range(5):
        loss, step = low + (high - low) * tick / 4, last * tick / 4
        y = HEIGHT - MARGIN - tick / 4 * (HEIGHT - 2 * MARGIN)
        x = MARGIN + tick / 4 * (WIDTH - 2 * MARGIN)
        parts.append(f'<line x1="{MARGIN}" y1="{y:.1f}" x2="{WIDTH - MARGIN}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end">{loss:.2f}</text>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle">{step:.0f}</text>')
    for number, (key, line) in enumerate(series.items()):
        if line:
            path = " ".join(place(step, loss) for step, loss in line)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[key]}" stroke-width="1.5"/>')
            parts += [
                f'<circle cx="{place(s, v).split(",")[0]}" cy="{place(s, v).split(",")[1]}" r="2.2" '
                f'fill="{COLOURS[key]}"/>'
                for s, v in line
            ]
            parts.append(f'<text x="{MARGIN + 8 + 130 * number}" y="{HEIGHT - 8}" fill="{COLOURS[key]}">'
                         f"{LABELS[key]}</text>")  # fmt: skip
    parts.append(f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 8}" text-anchor="end">optimiser steps</text></svg>\n')
    return "\n".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
