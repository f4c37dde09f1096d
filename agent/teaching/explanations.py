"""Answers about a solution that is there: why a step was taken, and the solution told in plain sentences.

Everything is read off the lesson's moves and the problem's own sentences; nothing is made up.
"""

from __future__ import annotations

import re

from agent.domain import Lesson, Move
from agent.teaching.numbers import stated_values

_OPERATION_WORDS = {
    "/": r"divid\w*|÷|/|shar\w+|split\w*|quotient",
    "*": r"multipl\w*|×|\*|times|product",
    "-": r"subtract\w*|−|minus|tak(?:e|ing|en)|difference|less",
    "+": r"add\w*|\+|plus|sum|together",
    "^": r"squar\w*|power|\^|cub\w+",
}
REASON = {
    "/": "Dividing fits, because something is split into equal parts, or counted in groups of one size",
    "*": "Multiplying fits, because the same amount is taken several times",
    "-": "Subtracting fits, because something is taken away, or a difference is asked for",
    "+": "Adding fits, because amounts are put together",
    "^": "Raising to a power fits, because something is multiplied by itself",
}
_SMALL_STEP = {
    "/": "Something is shared out in equal parts, or counted in groups, so we divide: {}.",
    "*": "The same amount comes again and again, so we multiply: {}.",
    "-": "Something goes away, or we look for a difference, so we subtract: {}.",
    "+": "We put amounts together, so we add: {}.",
    "^": "A number is multiplied by itself: {}.",
}
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNDONE = {"/": "×", "*": "÷", "-": "+", "+": "−"}
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "final": -1}


def asked_about(lesson: Lesson, message: str) -> Move | None:
    """The move that a question about the solution means: by its number, its operation, its numbers or its words."""
    moves = lesson.moves
    if not moves:
        return None
    text = message.lower()
    counted = re.search(r"(?:step|line)\s*(\d{1,2})", text)
    place = (
        int(counted[1]) - 1
        if counted
        else next((n for word, n in _ORDINALS.items() if re.search(rf"\b{word}\b", text)), None)
    )
    if place is not None and -1 <= place < len(moves):
        return moves[place]
    values = {stated.value for stated in stated_values(message)}

    def fits(move: Move) -> float:
        score = 2.0 if move.operation and re.search(_OPERATION_WORDS[move.operation], text) else 0.0
        own = {stated.value for stated in stated_values(f"{move.calculation} = {move.result}") if not stated.calculated}
        results = {stated.value for stated in stated_values(move.result)}
        score += len(values & own) + len(values & results)
        words = set(re.findall(r"[a-z]{4,}", move.quantity.lower())) & set(re.findall(r"[a-z]{4,}", text))
        return score + 0.5 * len(words)

    best = max(moves, key=fits)
    return best if fits(best) > 0 else None


def why(lesson: Lesson, message: str, *, small_steps: bool = False) -> str:
    """Why a step was taken, from the relation that it uses and the sentence of the problem behind it."""
    move = asked_about(lesson, message)
    if move is None and lesson.lines:
        return _lines(lesson, message)
    if move is None:
        opening = "Here is the way once more, one step at a time."
        return explained(lesson, opening, small_steps=small_steps)
    parts = [f"You mean this step: {_shown(move)}."]
    if move.relation and move.operation:
        parts.append(f"It comes from the relation {move.relation}.")
    if move.operation:
        in_short = _SMALL_STEP[move.operation].format(_calculated(move))
        parts.append(in_short if small_steps else f"{REASON[move.operation]}.")
    sentence = _sentence_behind(move, lesson.question)
    if sentence:
        parts.append(f"The problem says: “{sentence}”")
    return " ".join(parts)


def in_plain_sentences(lesson: Lesson, opening: str = "") -> str:
    """The solution as numbered sentences, one a move; the worked lines of an exactly computed answer as they are."""
    lines = [f"{number}. {_sentence(move)}" for number, move in enumerate(lesson.moves, start=1)]
    lines = lines or [f"{number}. {line}" for number, line in enumerate(lesson.lines, start=1)]
    lines = lines or [f"{step.number}. {step.text}" for step in lesson.solution.steps]
    return _told_in_lines(opening, lines, lesson)


def _told_in_lines(opening: str, lines: list[str], lesson: Lesson) -> str:
    """Numbered lines between what is said before and after them; a blank line keeps Markdown from joining them."""
    answer = f"So the answer is {lesson.solution.answer}." if lesson.solution.answer else ""
    return "\n\n".join(part for part in (opening, "\n".join(lines), answer) if part)


def explained(lesson: Lesson, opening: str = "", *, small_steps: bool) -> str:
    """The solution as the student wants it told: in small steps, where it has moves, or in plain sentences."""
    told = in_small_steps(lesson, opening) if small_steps else ""
    return told or in_plain_sentences(lesson, opening)


def in_small_steps(lesson: Lesson, opening: str = "") -> str:
    """The solution for a beginner: of each move what is wanted, what the problem says of it, and why one calculates so.

    "" where the lesson has no moves.
    """
    lines: list[str] = []
    quoted: set[str] = set()
    for number, move in enumerate(lesson.moves, start=1):
        parts = [f"We are looking for: {move.quantity}." if move.quantity else ""]
        sentence = _sentence_behind(move, lesson.question)
        if sentence and sentence not in quoted:
            quoted.add(sentence)
            parts.append(f"The problem says: “{sentence}”")
        parts.append(_SMALL_STEP[move.operation].format(_calculated(move)) if move.operation else f"{_shown(move)}.")
        lines.append(f"{number}. {' '.join(part for part in parts if part)}")
    return _told_in_lines(opening, lines, lesson) if lines else ""


def backwards(lesson: Lesson) -> list[str]:
    """The test of an answer from its end to what is given: each move undone by its inverse; [] where one has none."""
    lines: list[str] = []
    for move in reversed(lesson.moves):
        sides = re.fullmatch(rf"({_NUMBER})\D*[×÷+−*/-]\D*({_NUMBER})\D*", move.calculation)
        if sides is None or move.operation not in _UNDONE:
            return []
        lines.append(f"{move.result} {_UNDONE[move.operation]} {sides[2]} = {sides[1]}")
    return lines


def _calculated(move: Move) -> str:
    return f"{move.calculation} = {move.result}" if move.calculation else f"{move.relation} = {move.result}"


def _lines(lesson: Lesson, message: str) -> str:
    values = {stated.value for stated in stated_values(message)}
    near = [line for line in lesson.lines if values & {stated.value for stated in stated_values(line)}]
    told = near or list(lesson.lines)
    opening = f"The method is {lesson.method}." if lesson.method else ""
    return " ".join(part for part in (opening, *told) if part)


def _shown(move: Move) -> str:
    told = f"{move.quantity}: " if move.quantity else ""
    return (
        f"{told}{move.calculation or move.relation} = {move.result}" if move.calculation else f"{told}{move.relation}"
    )


def _sentence(move: Move) -> str:
    verb = {"/": "Divide", "*": "Multiply", "-": "Subtract", "+": "Add", "^": "Raise to the power"}.get(move.operation)
    opening = f"{verb} to find {move.quantity}" if verb and move.quantity else verb or "Work out"
    return (
        f"{opening}: {move.calculation or move.relation} = {move.result}." if move.calculation else f"{move.relation}."
    )


def _sentence_behind(move: Move, problem: str) -> str:
    """The sentence of the problem that holds most of the numbers of the calculation."""
    numbers = {stated.value for stated in stated_values(move.calculation) if not stated.calculated}
    sentences = [part.strip() for part in re.split(r"(?<=[.?!])\s+", problem) if part.strip()]
    held = {part: len(numbers & {stated.value for stated in stated_values(part)}) for part in sentences}
    best = max(sentences, key=lambda part: held[part], default="")
    return best if best and held[best] else ""
