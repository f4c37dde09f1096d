"""The words of the tutor: problems, steps, claims, verdicts. Standard library only, for every package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

QUESTION_FIRST = "-question-first"  # ends the name of a form that was written from the retold problem


class Route(StrEnum):
    """How a message is answered: a problem is solved, an idea explained, or the student is helped along.

    HINT gives the next hint on a problem, CHECK goes through the student's own work, PRACTISE sets a problem,
    FOLLOW_UP answers from the solution before it, OBJECTION weighs what somebody else claims, SUPPORT answers a
    student who is stuck or upset. DECLINED is nothing to work on.
    """

    WORD_PROBLEM = "word problem"
    SYMBOLIC = "symbolic"
    CONCEPT = "concept"
    HINT = "hint"
    CHECK = "check"
    PRACTISE = "practise"
    FOLLOW_UP = "follow up"
    OBJECTION = "objection"
    SUPPORT = "support"
    DECLINED = "declined"

    @property
    def solves(self) -> bool:
        """Whether the reply is a solution, with steps, an answer and a badge; the others are a reply in words."""
        return self in (Route.WORD_PROBLEM, Route.SYMBOLIC, Route.CONCEPT)


class Verdict(StrEnum):
    """What is known of a claim, a step or an answer. Whatever could not be checked is UNVERIFIED."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNVERIFIED = "unverified"

    @property
    def mark(self) -> str:
        return {"verified": "✔", "refuted": "✘", "unverified": "◌"}[self.value]


class Effort(StrEnum):
    """How many further derivations are worth asking for while it is open whether an answer is right."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Correction:
    """A replacement that puts a refuted calculation right: `text[start:end]` becomes `replacement`."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkable statement found in a step.

    `text` is the statement as written; `reason` is a sentence a student can read (for a refuted claim
    it names what is wrong: "7 × 8 = 54 is false: 7 × 8 = 56"); `correction` is there only for a refuted
    claim that has a single right value, with offsets into the step's text.
    """

    text: str
    verdict: Verdict
    reason: str
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a solution, in the model's own words. `replaced` holds earlier refuted versions."""

    number: int
    text: str
    claims: tuple[Claim, ...] = ()
    replaced: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Refuted if any claim is; verified if at least one claim is checked and none is refuted."""
        verdicts = {claim.verdict for claim in self.claims}
        if Verdict.REFUTED in verdicts:
            return Verdict.REFUTED
        return Verdict.VERIFIED if Verdict.VERIFIED in verdicts else Verdict.UNVERIFIED

    @property
    def refutation(self) -> Claim | None:
        return next((claim for claim in self.claims if claim.verdict is Verdict.REFUTED), None)


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely its words were to the model that wrote them: natural logarithms of token probabilities.

    `mean` is that of all tokens, `lowest` that of the least likely one.
    """

    tokens: int
    mean: float
    lowest: float

    def joined(self, other: Likelihood | None) -> Likelihood:
        """The likelihood of this text and another one together."""
        if other is None:
            return self
        tokens = self.tokens + other.tokens
        mean = (self.mean * self.tokens + other.mean * other.tokens) / tokens
        return Likelihood(tokens, mean, min(self.lowest, other.lowest))


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derivation of the answer written from the problem alone.

    `answer` is None where the derivation could not be evaluated; `failure` then says why. `sample` counts the
    derivations of one form: 0 is the greedy one, others are drawn. `likelihood` is None where the model's
    server does not say it. A `retold` one was written from the problem with its question first, which the name of its
    form says.
    """

    form: str
    text: str
    answer: str | None
    failure: str | None = None
    sample: int = 0
    likelihood: Likelihood | None = None

    @property
    def retold(self) -> bool:
        return self.form.endswith(QUESTION_FIRST)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked problem of the corpus, found near the student's, with its source, row and licence.

    `similarity` is a cosine in [-1, 1]. `verbatim`: it is the student's very problem, up to case, white space and
    punctuation. `likeness` in [0, 1] is how alike its solution's calculation is to the one searched by, 1 for the
    same, 0 where none was. `why` says in a few words what speaks for it.
    """

    problem: str
    solution: str
    source: str
    row: int
    licence: str
    similarity: float
    answer: str = ""
    method: str = ""
    verbatim: bool = False
    likeness: float = 0.0
    why: str = ""

    @property
    def citation(self) -> str:
        """Where it comes from, as it is cited wherever it is shown."""
        return f"{self.source}, row {self.row}, {self.licence}"

    @property
    def nearness(self) -> str:
        """How near it is and what speaks for it, as it is said wherever it is shown.

        A cosine says nothing more where the problem or its calculation is the very same.
        """
        if self.verbatim:
            return self.why or "this very problem"
        if self.likeness == 1:
            return self.why or "the same calculation"
        return ": ".join(filter(None, (f"{self.similarity:.0%} similar", self.why)))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, what is given, and how it will be tackled: shown to the student at once."""

    asked: str
    given: tuple[str, ...]
    approach: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A function's graph: (x, y) from left to right, y None where it is undefined or the line is broken."""

    name: str
    points: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the number line, None where it has no end; a single point has both ends there and belonging."""

    low: float | None
    high: float | None
    low_belongs: bool
    high_belongs: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """What a problem in one unknown looks like: graphs, marked points, and the solution on the number line.

    `shaded` is from where to where the area below the first curve is meant; `window` is left, right, bottom, top.
    """

    unknown: str
    curves: tuple[Curve, ...]
    marks: tuple[tuple[float, float], ...]
    solution: tuple[Stretch, ...]
    shaded: tuple[float, float] | None
    window: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Badge:
    """The verdict on an answer, with the reason for it in one sentence.

    `confidence` is the estimated probability that the answer is right, None where nothing supports an estimate.
    """

    verdict: Verdict
    reason: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """Everything the tutor has to say about one problem.

    `set_aside` are the steps that were written first, where derivations that agree on another answer took their
    place.
    """

    problem: str
    route: Route
    answer: str | None
    badge: Badge
    steps: tuple[Step, ...] = ()
    plan: Plan | None = None
    formulas: tuple[str, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    examples: tuple[Example, ...] = ()
    set_aside: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """One rung of the ladder of hints on a problem: `number` counts from 1, `total` is the rung that shows all.

    `kind` is "asked", "idea", "relation", "step", "then" or "show"; `about` says which move of the solution the rung
    is about, counted from 0.
    """

    number: int
    total: int
    kind: str
    text: str
    about: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """One calculation on the way to the answer.

    `quantity` says in words what it gives, "" where nobody says; `relation` is how, with names in the place of
    numbers ("rest = stickers − given"), "" without names; `calculation` is the same with numbers, without its
    result; `operation` is one of + - * / ^, "" for another; `result` is exact text; `operands` are what it is
    calculated from, in words.
    """

    quantity: str
    relation: str
    calculation: str
    operation: str
    result: str
    operands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """The problem that a conversation is about, kept from message to message, with its solution.

    `moves` are what the hints are made of, as `agent.teaching.moves` writes them; of an exactly computed answer there
    are the `method` and the worked `lines` instead. `hints_given` counts the rungs that the student has seen.
    """

    question: str
    solution: Solution
    moves: tuple[Move, ...] = ()
    method: str = ""
    lines: tuple[str, ...] = ()
    hints_given: int = 0
