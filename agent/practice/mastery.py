"""How well a student knows a skill: Bayesian Knowledge Tracing, the published formulas. Serves the choice of problems.

Corbett & Anderson (1995), "Knowledge tracing: modeling the acquisition of procedural knowledge": a skill is known or
not; an answer tells of it through the chances to slip and to guess, and every problem is a chance to learn. The
packages for it fit these four numbers to the records of many students, which a tutor on one's own machine lacks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MASTERED = 0.95  # the authors' own threshold


@dataclass(frozen=True, slots=True)
class Parameters:
    """Probabilities: that the skill is known at first, learned by one problem, guessed right, and slipped on.

    The defaults are ordinary ones and fitted to nobody. A number that is typed in is seldom guessed; guess and slip
    stay below one half, or an answer would count for its opposite (Baker, Corbett & Aleven 2008).
    """

    known: float = 0.3
    learn: float = 0.15
    guess: float = 0.1
    slip: float = 0.1


DEFAULTS = Parameters()


def after_answer(mastery: float, right: bool, p: Parameters = DEFAULTS) -> float:
    """The probability that the skill is known after one more answer: Bayes' rule, then the chance to learn."""
    if right:
        known, chance = mastery * (1 - p.slip), (1 - mastery) * p.guess
    else:
        known, chance = mastery * p.slip, (1 - mastery) * (1 - p.guess)
    posterior = known / (known + chance)
    return posterior + (1 - posterior) * p.learn


def after_answers(answers: Iterable[bool], p: Parameters = DEFAULTS) -> float:
    """The same after a whole history, oldest first."""
    mastery = p.known
    for right in answers:
        mastery = after_answer(mastery, right, p)
    return mastery


def chance_of_right(mastery: float, p: Parameters = DEFAULTS) -> float:
    """How probable a right answer to the next problem is."""
    return mastery * (1 - p.slip) + (1 - mastery) * p.guess
