"""A tiny real chat model for tests: SmolLM2-135M, which `make test` fetches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx  # noqa: F401  # before any stream is left: openai looks for it when a stream is collected
import pytest

from agent.models.fetch import cached_file
from agent.models.llamacpp import open_llamacpp
from agent.models.loaded import LoadedModel
from agent.models.registry import find_model
from agent.settings import load_settings


@pytest.fixture(scope="session")
def tiny_gguf() -> Path:
    settings = load_settings()
    file = cached_file(find_model("smollm2-135m", settings.data_dir), settings.cache_dir)
    if not file.is_file():
        pytest.skip("needs the tiny model: mathlearn models fetch smollm2-135m")
    return file


@pytest.fixture(scope="session")
def tiny_model(tiny_gguf: Path) -> Iterator[LoadedModel]:
    with open_llamacpp(tiny_gguf, name="tiny", threads=1, context_tokens=1024, parallel=2) as model:
        yield model
