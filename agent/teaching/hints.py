"""The ladder of hints on a problem: from what is asked, over the first idea and the relation, to the next step.

Built from the moves of the worked solution, without a model call. Every rung has several wordings, from the one that
helps most to one that says nearly nothing; the first that the leak guard lets through is given. Where the solution is
not verified, the ladder asks and does not lead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.domain import Hint, Lesson, Plan, Route, Verdict
from agent.teaching.leaks import Secret, leaks, secrets_of
from agent.teaching.numbers import plain, stated_values

MAX_THEN = 4  # rungs for the moves between the first and the last

_IDEA = {
    "/": "something is split into equal parts, or you ask how often it goes into something else",
    "*": "the same amount is taken several times",
    "-": "something is taken away, or you look for a difference",
    "+": "amounts are put together",
    "^": "something is multiplied by itself",
}
_VERB = {"/": "Divide", "*": "Multiply", "-": "Subtract", "+": "Add", "^": "Raise to a power"}
_UNHELPFUL = ("answer", "result", "x", "y", "n", "total")


@dataclass(frozen=True, slots=True)
class _Rung:
    kind: str
    wordings: tuple[str, ...]
    about: int


def ladder(lesson: Lesson) -> tuple[Hint, ...]:
    """All hints on the lesson's problem, each checked against what it must not say; the last one shows everything."""
    rungs = _rungs(lesson)
    total = len(rungs) + 1
    hints = [
        Hint(number, total, rung.kind, _safe(rung, lesson), rung.about) for number, rung in enumerate(rungs, start=1)
    ]
    return (*hints, Hint(total, total, "show", "This is the whole solution.", max(len(lesson.moves) - 1, 0)))


def secrets_at(lesson: Lesson, move: int) -> list[Secret]:
    """What a hint about that move must not say: the answer, all later results, and its own result in plain."""
    answer = [lesson.solution.answer] if lesson.solution.answer else []
    if lesson.moves and not answer:
        answer = [lesson.moves[-1].result]
    later = [one.result for one in lesson.moves[move + 1 :]]
    own = [one.result for one in lesson.moves[move : move + 1]]
    return [*secrets_of([*answer, *later]), *secrets_of(own, as_calculation=False)]


def is_trusted(lesson: Lesson) -> bool:
    """Whether hints may lead along the solution: only where it is verified, and not where a step of it is false."""
    solution = lesson.solution
    return solution.badge.verdict is Verdict.VERIFIED and all(s.verdict is not Verdict.REFUTED for s in solution.steps)


def _safe(rung: _Rung, lesson: Lesson) -> str:
    secrets = secrets_at(lesson, rung.about)
    for wording in rung.wordings:
        if not leaks(wording, secrets, lesson.question):
            return wording
    return "Read the problem once more, sentence by sentence, and write down what each one tells you."


def _rungs(lesson: Lesson) -> list[_Rung]:
    plan = lesson.solution.plan
    rungs = [_asked(plan)]
    if not is_trusted(lesson):
        return [*rungs, *_questions(plan)]
    if not lesson.moves:
        return [*rungs, *(_exact(lesson) or _questions(plan))]
    last = len(lesson.moves) - 1
    rungs += [_idea(lesson), _relation(lesson), _step(lesson)]
    return rungs + [_then(lesson, place, place == last) for place in range(1, len(lesson.moves))[:MAX_THEN]]


def _asked(plan: Plan | None) -> _Rung:
    asked = plan.asked.strip() if plan else ""
    given = ", ".join(plan.given) if plan else ""
    wordings = ["What exactly is asked, and in which unit will the answer be? Put it into your own words."]
    if asked:
        wordings.insert(0, f"What is asked: {asked} Put it into your own words.")
    if asked and given:
        wordings.insert(0, f"What is asked: {asked} What you are given: {given}. What of it do you need to begin?")
    return _Rung("asked", tuple(wordings), 0)


def _idea(lesson: Lesson) -> _Rung:
    """Which quantity comes first, and what kind of calculation it is."""
    first = lesson.moves[0]
    idea = f"Think of it like this: {_IDEA[first.operation]}." if first.operation else ""
    quantity = _told(first.quantity) if len(lesson.moves) > 1 else ""
    begin = f"Do not go for the answer at once: begin by finding {quantity}." if quantity else ""
    parts = _operands(lesson, 0)
    matters = f"What matters first is {_listed(parts)}." if parts else ""
    later = next((told for move in lesson.moves[1:-1] if (told := _told(move.quantity))), "")
    towards = f"On the way to {later} something has to come first." if later and not begin else ""
    wordings = [
        f"{begin} {idea}" if begin else "",
        begin,
        f"{towards} {matters} {idea}",
        f"{matters} {idea}",
        f"{towards} {idea}",
        matters,
        f"{idea} Which of the given quantities is it about?",
    ]
    kept = [" ".join(text.split()) for text in wordings if text.strip()]
    return _Rung("idea", (*kept, "Which of the given quantities belong together? Begin with those."), 0)


def _relation(lesson: Lesson) -> _Rung:
    first = lesson.moves[0]
    quantity, described = _told(first.quantity), _described(lesson, 0)
    verb = _VERB.get(first.operation, "")
    wordings = [
        f"The relation that helps: {_asked_for(first.relation)}." if first.relation else "",
        f"To find {quantity}: {described}." if quantity and described else "",
        f"{verb}{described.removeprefix(verb.lower())}." if described else "",
        f"To find {quantity}, {verb.lower()}: with which of the given quantities?" if quantity and verb else "",
        f"{verb}: with which of the given quantities?" if verb else "",
        "How are the quantities connected? Write it down in words before you use numbers.",
    ]
    return _Rung("relation", tuple(filter(None, wordings)), 0)


def _step(lesson: Lesson) -> _Rung:
    """The calculation itself, without its result; of a problem with one calculation only what it is made of."""
    first, described = lesson.moves[0], _described(lesson, 0)
    wordings: list[str] = []
    if first.calculation and len(lesson.moves) > 1:
        quantity = _told(first.quantity)
        gives = f" It gives {quantity}." if quantity else ""
        wordings += [f"The next step: work out {first.calculation}.{gives}", f"Work out {first.calculation}."]
    if described:
        wordings += [f"Look up the numbers in the problem, put them in and calculate: {described}."]
    if first.operation:
        verb = _VERB[first.operation]
        wordings += [f"{verb} now, with the numbers of the problem. Then compare it with a rough guess."]
    return _Rung("step", (*wordings, "Put the numbers into the relation that you have written down, and calculate."), 0)


def _then(lesson: Lesson, place: int, last: bool) -> _Rung:
    """A later move: what to find and how, without numbers."""
    move, described = lesson.moves[place], _described(lesson, place)
    lead = "The last step" if last else "Then"
    quantity = _told(move.quantity) if not last else ""
    wordings = [
        f"{lead}: {_asked_for(move.relation)}." if move.relation else "",
        f"{lead}, to find {quantity}: {described}." if quantity and described else "",
        f"{lead}: {described}." if described else "",
        f"{lead} find {quantity}." if quantity else "",
        f"{lead}: think of it like this: {_IDEA[move.operation]}." if move.operation else "",
        f"{lead}: use what you have found so far. What is still missing?",
    ]
    return _Rung("then", tuple(filter(None, wordings)), place)


def _questions(plan: Plan | None) -> list[_Rung]:
    """For a solution that is not verified: what to ask oneself, and nothing that leads anywhere."""
    given = _listed(list(plan.given)) if plan and plan.given else ""
    known = f"You are given {given}. Which of these belong together, and how?" if given else ""
    idea = "Which quantities are in the problem, and how are they connected? A sketch or a table may help."
    relation = "Write one sentence or one equation that connects what you know with what is asked."
    return [_Rung("idea", tuple(text for text in (known, idea) if text), 0), _Rung("relation", (relation,), 0)]


def _exact(lesson: Lesson) -> list[_Rung]:
    """For an exactly computed answer: the method's name, then its first lines as far as they give nothing away."""
    if lesson.solution.route is not Route.SYMBOLIC:
        return []
    named = f"The method that helps here: {lesson.method}." if lesson.method else ""
    rungs = [
        _Rung("idea", tuple(filter(None, (named, "What kind of task is it? Which method do you know for it?"))), 0)
    ]
    for place, line in enumerate(lesson.lines[:-1][:MAX_THEN]):
        instruction = line.split(":", 1)[0].strip(" .")
        wordings = (line, f"{instruction}.", "What does the method ask you to do first? Do it to every term.")
        rungs.append(_Rung("relation" if place == 0 else "then", wordings, 0))
    if len(lesson.lines) < 2:
        careful = "Write the task down, and carry the method out one operation at a time."
        rungs.append(_Rung("relation", (careful,), 0))
    return rungs


def _described(lesson: Lesson, place: int) -> str:
    """A move in words, without numbers: "divide the rolls by the rolls in a box"; "" where that says nothing."""
    move, parts = lesson.moves[place], _operands(lesson, place)
    if len(parts) != 2 or not move.operation or parts[0] == parts[1]:
        return ""
    joint = {"/": "by", "*": "by", "-": "from", "+": "and", "^": "and"}[move.operation]
    first, second = reversed(parts) if move.operation == "-" else parts
    return f"{_VERB[move.operation].lower()} {first} {joint} {second}"


def _operands(lesson: Lesson, place: int) -> list[str]:
    """What a move works on, in words: an earlier result by its name, a number of the problem by its noun."""
    move = lesson.moves[place]
    found = [_operand(lesson, place, one) for one in move.operands]
    return found if found and all(found) else []


def _operand(lesson: Lesson, place: int, written: str) -> str:
    if not written:
        return "what you have just found"
    if not re.search(r"\d", written):
        return f"“{written}”"
    values = [stated.value for stated in stated_values(written)]
    for before in range(place - 1, -1, -1):
        earlier = lesson.moves[before]
        if values and [stated.value for stated in stated_values(earlier.result)][:1] == values[:1]:
            return _told(earlier.quantity) or (
                "what you have just found" if before == place - 1 else "what you found before"
            )
    return _noun_of(written, values[0], lesson.question) if values else ""


def _noun_of(written: str, value: Fraction, problem: str) -> str:
    """What a number of the problem counts: "the rolls" for 96 in "96 rolls"."""
    if "%" in written:
        return "the percentage"
    for stated in stated_values(problem):
        if stated.value == value and not stated.calculated:
            if stated.unit == "%":
                return "the percentage"
            if stated.unit and stated.unit not in _NO_NOUN:
                return f"the {stated.unit}"
            behind = plain(problem)[stated.end : stated.end + 40]
            noun = re.match(r"\s*(?:[a-z]+ ){0,1}?([a-z]{3,})", behind)
            if noun and noun[1] not in _NO_NOUN:
                return f"the {noun[1]}"
    return "the amount of money" if re.search(r"[$€£]", written) else ""


_NO_NOUN = frozenset(
    [
        "and",
        "or",
        "of",
        "is",
        "are",
        "in",
        "at",
        "each",
        "more",
        "less",
        "times",
        "per",
        "for",
        "to",
        "the",
        "a",
        "with",
        "than",
        "as",
        "by",
        "on",
        "from",
        "how",
        "if",
        "then",
        "that",
        "his",
        "her",
        "their",
        "was",
        "were",
        "when",
        "while",
        "out",
        "who",
        "which",
        "but",
    ]
)


def _asked_for(relation: str) -> str:
    return re.sub(r"^(?:answer|result) = ", "what is asked = ", relation)


def _told(quantity: str) -> str:
    """The name of a quantity as it stands in a sentence; "" for names that say nothing."""
    text = quantity.strip()
    if not text or text.lower() in _UNHELPFUL or len(text) < 2:
        return ""
    return text if re.match(r"(?:the|how|a|an|each|every|his|her|their|its)\b", text, re.I) else f"“{text}”"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
