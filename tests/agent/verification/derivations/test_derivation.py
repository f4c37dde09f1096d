"""Derivations are read kindly and evaluated exactly; no Python is run."""

from __future__ import annotations

import time

import pytest

from agent.errors import CheckFailed
from agent.prompts import worked_turns
from agent.verification.derivations.derivation import evaluate_derivation

PROGRAMS = [
    ("a = 5\nb = a * 3\nanswer = b - 1", "14"),
    ("```\n# asked: cups\ncups = 4\nanswer = cups * 5  # five boxes\n```", "20"),
    ("answer = rest / 2\nrest = total - 4\ntotal = 10", "3"),  # from the goal down
    ("omar = 3 * pia\nomar + 6 = 2 * (pia + 6)\nanswer = omar", "18"),
    ("a + c = 120\n9*a + 5*c = 880\nanswer = a", "70"),
    ("total = 60\ngirls = 3 * boys\nboys + girls = total\nanswer = boys", "15"),
    ("Total Cost = $1,200\nanswer = total cost * 10%", "120"),
    ("answer = 5 dollars + 2", "7"),
    ("price = 12 dollars\nanswer = price * 2", "24"),
    ("answer = 2 x 3", "6"),
    ("answer = 10 / 4", "5/2"),
    ("answer = ceil(150 / 24)", "7"),
    ("import math\nanswer = math.floor(7 / 2)\nprint(answer)", "3"),
    ("packs = 4\ncost = packs * 2", "8"),  # the last line is the answer where none is called so
    ("answer = 17 % 5", "2"),
    ("answer = sqrt(2)", "sqrt(2)"),
    ('def solution():\n    """It costs $5 = a lot."""\n    a = 5\n    result = a * 2\n    return result', "10"),
    ("def solution() -> int:\n    a = 5\n    return a + 1\n\nprint(solution())", "6"),
    ("def solution():\n    answer = 7\n    return answer", "7"),
]

REFUSED = [
    "", "no program here", "answer = x", "answer = answer", "while True: pass", "for i in range(3):\n  a = i",
    "if a:\n  answer = 3", "answer = 3 if a else 4", "answer = [i for i in range(3)]", "answer = open('f').read()",
    "answer = __import__('os').system('true')", "answer = 9**9**9**9", "answer = 1/0", "answer = f'{3}'",
    "def f(x):\n    return x", "return 3", "def f():\n    def g():\n    return 3",
    "answer += 1", "answer = lambda: 1", "answer = True", "answer = sqrt(-4)",
    "x + y = 3\nanswer = x", "answer = 5\nanswer = answer + tax", "x = 3\nanswer = x.__class__",
    "a = 1\n" * 100, "answer = " + "1+" * 5_000 + "1",
]  # fmt: skip


@pytest.mark.parametrize(("program", "value"), PROGRAMS)
def test_a_program_gives_its_exact_value(program: str, value: str) -> None:
    assert evaluate_derivation(program) == value


@pytest.mark.parametrize("program", REFUSED, ids=lambda program: program[:30])
def test_what_is_no_derivation_fails_with_a_reason(program: str) -> None:
    with pytest.raises(CheckFailed) as failed:
        evaluate_derivation(program)
    assert str(failed.value).endswith(".")


def test_equations_that_are_not_linear_are_no_answer() -> None:
    with pytest.raises(CheckFailed, match="no answer that can be calculated"):
        evaluate_derivation("x * y = 12\nx + y = 7\nanswer = x")


@pytest.mark.parametrize(
    "step", ["log(a{0}) + log({1})", "1/a{0} - 1/(a{0} + 1)", "sqrt({1}) * a{0} + 1", "a{0}**a{0}"]
)
def test_a_value_that_grows_from_line_to_line_is_refused_in_a_moment(step: str) -> None:
    lines = [f"a{n} = {step.format(n - 1, n)}" for n in range(1, 50)]
    started = time.perf_counter()
    with pytest.raises(CheckFailed):
        evaluate_derivation("\n".join(["a0 = sqrt(2)", *lines, "answer = a49"]))
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("form", ["program", "function", "sentences"])
def test_every_worked_example_of_the_prompts_can_be_evaluated(form: str) -> None:
    for turn in worked_turns(form)[2::2]:
        assert evaluate_derivation(str(turn.content))


def test_names_differ_only_in_case_and_spaces() -> None:
    assert evaluate_derivation("Eggs Per Box = 6\nanswer = eggs_per_box * 2") == "12"
