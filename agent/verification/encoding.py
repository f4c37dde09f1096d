"""Claims as JSON data, for the pipe between the verifier and its worker."""

from __future__ import annotations

import dataclasses
from typing import Any

from agent.domain import Claim, Correction, Verdict


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
