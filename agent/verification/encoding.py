"""Claims and pictures as JSON data, for the pipe between the verifier and its worker."""

from __future__ import annotations

import dataclasses
from typing import Any

from agent.domain import Claim, Correction, Curve, Picture, Stretch, Verdict


def encode_claim(claim: Claim) -> dict[str, Any]:
    return dataclasses.asdict(claim)


def decode_claim(data: dict[str, Any]) -> Claim:
    """The claim of `encode_claim`'s data. Raises KeyError, TypeError or ValueError for anything else."""
    correction = data["correction"]
    return Claim(
        text=str(data["text"]),
        verdict=Verdict(data["verdict"]),
        reason=str(data["reason"]),
        correction=Correction(**correction) if correction is not None else None,
    )


def decode_picture(data: dict[str, Any]) -> Picture:
    """The picture of its `dataclasses.asdict`, come through JSON. Raises KeyError, TypeError or ValueError."""
    left, right, bottom, top = data["window"]
    return Picture(
        unknown=str(data["unknown"]),
        curves=tuple(
            Curve(str(curve["name"]), tuple((float(x), None if y is None else float(y)) for x, y in curve["points"]))
            for curve in data["curves"]
        ),
        marks=tuple((float(x), float(y)) for x, y in data["marks"]),
        solution=tuple(Stretch(**part) for part in data["solution"]),
        shaded=None if data["shaded"] is None else (float(data["shaded"][0]), float(data["shaded"][1])),
        window=(float(left), float(right), float(bottom), float(top)),
    )
