"""A final answer, however it is written, as exact values with what was written around them. Serves equivalence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import sympy

from agent.errors import Unreadable
from agent.verification.reading.language import FUNCTIONS, parse_expression
from agent.verification.reading.notation import normalise
from agent.verification.reading.units import SCALES, is_glued_unit, is_unit, unit_names

MAX_CHARACTERS = 400
MAX_ELEMENTS = 20
GREEK = {"alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "omega", "phi", "sigma"}

_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_CURRENCY = re.compile(r"\\?([$€£¥])(?=\s*[-+]?\s*[\d.])")
_TEXT_UNIT = re.compile(r"\\(?:text|textrm|mathrm|mbox)\s*\{\s*([A-Za-z][A-Za-z .]*?)\s*\}(?:\s*\^\s*\{?([23])\}?)?")
_ELLIPSIS = re.compile(r"\.\.\.|…|\\[lc]?dots\b")
_CONNECTORS = {"of", "per", "a", "an", "the"}
_ONE_LETTER_UNITS = re.compile(r"[-+]?[\d.]+ [mgshlLVWNJAKCF](?:\^\(?[23]\)?)?")
_NAMED = re.compile(r"(?P<name>[A-Za-z]\w*(?: [A-Za-z]\w*){0,4}(?:\([a-z]\))?) ?=(?!=)")
_BARE_LOG = re.compile(r"\blog\s*\([^,]*$", re.I)


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `decimals` counts the digits shown behind the point, None where it is written exactly.

    `truncated` says that the digits go on ("0.666..."). `doubtful` marks a value with a second usual reading
    ("5 m", "3 million"), `open_base` a logarithm without a base: neither refutes anything.
    """

    value: sympy.Expr
    name: str | None = None
    decimals: int | None = None
    truncated: bool = False
    percent: bool = False
    doubtful: bool = False
    open_base: bool = False
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as values: one, or several of a set or, where `ordered`, of a tuple. `braced` is a set for sure."""

    values: tuple[Value, ...]
    ordered: bool
    braced: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The names of a list such as "x = 3, y = 4"; empty where not each value has a name of its own."""
        names = tuple(value.name for value in self.values if value.name is not None)
        return names if len(set(names)) == len(self.values) > 1 else ()


def read_answer(text: str) -> Reading:
    """Read an answer. Raises Unreadable for what is no value: words, inequalities, ratios, compound quantities."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("The answer is too long to compare.")
    text = _without_delimiters(text)
    currencies = frozenset(_CURRENCIES[sign] for sign in _CURRENCY.findall(text))
    plain, truncated = _plain(_CURRENCY.sub("", text))
    names, plain = _tuple_names(plain)
    ordered = "," in plain and _outer_brackets(plain, "()")
    braced = _outer_brackets(plain, "{}")
    if ordered or braced:
        plain = plain[1:-1]
    parts = [way for part in _split(plain) if part.strip() for way in _both_signs(part.strip())]
    if not 1 <= len(parts) <= MAX_ELEMENTS:
        raise Unreadable("There is no answer to compare.")
    values = [_value(part) for part in parts]
    if currencies:
        values = [replace(value, units=value.units | currencies) for value in values]
    if len({value.units for value in values if value.units}) > 1:
        raise Unreadable("Parts in different units are one quantity, or several.")
    if names and len(names) == len(values):
        values = [replace(value, name=name) for value, name in zip(values, names, strict=True)]
    if truncated:
        values[-1] = replace(values[-1], truncated=True)
    return Reading(tuple(values), ordered, braced)


def statement(text: str) -> str:
    """An answer that is no value, in a form in which "x>3" and "x > 3" are one; "" where it says nothing."""
    if len(text) > MAX_CHARACTERS:
        return ""
    going_on = "..." if _ELLIPSIS.search(text) else ""
    text = _CURRENCY.sub(lambda sign: f" {_CURRENCIES[sign[1]]} ", _without_delimiters(text))
    plain = re.sub(r"\s*([^\w\s])\s*", r"\1", re.sub(r"\s+", " ", normalise(text, keep_words=True)))
    plain = re.sub("[A-Za-z]{2,}", lambda word: word[0].lower(), plain.strip())
    return plain + going_on if re.search(r"\w", plain) else ""


def _without_delimiters(text: str) -> str:
    text = text.strip().rstrip(".").strip() if not _ELLIPSIS.search(text[-8:]) else text.strip()
    paired = len(text) > 2 and text[0] == text[-1] == "$" and "$" not in text[1:-1].replace(r"\$", "")
    return text[1:-1].strip() if paired else text


def _plain(text: str) -> tuple[str, bool]:
    """The text in ASCII, with its units as words, and whether it ends in digits that go on."""
    going_on = re.search(rf"\d\.\d+\s*(?:{_ELLIPSIS.pattern})\s*$", text)
    if going_on:
        text = _ELLIPSIS.sub(" ", text)
    if _ELLIPSIS.search(text):
        raise Unreadable("An answer that goes on cannot be compared.")
    text = re.sub(r"°\s*[CF]\b|\^\s*\{?\\circ\}?\s*[CF]\b", " degrees", text)
    text = _TEXT_UNIT.sub(_unit_as_words, text)
    text = re.sub(r"\s*(?:\\?%|\bper\s?cent\b)(?!\s*of\b)", " percent ", text)
    text = re.sub(r"\\approx\b|≈|≃", "=", text)
    plain = re.sub(r" {2,}", " ", normalise(text, keep_words=True)).strip().rstrip(".").strip()
    plain = re.sub(r"^(?:about|approximately|approx\.?|roughly|around) ", "", plain, flags=re.I)
    return plain, going_on is not None


def _unit_as_words(found: re.Match[str]) -> str:
    """`\\text{m}` behind a number is a unit for sure, where a bare m may be a variable: it becomes "unitm"."""
    words = found[1]
    if len(words) == 1:
        if not re.search(r"[\d})]\s*$", found.string[: found.start()]):
            return words
        words = f"unit{words}"
    return f" {words}^{found[2]} " if found[2] else f" {words} "


def _tuple_names(text: str) -> tuple[tuple[str, ...], str]:
    """The names and the rest of "(x, y) = (3, 4)"."""
    found = re.match(r"\(([A-Za-z](?: ?, ?[A-Za-z]){1,5})\) ?= ?(?=\()", text)
    return (tuple(re.findall("[A-Za-z]", found[1])), text[found.end() :]) if found else ((), text)


def _outer_brackets(text: str, pair: str) -> bool:
    """Whether one pair of brackets goes round the whole text."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == pair[0]) - (character == pair[1])
        if depth == 0:
            return position > 0 and position == len(text) - 1
    return False


def _split(text: str) -> list[str]:
    """The elements of a list, cut at separators outside brackets."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[()]|\s+or\s+|\s+and\s+|[,;]", text):
        if match[0] in "()":
            depth += 1 if match[0] == "(" else -1
        elif depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _both_signs(part: str) -> list[str]:
    if part.count("±") > 1:
        raise Unreadable("Two signs ± leave open which values belong together.")
    return [part.replace("±", "+"), part.replace("±", "-")] if "±" in part else [part]


def _value(part: str) -> Value:
    name, text = _name_and_rest(part)
    if re.search("[=<>≡~]", text):
        raise Unreadable("An equation or inequality is no value.")
    text, words = _unit_words(text)
    percent = "percent" in words
    units = unit_names([word for word in words if word != "percent" and word not in _CONNECTORS])
    scale = re.search(rf" ({'|'.join(SCALES)})$", text, re.I)
    if scale:
        text = text[: scale.start()]
    shown = re.fullmatch(r"[-+]? ?\d*\.(\d+)", text)
    return Value(
        _expression(text) * (SCALES[scale[1].lower()] if scale else 1),
        name,
        decimals=len(shown[1]) if shown and not scale else None,
        percent=percent,
        doubtful=bool(scale or _ONE_LETTER_UNITS.fullmatch(text)),
        open_base=bool(_BARE_LOG.search(text)),
        units=units,
    )


def _name_and_rest(part: str) -> tuple[str | None, str]:
    """What stands before "=" and behind it, where that is a name; "sin x = 1" and "xy = 6" are equations."""
    named = _NAMED.match(part)
    if named is None:
        return None, part.removeprefix("=").strip()
    words = named["name"].partition("(")[0].split()
    if any(word.lower() in FUNCTIONS.keys() - {"c", "p", "sum", "min", "max"} or word in ("e", "pi") for word in words):
        raise Unreadable("An equation is no value.")
    rest = part[named.end() :].strip()
    if len(words) == 1 and re.fullmatch(r"[A-Za-z](?:_?\d*)?", words[0]):
        return (None if "(" in named["name"] else words[0]), rest
    if not all(word.isupper() or is_unit(word) or word.lower() in _CONNECTORS for word in words):
        raise Unreadable("An equation is no value.")
    return None, rest


def _unit_words(text: str) -> tuple[str, list[str]]:
    """The text without the words of its unit, and these: "12 cups of tea" gives "12" and cups, of, tea."""
    glued = re.fullmatch(r"(.*[\d)]) ?(?<=[\d)])([A-Za-z°][A-Za-z°./]*(?:\^\(?[23]\)?)?)", text)
    if glued and is_glued_unit(glued[2]):
        return glued[1].strip(), [glued[2]]
    text = re.sub(r"(?<=\w) ?/ ?(?=[A-Za-z]{2,}$)", " per ", text)  # dollars/hour
    tokens = text.split(" ")
    start = len(tokens)
    while start > 1 and (tokens[start - 1] == "percent" or _is_unit_or_connector(tokens[start - 1])):
        start -= 1
    while start < len(tokens) and tokens[start] in _CONNECTORS - {"per"}:
        start += 1  # a unit does not begin with "of"
    if start < len(tokens) and tokens[-1] in _CONNECTORS:
        raise Unreadable("The answer breaks off.")
    return " ".join(tokens[:start]), tokens[start:]


def _is_unit_or_connector(word: str) -> bool:
    return word in _CONNECTORS or is_unit(word)


def _expression(text: str) -> sympy.Expr:
    """An expression whose names are single letters, as in mathematics; a longer name is a word, not a value."""
    text = re.sub(r"(?<![A-Za-z\\_])[a-z]{2}(?![A-Za-z_(])|(?<=[\d)])[a-z]{3}(?![A-Za-z_(])", _letters, text)
    value = parse_expression(text, names={"i": sympy.I}, free_symbols=True, implicit=True)
    words = [str(name) for name in value.free_symbols if len(str(name)) > 1 and not _is_letter(str(name))]
    if words:
        raise Unreadable(f"“{words[0]}” is a word, not a value.")
    return value


def _letters(run: re.Match[str]) -> str:
    """6xy is a product of letters, where the run is no name of its own and something is calculated."""
    known = run[0] in GREEK or run[0] in FUNCTIONS or run[0] == "pi"
    return run[0] if known or not re.search(r"[\d^*/+-]", run.string) else "*".join(run[0])


def _is_letter(name: str) -> bool:
    return name in GREEK or bool(re.fullmatch(r"[A-Za-z]_?\d{1,3}", name))
