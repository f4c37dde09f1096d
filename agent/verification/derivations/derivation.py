"""The small language of independent derivations: assignments and equations, evaluated exactly. No Python is run.

A program is lines of `name = expression  # comment`; one of them, or else the last, assigns `answer`. What a model
writes is read kindly (case, spaces in names, units after numbers); a program that contradicts itself or leaves its
answer open is refused. One with loops, conditions or lists is left to case_programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations, islice

import sympy
from sympy.solvers.solveset import NonlinearError

from agent.errors import CheckFailed, Unreadable
from agent.verification.programs.case_programs import answer_by_cases, code_of, tries_cases
from agent.verification.reading.language import parse_expression
from agent.verification.reading.wording import fold, read_kindly

MAX_LINES = 60
MAX_CHARACTERS = 4_000
MAX_UNKNOWNS = 3
MAX_PENDING = 12
MAX_PARTS, MAX_ROOTS_IN_ROOTS = 40, 4  # of an irrational value; with each, SymPy takes a multiple of the time

_FENCE = re.compile(r"^\s*```")
_IGNORED = re.compile(r"^\s*(?:import\s+math|from\s+math\s+import\s+[\w, *]+|print\s*\(.*\)|[A-Za-z_ ]+:?)\s*$")
_ASSIGNED = re.compile(r"(?m)^[ \t]*([A-Za-z_]\w*)[ \t]*=(?!=)")
_PRINTED = re.compile(r"print\s*\((?P<result>(?!.*\w\s*\()[\w\s.+*/()-]+)\)")
_FORBIDDEN = re.compile(r"^\s*(?:for|while|if|elif|else|def|class|return|try|with|lambda|assert|raise)\b")
_HEADER = re.compile(r"^\s*def\s+\w+\(\s*\)\s*(?:->\s*\w+\s*)?:\s*$")
_RETURN = re.compile(r"^\s*return\s+(?P<result>.+)$")
_CALL = re.compile(
    r"(?:print\s*\(\s*)?(?:(?:answer|result)\s*=\s*)?\w+\(\s*\)\s*\)?|print\s*\(\s*(?:answer|result)\s*\)"
)
_DOCUMENTATION = re.compile(r'''("""|\'\'\').*?\1''', re.S)
_NAMED_UNKNOWN = re.compile(r"\s*(?:unknown|asked|find)\s*:\s*([A-Za-z_][\w ]*)", re.I)
_WORDED_NAME = re.compile(r"[A-Za-z_]\w*(?: +[A-Za-z_]\w*)*")
_REMARK_BEHIND_NAME = re.compile(r"(?<=\w)\s+\([A-Za-z /$%.]*\)$")
_CONSTANTS = ("e", "E", "pi")


@dataclass(frozen=True, slots=True)
class _Line:
    """An assignment to `names`, or, where `names` is empty, the equation `left` = `right`."""

    names: tuple[str, ...]
    left: str
    right: str
    remark: str = ""

    @property
    def text(self) -> str:
        return f"{self.left} = {self.right}"[:80]


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """A line of a derivation with what it comes to: `name` is `expression`, with values `put_in`, and so `value`.

    An equation has only its `expression`, and the last of those that were solved together, what they give as `value`.
    """

    name: str
    expression: str
    put_in: str = ""
    value: str = ""
    remark: str = ""

    @property
    def text(self) -> str:
        """All on one line, each side once: "rest = stickers - given = 84 - 21 = 63"."""
        if not self.name and self.value:
            return f"{self.expression}, so {self.value}"
        sides = [side for side in (self.name, self.expression, self.put_in, self.value) if side]
        return " = ".join(side for side, before in zip(sides, ["", *sides], strict=False) if side != before)


@dataclass(slots=True)
class _Values:
    """What the names are worth so far; `names` are all that the program assigns, early or late."""

    names: frozenset[str]
    known: dict[str, sympy.Expr] = field(default_factory=dict)
    worked: dict[_Line, WorkedLine] = field(default_factory=dict)

    def read(self, expression: str, line: _Line) -> sympy.Expr:
        # e and E are letters like others here, and so is π where the program gives it a value of its own.
        letters = {name: sympy.Symbol(name, real=True) for name in _CONSTANTS if name != "pi" or name in self.names}
        try:
            text = read_kindly(expression, self.names | self.known.keys())
            return parse_expression(text, names={**letters, **self.known}, free_symbols=True)
        except Unreadable as unreadable:
            raise CheckFailed(f"A line of the derivation cannot be read: “{line.text}”. {unreadable}") from None

    def changes(self, names: Iterable[str], value: sympy.Expr) -> bool:
        """Whether one of the names has another value already."""
        return any(name in self.known and not _is_zero(self.known[name] - value) for name in names)

    def assign(self, line: _Line) -> sympy.Expr | None:
        """The value of an assignment in which every name has a value; None where it waits."""
        if not line.names:
            return None
        value = self.read(line.right, line)
        return None if value.free_symbols else value

    def give(self, line: _Line, value: sympy.Expr) -> None:
        """Assign, and note the line with the values that it was calculated from."""
        _require_few_parts(value)
        shown = read_kindly(line.right, self.names | self.known.keys())
        put_in = re.sub(r"[A-Za-z_]\w*", lambda name: self._written(name[0]), shown)
        self.worked[line] = WorkedLine(line.left, line.right.strip(), put_in, str(value), line.remark)
        self.known.update(dict.fromkeys(line.names, value))

    def _written(self, name: str) -> str:
        value = self.known.get(name)
        if value is None:
            return name
        return str(value) if value.is_Integer and value >= 0 else f"({value})"


def evaluate_derivation(program: str) -> str:
    """The exact value of `answer`, as text that language.parse_expression reads ("37/4", "2*sqrt(3)").

    A program that tries cases is followed instead (case_programs). Raises CheckFailed with the reason where the program
    is not one of either language, contradicts itself, gives no answer, or gives one that is not a number.
    """
    try:
        return str(value_of(program))
    except CheckFailed:
        if not _is_followed(program):
            raise
    return answer_by_cases(program)


def _is_followed(program: str) -> bool:
    """Whether a program that is no list of assignments and equations is one that case_programs may follow."""
    return tries_cases(program) or _capitals_decide(program)


def _capitals_decide(program: str) -> bool:
    """Whether two of the names that are assigned differ in nothing but capital letters: R and r."""
    names = set(_ASSIGNED.findall(program[:MAX_CHARACTERS]))
    return len({fold(name) for name in names}) < len(names)


def value_of(program: str) -> sympy.Expr:
    """The same as a SymPy number."""
    return _evaluate(program)[2]


def values_of(program: str) -> dict[str, sympy.Expr]:
    """The value of every name. Raises CheckFailed like evaluate_derivation."""
    return dict(_evaluate(program)[1].known)


def assignments(program: str) -> list[tuple[tuple[str, ...], str]]:
    """The names and the right side of each assignment, in order. Raises CheckFailed where it is no program."""
    return [(line.names, line.right) for line in _lines(program)[0] if line.names]


def explain_derivation(program: str) -> list[str]:
    """The lines of a derivation with their values put in, as one reads them: "left over = 84 × half = 84 × (1/2) = 42".

    A program that tries cases is shown as it is. Raises CheckFailed like evaluate_derivation.
    """
    try:
        told = [f"{_prose(line.remark)}{_as_read(line.text)}" for line in worked_lines(program)]
    except CheckFailed:
        if not _is_followed(program):
            raise
        told = [f"This program works it out:\n```python\n{code_of(program)}```"]
    return [*told, f"The answer is \\boxed{{{evaluate_derivation(program)}}}."]


def worked_lines(program: str) -> list[WorkedLine]:
    """The lines of a derivation in its order, each with its value. Raises CheckFailed like evaluate_derivation."""
    lines, values, _ = _evaluate(program)
    return [values.worked.get(line, WorkedLine("", line.text, remark=line.remark)) for line in lines]


def _evaluate(program: str) -> tuple[list[_Line], _Values, sympy.Expr]:
    lines, asked = _lines(program)
    values = _Values(frozenset(name for line in lines for name in line.names))
    pending: list[_Line] = []
    for line in lines:
        value = values.assign(line)
        if value is None:
            if values.known.keys() & set(line.names) & _names_in(line, values):
                raise CheckFailed(f"The derivation changes a value by one that it does not give: “{line.text}”.")
            pending.append(line)
        elif pending and values.changes(line.names, value):
            # Which of the values do the lines mean that still wait? Not for us to choose.
            raise CheckFailed(f"The derivation changes a value that other lines wait for: “{line.text}”.")
        else:
            values.give(line, value)
    _settle(pending, values)
    answer = values.known.get(_answer_name(lines, asked, values))
    if answer is None:
        raise CheckFailed("The derivation assigns no answer that can be calculated.")
    if answer.free_symbols or not answer.is_real:
        raise CheckFailed("The derivation's answer is not a number.")
    return lines, values, answer


def _as_read(line: str) -> str:
    """Names as words, signs as they are taught."""
    words = re.sub(r"(?<=[A-Za-z0-9])_+(?=[A-Za-z0-9])", " ", line)
    return words.replace(" * ", " × ").replace(" / ", " ÷ ")


def _prose(remark: str) -> str:
    """A remark as a sentence before its line; what names the question has been said already."""
    if not remark or re.match(r"(?:asked|unknown|find)\b", remark, re.I):
        return ""
    return f"{remark[0].upper()}{remark[1:]}{'' if remark[-1] in '.!?:' else ':'} "


def _answer_name(lines: list[_Line], asked: str | None, values: _Values) -> str:
    """`answer`; else the name that a line "Unknown: …" gives; else, as it was asked for, the last line's."""
    if asked is not None and "answer" not in values.names:
        return asked
    last = lines[-1]
    used = {name for line in lines if line is not last for name in _names_in(line, values)}
    if "answer" in values.names or "answer" in used or not last.names:
        return "answer"
    # What other lines are calculated from is no result: a program from the goal down ends on what is given.
    return "answer" if any(name in used for name in last.names) else last.names[0]


def _names_in(line: _Line, values: _Values) -> set[str]:
    text = line.right if line.names else f"{line.left} = {line.right}"
    return set(re.findall(r"[A-Za-z_]\w*", read_kindly(text, values.names | values.known.keys())))


def _lines(program: str) -> tuple[list[_Line], str | None]:
    if len(program) > MAX_CHARACTERS:
        raise CheckFailed(f"The derivation is longer than {MAX_CHARACTERS:,} characters.")
    if _capitals_decide(program):
        raise CheckFailed("Names of the derivation differ in nothing but capital letters.")
    found: list[_Line] = []
    printed = ""
    asked: str | None = None
    remark, function, returns = "", False, False
    for number, raw in enumerate(_DOCUMENTATION.sub("", program).splitlines()):
        if number >= MAX_LINES:
            raise CheckFailed(f"The derivation has more than {MAX_LINES} lines.")
        text, _, said = raw.partition("#")
        if returns and _FENCE.match(raw):
            break
        if returns:
            if text.strip() and not _CALL.fullmatch(text.strip()):
                raise CheckFailed(f"The derivation goes on after its function: “{text.strip()[:60]}”.")
            continue
        text, remark = text.strip().rstrip(";,"), f"{remark} {said.strip()}".strip()
        if _FENCE.match(raw):
            if found or returns:
                break  # what follows the program is talk
            continue
        if not found and not function and _HEADER.match(text):
            function = True  # one without parameters is its lines
            continue
        if function and (returned := _RETURN.match(text)):
            if fold(returned["result"]) != "answer":
                found.append(replace(_line(f"answer = {returned['result']}"), remark=remark))
            returns = True
            continue
        if _FORBIDDEN.match(text):
            raise CheckFailed(f"The derivation is not a list of assignments: “{text[:60]}”.")
        if named := _NAMED_UNKNOWN.fullmatch(text):
            asked = fold(named[1])
        elif text and not ("=" not in text and _IGNORED.match(text)):
            found.append(replace(_line(text), remark=remark))
            remark, printed = "", ""
        elif shown := _PRINTED.fullmatch(text):
            printed = shown["result"]
    if not found:
        raise CheckFailed("There is no program in the derivation.")
    if printed and asked is None and not any("answer" in line.names for line in found):
        found.append(_line(f"answer = {printed}"))
    return found, asked


def _line(text: str) -> _Line:
    if re.search(r"[<>!]=|==|[-+*/%]=|<|>|:=", text) or "=" not in text:
        raise CheckFailed(f"A line of the derivation is not an assignment: “{text[:60]}”.")
    *lefts, right = (side.strip() for side in text.split("="))  # a = b = 3 names both
    named = [_REMARK_BEHIND_NAME.sub("", re.sub(r"^let\s+", "", left, flags=re.I)) for left in lefts]
    if all(_WORDED_NAME.fullmatch(name) for name in named):
        return _Line(tuple(fold(name) for name in named), lefts[0], right)
    if len(lefts) > 1:
        raise CheckFailed(f"A line of the derivation has more than one equals sign: “{text[:60]}”.")
    return _Line((), lefts[0], right)


def _settle(pending: list[_Line], values: _Values) -> None:
    """Solve what waits: an assignment whose names are known by now, or equations in as many unknowns."""
    progress = True
    while progress and pending:
        progress = False
        for line in list(pending):
            value = values.assign(line)
            if value is not None:
                if values.changes(line.names, value):
                    raise CheckFailed(f"The derivation contradicts itself: “{line.text}”.")
                values.give(line, value)
                pending.remove(line)
                progress = True
        progress = progress or _solve_together(pending, values)
    for line in pending:
        difference = _equation(line, values)
        if not difference.free_symbols and not _is_zero(difference):
            raise CheckFailed(f"The derivation contradicts itself: “{line.text}”.")


def _solve_together(pending: list[_Line], values: _Values) -> bool:
    """Solve the equations that wait, where their own unknowns are as many as they are; True where it helped."""
    equations = [(line, _equation(line, values)) for line in pending[:MAX_PENDING]]
    for size in range(1, min(len(equations), MAX_UNKNOWNS) + 1):
        for chosen in combinations(equations, size):
            unknowns = sorted(set().union(*(equation.free_symbols for _, equation in chosen)), key=str)
            if len(unknowns) != size or not all(equation.free_symbols for _, equation in chosen):
                continue
            solved = _linear_solution([equation for _, equation in chosen], unknowns)
            if solved is not None:
                for value in solved.values():
                    _require_few_parts(value)
                values.known.update(solved)
                for line, _ in chosen:
                    pending.remove(line)
                found = " and ".join(f"{name} = {value}" for name, value in solved.items())
                last = chosen[-1][0]
                values.worked[last] = WorkedLine("", last.text, value=found, remark=last.remark)
                return True
    return False


def _equation(line: _Line, values: _Values) -> sympy.Expr:
    left = line.names[0] if line.names else line.left
    return values.read(left, line) - values.read(line.right, line)


def _linear_solution(equations: list[sympy.Expr], unknowns: list[sympy.Symbol]) -> dict[str, sympy.Expr] | None:
    try:
        matrix, constants = sympy.linear_eq_to_matrix(equations, unknowns)
    except (NonlinearError, ValueError):
        return None
    if matrix.rank() < len(unknowns):
        return None
    return dict(zip((str(unknown) for unknown in unknowns), matrix.LUsolve(constants), strict=True))


def _require_few_parts(value: sympy.Expr) -> None:
    if len(list(islice(sympy.preorder_traversal(value), MAX_PARTS + 1))) > MAX_PARTS:
        raise CheckFailed("A value of the derivation has too many roots and functions in it.")
    if _roots_in_roots(value) > MAX_ROOTS_IN_ROOTS:
        raise CheckFailed("A value of the derivation has too many roots within roots.")


def _roots_in_roots(value: sympy.Expr) -> int:
    is_root = value.is_Function or (value.is_Pow and not value.exp.is_Integer)
    return int(is_root) + max(map(_roots_in_roots, value.args), default=0)


def _is_zero(difference: sympy.Expr) -> bool:
    """Whether a number is zero, irrational ones to 30 digits: enough to find a contradiction."""
    return bool(difference.is_zero) or (not difference.is_Rational and bool(abs(difference.evalf(30)) < 1e-25))
