"""Texts made to hang, crash or fool a reader of mathematics, of many kinds, from a seed. Serves the safety tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

HOSTILE = [
    "2003^{2002^{2001}}", "9**9**9**9", "factorial(10**9)", "(" * 10_000 + "1" + ")" * 10_000, "1" * 1_000_000,
    "1 + " * 250_000 + "1",
]  # fmt: skip

_PAIRS = [("(", ")"), ("[", "]"), ("{", "}"), ("\\left(", "\\right)"), ("\\{", "\\}"), ("|", "|"), ("⌊", "⌋"),
          ("\\lfloor ", "\\rfloor "), ("sqrt(", ")"), ("\\text{", "}"), ("\\boxed{", "}"), ("abs(", ")")]  # fmt: skip
_ODD_DIGITS = [
    "٠١٢٣٤٥٦٧٨٩",
    "०१२३४५६७८९",
    "０１２３４５６７８９",
    "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "₀₁₂₃₄₅₆₇₈₉",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "①②③④⑤⑥⑦⑧⑨",
]
_ODD_MARKS = ["\u202e", "\u200f", "\u0301", "\u0338", "\u200b", "\u200d", "\ufeff", "\x00", "\x1b[2J", "\x7f", "\ud800",
              "\r", "\u2028", "\x85"]  # fmt: skip
_INJECTIONS = [
    "__import__('os').system('id')", "().__class__.__bases__[0].__subclasses__()", "eval('1+1')", "exec('x=1')",
    "open('/etc/passwd').read()", "lambda: 1", "(yield)", "[x for x in (1).__class__.__mro__]", "x.__globals__",
    "f'{1+1}'", "f\"{__import__('os').getcwd()}\"", "%s%n%x", "{0.__class__}", "{0!r}", "${7*7}",
    "{{7*7}}", "'; DROP TABLE checkpoints; --", "<script>alert(1)</script>", "sympify('x')", "S('1')",
    "Symbol('x').subs", "globals()", "print(1) if 1 else 2", "import math; 1", "\\input{/etc/passwd}",
    "\\write18{id}", "a := 1", "1;1",
]  # fmt: skip
_UNITS = ["cm", "m^2", "km/h", "dollars", "€", "%", "hours", "dozen", "million", "°", "\\text{ kg}", "apples per box"]
_RUNS = [
    " ", "1", ",", ".", "/", "-", "x ", "1,", "1.", ".1", "1 ", "1/", "1:", "$", "**", "*", "\n", "\t ", "\\", "\\,",
    "a", "a ", "a_", "_", "^", "!", "%", "1%", "=", "= ", "1=", "x=", "<", "≈", "1 of ", "how many ", "is ", ";", "'",
    '"""', "#", "\\boxed{", "\\text{", "\\frac", "\\sqrt", "\\sqrt[", "½", "√", "1 ½", "and ", "to ", "x to ",
    "times ", "()", ")(", "(1)", "[", "{", "}", "}{", "|", "&", "~", "\\\\", "\\quad", "answer ", "final ", "please ",
    "1e5", "- ", "−", "…", "1,,", "0.", "x, ", "1\u00a0", "mod ", "¢", "°", "\\begin{align}", "\\overline{3}",
    "7 divides ", "1:1:", "derivative of ", "\\int ", "gcd(1,", "7 is prime and ", "9:30 + ", "f(3) = ",
    "\\frac{d}{dx} ",
    "7 is ", "x = 3, so ", "substituting x = 3 into ", "17 ≡ 2 ", "5 choose 3 is ", "from 9:30 to ",
]  # fmt: skip
_WRAPPINGS = ["{}", "{} = 8", "7 + {} = 8", "The answer is {}.", "answer = {}", "x = 5{}!", "Solve {} for x.",
              "What is {}?", "Integrate {} from 0 to 1.", "Find x if {}", "\\({}\\)", "$x{}$", "5 {}?", "# {}\nx",
              "a = {}\nanswer = a", "limit of {} as x to 0", "(5{}", "**5{}", "answer: 5{}y", "solve {}"]  # fmt: skip


def nasty(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """`count` texts, no two the same, each with the name of its kind; the kinds take turns."""
    chance = random.Random(seed)
    seen: set[str] = set()
    while True:
        for name, kind in KINDS.items():
            if len(seen) == count:
                return
            text = kind(chance)
            if text not in seen:
                seen.add(text)
                yield name, text


def _number(chance: random.Random) -> str:
    digits = chance.choice([1, 1, 2, 3, 9, 40, 400, 5_000])
    whole = "".join(chance.choices("0123456789", k=digits))
    return chance.choice(
        [whole, f"-{whole}", f"{whole}.{whole[:5]}", f"({whole}/{whole[::-1]})", f"{whole}e{whole[:4]}"]
    )


def _tower(chance: random.Random) -> str:
    sign, height = chance.choice(["^", "**"]), chance.randint(2, 12)
    if chance.random() < 0.5:
        return sign.join(str(chance.choice([2, 9, 99, 10**6, "(1/2)", "(-3)", "x"])) for _ in range(height))
    text = str(chance.randint(2, 9_999))
    for _ in range(height):
        text = f"{chance.randint(2, 2_003)}^{{{text}}}"
    return text


def _combinatorial(chance: random.Random) -> str:
    huge = chance.choice(["10**9", "99999999", "10^10^10", "200!", "1e9", "(-1)", "1/2", "1000"])
    form = chance.choice([
        "factorial({0})", "{0}!", "({0})!!", "comb({0}, {0}/2)", "\\binom{{{0}}}{{{0}}}", "perm({0}, 7)",
        "C({0},{0})", "gcd({0}, {0})", "lcm({0}, 12, {0})", "binomial(factorial({0}), 3)",
    ])  # fmt: skip
    return " * ".join([form.format(huge)] * chance.randint(1, 30))


def _nesting(chance: random.Random) -> str:
    depth = chance.choice([20, 59, 61, 500, 3_000])
    if chance.random() < 0.6:
        opening, closing = chance.choice(_PAIRS)
        return (
            opening * depth
            + chance.choice(["1", "x", "", "1+1"])
            + closing * chance.choice([depth, depth, 0, depth // 2])
        )
    pairs = chance.choices(_PAIRS, k=depth)
    return "".join(opening for opening, _ in pairs) + "1" + "".join(closing for _, closing in reversed(pairs))


def _latex_bomb(chance: random.Random) -> str:
    depth = chance.choice([10, 39, 45, 300, 1_500])
    shape = chance.choice([
        "\\frac{1}{1+", "\\sqrt{1+", "\\sqrt[3]{", "\\frac{", "\\sum_{k=1}^{", "\\int_0^{", "\\sqrt{\\frac{1}{",
        "x^{", "\\overline{", "\\text{", "\\boxed{", "\\binom{9}{", "\\log_{", "\\sin{", "x_{",
    ])  # fmt: skip
    if chance.random() < 0.3:
        return shape.rstrip("{") * depth + "12"
    return shape * depth + "1" + "}" * (depth * shape.count("{") - depth * shape.count("}")) * chance.choice([1, 1, 0])


def _unbalanced(chance: random.Random) -> str:
    pieces = [
        "(", ")", "[", "]", "{", "}", "\\(", "\\)", "\\[", "\\]", "$", "$$", "|", "\\left", "\\right", "1", "+", "x",
        "\\begin{align}", "\\end{align}", "\\begin{cases}", "```", "**", "“", "”", "⟨", "=", " ",
    ]  # fmt: skip
    return "".join(chance.choices(pieces, k=chance.choice([5, 40, 400])))


def _odd_characters(chance: random.Random) -> str:
    digits = chance.choice(_ODD_DIGITS)
    number = "".join(chance.choices(digits, k=chance.choice([1, 4, 600])))
    plain = f"3{number} + {number} = {number}^2 / ½{number}"
    return "".join(c + (chance.choice(_ODD_MARKS) if chance.random() < 0.2 else "") for c in plain)


def _injection(chance: random.Random) -> str:
    text = chance.choice(_INJECTIONS)
    frame = chance.choice([
        "{}", "answer = {}", "3 + {} = 7", "\\boxed{{{}}}", "x = {}\nanswer = x", "Solve {} = 2 for x", "{} = {}",
        "sqrt({})", "a = 1  # {}\nanswer = a + undefined",
    ])  # fmt: skip
    return frame.replace("{}", f"{text} + {chance.randint(0, 999)}").replace("{{", "{").replace("}}", "}")


def _long_name(chance: random.Random) -> str:
    name = chance.choice(["a", "Ab", "x_", "é", "__", "αβ", "long_name_"]) * chance.choice([50, 2_000, 30_000])
    return chance.choice(["{} = 1\nanswer = {}", "{} + {} = 2", "answer = {}", "sin{}(1)", "\\{}", "5 {} = 5"]).replace(
        "{}", name
    )


def _equals(chance: random.Random) -> str:
    piece = chance.choice(["=", "1 = ", "x = ", "1 + 1 = ", "a+b = b+a = ", "= =", "==", "\\\\ &= 1", "1 < ", "x \\le ",
                           "(x+1)^2 = ", "2/3 = 0.67 = ", "≈ 1 ", "sqrt(2) = "])  # fmt: skip
    return piece * chance.choice([3, 40, 4_000]) + str(chance.randint(0, 99_999))


def _run(chance: random.Random) -> str:
    piece = chance.choice(_RUNS)
    run = piece * (chance.choice([500, 4_000, 8_000]) // len(piece))
    if chance.random() < 0.2:
        other = chance.choice(_RUNS)
        run = (piece + other) * (3_900 // len(piece + other))
    return chance.choice(_WRAPPINGS).replace("{}", run)


def _units(chance: random.Random) -> str:
    parts = [f"{chance.randint(1, 99)} {chance.choice(_UNITS)}" for _ in range(chance.choice([2, 5, 60, 300]))]
    return chance.choice([" + ", " ", "/", ", ", " × ", " = ", " of "]).join(parts) + f" = {chance.randint(1, 99)}"


def _power(chance: random.Random) -> str:
    base = chance.choice(
        ["(-2)", "(-1/3)", "0", "-0", "(0/5)", "0.1", "1.0000001", "(2/3)", "pi", "e", "x", "(-8)", "i", "sqrt(2)"]
    )
    exponent = chance.choice(
        ["1/3", "-1/2", "99999999", "10^9", "0.333333", "-10**12", "(1/0)", "2000", "1999/100", "pi^pi", "-x"]
    )
    return (
        f"{base}^({exponent})"
        + chance.choice(["", " + 1", " = 2", f" * {base}^{{{exponent}}}"])
        + " " * chance.randint(0, 99)
    )


def _division_by_zero(chance: random.Random) -> str:
    nothing = chance.choice(
        ["0", "(1-1)", "0.0", "(2*0)", "(sin(0))", "(x-x)", "0!-1", "(5%5)", "00", "log(1)", "(sqrt(2)^2-2)"]
    )
    form = chance.choice([
        "1/{}", "0/{}", "{}^(-1)", "{}/{}", "5 % {}", "5 // {}", "\\frac{1}{{}}", "tan(pi/2)/{}", "log({})",
        "1/(1/{})", "gcd(0,{})",
    ])  # fmt: skip
    return form.replace("{}", nothing) + f" = {chance.randint(0, 999)}"


def _word(chance: random.Random) -> str:
    words = [
        "nan", "NaN", "inf", "-inf", "Infinity", "oo", "zoo", "∞", "\\infty", "None", "True", "null", "undefined",
        "I", "1j", "0x10", "0b1", "1_000", "1e400", "-0", "1e-400", "E", "Q", "S", "N",
    ]  # fmt: skip
    return (
        " ".join(
            [chance.choice(words) + chance.choice([" +", " =", "", " *", "^"]) for _ in range(chance.randint(1, 9))]
        )
        + " 1"
    )


def _program(chance: random.Random) -> str:
    size = chance.choice([4, 12, 55, 80])
    step = chance.choice([
        "a{0} = a{1}**a{1}", "a{0} = a{1} * a{1}", "a{0} = a{1}^2 + 1", "a{0} = factorial(a{1})",
        "a{0} = a{1} + a{1}/7", "a{0} = sqrt(a{1} + sqrt({0}))", "a{0} = sqrt({0}) * a{1} + 1", "a{0} = a{2} + 1",
        "a{0} = (1 + 1/a{1})^99", "a{0} = sin(a{1})", "a{0} = max(a{1}, sqrt({0}), pi)", "a{0} = a{1} // sqrt(2)",
        "a{0} = log(a{1}) + log({0})", "a{0} = 10**(a{1} % 2000)", "a{0} = 1/a{1} - 1/(a{1} + 1)",
    ])  # fmt: skip
    lines = [f"a0 = {chance.choice([2, 7, '10**4', '2/3', 'sqrt(2)', 'pi'])}"]
    lines += [step.format(n, n - 1, n + 1) for n in range(1, size)]
    return "\n".join([*lines, f"answer = a{size - 1} + a{chance.randint(0, size - 1)}"])


def _printing(chance: random.Random) -> str:
    """A program with its output, or fences that never close."""
    shown = chance.choice(
        ["a3", "a1 + a2", "a1, a2", "f'{a1} {a2} {a3}'", "f'" + "{" * 90 + "'", "'" + " " * 90 + "', a1"]
    )
    body = chance.choice([_program, _run, _word, _injection])(chance)
    printed = f"\nprint({chance.choice([shown, _injection(chance), _number(chance)])})" * chance.choice([1, 3, 400])
    output = chance.choice(["3 " * 90, _number(chance), "1\n" * 400, "1e-999", "-", "``` ```", "{}"])
    return f"```python\n{body}{printed}\n```\n```output\n{output}\n```" * chance.choice(
        [1, 2, 5]
    ) + "\n```" * chance.choice([0, 1, 900])


def _system(chance: random.Random) -> str:
    size = chance.choice([2, 3, 4, 8, 13, 30])
    names = [f"x{n}" if size > 6 else "xyzwuv"[n] for n in range(size)]
    lines = []
    for _ in range(size):
        terms = [
            f"{chance.choice([1, 2, 3, '1/7', 'sqrt(2)', 'pi'])}*{name}" for name in chance.sample(names, min(size, 4))
        ]
        lines.append(f"{' + '.join(terms)} = {chance.choice([1, 5, 99, names[0], f'{names[0]}*{names[1]}'])}")
    if chance.random() < 0.4:
        return f"Solve the system {', '.join(lines)} for {', '.join(names)}."
    return "\n".join([*lines, f"answer = {names[0]}"])


def _many_numbers(chance: random.Random) -> str:
    form = chance.choice(
        ["{}", "{}.{}", "{}/{}", "{},{}", "{},/{}", ".{}", "{}%", "${},{}", "{} {}/{}", "-{}", "{}:{}"]
    )
    numbers = [form.replace("{}", str(chance.randint(1, 9_999))) for _ in range(chance.choice([10, 100, 700]))]
    if chance.random() < 0.3:
        return "\n".join(["total = " + " + ".join(numbers[:200]), "answer = total * 2"])
    return "How many are left of " + ", ".join(numbers) + "?"


def _symbolic(chance: random.Random) -> str:
    inner = chance.choice([
        "x^x", "sin(x^x)", "exp(x^2)*ln(x)", "(x^9+1)/(x^8-x+3)", "sqrt(x+sqrt(x+sqrt(x)))", "x^5-x+1",
        "sin(1/x)*cos(x^2)", "(x+1)^8*(x-2)^8", "tan(tan(x))", "abs(abs(x)-3)", "x^{99999}", "1/0", "ln(ln(ln(x)))",
    ])  # fmt: skip
    form = chance.choice([
        "Integrate {} dx from 0 to 1", "Differentiate {}", "Solve {} = {}", "Solve {} > 7", "Expand ({})^7",
        "Factor {}", "Simplify ({})/({})", "Find the limit of {} as x approaches 0", "What is {} when x = 10^9?",
        "Evaluate {}", "\\int {} dx", "\\lim_{{x \\to \\infty}} {}", "Solve {} = 3 and y = {}",
    ])  # fmt: skip
    return form.replace("{{", "{").replace("}}", "}").replace("{}", f"{inner} + {chance.randint(0, 9_999)}")


def _soup(chance: random.Random) -> str:
    pieces = [
        "9", "^", "**", "(", ")", "{", "}", "\\frac", "=", "x", "factorial(", "sqrt(", "/", "0", "%", "1e9", "!",
        "\\boxed{", "$", ",", ".", "-", "∑", "log(", "<", "__class__", "\n", "10^", "7 × 8 = ", "≈", " of ", "half ",
        " dozen", "\\cdot", "_", "|", "max(", "abs(", "²", "answer = ", "#", "mod ", "// ",
    ]  # fmt: skip
    return "".join(chance.choices(pieces, k=chance.randint(1, 60)))


def _large_expression(chance: random.Random) -> str:
    """Long, but within the grammar: what is slow here is slow in what we let SymPy do."""
    term = chance.choice([
        "x{0}", "sqrt({0})", "1/{0}", "x^{0}", "(x+{0})", "sin({0})", "{0}.{0}", "log({0})", "(-{0})^(1/3)",
        "max(x,{0})", "pi^{0}", "abs(x-{0})", "7**{0}", "round(sqrt({0}), 3)", "e^({0}/7)",
    ])  # fmt: skip
    sign = chance.choice([" + ", " * ", " - ", "*", " / ", "^", " + 2*", " % "])
    body = sign.join(term.format(n) for n in range(2, chance.choice([10, 40, 200, 400])))
    wrapped = chance.choice(
        ["{}", "({})^2", "sqrt({})", "{} = 5", "answer = {}", "max({}, 1)", "1/({})", "answer = ({})^50"]
    )
    return wrapped.replace("{}", body[: chance.choice([390, 1_900, 3_900])])


def _hostile(chance: random.Random) -> str:
    return (
        chance.choice(["", "answer = ", "x = ", "7 + "])
        + _number(chance)
        + chance.choice(["^", "!", " % ", " = "])
        + _number(chance)
    )


KINDS: dict[str, Callable[[random.Random], str]] = {
    "tower": _tower, "combinatorial": _combinatorial, "nesting": _nesting, "LaTeX bomb": _latex_bomb,
    "unbalanced": _unbalanced, "odd characters": _odd_characters, "injection": _injection, "long name": _long_name,
    "equals signs": _equals, "run": _run, "units": _units, "power": _power, "division by zero": _division_by_zero,
    "word": _word, "program": _program, "system": _system, "many numbers": _many_numbers, "symbolic": _symbolic,
    "soup": _soup, "large expression": _large_expression, "giant numbers": _hostile,
    "printing": _printing,
}  # fmt: skip
