"""The moves of a solution, which the hints are made of: read off a derivation's lines, or off worked steps in words.

A move is one calculation on the way to the answer. A derivation names every quantity, so that a move can say how it
is found without a number in it; a text names what it calculates in the words around the calculation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from fractions import Fraction

from agent.domain import Move
from agent.errors import Unreadable
from agent.parsing import plain_mathematics
from agent.teaching.numbers import plain, stated_values
from agent.verification.symbolic.formula_tree import Node, read_tree, value_at, written

MAX_MOVES = 12
_SIGN = {"*": "×", "/": "÷", "-": "−", "+": "+", "^": "^"}
_NUMBER = r"[-−]?\s?[$€£]?\s?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s?%)?(?:/\d+)?"
_OPERATOR = r"\s*(?:[-+*/×÷·−–^]|\bx\b|\btimes\b|\bof\b|\bdivided by\b|\bplus\b|\bminus\b)\s*"
_UNIT = r"(?:\s?[a-zA-Z][a-zA-Z/²³]*(?:\s[a-z]+){0,2}?)?"
_CALCULATION = re.compile(
    rf"(?P<calculation>\(*{_NUMBER}\)?{_UNIT}(?:{_OPERATOR}\(*{_NUMBER}\)*{_UNIT})+\)*)"
    rf"\s*=\s*(?P<result>{_NUMBER})",
)


def moves_of_derivation(lines: Sequence[Mapping[str, str]], problem: str) -> tuple[Move, ...]:
    """The moves of a derivation; `lines` as Verifier.worked_lines gives them.

    Lines that only name a given are none, and a share that the problem states (2/3, half) is not worked out.
    """
    given = {stated.value for stated in stated_values(problem) if not stated.calculated}
    moves: list[Move] = []
    values: dict[str, Fraction] = {}
    for line in lines[:60]:
        name, expression = line["name"], line["expression"]
        try:
            read = _Read(expression, values, given)
        except (Unreadable, RecursionError):
            relation = f"{_words(name)} = {_readable(expression)}" if name else _readable(expression)
            moves.append(Move(_quantity(name), relation, "", "", line["value"]))
        else:
            if read.tree.kind not in ("number", "name") and not read.is_given(read.tree):
                moves += _moves_of_line(read, line)
        if re.fullmatch(r"-?\d+(?:/\d+)?", line["value"]) and len(line["value"]) <= 40:
            values[name] = Fraction(line["value"])
    return tuple(moves[:MAX_MOVES])


def moves_of_text(texts: Sequence[str]) -> tuple[Move, ...]:
    """The moves of worked steps in words: each calculation with a result that stands in them, in their order."""
    moves: list[Move] = []
    for text in texts:
        ready = re.sub(r"\*\*|[\\]\(|[\\]\)|[\\]\[|[\\]\]", "", plain_mathematics(text))
        start = 0
        for match in _CALCULATION.finditer(ready):
            calculation, result = match["calculation"].strip(), match["result"].strip()
            operation = _outermost(calculation)
            if not operation or any(move.calculation == calculation for move in moves):
                continue
            quantity = _in_words(ready[start : match.start()], ready[match.end() :], result)
            operands = tuple(number.strip() for number in re.findall(_NUMBER, calculation))
            moves.append(Move(quantity, "", calculation, operation, result, operands if len(operands) == 2 else ()))
            start = match.end()
    return tuple(moves[:MAX_MOVES])


def goes_another_way(moves: Sequence[Move], shown: Sequence[Move]) -> bool:
    """Whether a solution makes a calculation that the one that was shown does not make, under whatever names."""
    return bool(_calculations(moves) - _calculations(shown))


def _calculations(moves: Sequence[Move]) -> set[tuple[str, tuple[Fraction, ...]]]:
    """Each operation with the two values that it works on; of + and × the order does not count."""
    found = set()
    for move in moves:
        try:
            operations = [node for node in _all_nodes(_as_tree(move.calculation)) if node.kind in _SIGN]
            for node in operations:
                left, right = (value_at(part, {}) for part in node.parts)
                if isinstance(left, Fraction) and isinstance(right, Fraction):
                    pair = (left, right)
                    found.add((node.kind, tuple(sorted(pair)) if node.kind in ("+", "*") else pair))
        except (Unreadable, RecursionError):
            continue
    return found


def _all_nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for part in tree.parts:
        yield from _all_nodes(part)


class _Read:
    """An expression of a derivation as a tree, its names written in letters alone, with what they are worth."""

    def __init__(self, expression: str, values: Mapping[str, Fraction], given: Set[Fraction]) -> None:
        self.names: dict[str, str] = {}
        self.given = given
        text = expression.replace("**", "^").replace("//", "/")
        # What stands before a bracket is a function, and no quantity.
        self.tree = read_tree(re.sub(r"[A-Za-z_]\w*+(?!\s*\()", lambda name: self._alias(name[0]), text))
        self.values = {alias: values[name] for alias, name in self.names.items() if name in values}

    def _alias(self, name: str) -> str:
        for alias, known in self.names.items():
            if known == name:
                return alias
        alias = "q" + chr(ord("a") + len(self.names) // 26) + chr(ord("a") + len(self.names) % 26)
        self.names[alias] = name
        return alias

    def is_given(self, node: Node) -> bool:
        """Whether it is a share of numbers alone that the problem states."""
        bare = _bare(node)
        if bare.kind != "/" or any(part.kind != "number" for part in bare.parts) or Fraction(bare.parts[1].text) == 0:
            return False
        return Fraction(bare.parts[0].text) / Fraction(bare.parts[1].text) in self.given

    def value(self, node: Node) -> str:
        """What it comes to, as text; "" where that is no fraction."""
        try:
            value = value_at(node, self.values)
        except (Unreadable, RecursionError):
            return ""
        return _decimal(value) if isinstance(value, Fraction) else ""

    def words(self, node: Node) -> str:
        return re.sub(r"q[a-z]{2}", lambda alias: self.names.get(alias[0], alias[0]), written(node))


def _moves_of_line(read: _Read, line: Mapping[str, str]) -> Iterator[Move]:
    """The operations of one line, innermost first; the last of them gives the line's quantity."""
    *inner, outer = list(_operations(read.tree, read))
    for node in inner:
        calculation = f"{read.value(node.parts[0])} {_SIGN[node.kind]} {read.value(node.parts[1])}"
        if read.value(node) and all(read.value(part) for part in node.parts):
            relation = _readable(read.words(node)) if _leaves(node) else ""
            yield Move("", relation, calculation, node.kind, read.value(node), _operands(read, node))
    quantity = _words(line["name"])
    relation = f"{quantity} = {_readable(line['expression'])}" if _leaves(read.tree) else ""
    parts = [read.value(part) for part in outer.parts] if outer.kind in _SIGN else []
    whole = f"{parts[0]} {_SIGN[outer.kind]} {parts[1]}" if all(parts) and parts else _readable(line["put_in"])
    operation = outer.kind if outer.kind in _SIGN else ""
    yield Move(_quantity(line["name"]), relation, whole, operation, line["value"], _operands(read, outer))


def _operations(node: Node, read: _Read) -> Iterator[Node]:
    """The operations in it that a student carries out one by one; a share of numbers alone is read at a glance."""
    while node.kind in ("group", "neg"):
        node = node.parts[0]
    if node.kind in _SIGN:
        for part in node.parts:
            inner = _bare(part)
            at_a_glance = not _leaves(inner) and ("100" in written(inner) or read.is_given(inner))
            if inner.kind in _SIGN and not at_a_glance:
                yield from _operations(inner, read)
    yield node


def _bare(node: Node) -> Node:
    while node.kind in ("group", "neg"):
        node = node.parts[0]
    return node


def _operands(read: _Read, node: Node) -> tuple[str, ...]:
    """What an operation works on: names in words, numbers as they are, "" for what was calculated just before."""
    found: list[str] = []
    for part in node.parts:
        bare = _bare(part)
        if bare.kind == "name":
            found.append(_words(read.names.get(bare.text, "")))
        else:
            found.append(written(part) if not _leaves(bare) and bare.kind == "number" else "")
    return tuple(found) if any(found) else ()


def _decimal(value: Fraction) -> str:
    """A fraction as a student reads it: a whole number, a short decimal, else a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    short = value * 10_000
    return f"{float(value):.4f}".rstrip("0") if short.denominator == 1 else str(value)


def _quantity(name: str) -> str:
    return "" if name in ("answer", "result") else _words(name)


def _kind(tree: Node) -> str:
    kind = _bare(tree).kind
    return kind if kind in _SIGN else ""


def _leaves(tree: Node) -> list[str]:
    """The names in it, in their order, each once."""
    if tree.kind == "name":
        return [tree.text]
    return list(dict.fromkeys(name for part in tree.parts for name in _leaves(part)))


def _words(name: str) -> str:
    return name.replace("_", " ").strip()


def _readable(expression: str) -> str:
    """An expression as a student reads it: words for names, × and ÷, no needless brackets around numbers."""
    text = re.sub(r"(?<!\w)\((\d+(?:\.\d+)?)\)", r"\1", expression.replace("**", "^"))
    text = re.sub(r"[A-Za-z_]\w*", lambda name: _words(name[0]), text)
    text = re.sub(r"\s*([*/])\s*", lambda sign: f" {_SIGN[sign[1]]} ", text)
    text = re.sub(r"(?<=[\w)])\s*([-+])\s*", lambda sign: f" {_SIGN[sign[1]]} ", text)
    return re.sub(r"\s+", " ", text).strip()


def _outermost(calculation: str) -> str:
    """The operation that is carried out last, "" where the calculation cannot be read or has none."""
    try:
        tree = _as_tree(calculation)
        value = value_at(tree, {})
    except (Unreadable, RecursionError):
        return ""
    return _kind(tree) if isinstance(value, Fraction) else ""


def _as_tree(calculation: str) -> Node:
    """A calculation as it stands in a text, with units and signs. Raises Unreadable."""
    text = re.sub(r"\s[xX]\s|\btimes\b|\bof\b", "*", plain(calculation))
    text = re.sub(r"\bdivided by\b", "/", re.sub(r"\bplus\b", "+", re.sub(r"\bminus\b", "-", text)))
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%", r"(\1/100)", re.sub(r"(?<=\d),(?=\d{3})", "", text))
    return read_tree(re.sub(r"[A-Za-z²³]+", "", text))


def _in_words(before: str, behind: str, result: str) -> str:
    """What a calculation gives, from the words around it: "the base of the tank", "how many clips Natalia sold"."""
    counted = re.match(rf"\s*({_NOUN})", behind)
    noun = counted[1].strip() if counted else ""
    because = re.search(
        rf"(?:^|[.;,]\s+)([^.;,\d=$]*?)\$?[\d.,]+ ?({_NOUN})?[^.;,\d=]*\b(?:because|since|as)\b[^.;,=\d]*$", before
    )
    found = None if because else _INTRODUCES.search(before[-140:])
    clause = (because[1] if because else found["words"] if found else "").strip(" -•*$#(")
    clause = _LEAD_IN.sub("", clause).strip()
    noun = (because[2] or "") if because else noun
    if not clause or len(clause) > 80:
        return f"how many {noun}" if noun and len(noun) > 2 else ""
    if re.match(
        r"(?:the|a|an|each|every|his|her|their|its|number|total|cost|"
        r"price)\b",
        clause,
        re.I,
    ) and not _ENDS_IN_VERB.search(clause):
        return clause[0].lower() + clause[1:]
    if not _ENDS_IN_VERB.search(clause):
        return f"how many {noun}" if noun and len(noun) > 2 else ""
    if len(clause.split()) < 2:
        return ""
    if re.match(r"the (?:\w+ )?(?:number|total|cost|price|amount|sum|rest|length|time)\b", clause, re.I):
        return clause[0].lower() + clause[1:]
    clause = re.sub(r"^There (is|are|were|was)", r"there \1", clause)
    clause = clause[0].lower() + clause[1:] if clause.split()[0] in _SMALL_WORDS else clause
    if "$" in result or noun in ("dollars", "cents", "euros", "pounds"):
        return f"how much {clause}"
    return f"how many {noun} {clause}" if len(noun) > 1 else f"how much {clause}"


# What is counted, in one word or two ("pages", "tomato plants"), without the preposition or verb that goes on.
_NOUN = (
    r"[A-Za-z][A-Za-z'-]*(?: (?!(?:about|after|and|are|as|at|because|before|but|by|each|every|for|from|had|has|have|if"
    r"|in|into|is|more|of|on|or|out|over|per|since|so|than|that|then|there|to|under|was|were|when|which|while|who|will"
    r"|with|without)\b)[A-Za-z'-]+)?"
)
_INTRODUCES = re.compile(
    r"(?:^|[.:;,]\s+|\n|\b(?:so|because|since|that|and)\s)"
    r"(?P<words>[^.:;,\d=\n]{3,90}?)(?:\s*(?:is|are|was|were|=|:|equals?))?[\s$€£(]*$"
)
_LEAD_IN = re.compile(
    r"^(?:(?:so|then|thus|therefore|now|next|first|finally|and|since|because|step|in total|altogether|"
    r"meaning|that means"
    r"|this means|we know|we have|after that|combined)\b[,\s]*(?:that\b\s*)?)+",
    re.I,
)
_ENDS_IN_VERB = re.compile(
    r"\b(?:ha[sd]|have|is|are|was|were|will be|did|do|does|[a-z]+(?:ed|es|s)|made?|make|ate|eat|sold|sell|"
    r"buy|bought|paid|pay"
    r"|spen[dt]|got|get|gave|give|took|take|earn|need|read|ran|run|drove|drive|taught|wrote|write|left|lost|"
    r"lose|kept|keep"
    r"|won|win|cost|grew|grow|found|find|saw|see|drank|drink|save|use|work|walk|want|cut|put|sent|send|built|build)$",
    re.I,
)
_SMALL_WORDS = "The He She They It There His Her Their Its A An Each Every We You In".split()  # noqa: SIM905
