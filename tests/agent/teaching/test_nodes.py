"""Hints, follow-ups, objections and encouragement in the graph, with a scripted model and the real verifier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from langchain_core.messages import BaseMessage

from agent import events
from agent.domain import Claim, Hint, Route, Solution, Verdict
from agent.errors import CheckTimedOut
from agent.session import TutorSession
from agent.verification.verifier import Verifier
from tests.agent.test_graph import session
from tests.scripted import Reply, ScriptedModel

ROLLS = "A baker packs 96 rolls into boxes of 8. Each box sells for $6. How much does she earn?"
PROGRAM = "```\nrolls = 96\nrolls_per_box = 8\nboxes = rolls / rolls_per_box\nprice = 6\nanswer = boxes * price\n```"
TEXT: list[Reply] = ["She fills 96 / 8 = 12 boxes.", r"She earns 12 × 6 = \boxed{72} dollars."]


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(deadline=20) as running:
        running.start()
        yield running


def thread(verifier: Verifier, text: list[Reply] | None = None, programs: list[Reply] | None = None) -> TutorSession:
    return session(verifier, ScriptedModel(list(text or TEXT), list(programs or [PROGRAM])), effort="low")


def given(happened: list[events.TutorEvent]) -> Solution:
    return next(event.solution for event in happened if isinstance(event, events.AnswerGiven))


def hint(happened: list[events.TutorEvent]) -> Hint:
    return next(event.hint for event in happened if isinstance(event, events.HintGiven))


def test_hints_climb_the_ladder_one_a_request_and_end_in_the_solution(verifier: Verifier) -> None:
    student = thread(verifier)
    first = hint(list(student.ask(ROLLS, rung=0)))
    hints = [first] + [hint(list(student.ask("another hint"))) for _ in range(first.total - 1)]
    assert [one.number for one in hints] == list(range(1, first.total + 1))
    assert [one.kind for one in hints][:4] == ["asked", "idea", "relation", "step"]
    assert "boxes = rolls ÷ rolls per box" in hints[2].text
    assert "96 ÷ 8" in hints[3].text
    assert hints[-1].kind == "show"
    assert not any("72" in one.text for one in hints)


def test_while_hints_are_given_no_event_shows_the_solution(verifier: Verifier) -> None:
    happened = list(thread(verifier).ask(ROLLS, rung=0))
    shown = " ".join(str({**event.to_json(), "seconds": None, "name": None}) for event in happened)
    assert "72" not in shown
    assert "12 boxes" not in shown
    assert not any(isinstance(event, events.TokenWritten | events.StepChecked) for event in happened)


def test_show_me_gives_the_solution_with_its_steps_at_once(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS, rung=0))
    happened = list(student.ask("show me the solution"))
    assert given(happened).answer == "72"
    assert sum(isinstance(event, events.StepChecked) for event in happened) == 2


def test_a_hint_on_a_solution_that_is_not_verified_does_not_lead(verifier: Verifier) -> None:
    student = thread(verifier, programs=["```\nanswer = 96 * 6\n```"])
    hints = [hint(list(student.ask(ROLLS, rung=0)))]
    hints += [hint(list(student.ask("next hint"))) for _ in range(hints[0].total - 1)]
    assert [one.kind for one in hints] == ["asked", "idea", "relation", "show"]
    assert not any("÷" in one.text or "12" in one.text for one in hints)


def test_why_is_answered_from_the_step_and_the_problem(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS))
    reply = given(list(student.ask("why did you divide there?")))
    assert reply.route is Route.FOLLOW_UP
    assert "96 ÷ 8 = 12" in str(reply.answer)
    assert "A baker packs 96 rolls into boxes of 8." in str(reply.answer)


def test_a_changed_number_is_solved_as_a_problem_of_its_own(verifier: Verifier) -> None:
    text = [*TEXT, "She fills 120 / 8 = 15 boxes.", r"She earns 15 × 6 = \boxed{90} dollars."]
    student = thread(verifier, text, [PROGRAM, PROGRAM.replace("96", "120")])
    model = student.context.model
    list(student.ask(ROLLS))
    solution = given(list(student.ask("What if it were 120 rolls?")))
    assert solution.answer == "90"
    assert solution.badge.verdict is Verdict.VERIFIED
    assert model.prompts[-1][-1].content.startswith(ROLLS.replace("96", "120")[:30]) or any(
        "packs 120 rolls" in str(turn.content) for prompt in model.prompts for turn in prompt
    )


def test_another_way_has_the_same_answer_by_other_calculations(verifier: Verifier) -> None:
    other = "```\nprice_of_a_roll = 6 / 8\nanswer = 96 * price_of_a_roll\n```"
    student = thread(verifier, programs=[PROGRAM, PROGRAM, other, PROGRAM, PROGRAM])
    list(student.ask(ROLLS))
    reply = given(list(student.ask("do it another way")))
    assert reply.badge.verdict is Verdict.VERIFIED
    assert "6 ÷ 8" in str(reply.answer)
    assert "72" in str(reply.answer)


def test_another_way_verifies_nothing_that_was_not_verified_before(verifier: Verifier) -> None:
    other = "```\nprice_of_a_roll = 6 / 8\nanswer = 96 * price_of_a_roll\n```"
    student = thread(verifier, programs=["```\nanswer = 96 * 6\n```", *[other] * 4])
    assert given(list(student.ask(ROLLS))).badge.verdict is Verdict.UNVERIFIED
    reply = given(list(student.ask("do it another way")))
    assert "6 ÷ 8" in str(reply.answer)
    assert reply.badge.verdict is Verdict.UNVERIFIED


def test_where_no_derivation_goes_another_way_a_law_of_arithmetic_does(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS))
    reply = given(list(student.ask("is there a different way?")))
    assert "6 ÷ 8 = 0.75" in str(reply.answer)
    assert "96 × 0.75 = 72" in str(reply.answer)
    assert reply.badge.verdict is Verdict.VERIFIED


def test_where_there_is_no_other_way_the_tutor_says_so_and_tests_the_answer_backwards(verifier: Verifier) -> None:
    text: list[Reply] = [r"There are 96 / 8 = \boxed{12} boxes."]
    student = thread(verifier, text, programs=["```\nanswer = 96 / 8\n```"] * 5)
    list(student.ask("A baker packs 96 rolls into boxes of 8. How many boxes does she fill?"))
    reply = given(list(student.ask("is there a different way?")))
    assert "found none" in str(reply.answer)
    assert "12 × 8 = 96" in str(reply.answer)
    assert reply.badge.verdict is Verdict.UNVERIFIED


def test_a_check_that_runs_out_of_time_costs_another_way_and_not_the_reply(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy machine: the worker did not answer within ten seconds, and the error reached the student."""
    student = thread(verifier, programs=[PROGRAM] * 5)
    list(student.ask(ROLLS))

    def too_late(self: Verifier, program: str) -> list[dict[str, str]]:
        raise CheckTimedOut("The check took longer than 10 s and was stopped.")

    monkeypatch.setattr(Verifier, "worked_lines", too_late)
    reply = given(list(student.ask("do it another way")))
    assert "found none" in str(reply.answer)
    assert reply.badge.verdict is Verdict.UNVERIFIED


def test_for_a_child_the_solution_comes_in_small_steps_with_their_reasons(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS))
    asked = len(student.context.model.prompts)
    reply = str(given(list(student.ask("explain it to a ten-year-old"))).answer)
    assert "so we divide: 96 ÷ 8 = 12." in reply
    assert "so we multiply: 12 × 6 = 72." in reply
    assert len(student.context.model.prompts) == asked


def test_who_wanted_it_simpler_goes_on_getting_small_steps_until_it_is_too_long(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS))
    assert "so we divide" not in str(given(list(student.ask("why did you divide there?"))).answer)
    list(student.ask("explain it to a ten-year-old"))
    assert "so we divide" in str(given(list(student.ask("why did you divide there?"))).answer)
    assert "so we multiply" in str(given(list(student.ask("do it another way"))).answer)
    assert str(given(list(student.ask("that is too long, make it shorter"))).answer).startswith("In short:")
    assert "so we divide" not in str(given(list(student.ask("why did you divide there?"))).answer)


def test_who_struggles_gets_small_steps(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS))
    list(student.ask("i hate this, i'm so bad at maths"))
    assert "so we divide" in str(given(list(student.ask("why did you divide there?"))).answer)


def translating(word: str, more: str = "") -> Callable[[Sequence[BaseMessage]], str]:
    """The model's part: the line that it is asked to translate, in other words."""
    return lambda turns: f"{word} " + str(turns[-1].content).partition("\n\n")[2] + more


def test_another_language_is_shown_line_by_line_where_every_number_survives(verifier: Verifier) -> None:
    student = thread(verifier, [*TEXT, *[translating("En français :")] * 3])
    list(student.ask(ROLLS))
    reply = given(list(student.ask("in French please")))
    lines = [line for line in str(reply.answer).split("\n") if line]
    assert [line.count("En français :") for line in lines] == [1, 1, 1]
    assert lines[0].startswith("1. En français :")
    assert reply.badge.verdict is Verdict.VERIFIED
    assert "in French by the model" in reply.badge.reason


def test_a_line_that_no_translation_leaves_unharmed_stays_a_calculation(verifier: Verifier) -> None:
    def first_line_wrong(turns: Sequence[BaseMessage]) -> str:
        line = str(turns[-1].content).partition("\n\n")[2]
        return "En français : " + line.replace("= 12", "= 13")

    student = thread(verifier, [*TEXT, *[first_line_wrong] * 4])
    list(student.ask(ROLLS))
    reply = given(list(student.ask("in French please")))
    lines = str(reply.answer).split("\n")
    assert lines[0] == "1. 96 ÷ 8 = 12"
    assert lines[1].startswith("2. En français :")
    assert "One line could not" in reply.badge.reason


def test_a_translation_whose_check_runs_out_of_time_is_not_shown(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = thread(verifier, [*TEXT, *[translating("En français :")] * 6])
    list(student.ask(ROLLS))
    real = Verifier.check_step

    def too_late(self: Verifier, text: str, **known: str) -> tuple[Claim, ...]:
        if "français" in text:
            return (Claim(text, Verdict.UNVERIFIED, "The check took longer than 2 s and was stopped."),)
        return real(self, text, **known)

    monkeypatch.setattr(Verifier, "check_step", too_late)
    lines = str(given(list(student.ask("in French please"))).answer).split("\n")
    assert lines[:2] == ["1. 96 ÷ 8 = 12", "2. 12 × 6 = 72"]


def test_where_nothing_can_be_said_in_the_language_the_tutor_says_so(verifier: Verifier) -> None:
    student = thread(verifier, [*TEXT, *["Voilà."] * 6])
    list(student.ask(ROLLS))
    reply = given(list(student.ask("in French please")))
    assert str(reply.answer).startswith("I could not say this in French")
    assert "96 ÷ 8 = 12" in str(reply.answer)
    assert reply.badge.reason == "Read off the verified solution."


def test_a_translation_without_a_language_is_asked_back(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS))
    assert "Which language" in str(given(list(student.ask("can you translate it"))).answer)


def in_german(more: str = "") -> Callable[[Sequence[BaseMessage]], str]:
    """The model's part: what it is asked to translate, under another beginning."""
    return lambda turns: "Auf Deutsch: " + str(turns[-1].content).partition("\n\n")[2] + more


def test_hints_and_reasons_come_in_the_chosen_language(verifier: Verifier) -> None:
    model = ScriptedModel([*TEXT, in_german(), in_german(), in_german()], [PROGRAM])
    student = session(verifier, model, effort="low", language="German")
    assert hint(list(student.ask(ROLLS, rung=0))).text.startswith("Auf Deutsch: ")
    reply = str(given(list(student.ask("why did you divide there?"))).answer)
    assert reply.startswith("Auf Deutsch: ")
    assert "96 ÷ 8 = 12" in reply
    assert "into German" in str(model.prompts[-1][-1].content)
    assert str(given(list(student.ask("my teacher says 7 × 8 = 54"))).answer).startswith("Auf Deutsch: ")


def test_a_translation_is_shown_without_its_announcement(verifier: Verifier) -> None:
    def announced(turns: Sequence[BaseMessage]) -> str:
        return "Hier ist die Übersetzung:\n\n" + in_german()(turns)

    student = session(verifier, ScriptedModel([*TEXT, announced], [PROGRAM]), effort="low", language="German")
    assert hint(list(student.ask(ROLLS, rung=0))).text.startswith("Auf Deutsch: ")


@pytest.mark.parametrize("more", [" Das macht 8 Dollar.", " Am Ende: 2 × 4.", " Es sind 57."])
def test_a_translation_that_gives_something_away_or_adds_a_number_is_not_shown(verifier: Verifier, more: str) -> None:
    text: list[Reply] = ["12 pens are 12 / 3 = 4 packs.", r"They cost 4 × 2 = \boxed{8} dollars."]
    program = "```\npacks = 12 / 3\nanswer = packs * 2\n```"
    model = ScriptedModel([*text, *[in_german(more)] * 3], [program])
    student = session(verifier, model, effort="low", language="German")
    hints = [hint(list(student.ask("A shop sells pens at 3 for $2. How much do 12 pens cost?", rung=0)))]
    hints += [hint(list(student.ask("another hint"))) for _ in range(2)]
    assert not any("Deutsch" in one.text for one in hints)
    assert len(model.prompts) > 3


def test_other_words_that_swap_two_numbers_are_not_shown(verifier: Verifier) -> None:
    """Every number survives in “96 ÷ 12 = 8”: it is the statement that does not, nor the place of the answer."""
    swapped = "On divise 96 ÷ 12 = 9 boîtes de 8."
    student = thread(verifier, [*TEXT, *[swapped] * 6])
    list(student.ask(ROLLS))
    assert "could not" in str(given(list(student.ask("in French please"))).answer)


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        ("my teacher says 7 × 8 = 54", Verdict.REFUTED),
        ("my teacher says the answer is 70", Verdict.REFUTED),
        ("my friend got 72", Verdict.VERIFIED),
        ("you're wrong", Verdict.UNVERIFIED),
    ],
)
def test_objections_are_weighed_by_evidence(verifier: Verifier, message: str, verdict: Verdict) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS))
    reply = given(list(student.ask(message)))
    assert reply.route is Route.OBJECTION
    assert reply.badge.verdict is verdict


@pytest.mark.parametrize(
    ("message", "verdict", "said"),
    [
        ("72", Verdict.VERIFIED, "Yes"),
        ("i got 576", Verdict.REFUTED, "not what I get"),
        ("12 * 6 = 72", Verdict.VERIFIED, "Yes"),
    ],
)
def test_a_bare_answer_is_checked_and_a_wrong_one_gets_a_hint_instead_of_the_answer(
    verifier: Verifier, message: str, verdict: Verdict, said: str
) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS, rung=0))
    reply = given(list(student.ask(message)))
    assert (reply.route, reply.badge.verdict) == (Route.CHECK, verdict)
    assert said in str(reply.answer)
    assert verdict is Verdict.VERIFIED or "72" not in str(reply.answer)


def test_a_stuck_student_gets_a_kind_word_and_the_next_hint(verifier: Verifier) -> None:
    student = thread(verifier)
    list(student.ask(ROLLS, rung=0))
    reply = given(list(student.ask("this is stupid")))
    assert reply.route is Route.SUPPORT
    assert "one small step" in str(reply.answer)
    assert "“boxes”" in str(reply.answer)
    assert "72" not in str(reply.answer)
