"""The graph with a scripted model and the real verifier: loops, caps, verdicts, and what reaches the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langgraph.checkpoint.memory import InMemorySaver

from agent import events
from agent.context import Limits, TutorContext
from agent.domain import Effort, Example, Route, Solution, Verdict
from agent.errors import ContextFull, ModelFailed
from agent.graph import build_graph
from agent.retelling import question_first
from agent.session import TutorSession
from agent.state import TutorState, fresh_question
from agent.verification.verifier import Verifier
from tests.scripted import PLAIN, Reply, ScriptedModel, done

PENS = "A shop sells pens at 3 for $2. How much do 12 pens cost?"
PROGRAM = "```\npacks = 12 / 3\nanswer = packs * 2\n```"


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(deadline=30) as running:
        running.start()
        yield running


def session(verifier: Verifier, model: ScriptedModel, search: object = None, **limits: Any) -> TutorSession:
    context = TutorContext(done(model), done(search), verifier, Limits(**limits), PLAIN)
    return TutorSession(build_graph(InMemorySaver()), context, "thread")


def solve(verifier: Verifier, text: list[Reply], programs: list[Reply], problem: str = PENS, **limits: Any
          ) -> tuple[Solution, list[events.TutorEvent], ScriptedModel]:  # fmt: skip
    model = ScriptedModel(text, programs)
    happened = list(session(verifier, model, **limits).ask(problem))
    (given,) = [event for event in happened if isinstance(event, events.AnswerGiven)]
    return given.solution, happened, model


def test_a_right_solution_with_an_agreeing_derivation_is_verified(verifier: Verifier) -> None:
    solution, _, _ = solve(
        verifier, ["12 pens are 12 / 3 = 4 packs.", r"They cost 4 × 2 = \boxed{8} dollars."], [PROGRAM]
    )
    assert solution.answer == "8"
    assert solution.badge.verdict is Verdict.VERIFIED
    assert [step.verdict for step in solution.steps] == [Verdict.VERIFIED, Verdict.VERIFIED]


def test_a_false_calculation_is_put_right_in_the_text_and_the_model_goes_on_from_there(
    verifier: Verifier,
) -> None:
    text: list[Reply] = [
        "12 pens are 12 / 3 = 5 packs, a lot.",
        " packs.",
        r"They cost 4 × 2 = \boxed{8} dollars.",
    ]
    solution, happened, model = solve(verifier, text, [PROGRAM])
    assert solution.steps[0].text == "12 pens are 12 / 3 = 4 packs."
    assert solution.steps[0].replaced == ("12 pens are 12 / 3 = 5 packs, a lot.",)
    refuted = next(event for event in happened if isinstance(event, events.StepRefuted))
    assert refuted.kept == "12 pens are 12 / 3 = 4"
    continued = next(p for p in model.prompts if p[-1].type == "ai" and p[-1].content == "12 pens are 12 / 3 = 4")
    assert continued[0].type == "human"
    assert solution.badge.verdict is Verdict.VERIFIED


def test_an_invented_output_is_replaced_by_what_the_program_prints(verifier: Verifier) -> None:
    program = "In Python:\n```python\npacks = 12 / 3\nprint(packs * 2)\n```\n```output\n"
    text: list[Reply] = [f"{program}10.0\n```\nIt is \\boxed{{10}}.", "It is \\boxed{8}."]
    solution, _, _ = solve(verifier, text, [PROGRAM])
    assert (solution.answer, solution.badge.verdict) == ("8", Verdict.VERIFIED)
    assert solution.steps[0].text == f"{program}8\n```\nIt is \\boxed{{8}}."
    assert [step.verdict for step in solution.steps] == [Verdict.VERIFIED]


def test_a_false_statement_is_written_again_with_its_counterexample(verifier: Verifier) -> None:
    text: list[Reply] = ["Note that 4 × 2 > 9.", "Note that 4 × 2 < 9.", r"So it is \boxed{8}."]
    solution, _, model = solve(verifier, text, [PROGRAM])
    complaint = next(p[-1].content for p in model.prompts if "It is wrong" in str(p[-1].content))
    assert "Note that 4 × 2 > 9." in str(complaint)
    assert solution.steps[0].text == "Note that 4 × 2 < 9."
    assert solution.badge.verdict is Verdict.VERIFIED


def test_a_step_is_rewritten_twice_at_most_and_then_costs_the_badge(verifier: Verifier) -> None:
    false = "Note that 4 × 2 > 9."
    solution, happened, _ = solve(verifier, [false, false, false, r"So it is \boxed{8}."], [PROGRAM])
    assert sum(isinstance(event, events.StepRefuted) for event in happened) == 2
    assert solution.steps[0].verdict is Verdict.REFUTED
    assert solution.badge.verdict is not Verdict.VERIFIED


def test_disagreeing_derivations_leave_it_unverified_and_say_what_they_give(verifier: Verifier) -> None:
    other = "```\nanswer = 12 * 2\n```"
    solution, _, _ = solve(verifier, [r"It is \boxed{8}."], [other, "answer = 12 * 3", "while True: pass"])
    assert solution.badge.verdict is Verdict.UNVERIFIED
    assert "24" in solution.badge.reason
    forms = ["program", "function", "sentences"]
    retold = [f"{form}-question-first" for form in forms]
    assert [derivation.form for derivation in solution.derivations] == forms + retold


def test_derivations_that_agree_against_the_text_correct_it_and_say_so(verifier: Verifier) -> None:
    right: list[Reply] = [PROGRAM, "def solution():\n    return 12 / 3 * 2", "# 3 for $2.\nanswer = 2 / 3 * 12"]
    solution, happened, _ = solve(verifier, ["They cost 12 × 2 dollars.", r"It is \boxed{24}."], right)
    assert solution.answer == "8"
    assert solution.badge.verdict is Verdict.UNVERIFIED, "the text, however wrong, has not agreed"
    assert "neither is verified" in solution.badge.reason
    assert [step.text for step in solution.set_aside] == ["They cost 12 × 2 dollars.", r"It is \boxed{24}."]
    assert solution.steps[0].text == "packs = 12 ÷ 3 = 4"
    assert "8" in solution.steps[-1].text
    assert all(step.verdict is not Verdict.REFUTED for step in solution.steps)
    corrected = next(event for event in happened if isinstance(event, events.SolutionCorrected))
    assert corrected.answer == "8"
    assert sum(isinstance(event, events.BadgeSet) for event in happened) == 1


def test_agreement_at_once_asks_for_nothing_more(verifier: Verifier) -> None:
    solution, _, _ = solve(verifier, [r"They cost 4 × 2 = \boxed{8}."], [PROGRAM, PROGRAM])
    assert len(solution.derivations) == 1


@pytest.mark.parametrize(("effort", "derivations"), [("low", 1), ("normal", 6), ("high", 12)])
def test_effort_bounds_the_derivations_of_an_open_verdict(verifier: Verifier, effort: str, derivations: int) -> None:
    programs: list[Reply] = [f"answer = {n}" for n in range(100, 120)]
    model = ScriptedModel([r"It is \boxed{8}."], programs)
    thread = session(verifier, model, effort=Effort(effort))
    solution = next(e.solution for e in thread.ask(PENS) if isinstance(e, events.AnswerGiven))
    assert len(solution.derivations) == derivations
    assert solution.badge.verdict is Verdict.UNVERIFIED


def test_a_derivation_never_sees_the_written_solution(verifier: Verifier) -> None:
    _, _, model = solve(verifier, [r"It is \boxed{9}."], [PROGRAM, PROGRAM, PROGRAM])
    derivations = [prompt for prompt in model.prompts if prompt[0].type == "system"]
    assert [prompt[-1].content for prompt in derivations] == [PENS] * 3 + [question_first(PENS)] * 3
    for prompt in derivations:
        assert not any("boxed" in str(message.content) for message in prompt)


def test_an_unreadable_derivation_is_a_reason_not_an_agreement(verifier: Verifier) -> None:
    solution, _, _ = solve(verifier, [r"It is \boxed{8}."], ["import os", "while True: pass", ""])
    assert solution.badge.verdict is Verdict.UNVERIFIED
    assert all(derivation.failure for derivation in solution.derivations)


def test_the_step_cap_ends_with_an_honest_unverified_answer(verifier: Verifier) -> None:
    steps: list[Reply] = [f"Part {n}." for n in range(20)]
    solution, _, _ = solve(verifier, steps, [PROGRAM], max_steps=3)
    assert len(solution.steps) == 3
    assert solution.badge.verdict is Verdict.UNVERIFIED
    assert "limit on steps" in solution.badge.reason


def test_a_full_context_ends_with_an_honest_unverified_answer(verifier: Verifier) -> None:
    full = ContextFull("full")
    solution, _, _ = solve(verifier, ["12 pens are 12 / 3 = 4 packs.", full], [PROGRAM])
    assert solution.badge.verdict is Verdict.UNVERIFIED
    assert "context" in solution.badge.reason


def test_a_text_that_repeats_itself_is_stopped(verifier: Verifier) -> None:
    again: list[Reply] = ["The same thought."] * 12
    solution, _, _ = solve(verifier, again, [PROGRAM])
    assert len(solution.steps) == 1
    assert "repeat" in solution.badge.reason


def test_a_failing_model_is_one_error_and_no_answer(verifier: Verifier) -> None:
    with pytest.raises(ModelFailed, match="gone"):
        solve(verifier, [ModelFailed("The server is gone.")], [PROGRAM])


@pytest.mark.parametrize("message", ["", "???", "y" * 4_001, "Write me a poem about cats."])
def test_declined_messages_cost_no_model_call(verifier: Verifier, message: str) -> None:
    solution, _, model = solve(verifier, [], [], problem=message)
    assert model.prompts == []
    assert solution.route is Route.DECLINED
    assert solution.answer


def test_a_symbolic_problem_has_sympys_answer_before_the_model_writes(verifier: Verifier) -> None:
    solution, happened, model = solve(verifier, [r"Subtract 5 and divide by 3: \boxed{x = 5}"], [], "Solve 3x + 5 = 20")
    kinds = [type(event) for event in happened]
    assert kinds.index(events.AnswerWritten) < kinds.index(events.TokenWritten)
    assert solution.answer == "x = 5"
    assert solution.badge.verdict is Verdict.VERIFIED
    assert "x = 5" in str(model.prompts[0][-1].content)


def test_an_explanation_that_ends_elsewhere_is_replaced_by_sympys_own(verifier: Verifier) -> None:
    solution, _, _ = solve(verifier, [r"So \boxed{x = 7}"], [], "Solve 3x + 5 = 20")
    assert solution.answer == "x = 5"
    assert all("7" not in step.text for step in solution.steps)


def test_a_concept_is_explained_and_unverified_by_nature(verifier: Verifier) -> None:
    solution, _, model = solve(verifier, ["A prime has two divisors.", "For example 7."], [], "What is a prime number?")
    assert solution.badge.verdict is Verdict.UNVERIFIED
    assert len(solution.steps) == 2
    assert all(prompt[0].type != "system" for prompt in model.prompts)


def test_examples_are_shown_and_kept_out_of_the_prompt(verifier: Verifier) -> None:
    class Near:
        near_from = 0.6

        def search(self, problem: str, k: int, *, derivation: str = "") -> list[Example]:
            return [Example("Twin problem", "Its solution", "corpus", 3, "MIT", 0.9, method="unit rate")]

    model = ScriptedModel([r"It is \boxed{8}."], [PROGRAM])
    happened = list(session(verifier, model, Near()).ask(PENS))
    solution = next(event.solution for event in happened if isinstance(event, events.AnswerGiven))
    assert solution.examples[0].problem == "Twin problem"
    assert not any("Twin" in str(message.content) for prompt in model.prompts for message in prompt)


def test_a_derivation_of_the_answer_chooses_the_examples_again_by_what_it_calculates(verifier: Verifier) -> None:
    subject = Example("Pens of another shop", "6 + 2 = 8", "corpus", 1, "MIT", 0.9)
    calculation = Example("Ink for printers", "10 / 5 = 2\n2 × 7 = 14", "corpus", 2, "MIT", 0.3, likeness=1.0)
    unlike = Example("Something else", "1 + 1 = 2", "corpus", 3, "MIT", 0.3, likeness=0.2)

    class Corpus:
        near_from = 0.6

        def search(self, problem: str, k: int, *, derivation: str = "") -> list[Example]:
            return [calculation, subject, unlike] if "packs" in derivation else [subject]

    def shown(text: str) -> list[tuple[Example, ...]]:
        model = ScriptedModel([text], [PROGRAM, "answer = 1", "answer = 2"])
        happened = list(session(verifier, model, Corpus()).ask(PENS))
        solution = next(event.solution for event in happened if isinstance(event, events.AnswerGiven))
        found = [event.examples for event in happened if isinstance(event, events.ExamplesFound)]
        assert found[-1] == solution.examples
        return found

    assert shown(r"It is \boxed{8}.") == [(subject,), (calculation, subject)]
    assert shown(r"It is \boxed{9}.") == [(subject,)]


@pytest.mark.parametrize("method_found_again", ["", "unit rate"])
def test_the_method_that_the_plan_names_stays_among_the_examples_that_are_chosen_again(
    verifier: Verifier, method_found_again: str
) -> None:
    cited = Example("Pens of another shop", "6 + 2 = 8", "corpus", 1, "MIT", 0.9, method="unit rate")
    again = [
        Example(f"Ink for printer {n}", "10 / 5 × 7 = 14", "corpus", n, "MIT", 0.3, likeness=1.0, method=method)
        for n, method in ((2, "proportion"), (3, "scaling"), (4, method_found_again))
    ]

    class Corpus:
        near_from = 0.6

        def search(self, problem: str, k: int, *, derivation: str = "") -> list[Example]:
            return again if "packs" in derivation else [cited]

    happened = list(session(verifier, ScriptedModel([r"It is \boxed{8}."], [PROGRAM]), Corpus()).ask(PENS))
    solution = next(event.solution for event in happened if isinstance(event, events.AnswerGiven))
    assert solution.plan is not None
    assert "unit rate" in solution.plan.approach
    assert list(solution.examples) == (again if method_found_again else [*again[:2], cited])


@pytest.mark.parametrize(("near_from", "near"), [(0.6, False), (0.42, False), (0.41, True), (0.3, True)])
def test_the_index_says_what_is_near_enough_to_show_and_to_plan_by_and_the_trace_names_it(
    verifier: Verifier, near_from: float, near: bool
) -> None:
    example = Example("Ink for printers", "", "corpus", 1, "MIT", 0.41, method="unit rate")

    class Corpus:
        def __init__(self) -> None:
            self.near_from = near_from

        def search(self, problem: str, k: int, *, derivation: str = "") -> list[Example]:
            return [example]

    happened = list(session(verifier, ScriptedModel([r"It is \boxed{8}."], [PROGRAM]), Corpus()).ask(PENS))
    (found,) = (event for event in happened if isinstance(event, events.ExamplesFound))
    (planned,) = (event.plan for event in happened if isinstance(event, events.PlanWritten))
    assert found.examples == ((example,) if near else ())
    assert ("unit rate" in planned.approach) is near
    assert found.reason.startswith(f"The nearest has similarity 0.41; from {near_from:.2f} on they are shown")


def test_a_follow_up_sees_the_exchange_before_it_and_a_new_problem_does_not(verifier: Verifier) -> None:
    model = ScriptedModel([r"It is \boxed{8}."], [PROGRAM])
    thread = session(verifier, model)
    list(thread.ask(PENS))
    for message, length in (("So how many packs are those?", 3), ("How many days are 3 weeks?", 1)):
        model.text, model.programs = [r"It is \boxed{10}."], [PROGRAM, PROGRAM]
        model.prompts.clear()
        list(thread.ask(message))
        text_prompt = next(prompt for prompt in model.prompts if prompt[0].type == "human")
        assert len(text_prompt) == length
    assert len(thread.messages()) == 6


def test_nothing_of_a_question_leaks_into_the_next(verifier: Verifier) -> None:
    model = ScriptedModel([r"It is \boxed{8}."], [PROGRAM])
    thread = session(verifier, model)
    list(thread.ask(PENS))
    model.text, model.programs = ["A prime has two divisors."], []
    happened = thread.ask("What is a prime number?")
    solution = next(event.solution for event in happened if isinstance(event, events.AnswerGiven))
    assert solution.derivations == ()
    assert solution.answer is None


def test_a_model_that_cannot_continue_is_asked_in_words(verifier: Verifier) -> None:
    model = ScriptedModel(["12 / 3 = 4.", r"4 × 2 = \boxed{8}"], [PROGRAM], continues=False)
    list(session(verifier, model).ask(PENS))
    turns: list[BaseMessage] = [prompt[-1] for prompt in model.prompts if prompt[0].type == "human"]
    assert [turn.type for turn in turns] == ["human", "human"]
    assert "Go on" in str(turns[1].content)


def test_every_key_a_node_returns_is_in_the_state(verifier: Verifier) -> None:
    known = set(TutorState.__annotations__) | set(fresh_question("x"))
    for problem in (PENS, "Solve 3x + 5 = 20", "What is a prime number?", ""):
        text: list[Reply] = ["12 / 3 = 5.", " Then.", r"\boxed{8}"]
        _, happened, _ = solve(verifier, text, [PROGRAM, PROGRAM], problem)
        for event in happened:
            if isinstance(event, events.NodeFinished):
                assert set(event.returned) <= known


def test_a_node_says_in_full_what_it_got_and_gave_with_its_prompts_as_they_were_sent(verifier: Verifier) -> None:
    long = "Pens are sold in packs of three, and a pack costs two dollars. " * 5 + "12 / 3 = 4."
    _, happened, model = solve(verifier, [long, r"4 × 2 = \boxed{8}"], [PROGRAM])
    written = [e for e in happened if isinstance(e, events.NodeInspected) and e.node == "write_step"]
    assert written[0].returned["draft"] == long
    sent = [call.messages for event in written for call in event.calls]
    assert sent == [
        tuple((turn.type, turn.text) for turn in prompt) for prompt in model.prompts if prompt[0].type == "human"
    ]
    assert long in written[1].received["steps"]
    assert (written[0].calls[0].written, written[0].calls[0].prompt_tokens) == (long, 10)
    (derived,) = [e for e in happened if isinstance(e, events.NodeInspected) and e.node == "write_derivation"]
    assert derived.calls[0].messages[0][0] == "system"


def test_a_value_of_any_size_is_told_within_bounds(verifier: Verifier) -> None:
    _, happened, _ = solve(verifier, ["12 / 3 = 4. " * 4_000, r"\boxed{8}"], [PROGRAM])
    values = [v for e in happened if isinstance(e, events.NodeInspected) for v in {**e.received, **e.returned}.values()]
    assert max(len(value) for value in values) == 20_000


def test_the_language_is_asked_for_in_the_text_and_not_in_the_derivation(verifier: Verifier) -> None:
    _, _, model = solve(verifier, [r"4 × 2 = \boxed{8}"], [PROGRAM], language="German")
    text, program = (
        next(prompt for prompt in model.prompts if prompt[0].type == kind) for kind in ("human", "system")
    )  # fmt: skip
    assert "in German" in str(text[-1].text)
    assert all("German" not in str(turn.text) for turn in program)


def test_every_event_is_a_json_object(verifier: Verifier) -> None:
    import json

    _, happened, _ = solve(verifier, ["12 / 3 = 5.", " Then.", r"\boxed{8}"], [PROGRAM])
    for event in happened:
        assert json.loads(json.dumps(event.to_json()))["event"] == type(event).__name__


def test_nothing_follows_up_on_a_message_that_was_declined(verifier: Verifier) -> None:
    thread = session(verifier, ScriptedModel([r"They cost 4 × 2 = \boxed{8}."], [PROGRAM]))
    list(thread.ask("hello there"))
    happened = list(thread.ask("And what do 12 pens cost at 3 for $2?"))
    routed = next(event for event in happened if isinstance(event, events.ProblemRouted))
    assert routed.route is Route.WORD_PROBLEM
    assert not routed.follow_up
