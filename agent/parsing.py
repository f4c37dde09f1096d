"""Model text and problem text into the tutor's words: the final answer, the step's end, the plan, the formulas."""

from __future__ import annotations

import re

from agent.domain import Example, Plan, Route, Step

# How alike the calculations must be to count as near: the same one, or most of it.
CALCULATED_ALIKE = 0.7

_HEADING_ALONE = re.compile(
    r"\s*+(?:#{1,6}\s.*|\*\*[^*\n]+\*\*:?|(?:step\s+)?\d+[.:)]?\s*(?:\*\*[^*\n]+\*\*:?)?)", re.I
)
_ANSWER_IS = re.compile(r"answer(?:\s+is|\s*[:=])\s*+(?:\*\*)?+\s*+(?P<value>[^\n]*+)", re.I)
_LAST_BOLD = re.compile(r"\*\*([^*\n\d]*\d[^*\n]*)\*\*")
_NO_UNIT = (
    "and|or|of|is|are|was|were|each|how|what|if|then|for|to|at|in|by|with|from|than|more|less|per|times|as|on|a|an|the"
)
_QUANTITY = re.compile(rf"[$€£]?\d+(?:,\d{{3}})*(?:[.:/]\d+)?(?:\s?%)?(?:[ -](?!(?:{_NO_UNIT})\b)[A-Za-z]+)?")
_EQUATION = re.compile(r"(?<![^=.:;])[^=.:;]++=[^=.;]+")  # each stretch without a stop is read once
_CALCULATES = re.compile(r"[-+×·*/÷^²³√\\]")
_EQUALS_NUMBER = re.compile(r"=\s*(?P<value>-?[$€£]?\s?\d[\d,]*(?:\.\d+)?(?:/\d+)?)(?!\s*[-+*/×÷^(\d])")


def boxed(text: str) -> str | None:
    """The content of the last complete `\\boxed{…}` (MATH's convention), None where there is none."""
    starts = {match.end() for match in re.finditer(r"\\boxed\s*\{", text)}
    opened: list[int] = []
    last, end = 0, 0
    for brace in re.finditer(r"[{}]", text):
        if brace[0] == "{":
            opened.append(brace.end())
        elif opened and (start := opened.pop()) in starts and start > last:
            last, end = start, brace.start()
    return text[last:end].strip() or None


def final_answer(text: str) -> str | None:
    """The answer that a solution ends on: boxed, else announced as the answer, else emphasised at the end.

    A number that merely stands last in a sentence is no answer: it is often a quantity of the problem.
    """
    inside = boxed(text)
    if inside is not None:
        return inside
    announced = [
        match["value"].rstrip().removesuffix(".").rstrip().removesuffix("**").strip()
        for match in _ANSWER_IS.finditer(text)
    ]
    if announced and announced[-1]:
        return announced[-1].strip("$ ").removesuffix(".") if announced[-1].count("$") > 1 else announced[-1]
    last_paragraph = text.strip().rsplit("\n\n", 1)[-1]
    emphasised = _LAST_BOLD.findall(last_paragraph)
    if emphasised:
        return str(emphasised[-1]).strip()
    results = _EQUALS_NUMBER.findall(last_paragraph)
    return str(results[-1]).strip() if results else None


def step_is_open(text: str) -> bool:
    """Whether a paragraph is only the beginning of a step: a heading, a lead-in, an unfinished formula."""
    stripped = text.rstrip()
    last = stripped.rsplit("\n\n", 1)[-1]
    unfinished = stripped.count(r"\[") > stripped.count(r"\]") or stripped.count("$$") % 2 == 1
    unfinished = unfinished or stripped.count("```") % 2 == 1
    environments = len(re.findall(r"\\begin\{", stripped)) > len(re.findall(r"\\end\{", stripped))
    return unfinished or environments or bool(_HEADING_ALONE.fullmatch(last)) or stripped.endswith(":")


def describe_plan(problem: str, route: Route, examples: list[Example]) -> Plan:
    """A plan read off the problem itself, so that it costs no token and leaves the model's text alone.

    `examples` are those that are shown: of one of them the method is named (`cited_example`).
    (Asking the model for a plan, or prompting it with one, makes a small model's solution worse.)
    """
    sentences = [part.strip() for part in re.split(r"(?<=[.?!])\s+(?=[^a-z])|\n+", problem) if part.strip()]
    asks = [sentence for sentence in sentences if sentence.endswith("?")]
    commands = [
        s for s in sentences
        if re.match(r"(?:find|calculate|compute|determine|solve|evaluate|simplify|factor|expand|what|how)\b", s, re.I)
    ]  # fmt: skip
    asked = (asks or commands or sentences[-1:] or [problem])[-1]
    given: list[str] = []
    for match in _QUANTITY.finditer(problem):
        quantity = match[0].strip()
        if quantity not in given:
            given.append(quantity)
    approach = {
        Route.SYMBOLIC: "Compute it exactly, then show the way and check it.",
        Route.CONCEPT: "Explain the idea, with an example.",
        Route.WORD_PROBLEM: "Work it out step by step, and derive it a second time to check.",
    }.get(route, "")
    cited = cited_example(route, examples)
    if cited is not None:
        approach = f"This looks like {cited.method}. {approach}"
    # The numbers of an equation are no quantities of a situation.
    shown = tuple(given[:8]) if route is Route.WORD_PROBLEM else ()
    return Plan(asked=asked, given=shown, approach=approach)


def cited_example(route: Route, examples: list[Example]) -> Example | None:
    """The example whose method a plan names, the nearest that has a name for it: a reader of the plan looks for it."""
    return next((example for example in examples if example.method), None) if route is Route.WORD_PROBLEM else None


def formulas_used(steps: list[Step]) -> list[str]:
    """Relations between named quantities that the steps state ("Cost = price × number"), at most five."""
    found: list[str] = []
    for step in steps:
        for line in re.split(r"\n|\\\[|\\\]|\$\$|\\\(|\\\)", step.text):
            for candidate in dict.fromkeys(_EQUATION.findall(line)):
                formula = _as_formula(candidate)
                if formula and formula not in found:
                    found.append(formula)
    return found[:5]


def _as_formula(candidate: str) -> str | None:
    if not _CALCULATES.search(candidate):
        return None
    left, right = (plain_mathematics(side) for side in candidate.split("=", 1))
    left = re.split(r"\b(?:is|are|have|use|get|so|that|then|where|with)\b|,", left)[-1].strip(" *-$")
    right = re.split(r",|\b(?:so|and|where|with|which|then)\b", right)[0].strip(" *-$")
    operators = re.findall(r"[-+×·*/÷^²³√]", right)
    named = re.findall(r"[A-Za-z]{2,}(?:\s+[A-Za-z]{2,})*|[A-Za-zπ]", right)
    whole_left = re.fullmatch(r"[A-Za-zπ][\w\s()']{0,40}", left)
    if not (whole_left and operators and len(named) >= 2) or len(right) > 80 or len(left) > 40:
        return None
    numbers = [n for n in re.findall(r"\d+(?:\.\d+)?", right) if n not in {"1", "2", "3", "4", "100"}]
    return None if numbers else f"{left} = {right}"


def plain_mathematics(text: str) -> str:
    """LaTeX as a terminal can show it: fractions on one line, symbols in Unicode, no commands, no delimiters."""
    for _ in range(4):
        text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1)/(\2)", text)
        text = re.sub(r"\\(?:text|mathrm|mathbf|textbf|operatorname|boxed)\s*\{([^{}]*)\}", r"\1", text)
        text = re.sub(r"\\sqrt\s*\{([^{}]*)\}", r"√(\1)", text)
    text = re.sub(r"\((\w+(?:\.\d+)?|\$\w+)\)/\((\w+(?:\.\d+)?)\)", r"\1/\2", text)
    text = _SYMBOL.sub(lambda command: _SYMBOLS[command[1]], text)
    text = re.sub(r"\\(?:left|right|displaystyle|quad|qquad)(?![A-Za-z])|\\[,;!: ]", " ", text)
    text = re.sub(r"\\([%$#&_{}])", r"\1", text)
    text = re.sub(r"\\[()\[\]]", "", text)
    text = re.sub(r"\^\{(\w)\}", r"^\1", text)
    text = text.replace("^2", "²").replace("^3", "³") if re.search(r"\^[23](?!\d)", text) else text
    return re.sub(r"(?<![ \t])[ \t]{2,}+(?=\S)", " ", text) if "\n" not in text else text


_SYMBOLS = {
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "approx": "≈", "neq": "≠", "ne": "≠", "leq": "≤", "le": "≤",
    "geq": "≥", "ge": "≥", "pi": "π", "theta": "θ", "alpha": "α", "beta": "β", "infty": "∞", "int": "∫", "sum": "∑",
    "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "implies": "⇒", "circ": "°", "degree": "°", "ldots": "…",
    "dots": "…", "cdots": "…", "therefore": "∴", "sin": "sin", "cos": "cos", "tan": "tan", "ln": "ln", "log": "log",
    "lim": "lim", "in": "∈", "cup": "∪", "cap": "∩", "Delta": "Δ", "angle": "∠",
}  # fmt: skip
_SYMBOL = re.compile(rf"\\({'|'.join(_SYMBOLS)})(?![A-Za-z])")
