"""What a student is told of her own work: words that guide, praise something definite, and give no answer away.

Every number in them is the student's own or the problem's: results of the derivations do not come in here.
"""

from __future__ import annotations

from agent.domain import Verdict
from agent.teaching.reviews import Fault, Outcome, StepVerdict, WorkReview


def headline(review: WorkReview) -> str:
    """One sentence on the work as a whole."""
    match review.outcome:
        case Outcome.RIGHT:
            return "Your answer is right: I come to the same in another way."
        case Outcome.RIGHT_OTHER_WAY if review.accuses:
            return f"Your answer is right, but step {review.pointed} as it is written is not."
        case Outcome.RIGHT_OTHER_WAY:
            return f"Your answer is right. I am not sure how step {review.pointed} leads to it."
        case Outcome.AGREED:
            return "I come to the same answer, but that is not enough for me to call it right."
        case Outcome.WRONG_ANSWER if review.fault is Fault.CALCULATION and not review.derivations:
            return f"The calculation in step {review.pointed} does not hold."
        case Outcome.WRONG_ANSWER:
            return f"Not yet: step {review.pointed} is where it goes wrong."
        case Outcome.WRONG_ANSWER_RIGHT_WAY:
            return "The way is right, but it does not end on what is asked for."
        case Outcome.DOUBTFUL:
            return f"I am not sure, but I would look at step {review.pointed} again."
        case Outcome.UNDECIDED:
            return "I cannot say whether this is right: I find nothing false in it, and nothing that confirms it."


def praise(review: WorkReview) -> str:
    """What is right, named: the latest step that is known to be on the way, else the latest calculation that holds; ""
    where there is neither. Nothing is praised without that."""
    right = [step for step in review.steps if step.verdict is StepVerdict.RIGHT and step.calculation]
    if right:
        step = right[-1]
        return f"Step {step.number} is right: {_quoted(step.calculation)} is a quantity that leads to the answer."
    if review.outcome is not Outcome.AGREED:
        return ""
    holding = [
        (step.number, claim.text) for step in review.steps if step.verdict is StepVerdict.OPEN
        for claim in step.claims if claim.verdict is Verdict.VERIFIED
    ]  # fmt: skip
    if not holding:
        return ""
    number, calculation = holding[-1]
    return f"The calculation in step {number} holds: {_quoted(calculation)}."


def guidance(review: WorkReview) -> list[str]:
    """What to look at next, without the result: why the step is pointed at, and a question that helps on."""
    if review.pointed is None or review.fault is None:
        return []
    step = review.steps[review.pointed - 1]
    quoted = _quoted(step.calculation)
    said = []
    match review.fault:
        case Fault.CALCULATION:
            said.append(f"{quoted or 'A calculation in it'} does not hold: work it out once more, slowly.")
        case Fault.OFF_THE_WAY if review.outcome is Outcome.RIGHT_OTHER_WAY:
            said.append(f"Say in words what {quoted or 'this step'} stands for in the problem, and why you need it.")
        case Fault.OFF_THE_WAY:
            what = f"with {quoted} you arrive at a number" if step.calculation else "you state a number"
            said.append(f"In step {step.number} {what} that I do not find on the way to what is asked.")
            said.append("What does it stand for in the problem? Do all the numbers in it belong together?")
        case Fault.NOT_ASKED:
            said.append(f"The numbers up to step {step.number} are right. Read the question once more:")
            said.append("which quantity does it ask for, and is that the one you end on?")
    if review.unused and review.fault is not Fault.CALCULATION:
        numbers = ", ".join(review.unused[:3])
        said.append(f"The problem also gives {numbers}, which your work does not use. Where does it come in?")
    return said


def _quoted(calculation: str) -> str:
    return f"“{calculation}”" if calculation else ""


def spoken(review: WorkReview) -> str:
    """All of it as one text: the verdict, what is right, what to look at."""
    return "\n".join(part for part in [headline(review), praise(review), *guidance(review)] if part)
