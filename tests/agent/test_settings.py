"""One precedence: flag, environment, file, default; a bad value names where to put it right."""

from pathlib import Path

import pytest

from agent import settings
from agent.errors import BadConfiguration
from agent.settings import load_settings


def test_a_flag_beats_the_environment_and_the_environment_beats_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("max_steps = 5\nseed = 6\nmax_rewrites = 1\n")
    monkeypatch.setattr(settings, "CONFIG_FILE", file)
    monkeypatch.setitem(settings.Settings.model_config, "toml_file", file)
    monkeypatch.setenv("MATHLEARN_SEED", "7")
    monkeypatch.setenv("MATHLEARN_MAX_REWRITES", "2")
    found = load_settings(max_rewrites=0, model=None)
    assert (found.max_steps, found.seed, found.max_rewrites) == (5, 7, 0)
    assert found.model == settings.DEFAULT_MODEL


def test_a_bad_value_names_the_setting() -> None:
    with pytest.raises(BadConfiguration, match="MATHLEARN_THREADS"):
        load_settings(threads=-1)


def test_a_key_is_never_shown() -> None:
    assert "secret-key" not in repr(load_settings(openai_key="secret-key"))
