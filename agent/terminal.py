"""A solution on a terminal, as it happens: the plan, each step with its mark, the answer, the badge."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.text import Text

from agent import events
from agent.domain import Badge, Example, Route, Solution, Step, Verdict
from agent.parsing import plain_mathematics

# Longer texts are named instead of shown: a hit is shown whole or not at all.
LONGEST_SHOWN = 4_000
NARROWEST = 20
STYLE = {Verdict.VERIFIED: "green", Verdict.REFUTED: "red", Verdict.UNVERIFIED: "yellow"}


class TerminalView:
    """Shows events on a console, a line as soon as it is complete; colours and a spinner only on a terminal."""

    def __init__(self, console: Console, *, trace: bool = False) -> None:
        self._console = console
        self._trace = trace
        self._line = ""
        self._tokens = 0
        self._status: Status | None = None

    def __enter__(self) -> TerminalView:
        if self._console.is_terminal:
            self._status = self._console.status("reading the problem")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, event: events.TutorEvent) -> None:
        if isinstance(event, events.NodeFinished):
            self._tokens += event.output_tokens
        match event:
            case events.NodeStarted(node=node):
                self._now(node)
            case events.PlanWritten(plan=plan):
                self._print(Text("Asked  ", "bold").append(plain_mathematics(plan.asked), "default"))
                if plan.given:
                    self._print(Text("Given  ", "bold").append(", ".join(plan.given), "default"))
                if plan.approach:
                    self._print(Text("Plan   ", "bold").append(plan.approach, "default"))
                self._print("")
            case events.TokenWritten(text=text):
                self._write(text)
            case events.StepRefuted(claim=claim, kept=kept):
                self._flush()
                self._print(Text(f"  ✘ {plain_mathematics(claim.reason)} Put right:", "red"))
                self._write(_end_of(kept))
            case events.StepChecked(step=step):
                self._flush()
                self._print(step_mark(step))
                self._print("")
            case events.SolutionCorrected(steps=steps):
                self._flush()
                self._print(Text("Derivations from the problem alone agree on another answer:", "yellow"))
                for step in steps:
                    self._print_line(step.text)
                self._print("")
            case events.ExamplesFound(examples=examples, reason=reason) if self._trace:
                self._flush()
                self._print(Text(f"  ⋯ {len(examples)} similar problems: {reason}", "dim cyan"))
            case events.NodeFinished() if self._trace:
                self._flush()
                self._print(trace_line(event))
            case events.HintGiven(hint=hint):
                self._flush()
                self._print(Text(f"Hint {hint.number} of {hint.total}", "bold"))
            case events.AnswerGiven(solution=solution):
                self._flush()
                self._finish(solution)

    def _now(self, node: str) -> None:
        if self._status is not None:
            self._status.update(f"[dim]{escape(node.replace('_', ' '))}…[/dim]")

    def _write(self, text: str) -> None:
        *complete, self._line = (self._line + text).split("\n")
        for line in complete:
            self._print_line(line)

    def _flush(self) -> None:
        if self._line.strip():
            self._print_line(self._line)
        self._line = ""

    def _print_line(self, line: str) -> None:
        if shown := plain_line(line):  # a delimiter alone leaves nothing, which is no line of the solution
            self._print(Text("  " + shown))

    def _finish(self, solution: Solution) -> None:
        if not solution.route.solves:
            self._print(solution.answer or "")
            if solution.route in (Route.FOLLOW_UP, Route.OBJECTION, Route.HINT):
                self._print(Text(f"{solution.badge.verdict.mark} {solution.badge.reason}", "dim"))
            return
        if solution.formulas:
            self._print(Text("Formulas  ", "bold").append("; ".join(solution.formulas), "default"))
        if solution.answer is not None:
            self._print(Text("Answer    ", "bold").append(plain_mathematics(solution.answer), "bold"))
        self._print(badge_line(solution.badge))
        if cost := effort_line(solution, self._tokens):
            self._print(cost)
        for indent, line in similar_problems(solution.examples):
            self._print_indented(line, indent)

    def _print_indented(self, line: str, indent: int) -> None:
        """Dim, beside what is the student's own; on a terminal, what is too long for a line goes on under its first."""
        text, room = Text(line, "dim"), max(self._console.width - indent, NARROWEST)
        for part in text.wrap(self._console, room) if self._console.is_terminal else [text]:
            self._print(Text(" " * indent).append_text(part))

    def _print(self, line: str | Text) -> None:
        self._console.print(line, soft_wrap=not self._console.is_terminal, highlight=False)


def _end_of(kept: str) -> str:
    """What of a corrected text shows the correction: its last line, or a program's output with its fences."""
    if not kept.endswith("```\n"):
        return kept.rsplit("\n", 1)[-1]
    return kept[max(kept.rfind("```", 0, len(kept) - len("```\n")), 0) :]


def step_mark(step: Step) -> Text:
    """The mark of a step with what it rests on: the evidence where it is false, a count where it holds."""
    mark = step.verdict.mark
    if step.refutation is not None:
        return Text(f"  {mark} {plain_mathematics(step.refutation.reason)}", "red")
    checked = sum(claim.verdict is Verdict.VERIFIED for claim in step.claims)
    if checked:
        what = "1 calculation checked" if checked == 1 else f"{checked} calculations checked"
        return Text(f"  {mark} {what}", "green")
    return Text(f"  {mark} nothing here to check by calculation", "dim")


def badge_line(badge: Badge) -> Text:
    name = {"verified": "verified", "refuted": "refuted", "unverified": "not verified"}[badge.verdict.value]
    return Text(f"{badge.verdict.mark} {name}  ", f"bold {STYLE[badge.verdict]}").append(badge.reason, "default")


def effort_line(solution: Solution, tokens: int) -> Text | None:
    """What the answer and its check cost, and how sure the check is; None where no model was asked."""
    parts = [f"{tokens} tokens written"] if tokens else []
    if solution.derivations:
        count = len(solution.derivations)
        parts.append("1 derivation" if count == 1 else f"{count} derivations")
    if solution.badge.confidence is not None:
        parts.append(f"confidence {solution.badge.confidence:.2f}")
    return Text("            " + ", ".join(parts), "dim") if parts else None


def similar_problems(examples: Sequence[Example]) -> list[tuple[int, str]]:
    """Lines with their indents: each problem whole and cited, the first one with its whole solution."""
    lines = [(0, "Similar worked problems")] if examples else []
    for place, example in enumerate(examples):
        lines += [(0, "")] if place else []
        lines += [(2, line) for line in _whole(example.problem, "problem")]
        if place == 0:
            lines += [(6, line) for line in _whole(example.solution, "solution")]
        about = filter(None, (example.nearness, example.method, example.citation))
        lines.append((4, " · ".join(about)))
    return lines


def _whole(text: str, what: str) -> list[str]:
    if len(text) > LONGEST_SHOWN:
        return [f"(A {what} of {len(text):,} characters: `mathlearn index search` shows it whole.)"]
    return [shown for line in text.splitlines() if (shown := plain_line(line))]


def plain_line(line: str) -> str:
    """A line of Markdown with LaTeX as a terminal can show it, "" where only its marks are left out."""
    shown = plain_mathematics(re.sub(r"\*\*([^*]+)\*\*", r"\1", line)).rstrip()
    return re.sub(r"^\s*#+\s*", "", shown) if shown.strip() else ""


def trace_line(event: events.NodeFinished) -> Text:
    """What a node cost, and what it received and returned."""
    cost = f"{event.seconds:.2f} s"
    if event.output_tokens or event.prompt_tokens:
        cost += f", {event.prompt_tokens} prompt tokens ({event.cached_tokens} cached), {event.output_tokens} written"
    lines = [f"  ⋯ {event.node}: {cost}"]
    lines += [f"      ← {key} = {value!r}" for key, value in event.received.items()]
    lines += [f"      → {key} = {value!r}" for key, value in event.returned.items()]
    return Text("\n".join(lines), "dim cyan")
