"""`mathlearn models`, as a user types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.errors import BadInput, ModelDamaged
from agent.models.cli import app
from agent.settings import DEFAULT_MODEL


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATHLEARN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("MATHLEARN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MATHLEARN_MODEL", raising=False)
    return tmp_path


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_list_shows_licences_and_marks_the_model_in_use(home: Path) -> None:
    listed = run("list")
    assert f"{DEFAULT_MODEL} *" in listed
    assert "Apache-2.0" in listed
    assert "Gemma terms of use" in listed


def test_a_user_s_model_is_added_listed_located_and_removed(home: Path, tiny_gguf: Path) -> None:
    assert "--model own" in run("add", "own", "--file", str(tiny_gguf), "--title", "My own")
    assert "My own" in run("list")
    assert run("path", "own").strip() == str(tiny_gguf)
    assert run("fetch", "own").strip() == str(tiny_gguf)
    assert "Removed" in run("remove", "own")
    assert tiny_gguf.exists()
    assert "My own" not in run("list")


def test_a_file_that_is_no_model_is_not_added(home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_text("no model")
    with pytest.raises(ModelDamaged):
        run("add", "own", "--file", str(tmp_path / "x.gguf"))


def test_an_adapter_that_could_not_be_loaded_is_not_added(home: Path, tmp_path: Path, tiny_gguf: Path) -> None:
    (tmp_path / "x.gguf").write_text("no adapter")
    (tmp_path / "peft").mkdir()
    own = ("add", "own", "--file", str(tiny_gguf), "--adapter")
    with pytest.raises(ModelDamaged, match=r"x\.gguf is not a GGUF adapter file"):
        run(*own, str(tmp_path / "x.gguf"))
    with pytest.raises(BadInput, match="adapter export"):
        run(*own, str(tmp_path / "peft"))
    with pytest.raises(BadInput, match="There is no adapter"):
        run(*own, str(tmp_path / "nowhere.gguf"))
    with pytest.raises(BadInput, match=r"adapter_config\.json"):
        run("add", "own", "--backend", "huggingface", "--model-id", "a/b", "--adapter", str(tmp_path / "peft"))
    assert "own" not in [line.split()[0] for line in run("list").splitlines()]


@pytest.mark.parametrize(
    "words",
    [
        ("add", "own"),
        ("add", "own", "--file", "a", "--hub", "a/b/c"),
        ("add", "own", "--model-id", "a/b"),
        ("path", DEFAULT_MODEL),
        ("path", "gemma-2-9b-vllm"),
        ("fetch", "no-such-model"),
        ("remove", DEFAULT_MODEL),
    ],
)
def test_what_cannot_be_done_is_bad_input(home: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        run(*words)


def test_gemma_on_a_server_can_be_added_without_a_system_role(home: Path) -> None:
    run("add", "tutor", "--model-id", "google/gemma-2-9b-it", "--backend", "openai", "--no-system-role")
    assert "tutor" in run("list")
