"""From settings to the right backend; a model that cannot be opened says so when it is asked for, not before."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ModelDamaged, ModelMissing
from agent.models.opening import chosen_model, open_model
from agent.settings import load_settings


def test_the_default_is_the_embedded_model() -> None:
    assert chosen_model(load_settings()).backend == "llamacpp"


def test_an_address_means_a_server() -> None:
    entry = chosen_model(load_settings(openai_url="http://localhost:1/v1", model="maths"))
    assert (entry.backend, entry.model_id) == ("openai", "maths")


def test_a_row_of_another_backend_is_found_by_its_name() -> None:
    assert chosen_model(load_settings(model="gemma-2-9b-transformers")).model_id == "google/gemma-2-9b-it"
    named = load_settings(model="gemma-2-9b-transformers", backend="huggingface")
    assert chosen_model(named).model_id == "google/gemma-2-9b-it"


def test_a_file_is_a_model(tmp_path: Path) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(b"GGUF")
    assert chosen_model(load_settings(model=str(file))).file == file


def test_a_damaged_file_is_said_when_the_model_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(b"GGUF")
    with open_model(load_settings(model=str(file), cache_dir=tmp_path)) as loading, pytest.raises(ModelDamaged):
        loading.result(timeout=30)


def test_a_model_that_was_never_fetched_is_missing(tmp_path: Path) -> None:
    with open_model(load_settings(cache_dir=tmp_path)) as loading, pytest.raises(ModelMissing):
        loading.result(timeout=30)
