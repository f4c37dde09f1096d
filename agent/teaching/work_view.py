"""Shows the check of a student's work in the terminal: each step with its mark, then what to look at."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.status import Status
from rich.text import Text

from agent import events
from agent.teaching.reviews import ReviewedStep, StepVerdict, WorkReview
from agent.teaching.work_words import guidance, headline, praise

MARKS = {
    StepVerdict.RIGHT: ("✔", "green"),
    StepVerdict.WRONG: ("✘", "red"),
    StepVerdict.ASKED: ("?", "yellow"),
    StepVerdict.OPEN: ("◌", "dim"),
    StepVerdict.AFTER: ("·", "dim"),
}


class WorkView:
    """Tell it the events as they come; a person at a terminal sees what is being waited for."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._written = 0

    def __enter__(self) -> WorkView:
        if self._console.is_terminal:
            self._status = self._console.status("reading your work")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, event: events.TutorEvent) -> None:
        match event:
            case events.WorkRead(steps=steps):
                self._now(f"{len(steps)} steps read; solving the problem without them")
            case events.DerivationWritten():
                self._written += 1
                self._now(f"solving the problem without them: {self._written} done")
            case events.WorkReviewed(review=review):
                for line in review_lines(review):
                    self._console.print(line, soft_wrap=not self._console.is_terminal, highlight=False)

    def _now(self, what: str) -> None:
        if self._status is not None:
            self._status.update(f"[dim]{what}…[/dim]")


def review_lines(review: WorkReview) -> list[Text]:
    """The steps with their marks, the headline, what is right and what to look at."""
    lines = [_step_line(step) for step in review.steps]
    lines += [Text(""), Text(headline(review), "bold")]
    if right := praise(review):
        lines.append(Text(right, "green"))
    return lines + [Text(said) for said in guidance(review)]


def _step_line(step: ReviewedStep) -> Text:
    mark, style = MARKS[step.verdict]
    return Text(f"{mark} {step.number:>2}  ", style).append(step.text, "dim" if style == "dim" else "default")
