"""The command line: what goes in, what comes out, which exit code. Model-free parts; tests/smoke has the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agent.solve import normalise_arguments


def mathlearn(*arguments: str, given: str = "", home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(home), "MATHLEARN_CACHE_DIR": str(home / "cache"),
        "MATHLEARN_DATA_DIR": str(home / "data"), "PYTHONWARNINGS": "error::DeprecationWarning:agent",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "agent.cli", *arguments], input=given, env=environment, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip


def test_help_names_every_option_and_the_exit_codes(tmp_path: Path) -> None:
    shown = mathlearn("solve", "--help", home=tmp_path)
    assert shown.returncode == 0
    for option in ("--thread", "--json", "--events", "--graph", "--trace", "--model", "--no-retrieval", "--max-steps",
                   "--seed", "--verbose", "--file", "--resume"):  # fmt: skip
        assert option in shown.stdout
    assert "Exit codes" in shown.stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import agent.cli, sys; print([m for m in ('langgraph','openai','sympy','faiss','onnxruntime','torch','numpy',"
    )
    code += "'langchain_core','streamlit') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "given", "sentence"),
    [
        (["solve"], "", "no problem in standard input"),
        (["solve", "-"], "  \n", "no problem in standard input"),
        (["solve", "--file", "missing.txt"], "", "cannot be read"),
        (["solve", "1+1", "--file", "x.txt"], "", "not both"),
        (["solve", "1+1", "--max-steps", "0"], "", "max_steps"),
        (["solve", "1+1", "--model", "no-such-model"], "", "no model named"),
        (["solve", "1+1", "--model", "missing.gguf"], "", "no file missing.gguf"),
        (["solve", "--graph", "picture.pdf"], "", ".svg"),
        (["solve", "--nonsense"], "", "nonsense"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path, arguments: list[str], given: str, sentence: str
) -> None:
    answered = mathlearn(*arguments, given=given, home=tmp_path)
    assert answered.returncode == 2
    assert sentence in answered.stderr
    assert "Traceback" not in answered.stderr
    assert answered.stdout == ""


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "problem.txt"
    file.write_bytes(b"\xff\xfe\x00broken")
    answered = mathlearn("solve", "--file", str(file), home=tmp_path)
    assert answered.returncode == 2
    assert "UTF-8" in answered.stderr


def test_the_graph_is_printed_and_drawn_offline(tmp_path: Path) -> None:
    assert "route_problem" in mathlearn("solve", "--graph", home=tmp_path).stdout
    picture = tmp_path / "graph.svg"
    assert mathlearn("solve", "--graph", str(picture), home=tmp_path).returncode == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_a_bad_setting_in_the_environment_names_its_variable(tmp_path: Path) -> None:
    code = (
        "import sys; from agent.solve import run; from agent.cli import app; sys.exit(run(app, ['solve', '1+1'], 'm'))"
    )
    answered = subprocess.run(
        [sys.executable, "-c", code], env={"HOME": str(tmp_path), "MATHLEARN_MAX_STEPS": "many"}, capture_output=True,
        text=True, input="", timeout=60,
    )  # fmt: skip
    assert answered.returncode == 2
    assert "MATHLEARN_MAX_STEPS" in answered.stderr


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["--graph"], ["--graph", "-"]),
        (["--graph", "a.svg"], ["--graph", "a.svg"]),
        (["--graph", "--verbose"], ["--graph", "-", "--verbose"]),
        (["What is 1+1?"], ["What is 1+1?"]),
    ],
)
def test_graph_may_stand_without_a_file(given: list[str], read: list[str]) -> None:
    assert normalise_arguments(given) == read
