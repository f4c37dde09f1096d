"""Knows how mathematics is written in LaTeX, Unicode and prose; rewrites it as ASCII for the parser."""

from __future__ import annotations

import re
import unicodedata

from agent.errors import Unreadable

MAX_CHARACTERS = 20_000
_MAX_DEPTH = 40

_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("×⋅·∙∗✕✖⨯", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("−–—‒‐‑", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f\u2002\u2003\u2005\u200a", " "),
        **dict.fromkeys("\u200b\u2061\u2062\ufeff", ""),
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "∞": " oo ",
        "…": "...",
        "√": r"\sqrt ",
        "∛": r"\sqrt[3] ",
        "º": "°",
    }
)
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "θ": "theta", "λ": "lambda",
    "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "ψ": "psi",
    "ω": "omega", "Δ": "Delta", "Σ": "Sigma", "Ω": "Omega", "Θ": "Theta", "Φ": "Phi",
}  # fmt: skip
_GREEK_NAMES = {*_GREEK.values(), "eta", "zeta", "kappa", "nu", "xi", "chi"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUBSCRIPT_RUN = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5",
    "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
_VULGAR_FRACTION = re.compile(r"(?:(?<![\w.])([0-9]+) ?)?([" + "".join(_VULGAR) + "])")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")

_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac"}
_BINOMIALS = {"binom", "dbinom", "tbinom"}
_WORDS = {
    "text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mbox", "hbox",
}  # fmt: skip
_TRANSPARENT = {
    "boxed", "fbox", "overline", "underline", "overbrace", "underbrace", "displaystyle", "textstyle",
    "mathop", "ensuremath", "bf", "rm", "limits",
}  # fmt: skip
_WITH_ARGUMENT_DROPPED = {
    "hspace", "vspace", "phantom", "hphantom", "vphantom", "label", "tag", "color", "end",
}  # fmt: skip
_SPACES = {
    "quad", "qquad", "thinspace", "enspace", "nonumber", "notag", "hfill", "newline", "par", "noindent",
    "smallskip", "medskip", "bigskip", "middle",
}  # fmt: skip
_OPENING_SIZES = {"left", "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl"}
_CLOSING_SIZES = {"right", "bigr", "Bigr", "biggr", "Biggr"}
_FUNCTIONS = {
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln",
    "log", "exp", "lg",
}  # fmt: skip
_INVERSES = {
    "sin": "asin", "cos": "acos", "tan": "atan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
}  # fmt: skip
_SYMBOLS = {
    "times": "*", "cdot": "*", "div": "/", "pm": "±", "mp": "∓",
    "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=",
    "lt": "<", "gt": ">",
    "ne": "!=", "neq": "!=", "approx": "≈", "equiv": "≡", "sim": "~", "to": "=>", "rightarrow": "=>",
    "Rightarrow": "=>", "implies": "=>", "longrightarrow": "=>", "Longrightarrow": "=>", "infty": " oo ",
    "ldots": "...", "cdots": "...", "dots": "...", "dotsb": "...", "degree": "°", "circ": "°", "mod": " mod ",
    "bmod": " mod ", "lfloor": "floor(", "rfloor": ")", "lceil": "ceil(", "rceil": ")", "lvert": "abs(",
    "rvert": ")", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")",
    "colon": ":", "varphi": " phi ", "varepsilon": " epsilon ", "vartheta": " theta ",
}  # fmt: skip

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_LETTERS = re.compile(r"[A-Za-z]")
_INTEGER = re.compile(r"[0-9]+")
_LATEX_THOUSANDS = re.compile(r"(?<=[0-9])(?:,\\!|\{,\}|\\[,!;:]|\\ )(?=[0-9]{3}(?![0-9]))")
_THOUSANDS = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:,[0-9]{3})+(?!,?[0-9])")
_REPEATING = re.compile(r"(?<![\w.])([0-9]*)\.([0-9]{0,30})\\overline\{([0-9]{1,30})\}")
_BOLD = re.compile(r"\*\*((?:[^*]|\*(?!\*))+)\*\*")
_TIMES_X = re.compile(r"(?<=[0-9)%]) [xX] (?=[0-9(.\-])|(?<=[1-9])[xX](?=[0-9])|(?<=[0-9]0)[xX](?=[0-9])")
_MIXED = re.compile(r"(?<![\w.)/^])([0-9]+) ([0-9]+)/([0-9]+)(?![\w./^])")
_PERCENT = re.compile(r"(?<![\w.])([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s?%")
_OF = re.compile(r"(?<=[0-9)])\s+of\s+(?=[0-9(.])")


def normalise(text: str, *, keep_words: bool = False) -> str:
    """Rewrite mathematics as the ASCII of `language.parse_expression`; best effort, never an error.

    `\\text{…}` with letters in it is a unit or a remark: dropped, or kept as bare words with `keep_words`.
    A degree sign is a unit as well, unless a trigonometric function is present (then it is π/180).
    What has no ASCII counterpart (±, ≈, ≡, unknown commands as names) stays, for the parser to refuse.
    Text longer than `MAX_CHARACTERS` comes back as it is. Time is linear in the length.
    """
    if len(text) > MAX_CHARACTERS:
        return text
    text = _BOLD.sub(r"\1", _plain_characters(text))
    text = _LATEX_THOUSANDS.sub("", text)
    text = _REPEATING.sub(_repeating_decimal, text)
    text = re.sub(r"[€£₹¥]|\\?\$", "", text)
    text = _THOUSANDS.sub(_without_commas, text)
    try:
        text, _ = _Translation(_TOKEN.findall(text), keep_words).run(0, "", 0)
    except Unreadable:
        return text
    return _conventions(text)


def _plain_characters(text: str) -> str:
    text = _VULGAR_FRACTION.sub(_vulgar_fraction, text)
    text = _SUPERSCRIPT_RUN.sub(lambda run: f"^({run[0].translate(_SUPERSCRIPTS)})", text)
    text = _SUBSCRIPT_RUN.sub(lambda run: f"_{run[0].translate(_SUBSCRIPTS)}", text)
    text = _FULL_WIDTH.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), text)
    text = re.sub("[" + "".join(_GREEK) + "]", lambda letter: f"\\{_GREEK[letter[0]]} ", text)
    return text.translate(_CHARACTERS)


def _vulgar_fraction(match: re.Match[str]) -> str:
    fraction = _VULGAR[match[2]]
    return f"({match[1]}+{fraction})" if match[1] else f"({fraction})"


def _repeating_decimal(match: re.Match[str]) -> str:
    whole, fixed, period = match[1] or "0", match[2], match[3]
    scale = 10 ** len(fixed)
    return f"({whole}{'.' + fixed if fixed else ''}+{period}/{scale * (10 ** len(period) - 1)})"


def _without_commas(match: re.Match[str]) -> str:
    before, after = match.string[max(match.start() - 2, 0) : match.start()], match.string[match.end() :][:1]
    # gcd(1,200) has two arguments, (1,200) may be a point: only a comma that can be nothing else goes.
    is_argument = before.endswith("(") and (after == ")" or before[:1].isalpha())
    return match[0] if is_argument else match[0].replace(",", "")


def _conventions(text: str) -> str:
    text = re.sub(r"[ \t\r\f\v]+", " ", text)
    text = _TIMES_X.sub("*", text)
    text = _MIXED.sub(_mixed_number, text)
    text = _PERCENT.sub(r"(\1/100)", text).replace(")%", ")/100")
    text = _OF.sub("*", text)
    in_radians = any(name in text for name in ("sin", "cos", "tan", "cot", "sec", "csc"))
    text = text.replace("°", "*pi/180" if in_radians else "")
    bars = text.split("|")
    if len(bars) == 3:
        text = f"{bars[0]}abs({bars[1]}){bars[2]}"
    text = re.sub(r"([(\[]) | (?=[)\],])", r"\1", text)
    return text.strip().rstrip(".,;:").rstrip()


def _mixed_number(match: re.Match[str]) -> str:
    whole, numerator, denominator = match.groups()
    proper = len(denominator) < 10 and int(numerator[:11]) < int(denominator)
    return f"({whole}+{numerator}/{denominator})" if proper else match[0]


class _Translation:
    """One pass over the tokens of a LaTeX text; a position goes in and out, nothing is read twice."""

    def __init__(self, tokens: list[str], keep_words: bool) -> None:
        self.tokens = tokens
        self.keep_words = keep_words

    def peek(self, at: int) -> str:
        return self.tokens[at] if at < len(self.tokens) else ""

    def skip_spaces(self, at: int) -> int:
        while at < len(self.tokens) and self.tokens[at].isspace():
            at += 1
        return at

    def run(self, at: int, closing: str, depth: int) -> tuple[str, int]:
        """Translate up to the piece `closing` (and past it) or to the end."""
        if depth > _MAX_DEPTH:
            raise Unreadable("The brackets are nested too deeply; write the expression in smaller parts.")
        out: list[str] = []
        while at < len(self.tokens):
            piece = self.tokens[at]
            if piece == closing:
                return "".join(out), at + 1
            at = self.one(at, out, depth)
        return "".join(out), at

    def one(self, at: int, out: list[str], depth: int) -> int:
        piece = self.tokens[at]
        if len(piece) > 1 and piece.startswith("\\"):
            return self.command(piece[1:], at + 1, out, depth)
        if piece == "{":
            inner, after = self.group(at, depth)
            out.append(inner)
            return after
        if piece in "^_":
            return self.script(piece, at + 1, out, depth)
        if piece in "}&\\":
            return at + 1
        out.append(" " if piece == "~" else piece)
        return at + 1

    def group(self, at: int, depth: int) -> tuple[str, int]:
        inner, after = self.run(at + 1, "}", depth + 1)
        top, choose, bottom = inner.partition(" choose ")
        return (f"binomial({top.strip()},{bottom.strip()})" if choose else inner), after

    def argument(self, at: int, depth: int) -> tuple[str, int]:
        """The argument of a command: a group, a command with its own arguments, or one character."""
        at = self.skip_spaces(at)
        if self.peek(at) == "{":
            inner, after = self.group(at, depth)
            return inner.strip(), after
        if at >= len(self.tokens):
            return "", at
        if depth >= _MAX_DEPTH:
            raise Unreadable("The commands are nested too deeply; write the expression in smaller parts.")
        out: list[str] = []
        after = self.one(at, out, depth + 1)
        return "".join(out).strip(), after

    def digits(self, at: int) -> tuple[str, int]:
        start = at
        if self.peek(at) in {"-", "+"}:
            at += 1
        while self.peek(at).isdecimal():
            at += 1
        return "".join(self.tokens[start:at]), at

    def script(self, kind: str, at: int, out: list[str], depth: int) -> int:
        number, after = self.digits(at)
        content = number
        if not number.strip("+-"):
            if kind == "^" and self.peek(at) == "(":
                out.append("^")
                return at
            content, after = self.argument(at, depth)
        if kind == "^":
            out.append("°" if content == "°" else f"^({content})" if content else "")
        elif out and out[-1].isdecimal():
            out.append(f" base {content} ")  # 101_2 is no decimal number
        else:
            out.append("_" + re.sub(r"\W", "", content))
        return after

    def command(self, name: str, at: int, out: list[str], depth: int) -> int:
        if name in _FRACTIONS:
            return self.fraction(at, out, depth)
        if name == "sqrt":
            return self.root(at, out, depth)
        if name in _BINOMIALS:
            top, at = self.argument(at, depth)
            bottom, at = self.argument(at, depth)
            out.append(f"binomial({top},{bottom})")
            return at
        if name in _WORDS:
            return self.words(at, out, depth)
        if name in _OPENING_SIZES | _CLOSING_SIZES:
            return self.delimiter(name, at, out)
        if name in _FUNCTIONS:
            return self.function(name, at, out, depth)
        if name == "begin":
            environment, at = self.argument(at, depth)
            out.append(f" {environment} " if "matrix" in environment else " ")
        elif name in _WITH_ARGUMENT_DROPPED:
            _, at = self.argument(at, depth)
        elif name == "operatorname":
            inner, at = self.argument(at, depth)
            out.append(f" {inner}")
        elif name in {"pmod", "pod"}:
            inner, at = self.argument(at, depth)
            out.append(f" mod {inner}")
        elif name in _SYMBOLS:
            out.append(_SYMBOLS[name])
        elif name == "\\":
            out.append("\n")
        elif name in _TRANSPARENT or name in {"!", "(", ")", "[", "]"}:
            pass
        elif name in {"{", "}", "|", "%", "#", "&", "_"}:
            out.append(name)
        elif name in _SPACES or not name[0].isalpha():
            out.append(" ")
        else:
            out.append(f" {name} ")
        return at

    def fraction(self, at: int, out: list[str], depth: int) -> int:
        top, at = self.argument(at, depth)
        bottom, at = self.argument(at, depth)
        proper = _INTEGER.fullmatch(top) and _INTEGER.fullmatch(bottom) and (len(top), top) < (len(bottom), bottom)
        start = len(out) - (bool(out) and out[-1] == " ")
        end = start
        while start and out[start - 1].isdecimal():
            start -= 1
        before = out[start - 1][-1:] if start else ""
        if proper and start < end and not (before.isalnum() or before in {".", ")", "_", "}"}):
            whole = "".join(out[start:end])
            del out[start:]
            out.append(f"({whole}+{top}/{bottom})")
        else:
            out.append(f"(({top})/({bottom}))")
        return at

    def root(self, at: int, out: list[str], depth: int) -> int:
        at = self.skip_spaces(at)
        degree = ""
        if self.peek(at) == "[":
            degree, at = self.run(at + 1, "]", depth + 1)
        at = self.skip_spaces(at)
        number, after = self.digits(at)
        if self.peek(at) == "(":
            inner, after = self.run(at + 1, ")", depth + 1)
        elif number and number[0].isdecimal() and self.tokens[at - 1].isspace():
            inner = number  # √16 has been spelt "\sqrt 16": the whole number is under the root
        else:
            inner, after = self.argument(at, depth)
        out.append(f"(({inner})^(1/({degree})))" if degree else f" sqrt({inner})")
        return after

    def words(self, at: int, out: list[str], depth: int) -> int:
        inner, after = self.argument(at, depth)
        letters = _LETTERS.findall(inner)
        if not letters or len(inner) == 1:
            out.append(inner)
            return after
        out.append(f" {inner} " if self.keep_words else " ")
        following = self.skip_spaces(after)
        if self.peek(following) == "^":  # cm² is a unit as a whole
            _, after = self.argument(following + 1, depth)
        return after

    def delimiter(self, name: str, at: int, out: list[str]) -> int:
        at = self.skip_spaces(at)
        following = self.peek(at)
        if following == ".":
            return at + 1
        if following in {"|", r"\|"}:
            out.append(")" if name in _CLOSING_SIZES else "abs(")
            return at + 1
        return at

    def function(self, name: str, at: int, out: list[str], depth: int) -> int:
        power, base = "", ""
        at = self.skip_spaces(at)
        while self.peek(at) in {"^", "_"}:
            kind = self.peek(at)
            content, at = self.digits(at + 1)
            if not content.strip("+-"):
                content, at = self.argument(at - len(content), depth)
            power, base = (content, base) if kind == "^" else (power, content)
            at = self.skip_spaces(at)
        if power == "-1":
            name, power = _INVERSES.get(name, f"inverse_{name}"), ""
        name = _INVERSES.get(name, name) if name.startswith("arc") else name
        inner, at = self.operand(at, depth)
        call = f" {name}({inner}{',' + base if base else ''})"
        out.append(f"({call.strip()})^({power})" if power else call)
        return at

    def operand(self, at: int, depth: int) -> tuple[str, int]:
        """What a function applies to: a bracket, or a run without one such as 2x, 30° or a \\frac."""
        at = self.skip_spaces(at)
        if self.peek(at) == r"\left":
            at = self.skip_spaces(at + 1)
        if self.peek(at) == "(":
            inner, at = self.run(at + 1, ")", depth + 1)
            return inner.removesuffix(r"\right"), at
        if self.peek(at) == "{":
            return self.argument(at, depth)
        out: list[str] = []
        while at < len(self.tokens):
            piece = self.tokens[at]
            belongs = piece.isalnum() or piece in {".", "^", "°"} or piece.lstrip("\\") in _GREEK_NAMES | _FRACTIONS
            if not belongs and not (piece == r"\sqrt" or (piece.isspace() and not out)):
                break
            at = self.one(at, out, depth)
        return "".join(out).strip(), at
