"""What a student is told of answers and progress, in words; the same in the terminal and in the chat."""

from __future__ import annotations

from collections.abc import Sequence

from agent.practice.mastery import DEFAULTS
from agent.practice.practising import Reply
from agent.practice.problems import PracticeProblem
from agent.practice.store import Attempt, records_of
from agent.verification.students.outcomes import Outcome

BARS = "▁▂▃▄▅▆▇█"
LATEST = 24  # problems drawn in one line of the terminal


def remark_on(reply: Reply, problem: PracticeProblem) -> str:
    """What is said to an answer: never the answer itself while it is not found."""
    judged = reply.judged
    match judged.outcome:
        case Outcome.RIGHT:
            said = f"Right: {problem.shown}. {judged.remark}"
        case Outcome.NOT_SIMPLIFIED:
            said = f"Right. {judged.remark} {problem.shown}."
        case Outcome.WRONG:
            said = judged.remark or "Not yet."
            said += " Try again, or take a hint."
        case _:
            said = f"{judged.remark} Try again: this does not count."
    if reply.attempt is not None and not reply.attempt.independent:
        said += " It counts as known once you find it without help and at the first go."
    return " ".join(said.split())


def session_line(attempts: Sequence[Attempt]) -> str:
    """One line on the problems of a session, "" where none was finished."""
    if not attempts:
        return ""
    right = sum(attempt.independent for attempt in attempts)
    mastered = sorted(record.skill for record in records_of(attempts).values() if record.mastered)
    known = f" Mastered: {', '.join(mastered)}." if mastered else ""
    return f"{right} of {len(attempts)} found at the first go and without help.{known}"


def progress_lines(attempts: Sequence[Attempt]) -> list[str]:
    """A line a skill, best known first, with its mastery drawn over time; what to do where there is none."""
    if not attempts:
        return ["Nothing is practised yet: begin with `mathlearn practice`."]
    lines = []
    for record in sorted(records_of(attempts).values(), key=lambda record: (-record.mastery, record.skill)):
        course = [attempt.mastery for attempt in attempts if attempt.skill == record.skill][-LATEST:]
        mark = "✔" if record.mastered else " "
        lines.append(
            f"{mark} {record.mastery:4.0%}  {drawn([DEFAULTS.known, *course])}  {record.skill}"
            f"  ({record.right} of {record.answered} at the first go)"
        )
    return lines


def drawn(course: Sequence[float]) -> str:
    """Probabilities as a row of bars."""
    return "".join(BARS[min(int(value * len(BARS)), len(BARS) - 1)] for value in course)


def course_of(attempts: Sequence[Attempt]) -> list[dict[str, float]]:
    """After each problem, the mastery of every topic practised by then: the mean of its skills practised."""
    known: dict[str, dict[str, float]] = {}
    course = []
    for attempt in attempts:
        known.setdefault(attempt.topic, {})[attempt.skill] = attempt.mastery
        course.append({topic: sum(skills.values()) / len(skills) for topic, skills in known.items()})
    return course
