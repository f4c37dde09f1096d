"""What a model is to write for a problem: a solution in steps that the tutor can read, or a program of assignments."""

from __future__ import annotations

import re
from collections.abc import Callable

from finetune.sources import Row

MAX_STEPS = 12  # the tutor's own limit on a solution
STEP_END = "\n\n"  # the tutor cuts its steps at blank lines

_ANNOTATION = re.compile(r"<<([^<>=]{1,80})=([^<>=]{1,40})>>")
_CALCULATION = re.compile(r"(?<![\w.])([\d(][\d\s.,()+\-−×*·/÷$%]{2,80})=\s*\$?(\d[\d,]*(?:\.\d+)?(?:/\d+)?)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_EXPRESSION = re.compile(r"[\d\s.+\-*/()]+")
_NAMED_BY = re.compile(r"\s*([A-Za-z]+)(?:\s+([A-Za-z]+))?")
_STOP = re.compile(
    r"an?|the|of|in|on|at|by|for|to|from|and|or|is|are|was|were|be|its?|he|she|they|his|her|their|per|each|every|that|"
    r"this|which|so|then|than|as|with|after|before|more|less|left|total|altogether|answer|because|since|if|when|while|"
    r"will|would|can|has|have|had|do|does|did|not|all|both|only|\w",
    re.I,
)
_MAX_LINES = 30


def solution_steps(solution: str, is_open: Callable[[str], bool]) -> list[str]:
    """A solution cut into steps: at its blank lines, or at its line ends where it has none.

    What is only the beginning of a step (a heading, an unfinished formula) stays with what follows.
    """
    text = _ANNOTATION.sub("", solution).strip()
    pieces = re.split(r"\n\s*\n", text)
    if len(pieces) == 1:
        pieces = text.split("\n")
    steps: list[str] = []
    draft = ""
    for piece in filter(None, (piece.strip() for piece in pieces)):
        draft = f"{draft}\n{piece}" if draft else piece
        if not is_open(draft):
            steps.append(draft)
            draft = ""
    return [*steps, draft] if draft else steps


def with_answer(steps: list[str], answer: str) -> list[str]:
    r"""The steps with the answer in `\boxed{}`, as the tutor asks for it, where they do not have one already."""
    if any(r"\boxed" in step for step in steps) or not answer:
        return steps
    return [*steps, rf"The answer is $\boxed{{{_in_latex(answer)}}}$."]


def program(row: Row) -> str | None:
    """The calculations of an annotated solution as a program of assignments; None where there is none to be made.

    A number that an earlier line has computed, and that the problem does not state, becomes that line's name: the
    program then says where its numbers come from. What the last line assigns is the answer.
    """
    calculations = _calculations(row.annotated)
    if not calculations or len(calculations) > _MAX_LINES:
        return None
    stated = {_plain(number) for number in _NUMBER.findall(row.problem.replace(",", ""))}
    names: dict[str, str] = {}
    lines = [f"# asked: {_asked(row.problem)}"]
    for place, (expression, value, named_by) in enumerate(calculations, start=1):
        if not _EXPRESSION.fullmatch(expression):
            return None
        right = _NUMBER.sub(lambda found: _named(found[0], names, stated), _spaced(expression))
        if place == len(calculations):
            lines.append(f"answer = {right}")
            break
        name = _unused(named_by, set(names.values())) or f"part_{place}"
        lines.append(f"{name} = {right}")
        names[_plain(value)] = name
    return "\n".join(lines)


def _calculations(annotated: str) -> list[tuple[str, str, str]]:
    """Each calculation with its value and the words that follow the value."""
    pattern = _ANNOTATION if "<<" in annotated else _CALCULATION
    found = []
    for match in pattern.finditer(annotated):
        rest = annotated[match.end() : match.end() + 60]
        if pattern is _ANNOTATION:  # the value stands once more behind the brackets
            rest = re.sub(r"^\s*\$?[\d.,/]*%?", "", rest)
        found.append((_operators(match[1]), match[2].replace(",", "").strip(" $%"), rest))
    return found


def _operators(expression: str) -> str:
    text = re.sub(r"(?<=\d),(?=\d{3})", "", expression).replace("$", "")
    text = re.sub(r"([\d.]+)\s*%", r"(\1/100)", text)
    return text.replace("×", "*").replace("·", "*").replace("÷", "/").replace("−", "-").strip()


def _spaced(expression: str) -> str:
    return " ".join(re.sub(r"(?<=[\w.)])\s*([+\-*/])\s*", r" \1 ", expression).split())


def _named(number: str, names: dict[str, str], stated: set[str]) -> str:
    plain = _plain(number)
    return number if plain in stated else names.get(plain, number)


def _unused(words: str, taken: set[str]) -> str:
    """A name made of the one or two words that follow a value ("24 clips in May": clips), not taken yet."""
    match = _NAMED_BY.match(words)
    if match is None:
        return ""
    parts = []
    for word in match.groups():
        if word is None or _STOP.fullmatch(word):
            break
        parts.append(word.lower())
    for name in ("_".join(parts[:1]), "_".join(parts)):
        if name and name != "answer" and name not in taken:
            return name
    numbered = (f"{parts[0]}_{n}" for n in range(2, _MAX_LINES)) if parts else ()
    return next((name for name in numbered if name not in taken), "")


def _asked(problem: str) -> str:
    sentences = [part.strip() for part in re.split(r"(?<![A-Z][a-z]\.)(?<=[.?!])\s+", problem.strip()) if part.strip()]
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    asked = " ".join((questions or sentences)[-1].split())
    return asked[:120].rstrip()


def _plain(number: str) -> str:
    text = number.replace(",", "")
    text = f"0{text}" if text.startswith(".") else text
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_latex(answer: str) -> str:
    return re.sub(r"(?<!\\)([%$#&_])", r"\\\1", answer)
