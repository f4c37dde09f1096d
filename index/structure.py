"""The structure of a solution: how the problem's numbers are joined to the answer, numbers and names abstracted.

Two problems have the same structure where the same calculation solves them, whatever they tell of. A structure
is read from calculator annotations (GSM8K's `<<12*3=36>>`), from the equations of prose, or from a program of
assignments; nothing is evaluated but rational arithmetic of our own. The order of terms and factors, and where a
solution is cut into steps, make no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from index.arithmetic import (
    Call,
    Expression,
    Name,
    Negation,
    Number,
    Operation,
    Unreadable,
    equations_in,
    read_assignment,
    read_expression,
)
from index.numbers_told import TextNumbers, numbers_told

# Numbers that a solver brings along: 60 minutes, 12 months, 7 days, 100 percent. Told apart, as they mean something.
WORLD = frozenset(map(Fraction, (1, 7, 12, 24, 30, 52, 60, 100, 365, 1000)))
GIVEN, OTHER = "n", "k"
MAX_NODES = 160
MAX_EQUATIONS = 40
MAX_TEXT = 8_000
# How far around a node its surroundings count: with 2, a node, its parts, and theirs.
SURROUNDINGS = 2
# Bounds exact arithmetic: no school problem needs larger numbers.
MAX_BITS = 256


@dataclass(frozen=True)
class Structure:
    """A node of the canonical expression: `label` is "sum", "product", "minus", "over", a function's name, or a
    leaf: "n" for a number of the problem, "c60" for one of the world, "k" for any other. Parts are sorted."""

    label: str
    parts: tuple[Structure, ...] = ()

    @cached_property
    def signature(self) -> str:
        """The whole expression in one line: equal exactly where the structures are."""
        return f"{self.label}({','.join(part.signature for part in self.parts)})" if self.parts else self.label

    @cached_property
    def size(self) -> int:
        return 1 + sum(part.size for part in self.parts)

    @cached_property
    def operations(self) -> int:
        """How many binary operations a calculator needs for it."""
        return max(len(self.parts) - 1, 0) * (self.label in ("sum", "product")) + sum(p.operations for p in self.parts)

    @cached_property
    def features(self) -> Counter[str]:
        """Every node with its surroundings up to SURROUNDINGS deep (Weisfeiler–Lehman subtree features,
        Shervashidze et al. 2011), counted."""
        found: Counter[str] = Counter()

        def labels(node: Structure) -> list[str]:
            below = [labels(part) for part in node.parts]
            own = [node.label]
            for depth in range(SURROUNDINGS):
                own.append(f"{node.label}({','.join(sorted(names[depth] for names in below))})" if below else own[0])
            found.update(own[: 1 if not below else None])
            return own

        labels(self)
        return found


# What is calculated, and its value.
Calculated = tuple[Structure, Fraction]


def similarity(one: Structure, other: Structure) -> float:
    """In [0, 1], 1 for equal structures: shared features ÷ all features (weighted Jaccard)."""
    if one.signature == other.signature:
        return 1.0
    mine, theirs = one.features, other.features
    shared = sum(min(count, theirs[name]) for name, count in mine.items() if name in theirs)
    return shared / (mine.total() + theirs.total() - shared)


def structure_of_solution(problem: str, solution: str) -> Calculated | None:
    """What a worked solution calculates in the end, and its value; None where no equation can be read."""
    reading = _Reading(numbers_told(problem[:MAX_TEXT]))
    last: Calculated | None = None
    for left, result in _equations(solution[:MAX_TEXT]):
        try:
            node, value = reading.read(left)
        except Unreadable:
            continue
        if node.size > MAX_NODES:
            return None
        if isinstance(left, Number) or not (result is None or _holds(value, result)):
            continue  # "12 = 12" calculates nothing, and what does not hold has been misread
        last = node, value
        reading.result(node, value)
        if result is not None and result != value:
            reading.result(node, result)  # rounded in the text, and used as rounded
    return last


def structure_of_program(problem: str, program: str) -> Calculated | None:
    """What a program of assignments calculates as its last value; None where a line cannot be read."""
    reading = _Reading(numbers_told(problem[:MAX_TEXT]))
    last: Calculated | None = None
    for line in program[:MAX_TEXT].splitlines()[:MAX_EQUATIONS]:
        try:
            assigned = read_assignment(line)
            if assigned is None:
                continue
            name, right = assigned
            last = reading.read(right)
        except Unreadable:
            return None
        if last[0].size > MAX_NODES:
            return None
        reading.named[name.lower()] = last
    return last


def signature_of(problem: str, solution: str) -> str:
    """The signature of a worked solution, "" where nothing is calculated in it: what an index keeps of it."""
    found = structure_of_solution(problem, solution)
    return found[0].signature if found and found[0].operations else ""


def parse_signature(signature: str) -> Structure:
    """The structure of a signature that this module wrote. Raises ValueError for any other text."""
    stack: list[tuple[str, list[Structure]]] = [("", [])]
    for label, sign in _SIGNATURE.findall(signature):
        if sign == "(":
            stack.append((label, []))
            continue
        if label:
            stack[-1][1].append(Structure(label))
        if sign == ")":
            name, parts = stack.pop()
            if not stack or not parts:
                raise ValueError("no signature")
            stack[-1][1].append(Structure(name, tuple(parts)))
    if len(stack) != 1 or len(stack[0][1]) != 1:
        raise ValueError("no signature")
    return stack[0][1][0]


_SIGNATURE = re.compile(r"([\w/]*)([(),]|$)")


def _holds(value: Fraction, result: Fraction) -> bool:
    """Whether a result is this value, or this value rounded."""
    off = abs(value - result)
    return off <= abs(value) / 50 or (off < 1 and abs(value) >= 3)


class _Reading:
    """What is known while a solution is read from top to bottom."""

    def __init__(self, told: TextNumbers) -> None:
        self.told = told
        self.named: dict[str, Calculated] = {}
        self._results: dict[Fraction, Structure] = {}
        self._fresh: set[Fraction] = set()

    def result(self, node: Structure, value: Fraction) -> None:
        self._results[value] = node
        self._fresh.add(value)

    def read(self, expression: Expression) -> Calculated:
        """Raises Unreadable for an unknown name, a division by zero, a number out of bounds."""
        match expression:
            case Number(value):
                return self._number(value), value
            case Name(name):
                if name.lower() not in self.named:
                    raise Unreadable(f"nothing is called {name}")
                return self.named[name.lower()]
            case Negation(inner):
                node, value = self.read(inner)
                return _negative(node), -value
            case Call(function, arguments):
                read = [self.read(argument) for argument in arguments]
                return _applied(function, read)
            case Operation(operator, left, right):
                return _operated(operator, self.read(left), self.read(right))
        raise Unreadable("no such expression")

    def _number(self, value: Fraction) -> Structure:
        if value in self._fresh:
            self._fresh.discard(value)
            return self._results[value]
        if value in self.told.values:
            return Structure(GIVEN)
        if value in self._results:
            return self._results[value]
        return self._share(value) or Structure(f"c{value}" if value in WORLD else OTHER)

    def _share(self, value: Fraction) -> Structure | None:
        """0.15 where the problem says 15%, 0.85 and 1.15 too; 0.25 or 1/4 where it says a quarter."""
        part = _product([Structure(GIVEN), _inverse(Structure("c100"))])
        if value * 100 in self.told.percents:
            return part
        if (1 - value) * 100 in self.told.percents:
            return _sum([Structure("c1"), _negative(part)])
        if (value - 1) * 100 in self.told.percents:
            return _sum([Structure("c1"), part])
        if value.numerator == 1 and value.denominator in self.told.values:
            return _inverse(Structure(GIVEN))
        return None


def _operated(operator: str, left: Calculated, right: Calculated) -> Calculated:
    (one, a), (other, b) = left, right
    match operator:
        case "+":
            return _sum([one, other]), _bounded(a + b)
        case "-":
            return _sum([one, _negative(other)]), _bounded(a - b)
        case "*":
            return _product([one, other]), _bounded(a * b)
        case "/" if b:
            return _product([one, _inverse(other)]), _bounded(a / b)
        case "^" if b.denominator == 1 and 0 <= b <= 8:
            return Structure("power", (one, other)), _bounded(a ** int(b))
    raise Unreadable("a division by zero, or a power too large")


def _applied(function: str, read: list[Calculated]) -> Calculated:
    values = [value for _, value in read]
    results = {
        "ceil": lambda: Fraction(-(-values[0] // 1)),
        "floor": lambda: Fraction(values[0] // 1),
        "round": lambda: Fraction(round(values[0])),
        "abs": lambda: abs(values[0]),
        "min": lambda: min(values),
        "max": lambda: max(values),
    }
    if function not in results or not values:
        raise Unreadable(f"{function} is no function of this language")
    parts = sorted((node for node, _ in read), key=lambda node: node.signature)
    return Structure(function, tuple(parts)), results[function]()


def _sum(terms: Iterable[Structure]) -> Structure:
    flat: list[Structure] = []
    for term in terms:
        flat.extend(term.parts if term.label == "sum" else [term])
    return _joined("sum", flat)


def _product(factors: Iterable[Structure]) -> Structure:
    flat: list[Structure] = []
    for factor in factors:
        flat.extend(factor.parts if factor.label == "product" else [factor])
    flat = [f for f in flat if f.label != "c1" and f.signature != "over(c1)"] or flat[:1]
    return _joined("product", flat)


def _joined(label: str, parts: list[Structure]) -> Structure:
    if len(parts) == 1:
        return parts[0]
    joined = Structure(label, tuple(sorted(parts, key=lambda part: part.signature)))
    if joined.size > MAX_NODES:
        raise Unreadable("too large an expression")
    return joined


def _negative(node: Structure) -> Structure:
    if node.label == "minus":
        return node.parts[0]
    if node.label == "sum":
        return _sum(_negative(part) for part in node.parts)
    return Structure("minus", (node,))


def _inverse(node: Structure) -> Structure:
    if node.label == "over":
        return node.parts[0]
    if node.label == "product":
        return _product(_inverse(part) for part in node.parts)
    return Structure("over", (node,))


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise Unreadable("too large a number")
    return value


_ANNOTATION = re.compile(r"<<([^<>=]{1,200})=([^<>=]{1,60})>>")


def _equations(solution: str) -> list[tuple[Expression, Fraction | None]]:
    """(what is calculated, its result as written) in order: the annotations where there are any, else prose."""
    annotated = _ANNOTATION.findall(solution)
    if not annotated:
        return equations_in(solution, MAX_EQUATIONS)
    found: list[tuple[Expression, Fraction | None]] = []
    for left, right in annotated[:MAX_EQUATIONS]:
        try:
            expression, result = read_expression(left), read_expression(right)
        except Unreadable:
            continue
        found.append((expression, result.value if isinstance(result, Number) else None))
    return found


def describe(structure: Structure, names: Mapping[str, str] | None = None) -> str:
    """For a reader: `n × n − n`, the problem's numbers as □, the world's as they are."""
    return _described(structure, 0)


def _described(node: Structure, outer: int) -> str:
    if not node.parts:
        return "□" if node.label in (GIVEN, OTHER) else node.label.removeprefix("c")
    if node.label == "sum":
        terms = sorted(node.parts, key=lambda part: (part.label == "minus", -part.size))
        text = _described(terms[0], 1)
        for term in terms[1:]:
            text += f" − {_described(term.parts[0], 2)}" if term.label == "minus" else f" + {_described(term, 1)}"
        return f"({text})" if outer >= 2 else text
    if node.label == "product":
        factors = sorted(node.parts, key=lambda part: part.label == "over")
        text = "1" if factors[0].label == "over" else _described(factors[0], 2)
        for factor in factors[0 if factors[0].label == "over" else 1 :]:
            text += f" ÷ {_described(factor.parts[0], 3)}" if factor.label == "over" else f" × {_described(factor, 2)}"
        return f"({text})" if outer >= 3 else text
    if node.label == "minus":
        return f"−{_described(node.parts[0], 2)}"
    if node.label == "over":
        return f"1 ÷ {_described(node.parts[0], 3)}" if outer < 3 else f"(1 ÷ {_described(node.parts[0], 3)})"
    if node.label == "power":
        return f"{_described(node.parts[0], 3)}^{_described(node.parts[1], 3)}"
    return f"{node.label}({', '.join(_described(part, 0) for part in node.parts)})"
