"""How likely an answer is to be right, by a logistic model of what speaks for it, fitted on training problems.

The coefficients are in confidence.json, with the data and the command that they were fitted with
(bench/calibrate.py). Serves verdicts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any, Protocol

from agent.domain import Derivation, Likelihood, Verdict
from agent.verification.quantities import from_nowhere, left_out, numbers_given


class Comparisons(Protocol):
    """What SymPy says of answers and derivations; the Verifier, whose worker process it runs in."""

    def same_value(self, first: str, second: str) -> Verdict: ...

    def same_function(self, problem: str, first: str, second: str) -> Verdict: ...

    def oddities(self, problem: str, answer: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was written about one problem: the text's answer, None where it has none, and the derivations."""

    problem: str
    text_answer: str | None
    text_likelihood: Likelihood | None
    derivations: Sequence[Derivation]


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for one answer: the text, where `in_text`, and the derivations that give it.

    `against` are the readable derivations that give another one, `rival` how many voices, the text's among them,
    the strongest other answer has; `unreadable` derivations speak for nothing. `as_functions` counts the pairs of
    agreeing derivations that agree as functions of the problem's numbers, `by_value_only` those that do not.
    `oddities` is what makes the answer improbable for what is asked.
    """

    problem: str
    answer: str
    in_text: bool
    agreeing: tuple[Derivation, ...]
    against: int
    rival: int
    unreadable: int
    as_functions: int
    by_value_only: int
    oddities: tuple[str, ...]
    text_answered: bool
    text_likelihood: Likelihood | None = None

    @property
    def voices(self) -> int:
        return len(self.agreeing) + self.in_text

    @property
    def share(self) -> float:
        """The part of all voices that are for it."""
        voices_against = self.against + (not self.in_text and self.text_answered)
        return self.voices / (self.voices + voices_against)

    @property
    def independent(self) -> bool:
        """Whether two derivations that know nothing of each other give this answer."""
        return self.voices >= 2

    @property
    def may_be_answer(self) -> bool:
        """Whether it is in question as the answer to give: it is the text's, or two derivations agree on it."""
        return self.in_text or self.independent

    @property
    def may_be_verified(self) -> bool:
        """Whether the answer has what no likelihood makes up for: a second derivation, and nothing odd about it."""
        return self.independent and not self.oddities

    @property
    def left_out(self) -> int:
        """The numbers of the problem that even the most complete agreeing derivation leaves out."""
        return min((left_out(self.problem, derivation.text) for derivation in self.agreeing), default=0)

    @property
    def from_nowhere(self) -> int:
        """The numbers in the agreeing derivations that nobody gave; of the derivation with the fewest."""
        return min((from_nowhere(self.problem, derivation.text) for derivation in self.agreeing), default=0)


def weigh(evidence: Evidence, compare: Comparisons) -> list[Support]:
    """The answers that were found, the text's first, then in the order in which the derivations gave them."""
    answers = [evidence.text_answer] if evidence.text_answer is not None else []
    given: list[list[Derivation]] = [[] for _ in answers]
    for derivation in evidence.derivations:
        if derivation.answer is None:
            continue
        for known, voices in zip(answers, given, strict=True):
            if compare.same_value(derivation.answer, known) is Verdict.VERIFIED:
                voices.append(derivation)
                break
        else:
            answers.append(derivation.answer)
            given.append([derivation])
    readable = sum(map(len, given))
    counts = [len(voices) + (answer is evidence.text_answer) for answer, voices in zip(answers, given, strict=True)]
    supports = []
    for i, (answer, voices) in enumerate(zip(answers, given, strict=True)):
        pairs = [
            compare.same_function(evidence.problem, first.text, second.text)
            for first, second in combinations(voices, 2)
        ]
        in_text = answer is evidence.text_answer
        supports.append(
            Support(
                problem=evidence.problem, answer=answer, in_text=in_text, agreeing=tuple(voices),
                against=readable - len(voices), rival=max(counts[:i] + counts[i + 1 :], default=0),
                unreadable=len(evidence.derivations) - readable, as_functions=pairs.count(Verdict.VERIFIED),
                by_value_only=pairs.count(Verdict.REFUTED),
                oddities=tuple(compare.oddities(evidence.problem, answer)),
                text_answered=evidence.text_answer is not None,
                text_likelihood=evidence.text_likelihood if in_text else None,
            )
        )  # fmt: skip
    return supports


def features(support: Support) -> dict[str, float]:
    """The model's inputs, each by name; likelihoods are there only where they are known."""
    forms = {derivation.form for derivation in support.agreeing}
    found: dict[str, float] = {
        "the text gives it": support.in_text,
        "forms for it": len(forms),
        "share of the voices": support.share,
        "further samples for it": len(support.agreeing) - len(forms),
        "derivations against it": support.against,
        "voices of the strongest rival": support.rival,
        "unreadable derivations": support.unreadable,
        "pairs that agree as functions": support.as_functions,
        "pairs that agree in value only": support.by_value_only,
        "numbers of the problem left out": support.left_out,
        "numbers from nowhere": support.from_nowhere,
        "oddities": len(support.oddities),
        "is no whole number": not support.answer.strip().lstrip("-").isdigit(),
        "numbers in the problem": min(len(numbers_given(support.problem)), 8),
        "sentences in the problem": min(support.problem.count(".") + support.problem.count("?"), 10),
    }
    likelihoods = [derivation.likelihood for derivation in support.agreeing if derivation.likelihood is not None]
    if likelihoods:
        found["mean log-probability of the likeliest derivation"] = max(known.mean for known in likelihoods)
        found["lowest log-probability of a token in it"] = max(known.lowest for known in likelihoods)
    if support.text_likelihood is not None:
        found["mean log-probability of the text"] = support.text_likelihood.mean
        found["lowest log-probability of a token in the text"] = support.text_likelihood.lowest
    return {name: float(value) for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic model. A feature that is not known stands at its mean, where it adds nothing.

    `coefficients` holds {"intercept": {"weight": w}} and, by feature, {"weight", "mean", "spread"}; from the
    confidence `threshold` on an answer is called verified, where nothing else forbids it.
    """

    coefficients: Mapping[str, Mapping[str, float]]
    threshold: float

    def confidence(self, support: Support) -> float:
        """The estimated probability that an answer is right, in [0, 1]."""
        return self.of(features(support))

    def of(self, known: Mapping[str, float]) -> float:
        score = self.coefficients["intercept"]["weight"]
        for name, term in self.coefficients.items():
            if name != "intercept" and name in known:
                score += term["weight"] * (known[name] - term["mean"]) / term["spread"]
        return 1 / (1 + math.exp(-score))


@cache
def fitted() -> Calibration:
    """The calibration that confidence.json holds, with where it comes from."""
    content: Mapping[str, Any] = json.loads(files(__package__).joinpath("confidence.json").read_text("utf-8"))
    return Calibration(content["coefficients"], float(content["threshold"]))
