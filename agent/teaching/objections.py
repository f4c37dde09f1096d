"""What somebody claims against a solution ("my teacher says 7×8=54"): found in the message, weighed by the verifier.

The tutor answers from evidence alone: it agrees where the claim holds, keeps to its answer where the claim is false,
and says so where it cannot tell. Who is quoted makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from agent.domain import Claim, Lesson, Verdict
from agent.teaching.explanations import in_plain_sentences

_COMPARED = (
    (r"\bis not equal to\b|\bis not\b|\bisn't\b|\bare not\b|\baren't\b|\bdoes not equal\b|\bdoesn't equal\b", "≠"),
    (r"\b(?:is|are) (?:bigger|greater|larger|more|higher) than\b", ">"),
    (r"\b(?:is|are) (?:smaller|less|lower|fewer) than\b", "<"),
    (r"\b(?:is|are) (?:exactly |really |always )?(?:the same as|equal to)\b", "="),
    (r"\b(?:is|are|equals?|makes?|gives?|comes? to)\b(?: (?:exactly|really|always))?", "="),
)
_TERM = (
    r"[-−(\d√πx.][-−+*/×÷·^²³().,\d\s%√π]*(?:\bx\b[\d\s.]+|\b(?:of|times|plus|minus|divided by|squared)\b[\s\d.%]*)*"
)
_VALUE = re.compile(
    r"[-−]?[$€£]?\s?\d[\d,]*(?:\.\d+)?(?:\s?/\s?\d+)?(?:\s?%)?(?:\s?(?:[a-zA-Z]{1,6}/[a-z]{1,6}|[a-zA-Z]{1,12}))?"
)
_SPOKEN = (
    (r"\btimes\b|(?<=\d)\s*[xX]\s*(?=\d)", " × "),
    (r"\bpi\b", "π"), (r"\bplus\b", " + "), (r"\bminus\b", " − "), (r"\bdivided by\b", " ÷ "), (r"\bsquared\b", "^2"),
)  # fmt: skip


class Checks(Protocol):
    """What of the verifier an objection needs."""

    def check_step(self, text: str, *, earlier: Sequence[str] = (), problem: str = "") -> tuple[Claim, ...]: ...

    def same_value(self, first: str, second: str) -> Verdict: ...


def statement_in(message: str) -> str:
    """The statement about numbers that the message makes, in signs ("7 × 8 = 54"); "" where it makes none."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", message.replace("’", "'"))
    for spoken, sign in (*_SPOKEN, *_COMPARED):
        text = re.sub(spoken, f" {sign} ", text, flags=re.I)
    for match in re.finditer(rf"(?P<left>{_TERM})\s*(?P<sign>[=≠<>])\s*(?P<right>{_TERM})", text):
        left, right = match["left"].strip(" .,"), match["right"].strip(" .,")
        if re.search(r"\d|π", left) and re.search(r"\d|π", right):
            return f"{left} {match['sign']} {right}"
    return ""


def value_in(message: str) -> str:
    """The answer that the message claims, "" where it names none: the last number in it."""
    unsaid = re.sub(r"\b(?:step|line|page|exercise|question|grade)\s+\d+", " ", message)
    found = [match[0].strip() for match in _VALUE.finditer(unsaid)]
    return re.sub(r"\s+(?:is|so|and|not|but|because|says?|right)$", "", found[-1]) if found else ""


def weigh(message: str, lesson: Lesson | None, checks: Checks) -> tuple[Verdict, str]:
    """The verdict on what the message claims, and the reply: VERIFIED agrees, REFUTED keeps to the evidence."""
    statement = statement_in(message)
    if statement:
        verdict, evidence = _of_statement(statement, checks)
        if verdict is Verdict.VERIFIED:
            return verdict, f"Yes, that is right: {evidence}"
        if verdict is Verdict.REFUTED:
            return verdict, f"I have to disagree, whoever says it: {evidence} You can check it yourself, step by step."
    value = value_in(message)
    if lesson is None or lesson.solution.answer is None or not value:
        return Verdict.UNVERIFIED, _cannot_tell(lesson)
    return _against(lesson, value, checks)


def weigh_answer(message: str, lesson: Lesson | None, checks: Checks) -> tuple[Verdict, str] | None:
    """The same for the student's own statement or bare answer, without a word about what is right; None for neither.

    Of an answer that is not the lesson's, only that is said: the student is to find it.
    """
    statement = statement_in(message)
    if statement:
        verdict, evidence = _of_statement(statement, checks)
        if verdict is Verdict.VERIFIED:
            return verdict, f"Yes: {evidence}"
        if verdict is Verdict.REFUTED and lesson is None:
            return verdict, f"No: {evidence}"
        return (verdict, f"Look at {statement} again: it does not hold.") if verdict is Verdict.REFUTED else None
    value = value_in(message)
    if lesson is None or not value or len(message) > 80 or lesson.solution.answer is None:
        return None
    if lesson.solution.badge.verdict is not Verdict.VERIFIED:
        return (
            Verdict.UNVERIFIED,
            "I could not verify my own answer: show me your steps, and I go through them.",
        )
    verdict, _ = _against(lesson, value, checks)
    said = {
        Verdict.VERIFIED: f"Yes, {value} is right.",
        Verdict.REFUTED: f"{value} is not what I get. Let us look where it parts.",
        Verdict.UNVERIFIED: f"I cannot compare {value} with my answer: write it in the unit that is asked for.",
    }[verdict]
    return verdict, said


def _of_statement(statement: str, checks: Checks) -> tuple[Verdict, str]:
    left, sign, right = re.split(r"\s*([=≠<>])\s*", statement, maxsplit=1)
    if sign == "≠":
        same = checks.same_value(left, right)
        turned = {Verdict.VERIFIED: Verdict.REFUTED, Verdict.REFUTED: Verdict.VERIFIED}.get(same, same)
        told = f"{left} is equal to {right}." if same is Verdict.VERIFIED else f"{left} and {right} are not the same."
        return turned, told
    claims = [claim for claim in checks.check_step(f"${statement}$") if claim.verdict is not Verdict.UNVERIFIED]
    refuted = next((claim for claim in claims if claim.verdict is Verdict.REFUTED), None)
    if refuted is not None:
        return Verdict.REFUTED, refuted.reason
    if claims:
        return Verdict.VERIFIED, f"{statement}."
    if sign == "=":
        same = checks.same_value(left, right)
        return same, f"{statement}." if same is Verdict.VERIFIED else f"{left} is not {right}."
    return Verdict.UNVERIFIED, ""


def _against(lesson: Lesson, value: str, checks: Checks) -> tuple[Verdict, str]:
    """A claimed answer against the lesson's own."""
    solution = lesson.solution
    answer = str(solution.answer)
    same = checks.same_value(answer, value)
    if same is Verdict.UNVERIFIED and (not _unit(value) or not _unit(answer) or _unit(value) == _unit(answer)):
        same = checks.same_value(_number(answer), _number(value))
    if same is Verdict.UNVERIFIED:
        told = f"I have {answer}. Put {value} into the same unit, and see whether the two agree."
        return Verdict.UNVERIFIED, told
    sure = solution.badge.verdict is Verdict.VERIFIED
    if same is Verdict.VERIFIED:
        opening = f"Then we agree: I have {answer} as well"
        return Verdict.VERIFIED, f"{opening}." if sure else f"{opening}, though I could not verify it a second way."
    if not sure:
        told = (
            f"I have {answer}, but I could not verify it, so {value} may be right. Let us compare the two step by step."
        )
        return Verdict.UNVERIFIED, told
    told = in_plain_sentences(lesson, f"I have checked it again, and I keep to {answer}: {solution.badge.reason}")
    return Verdict.REFUTED, f"{told}\nWhich of these steps looks different in the other solution?"


def _unit(text: str) -> str:
    return "".join(re.findall(r"[A-Za-z%/$€£]+", text)).lower()


def _number(text: str) -> str:
    found = re.search(r"[-−]?\d[\d,]*(?:\.\d+)?(?:/\d+)?", text)
    return found[0] if found else text


def _cannot_tell(lesson: Lesson | None) -> str:
    if lesson is None:
        return "Tell me the statement in numbers, or the problem that it belongs to, and I will check it."
    return "That may be. Which step do you mean, and what should stand there? Then I can check it."
