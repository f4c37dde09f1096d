"""`mathlearn ui` is bound to this computer, sends nothing home, and says what it lacks in one sentence."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import Any

import pytest

from agent import cli, solve
from ui.launch import arguments
from ui.preferences import asked_from_here


def run(*words: str) -> int:
    return solve.run(cli.app, list(words), "mathlearn")


def test_it_listens_on_this_computer_alone_and_sends_nothing_home() -> None:
    given = arguments(9000, headless=True)
    assert "--server.address=127.0.0.1" in given
    assert "--server.port=9000" in given
    assert "--browser.gatherUsageStats=false" in given
    assert "--server.maxUploadSize=1" in given
    assert "--client.showErrorDetails=none" in given


def test_without_streamlit_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "streamlit" else found(name, *rest)
    )
    assert run("ui") == 2
    assert capsys.readouterr().err == (
        "mathlearn: The chat needs Streamlit: install it with pip install 'mathlearn[ui]'.\n"
    )


def test_a_model_that_does_not_exist_is_said_before_anything_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ui", "--model", "smolm2-135m") == 2
    assert "did you mean smollm2-135m" in capsys.readouterr().err


def test_the_chosen_model_reaches_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit.web.cli

    monkeypatch.setenv("MATHLEARN_MODEL", "qwen2.5-coder-1.5b")
    started: list[Any] = []
    monkeypatch.setattr(streamlit.web.cli, "main", lambda given, **_: started.append(os.environ["MATHLEARN_MODEL"]))
    assert run("ui", "--model", "smollm2-135m", "--no-browser") == 0
    assert started == ["smollm2-135m"]


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({"Host": "127.0.0.1:8501"}, True),
        ({"Host": "localhost:8501"}, True),
        ({"Host": "[::1]:8501"}, True),
        ({"Host": "tutor.example.org"}, False),
        ({"Host": "localhost:8501", "X-Forwarded-For": "10.0.0.7"}, False),
        ({}, False),
    ],
)
def test_only_whoever_sits_at_the_computer_chooses_its_model(headers: dict[str, str], here: bool) -> None:
    assert asked_from_here(headers) is here


def test_the_other_commands_do_not_load_streamlit() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, agent.cli; print('streamlit' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout == "False\n"
