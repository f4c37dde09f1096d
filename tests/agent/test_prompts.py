"""Prompts carry untrusted problems; their constant parts must stay byte-identical for the server's cache."""

from hypothesis import given
from hypothesis import strategies as st

from agent.prompts import render, worked_turns


@given(st.text(max_size=200))
def test_a_problem_stands_in_the_prompt_as_it_is(problem: str) -> None:
    assert render("solve", problem=problem).startswith(problem)


def test_braces_in_one_value_are_not_filled_by_another() -> None:
    text = render("explain_symbolic", problem="What is {answer}?", answer="5")
    assert "What is {answer}?" in text
    assert "answer is 5." in text


def test_worked_turns_alternate_after_the_system_line() -> None:
    for form in ("program", "function", "sentences"):
        kinds = [turn.type for turn in worked_turns(form)]
        assert kinds[0] == "system"
        assert kinds[1:] == ["human", "ai"] * (len(kinds) // 2)


def test_every_worked_program_computes_an_answer() -> None:
    for form in ("program", "function", "sentences"):
        for turn in worked_turns(form)[2::2]:
            assert str(turn.content).splitlines()[-2].lstrip().startswith(("answer = ", "return "))
