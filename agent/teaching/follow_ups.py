"""Replies to what a student asks about a solution: another way, simpler words, another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime

from agent.calls import ask_derivations, ask_model
from agent.context import TutorContext
from agent.derivations import Request
from agent.domain import Badge, Derivation, Lesson, Move, Verdict
from agent.errors import CheckFailed, ContextFull
from agent.intents import Intent
from agent.languages import named_language
from agent.prompts import render
from agent.teaching.explanations import backwards, explained, in_plain_sentences
from agent.teaching.lessons import agrees
from agent.teaching.moves import goes_another_way, moves_of_derivation, moves_of_text
from agent.teaching.other_ways import other_ways
from agent.teaching.rewording import what_changed
from agent.teaching.translation import translated, translated_lines, turns_false
from agent.verification.verifier import Verifier

REWORDING_TOKENS = 700
# What is tried, side by side, where no other way follows from what is known.
_MORE = (Request("sentences"), Request("function"), Request("sentences", 1), Request("function", 1))


def badge_of(lesson: Lesson) -> Badge:
    """The badge of what is read off the lesson's solution and says no more than it."""
    badge = lesson.solution.badge
    if badge.verdict is Verdict.VERIFIED:
        return Badge(Verdict.VERIFIED, "Read off the verified solution.", badge.confidence)
    return Badge(Verdict.UNVERIFIED, "Read off a solution that is not verified.", badge.confidence)


def wants_small_steps(intent: Intent | None, message: str, before: bool) -> bool:
    """Whether to explain in small steps from this message on: until the student finds it too long or too easy."""
    if re.search(r"\b(?:shorter|too long|too slow|too easy|less detail|briefly|in short)\b", message, re.I):
        return False
    return True if intent is Intent.SIMPLER else before


def another_way(lesson: Lesson, runtime: Runtime[TutorContext], *, small_steps: bool = False) -> tuple[str, Badge]:
    """The same answer by other calculations than those that were shown, or the answer tested backwards."""
    found = next(_other_ways(lesson, runtime), None)
    if found is None:
        text = "I looked for a really different way to the same answer, and found none that I can check."
        badge = Badge(Verdict.UNVERIFIED, "No other derivation with other calculations gives this answer.")
        if back := backwards(lesson):
            lines = "\n".join(f"{number}. {line}" for number, line in enumerate(back, start=1))
            text = f"{text} But you can test the answer backwards, from the end to what is given:\n\n{lines}"
        elif lesson.moves:
            text = explained(lesson, f"{text} Here is the same way, written out:", small_steps=small_steps)
        return translated(text, lesson.question, runtime), badge
    opening, moves, reason = found
    text = explained(replace(lesson, moves=moves), opening, small_steps=small_steps)
    badge = lesson.solution.badge
    if badge.verdict is Verdict.VERIFIED:
        return translated(text, lesson.question, runtime), Badge(Verdict.VERIFIED, f"{reason}.", badge.confidence)
    # One more that agrees is no reason for a mark: how much agreement is, is cross_check's to say.
    reason += "; that was not verified before, and this alone does not verify it."
    return translated(text, lesson.question, runtime), Badge(Verdict.UNVERIFIED, reason, badge.confidence)


def _other_ways(lesson: Lesson, runtime: Runtime[TutorContext]) -> Iterator[tuple[str, tuple[Move, ...], str]]:
    """Opening, moves and reason: of the known derivations, then by a law of arithmetic, then of new derivations."""
    verifier = runtime.context.verifier
    known = [one for one in lesson.solution.derivations if agrees(one, lesson.solution, verifier)]
    reason = "Another derivation, with other calculations, gives the same answer"
    for one in known:
        if goes_another_way(moves := _moves(one, lesson, verifier), lesson.moves):
            yield "Another way:", moves, reason
    for one in known:
        for way in other_ways(_worked_lines(one, verifier), lesson.question):
            rewritten = Derivation("rewritten", way.derivation, _value(way.derivation, verifier), None)
            moves = _moves(rewritten, lesson, verifier)
            if goes_another_way(moves, lesson.moves) and agrees(rewritten, lesson.solution, verifier):
                law = "By a law of arithmetic other calculations give the same answer"
                yield f"Another way. {way.idea}", moves, law
    if lesson.solution.answer is None or lesson.lines:
        return
    for one in ask_derivations(runtime, _MORE, lesson.question):
        moves = _moves(one, lesson, verifier) if agrees(one, lesson.solution, verifier) else ()
        if goes_another_way(moves, lesson.moves):
            yield "Another way:", moves, reason


def _moves(derivation: Derivation, lesson: Lesson, verifier: Verifier) -> tuple[Move, ...]:
    return moves_of_derivation(_worked_lines(derivation, verifier), lesson.question)


def _worked_lines(derivation: Derivation, verifier: Verifier) -> list[dict[str, str]]:
    """Its lines; none where they were not worked out in time: no reason to leave a student without a reply."""
    try:
        return verifier.worked_lines(derivation.text)
    except CheckFailed:
        return []


def _value(derivation: str, verifier: Verifier) -> str | None:
    try:
        return verifier.evaluate_derivation(derivation)
    except CheckFailed:
        return None


def in_simpler_words(
    lesson: Lesson, wish: str, runtime: Runtime[TutorContext], *, small_steps: bool = True
) -> tuple[str, Badge]:
    """The solution in small steps with their reasons, or in short sentences where those are asked for; where it has no
    moves, in the model's words, if they hold.

    What a small model makes of "explain it to a ten-year-old" tells less than the moves do, or another story.
    """
    if lesson.moves:
        opening = "In small steps:" if small_steps else "In short:"
        told = explained(lesson, opening, small_steps=small_steps)
        return translated(told, lesson.question, runtime), badge_of(lesson)
    explanation = in_plain_sentences(lesson)
    request = render("reword", wish=wish, problem=lesson.question, explanation=explanation)
    try:
        written = ask_model(runtime, [HumanMessage(request)], max_tokens=REWORDING_TOKENS, stop=[])
        lost = what_changed(explanation, written.text, lesson.question)
        if not lost and turns_false(explanation, written.text, lesson.question, runtime.context.verifier):
            lost = "A calculation came out wrong."
    except ContextFull:
        lost = "The solution is too long to be put into other words."
    if not lost:
        reason = "The same steps in other words: every number of the solution is there, and none is new."
        return written.text.strip(), Badge(lesson.solution.badge.verdict, reason, lesson.solution.badge.confidence)
    opening = "I could not put this into other words without changing something, so here it is in short sentences:"
    return translated(in_plain_sentences(lesson, opening), lesson.question, runtime), badge_of(lesson)


def in_language(
    lesson: Lesson, message: str, runtime: Runtime[TutorContext], *, small_steps: bool = False
) -> tuple[str, Badge]:
    """The solution in the language that the message names, line by line; what cannot be said so stays a calculation."""
    language = named_language(message) or runtime.context.limits.language
    if not language:
        badge = Badge(Verdict.UNVERIFIED, "No language was named.")
        return "Which language would you like? Say, for example, “in Spanish”.", badge
    lines = explained(lesson, small_steps=small_steps).split("\n")
    if language == "English":
        return "\n".join(lines), badge_of(lesson)
    found = translated_lines(lines, language, lesson.question, runtime)
    if not any(said for line, said in zip(lines, found, strict=True) if line):
        opening = f"I could not say this in {language} without changing a number or a sign, so here it is as it stands:"
        return "\n".join([opening, "", *lines]), badge_of(lesson)
    told = [_calculations(line) if said is None else said for line, said in zip(lines, found, strict=True)]
    left = sum(said is None for said in found)
    badge = badge_of(lesson)
    reason = f"{badge.reason.removesuffix('.')}, in {language} by the model: every number is there, and none is new."
    if left:
        reason += f" {'One line' if left == 1 else f'{left} lines'} could not be said so without a change, and stayed."
    return "\n".join(told), replace(badge, reason=reason)


def _calculations(line: str) -> str:
    """The line without its words, where it calculates: signs and numbers are the same in every language."""
    number = line.partition(". ")[0] if line[:1].isdigit() else ""
    calculations = [f"{move.calculation} = {move.result}" for move in moves_of_text([line])]
    return f"{number}. {', '.join(calculations)}" if number and calculations else line
