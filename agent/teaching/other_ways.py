"""The same answer by other calculations: a derivation rewritten by a law of arithmetic.

Teachers show it so: add first and multiply once, ask what one costs, look at what stays in place of what goes. The law
makes the answer the same for all numbers, so that the new derivation is worth what the old one is, and no more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.errors import Unreadable
from agent.teaching.numbers import stated_values
from agent.verification.symbolic.formula_tree import Node, read_tree, value_at

MAX_NODES = 60
_BINDS = {"+": 1, "-": 1, "neg": 1, "*": 2, "/": 2, "^": 3}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class OtherWay:
    """`idea` says in a sentence what is done differently; `derivation` is in the language of derivations."""

    idea: str
    derivation: str


def other_ways(lines: Sequence[Mapping[str, str]], problem: str) -> Iterator[OtherWay]:
    """Other ways for a derivation, the most telling first; `lines` as Verifier.worked_lines gives them.

    None for a derivation with equations or functions, or where every other way would go through unhandy numbers.
    """
    try:
        whole = _Whole(lines, problem)
    except (Unreadable, RecursionError, ValueError):  # ValueError: a number too long to be written
        return
    for idea, law in _LAWS:
        for tree in _rewritten(whole.tree, law):
            if whole.is_handy(tree) and whole.value(tree) == whole.value(whole.tree):
                yield OtherWay(idea, whole.derivation(tree))


class _Whole:
    """A derivation as one expression in what is given. Raises Unreadable where it is none."""

    def __init__(self, lines: Sequence[Mapping[str, str]], problem: str) -> None:
        self.given: dict[str, str] = {}
        self.values: dict[str, Fraction] = {}
        self.names: dict[Node, str] = {}
        self.sizes: dict[str, int] = {}
        stated = Counter(one.value for one in stated_values(problem) if not one.calculated)
        # A number that the problem states once is one and the same thing wherever a derivation has it.
        self.stated_once: dict[Fraction, Node | None] = {value: None for value, n in stated.items() if n == 1}
        trees: dict[str, Node] = {}
        for line in lines:
            name, expression = line["name"], line["expression"].strip().replace("**", "^").replace("//", "/")
            if not re.fullmatch(r"[A-Za-z_]\w*", name):
                raise Unreadable("A line gives no quantity a value.")
            if _NUMBER.fullmatch(expression):
                self.given[name], self.values[name] = expression, Fraction(expression)
                trees[name] = self._known(Node("name", name), Fraction(expression))
                self.sizes[name] = 1
                continue
            trees[name], self.sizes[name] = self._inlined(expression, trees)
            if str(self.value(trees[name])) != line["value"]:
                raise Unreadable("The line is worth something else: it rounds.")
            if trees[name].kind in _BINDS:
                self.names.setdefault(trees[name], name)
        if not lines:
            raise Unreadable("There is nothing to rewrite.")
        self.tree = trees[lines[-1]["name"]]

    def _known(self, leaf: Node, value: Fraction) -> Node:
        """The leaf that stands for a given number everywhere, where the problem states the number once."""
        if value not in self.stated_once:
            return leaf
        self.values.setdefault(leaf.text, value)
        known = self.stated_once[value]
        if known is None:
            known = self.stated_once[value] = Node("name", leaf.text)
        return known

    def _inlined(self, expression: str, trees: Mapping[str, Node]) -> tuple[Node, int]:
        """The expression as a tree, with what stands behind its names in their places, without brackets; and its size.

        The size is bounded while it grows: names that use names twice over would double it line by line.
        """
        aliases: dict[str, str] = {}
        size = 0

        def alias(name: str) -> str:
            return aliases.setdefault(name, f"q{chr(97 + len(aliases) // 26)}{chr(97 + len(aliases) % 26)}")

        text = re.sub(r"[A-Za-z_]\w*", lambda name: alias(name[0]), expression)
        names = {short: name for name, short in aliases.items()}

        def put_in(node: Node) -> Node:
            nonlocal size
            if node.kind == "group":
                return put_in(node.parts[0])
            size += self.sizes.get(names.get(node.text, ""), 1)
            if size > MAX_NODES:
                raise Unreadable("The whole calculation is too long.")
            if node.kind == "number":
                return self._known(node, Fraction(node.text))
            if node.kind == "name":
                if names[node.text] not in trees:
                    raise Unreadable("A name has no value.")
                return trees[names[node.text]]
            if node.kind not in _BINDS:
                raise Unreadable("There is a function in it.")
            return Node(node.kind, node.text, tuple(put_in(part) for part in node.parts))

        return put_in(read_tree(text)), size

    def value(self, tree: Node) -> Fraction:
        value = value_at(tree, self.values)
        if not isinstance(value, Fraction):
            raise Unreadable("Not a fraction.")
        return value

    def is_handy(self, tree: Node) -> bool:
        """Whether every value on the way is one that a student calculates with: no long decimals, none below zero."""
        try:
            value = self.value(tree)
        except Unreadable:
            return False
        return value >= 0 and 100 % value.denominator == 0 and all(self.is_handy(part) for part in tree.parts)

    def derivation(self, tree: Node) -> str:
        """The lines of it: what is given, the old quantities that are still needed, then the answer."""
        lines: list[str] = []
        told: set[str] = set()

        def written(node: Node, binds: int, *, named: bool = True) -> str:
            if node.kind == "name" and node.text in self.given and node.text not in told:
                told.add(node.text)
                lines.append(f"{node.text} = {self.given[node.text]}")
            if node.kind in ("name", "number"):
                return node.text
            if named and (name := self.names.get(node)) is not None:
                if name not in told:
                    text = written(node, 0, named=False)
                    told.add(name)
                    lines.append(f"{name} = {text}")
                return name
            if node.kind == "neg":
                text = f"-{written(node.parts[0], 2)}"
            else:
                own = _BINDS[node.kind]
                left = written(node.parts[0], own + (node.kind == "^"))
                text = f"{left} {node.kind} {written(node.parts[1], own + 1)}"
            return f"({text})" if _BINDS[node.kind] < binds else text

        answer = written(tree, 0, named=False)
        return "\n".join([*lines, f"answer = {answer}"])


def _rewritten(tree: Node, law: Callable[[Node], Iterator[Node]]) -> Iterator[Node]:
    """The tree with one place of it rewritten, the outermost places first."""
    yield from law(tree)
    for place, part in enumerate(tree.parts):
        for new in _rewritten(part, law):
            yield Node(tree.kind, tree.text, (*tree.parts[:place], new, *tree.parts[place + 1 :]))


def _of(kind: str, *parts: Node) -> Node:
    return Node(kind, parts=parts)


def _product(tree: Node) -> tuple[list[Node], list[Node]]:
    """What a product multiplies, and what it divides by."""
    if tree.kind == "*":
        (above, below), (more, less) = _product(tree.parts[0]), _product(tree.parts[1])
        return above + more, below + less
    if tree.kind == "/":
        (above, below), (less, more) = _product(tree.parts[0]), _product(tree.parts[1])
        return above + more, below + less
    return [tree], []


def _as_product(above: Sequence[Node], below: Sequence[Node]) -> Node:
    tree = above[0] if above else _ONE
    for factor in above[1:]:
        tree = _of("*", tree, factor)
    for divisor in below:
        tree = _of("/", tree, divisor)
    return tree


_ONE = Node("number", "1")


def _is_number(tree: Node, value: int) -> bool:
    return tree.kind == "number" and Fraction(tree.text) == value


def _without(all_of: Sequence[Node], some: Counter[Node]) -> list[Node]:
    left = Counter(some)
    kept = []
    for one in all_of:
        if left[one]:
            left[one] -= 1
        else:
            kept.append(one)
    return kept


def _what_stays(tree: Node) -> Iterator[Node]:
    """a − a × n / d = a × (d − n) / d, and with a plus what it grows to; a + a × n = a × (n + 1)."""
    if tree.kind not in "+-" or len(tree.parts) != 2:
        return
    for whole, share in (tree.parts, tree.parts[::-1]) if tree.kind == "+" else (tree.parts,):
        above, below = _product(share)
        if whole.kind == "number" or whole not in above or len(below) > 1:
            continue
        rest = _as_product(_without(above, Counter([whole])), [])
        if not below:
            if tree.kind == "+":
                yield _of("*", whole, _of("+", rest, _ONE))
        elif tree.kind == "-" and _is_number(below[0], 2) and _is_number(rest, 1):
            yield _of("/", whole, below[0])
        else:
            yield _of("/", _of("*", whole, _of(tree.kind, below[0], rest)), below[0])


def _put_together(tree: Node) -> Iterator[Node]:
    """a × c ± b × c = (a ± b) × c, and the same with ÷."""
    if tree.kind not in "+-" or len(tree.parts) != 2:
        return
    (above, below), (more, less) = _product(tree.parts[0]), _product(tree.parts[1])
    common, divisors = Counter(above) & Counter(more), Counter(below) & Counter(less)
    common = Counter({one: count for one, count in common.items() if not _is_number(one, 1)})
    first = _without(above, common), _without(below, divisors)
    second = _without(more, common), _without(less, divisors)
    if (not common and not divisors) or not (first[0] or first[1]) or not (second[0] or second[1]):
        return
    inner = _of(tree.kind, _as_product(*first), _as_product(*second))
    whole = inner
    for factor in common.elements():
        whole = _of("*", whole, factor)
    for divisor in divisors.elements():
        whole = _of("/", whole, divisor)
    yield whole


def _twice(tree: Node) -> Iterator[Node]:
    """a + b + a = 2 × a + b, whatever stands where."""
    if tree.kind != "+":
        return
    parts = list(_summands(tree))
    for one, count in Counter(parts).items():
        if count > 1 and one.kind != "number" and len(parts) > count:
            rest = [part for part in parts if part != one]
            whole = _of("*", Node("number", str(count)), one)
            for part in rest:
                whole = _of("+", whole, part)
            yield whole


def _summands(tree: Node) -> Iterator[Node]:
    if tree.kind == "+":
        for part in tree.parts:
            yield from _summands(part)
    else:
        yield tree


def _one_by_one(tree: Node) -> Iterator[Node]:
    """(a ± b) × c = a × c ± b × c, and the same with ÷."""
    if tree.kind not in "*/" or len(tree.parts) != 2:
        return
    left, right = tree.parts
    if left.kind in "+-" and len(left.parts) == 2:
        yield _of(left.kind, *(_of(tree.kind, part, right) for part in left.parts))
    if tree.kind == "*" and right.kind in "+-" and len(right.parts) == 2:
        yield _of(right.kind, *(_of("*", left, part) for part in right.parts))


def _what_one_is(tree: Node) -> Iterator[Node]:
    """a ÷ b × c = a × (c ÷ b): what a single one is worth, costs or takes comes first."""
    above, below = _product(tree)
    if tree.kind in "*/" and len(above) == 2 and len(below) == 1:
        for whole, each in (above, above[::-1]):
            yield _of("*", whole, _of("/", each, below[0]))


def _multiply_first(tree: Node) -> Iterator[Node]:
    """a ÷ b × c = a × c ÷ b."""
    above, below = _product(tree)
    if tree.kind in "*/" and len(above) > 1 and below:
        yield _as_product(above, below)


def _take_away_at_once(tree: Node) -> Iterator[Node]:
    """a − b − c = a − (b + c)."""
    if tree.kind == "-" and tree.parts[0].kind == "-":
        start, first = tree.parts[0].parts
        yield _of("-", start, _of("+", first, tree.parts[1]))


def _take_away_in_turn(tree: Node) -> Iterator[Node]:
    """a − (b + c) = a − b − c."""
    if tree.kind == "-" and tree.parts[1].kind == "+":
        first, second = tree.parts[1].parts
        yield _of("-", _of("-", tree.parts[0], first), second)


def _divide_once(tree: Node) -> Iterator[Node]:
    """a ÷ b ÷ c = a ÷ (b × c), and back."""
    if tree.kind == "/" and tree.parts[0].kind == "/":
        start, first = tree.parts[0].parts
        yield _of("/", start, _of("*", first, tree.parts[1]))
    if tree.kind == "/" and tree.parts[1].kind == "*":
        first, second = tree.parts[1].parts
        yield _of("/", _of("/", tree.parts[0], first), second)


def _another_order(tree: Node) -> Iterator[Node]:
    """a × b × c = a × (b × c), and a + b − c = a − c + b: other results on the way."""
    if tree.kind == "*" and tree.parts[0].kind == "*":
        first, second = tree.parts[0].parts
        yield _of("*", first, _of("*", second, tree.parts[1]))
    if tree.kind == "*" and tree.parts[1].kind == "*":
        first, second = tree.parts[1].parts
        yield _of("*", _of("*", tree.parts[0], first), second)
    if tree.kind == "-" and tree.parts[0].kind == "+":
        first, second = tree.parts[0].parts
        yield _of("+", _of("-", first, tree.parts[1]), second)
        yield _of("+", first, _of("-", second, tree.parts[1]))
    if tree.kind == "+" and tree.parts[0].kind == "-":
        start, away = tree.parts[0].parts
        yield _of("-", _of("+", start, tree.parts[1]), away)


_LAWS: tuple[tuple[str, Callable[[Node], Iterator[Node]]], ...] = (
    ("Look at how many parts there are in the end, in place of calculating the change by itself.", _what_stays),
    ("Put together first what belongs to the same number: it is multiplied or divided only once.", _put_together),
    ("The same amount comes more than once: take it several times at a stroke.", _twice),
    ("Take the parts one by one, and put them together at the end.", _one_by_one),
    ("Divide two other numbers first: that result means something else, and the answer is the same.", _what_one_is),
    ("Multiply first, and divide at the end.", _multiply_first),
    ("Add up first what is taken away, and take it away in one go.", _take_away_at_once),
    ("Take away one thing after the other.", _take_away_in_turn),
    ("Divide in another way: once by the product, or by one number after the other.", _divide_once),
    ("Take the numbers in another order, so that other results come up on the way.", _another_order),
)  # fmt: skip
