"""The small real model for finetuning tests: SmolLM2-135M, its weights written out once and kept in the cache."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from agent.errors import BadConfiguration
from agent.finetuning import tutor_for_finetuning
from agent.models.fetch import cached_file
from agent.models.registry import find_model
from agent.settings import load_settings

SMALL = "smollm2-135m"


@pytest.fixture(scope="session")
def small_gguf() -> Path:
    settings = load_settings()
    file = cached_file(find_model(SMALL, settings.data_dir), settings.cache_dir)
    if not file.is_file():
        pytest.skip("needs the tiny model: mathlearn models fetch smollm2-135m")
    return file


@pytest.fixture(scope="session")
def small_base(small_gguf: Path) -> Path:
    """The folder with the small model's weights as transformers reads them."""
    pytest.importorskip("transformers", reason="the finetune extra is not installed")
    from finetune.base import base_place

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the libraries' own, about each other
        try:
            return Path(base_place(SMALL, tutor_for_finetuning()))
        except BadConfiguration as missing:
            pytest.skip(str(missing))


@pytest.fixture(scope="session")
def tokenizer(small_base: Path) -> Any:
    from finetune.base import load_tokenizer

    return load_tokenizer(str(small_base))
