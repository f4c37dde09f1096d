"""What a student sees on a terminal or in a pipe: whole lines, plain mathematics, marks, no markup from the model."""

from __future__ import annotations

import io

from rich.console import Console

from agent import events
from agent.domain import Badge, Claim, Derivation, Example, Plan, Route, Solution, Step, Verdict
from agent.terminal import TerminalView


def shown(*happening: events.TutorEvent, trace: bool = False) -> str:
    out = io.StringIO()
    with TerminalView(Console(file=out, width=100), trace=trace) as view:
        for event in happening:
            view.show(event)
    return out.getvalue()


def test_a_step_appears_as_plain_lines_with_its_mark() -> None:
    claim = Claim("12 / 3 = 4", Verdict.VERIFIED, "12 / 3 = 4")
    text = "1. **Packs:**\n\\[\n\\frac{12}{3} = 4\n\\]"
    pieces = [events.TokenWritten(1, text[i : i + 5]) for i in range(0, len(text), 5)]
    out = shown(*pieces, events.StepChecked(Step(1, text, (claim,))))
    assert "  1. Packs:\n  12/3 = 4\n  ✔ 1 calculation checked\n" in out


def test_a_refuted_step_shows_the_evidence() -> None:
    claim = Claim("7 × 8 = 54", Verdict.REFUTED, "7 × 8 = 54 is false: 7 × 8 = 56.")
    out = shown(events.TokenWritten(1, "So 7 × 8 = 54 in all"), events.StepRefuted(1, claim, "So 7 × 8 = 56"))
    assert "✘ 7 × 8 = 54 is false: 7 × 8 = 56." in out


def test_a_right_output_is_shown_whole() -> None:
    claim = Claim("program with output 108.0", Verdict.REFUTED, "The output is false: the program prints 99.")
    kept = "```python\nprint(90 * 1.1)\n```\n```output\n99\n```\n"
    out = shown(events.StepRefuted(1, claim, kept), events.TokenWritten(1, "It is 99.\n"))
    assert "Put right:\n  ```output\n  99\n  ```\n  It is 99.\n" in out


def test_the_models_text_is_never_read_as_markup() -> None:
    out = shown(events.TokenWritten(1, "[red]x[/red] [link=http://a]b[/link]\n"))
    assert "[red]x[/red] [link=http://a]b[/link]" in out


def test_the_end_shows_answer_and_badge_with_its_reason() -> None:
    solution = Solution("p", Route.WORD_PROBLEM, r"\frac{1}{2}", Badge(Verdict.UNVERIFIED, "No second derivation."),
                        plan=Plan("How much?", ("2 pens",), ""), formulas=("A = b × c",))  # fmt: skip
    out = shown(events.AnswerGiven(solution))
    assert "Answer    1/2" in out
    assert "◌ not verified  No second derivation." in out
    assert "Formulas  A = b × c" in out


def test_the_end_says_what_it_cost_and_how_sure_it_is() -> None:
    badge = Badge(Verdict.VERIFIED, "Agrees.", 0.934)
    derivations = (Derivation("program", "answer = 8", "8"), Derivation("function", "return 8", "8"))
    solution = Solution("p", Route.WORD_PROBLEM, "8", badge, derivations=derivations)
    costs = [events.NodeFinished(node, 1.0, {}, {}, 10, 0, 40) for node in ("write_step", "write_derivation")]
    assert "80 tokens written, 2 derivations, confidence 0.93" in shown(*costs, events.AnswerGiven(solution))


LONG = "A shop in the old town by the river sells pens at 3 for $2 all through the year. " * 3 + "What do 12 pens cost?"


def similar(*examples: Example, terminal: bool = False) -> str:
    solution = Solution("p", Route.WORD_PROBLEM, "4", Badge(Verdict.UNVERIFIED, "No."), examples=examples)
    out = io.StringIO()
    TerminalView(Console(file=out, width=80, force_terminal=terminal, color_system=None)).show(
        events.AnswerGiven(solution)
    )
    return out.getvalue().partition("Similar worked problems\n")[2]


def test_the_similar_problems_are_shown_whole_and_cited_the_first_with_its_whole_solution() -> None:
    shown_first = Example(LONG, r"\[\frac{12}{3} = 4\]" + "\n\n**4** × 2 = 8", "their data", 7, "MIT", 0.83,
                          method="unit price", likeness=1.0, why="the same calculation, □ ÷ □ × □")  # fmt: skip
    very = Example("What is [b]2[/b]\n+ 2?", "2 + 2 = 4", "our data", 0, "CC BY 4.0", 0.99, verbatim=True)
    assert similar(shown_first, very) == (
        f"  {LONG}\n"
        "      12/3 = 4\n"
        "      4 × 2 = 8\n"
        "    the same calculation, □ ÷ □ × □ · unit price · their data, row 7, MIT\n"
        "\n"
        "  What is [b]2[/b]\n"
        "  + 2?\n"
        "    this very problem · our data, row 0, CC BY 4.0\n"
    )


def test_a_long_similar_problem_is_wrapped_under_its_first_line() -> None:
    lines = similar(Example(LONG, "8", "data", 7, "MIT", 0.83), terminal=True).splitlines()
    problem = lines[: lines.index("      8")]
    assert len(problem) > 2
    assert all(len(line) <= 80 and line[:2] == "  " and line[2] != " " for line in problem)
    assert " ".join(" ".join(problem).split()) == LONG


def test_a_text_too_long_to_be_read_on_a_terminal_is_named_and_not_cut() -> None:
    out = similar(Example("What is 2 + 2?", "2 + 2 = 4\n" * 1_000, "data", 7, "MIT", 0.83))
    assert "      (A solution of 10,000 characters: `mathlearn index search` shows it whole.)\n" in out
    assert "2 + 2 = 4" not in out


def test_a_correction_shows_the_derivations_own_lines() -> None:
    out = shown(events.SolutionCorrected("8", (Step(1, "packs = 12 / 3 = 4"), Step(2, r"The answer is \boxed{8}."))))
    assert "agree on another answer" in out
    assert "  packs = 12 / 3 = 4\n  The answer is 8." in out


def test_a_declined_message_is_answered_and_nothing_else() -> None:
    solution = Solution("", Route.DECLINED, "There is no problem here.", Badge(Verdict.UNVERIFIED, "x"))
    assert shown(events.AnswerGiven(solution)) == "There is no problem here.\n"


def test_a_trace_names_the_cost_and_the_keys() -> None:
    event = events.NodeFinished("write_step", 1.5, {"draft": ""}, {"draft": "So"}, 100, 99, 20)
    assert "write_step: 1.50 s, 100 prompt tokens (99 cached), 20 written" in shown(event, trace=True)
    assert "→ draft = 'So'" in shown(event, trace=True)
    assert shown(event) == ""
