"""How likely an answer is to be right, by a logistic model of what speaks for it, fitted on training problems.

The coefficients are in confidence.json, with the data and the command that they were fitted with
(bench/calibrate.py). Serves verdicts.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any, Protocol

from agent.domain import Derivation, Likelihood, Verdict
from agent.verification.derivations.ambiguity import two_readings
from agent.verification.derivations.unused_numbers import quantities_of, unused
from agent.verification.reading.quantities import from_nowhere, left_out, numbers_given


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
class Voices:
    """What derivations that read the problem in the same words say to one answer.

    `against` are the readable ones that give another, `rival` how many voices, the text's among them, the strongest
    other answer has; the `unreadable` speak for nothing.
    """

    agreeing: tuple[Derivation, ...] = ()
    against: int = 0
    rival: int = 0
    unreadable: int = 0

    @property
    def forms(self) -> int:
        return len({derivation.form for derivation in self.agreeing})

    @property
    def asked(self) -> int:
        return len(self.agreeing) + self.against + self.unreadable

    @property
    def most_agree(self) -> bool:
        return 2 * len(self.agreeing) > self.asked


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for one answer: the text, where `in_text`, and the derivations that give it.

    `told` are the derivations that read the problem as it was given, `retold` those that read its question first: they
    repeat a misreading less often, and are weighed by themselves. `as_functions` counts the pairs of agreeing `told`
    derivations that agree as functions of the problem's numbers, `by_value_only` those that do not. `oddities` is what
    makes the answer improbable for what is asked; `fuller` is a derivation that has use for more of the quantities that
    the problem gives than any that agrees, and gives another answer; None where there is none. `unused` counts the
    quantities that all that agree have no use for.
    """

    problem: str
    answer: str
    in_text: bool
    told: Voices
    retold: Voices
    as_functions: int
    by_value_only: int
    oddities: tuple[str, ...]
    fuller: Derivation | None
    unused: int
    text_answered: bool
    text_likelihood: Likelihood | None = None

    @property
    def agreeing(self) -> tuple[Derivation, ...]:
        return self.told.agreeing + self.retold.agreeing

    @property
    def against(self) -> int:
        return self.told.against + self.retold.against

    @property
    def voices(self) -> int:
        return len(self.agreeing) + self.in_text

    @property
    def share(self) -> float:
        """The part of the voices that are for it, of the text and the derivations from the problem as given."""
        voices = len(self.told.agreeing) + self.in_text
        voices_against = self.told.against + (not self.in_text and self.text_answered)
        return voices / max(voices + voices_against, 1)

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
        """Whether the answer has what no likelihood makes up for.

        A second derivation, nothing odd about it, one way only to read the problem, and no derivation that may have
        seen what all that agree have overlooked.
        """
        return self.independent and not self.oddities and self.two_readings is None and self.fuller is None

    @property
    def two_readings(self) -> str | None:
        """Why the problem can be read in two ways, where it is known to."""
        return two_readings(self.problem)

    @property
    def left_out(self) -> int:
        """The numbers of the problem that even the most complete agreeing derivation leaves out."""
        return min((left_out(self.problem, derivation.text) for derivation in self.told.agreeing), default=0)

    @property
    def from_nowhere(self) -> int:
        """The numbers in the agreeing derivations that nobody gave; of the derivation with the fewest."""
        return min((from_nowhere(self.problem, derivation.text) for derivation in self.told.agreeing), default=0)


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
    quantities = quantities_of(evidence.problem)
    supports = []
    for i, answer in enumerate(answers):
        told, retold = (_voices(i, evidence, given, retold=way) for way in (False, True))
        pairs = [
            compare.same_function(evidence.problem, first.text, second.text)
            for first, second in combinations(told.agreeing, 2)
        ]
        in_text = answer is evidence.text_answer
        others = [derivation for j, voices in enumerate(given) if j != i for derivation in voices]
        supports.append(
            Support(
                problem=evidence.problem, answer=answer, in_text=in_text, told=told, retold=retold,
                as_functions=pairs.count(Verdict.VERIFIED), by_value_only=pairs.count(Verdict.REFUTED),
                oddities=tuple(compare.oddities(evidence.problem, answer)),
                fuller=_fuller(quantities, given[i], others), unused=_unused_by_all(quantities, given[i]),
                text_answered=evidence.text_answer is not None,
                text_likelihood=evidence.text_likelihood if in_text else None,
            )
        )  # fmt: skip
    return supports


def _unused_by_all(quantities: Counter[Fraction], agreeing: Sequence[Derivation]) -> int:
    return min((unused(quantities, derivation.text) for derivation in agreeing), default=0)


def _fuller(
    quantities: Counter[Fraction], agreeing: Sequence[Derivation], others: Sequence[Derivation]
) -> Derivation | None:
    """The one of the others that leaves out the fewest quantities, if that is fewer than in all that agree."""
    if not agreeing or not others:
        return None
    left_out = {derivation: unused(quantities, derivation.text) for derivation in (*agreeing, *others)}
    fullest = min(others, key=left_out.__getitem__)
    return fullest if left_out[fullest] < min(left_out[derivation] for derivation in agreeing) else None


def _voices(index: int, evidence: Evidence, given: Sequence[Sequence[Derivation]], *, retold: bool) -> Voices:
    """What the derivations of one way of telling the problem say to the answer at `index` of those `given`."""
    ours = [tuple(derivation for derivation in voices if derivation.retold == retold) for voices in given]
    asked = sum(derivation.retold == retold for derivation in evidence.derivations)
    readable = sum(map(len, ours))
    counts = [len(voices) + (evidence.text_answer is not None and i == 0) for i, voices in enumerate(ours)]
    rival = max(counts[:index] + counts[index + 1 :], default=0)
    return Voices(ours[index], readable - len(ours[index]), rival, asked - readable)


def features(support: Support) -> dict[str, float]:
    """The model's inputs, each by name; likelihoods are there only where they are known.

    The retold derivations are not among them: see Retold.
    """
    told = support.told
    found: dict[str, float] = {
        "the text gives it": support.in_text,
        "forms for it": told.forms,
        "share of the voices": support.share,
        "further samples for it": len(told.agreeing) - told.forms,
        "derivations against it": told.against,
        "voices of the strongest rival": told.rival,
        "unreadable derivations": told.unreadable,
        "pairs that agree as functions": support.as_functions,
        "pairs that agree in value only": support.by_value_only,
        "numbers of the problem left out": support.left_out,
        "numbers from nowhere": support.from_nowhere,
        "oddities": len(support.oddities),
        "is no whole number": not support.answer.strip().lstrip("-").isdigit(),
        "numbers in the problem": min(len(numbers_given(support.problem)), 8),
        "sentences in the problem": min(support.problem.count(".") + support.problem.count("?"), 10),
    }
    likelihoods = [derivation.likelihood for derivation in told.agreeing if derivation.likelihood is not None]
    if likelihoods:
        found["mean log-probability of the likeliest derivation"] = max(known.mean for known in likelihoods)
        found["lowest log-probability of a token in it"] = max(known.lowest for known in likelihoods)
    if support.text_likelihood is not None:
        found["mean log-probability of the text"] = support.text_likelihood.mean
        found["lowest log-probability of a token in the text"] = support.text_likelihood.lowest
    return {name: float(value) for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class Retold:
    """What it says of an answer that most of the derivations of the retold problem give it, or that they do not.

    `right` and `wrong` count right and wrong answers of training problems: those that most do not give, and those that
    they do. By Bayes' rule the odds are multiplied by the ratio of the two frequencies, with one more of each
    (Laplace's rule). From the confidence `threshold` on an answer that most of them give is verified; where further
    samples had to be drawn, the threshold of all others holds again.
    """

    right: tuple[int, int]
    wrong: tuple[int, int]
    threshold: float

    def log_ratio(self, most_agree: bool) -> float:
        """The natural logarithm of the likelihood ratio, right over wrong."""
        right = (self.right[most_agree] + 1) / (sum(self.right) + 2)
        wrong = (self.wrong[most_agree] + 1) / (sum(self.wrong) + 2)
        return math.log(right / wrong)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic model. A feature that is not known stands at its mean, where it adds nothing.

    `coefficients` holds {"intercept": {"weight": w}} and, by feature, {"weight", "mean", "spread"}; from the
    confidence `threshold` on an answer is called verified, where nothing else forbids it.
    """

    coefficients: Mapping[str, Mapping[str, float]]
    threshold: float
    retold: Retold | None = None

    def confidence(self, support: Support) -> float:
        """The estimated probability that an answer is right, in [0, 1]."""
        score = self._score(features(support))
        if self.retold is not None and support.retold.asked:
            score += self.retold.log_ratio(support.retold.most_agree)
        return 1 / (1 + math.exp(-score))

    def suffices(self, confidence: float, support: Support) -> bool:
        """Whether this confidence is enough to call the answer verified.

        Where all derivations leave out a quantity of the problem, it takes those of the retold problem as well: a
        misreading that drops something drops it in every form, but less often once the question is known.
        """
        if support.unused and not support.retold.asked:
            return False
        retold = self.retold if support.retold.asked else None
        samples_drawn = support.told.asked > support.retold.asked  # else each form is there once in either way
        if retold is None or samples_drawn:
            return confidence >= self.threshold
        return support.retold.most_agree and confidence >= retold.threshold

    def of(self, known: Mapping[str, float]) -> float:
        """The probability by these features alone."""
        return 1 / (1 + math.exp(-self._score(known)))

    def _score(self, known: Mapping[str, float]) -> float:
        score = self.coefficients["intercept"]["weight"]
        for name, term in self.coefficients.items():
            if name != "intercept" and name in known:
                score += term["weight"] * (known[name] - term["mean"]) / term["spread"]
        return score


@cache
def fitted() -> Calibration:
    """The calibration that confidence.json holds, with where it comes from."""
    return calibration_of(json.loads(files(__package__).joinpath("confidence.json").read_text("utf-8")))


def calibration_of(content: Mapping[str, Any]) -> Calibration:
    """The calibration that bench/calibrate.py and bench/calibrate_retold.py wrote."""
    known = content.get("retold")
    retold = None
    if known:
        (few, most), (few_wrong, most_wrong) = known["right"], known["wrong"]
        retold = Retold((few, most), (few_wrong, most_wrong), known["threshold"])
    return Calibration(content["coefficients"], content["threshold"], retold)
