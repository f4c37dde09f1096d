"""Programs that try cases come to what Python comes to, exactly, or are refused; none of them runs."""

from __future__ import annotations

import time
import tracemalloc
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CheckFailed
from agent.verification.derivations.derivation import evaluate_derivation, explain_derivation
from agent.verification.programs.case_programs import answer_by_cases, tries_cases

PRIMES = """
    def solution():
        def is_prime(n):
            if n < 2:
                return False
            for i in range(2, int(math.sqrt(n)) + 1):
                if n % i == 0:
                    return False
            return True

        return sum(1 for n in range(100) if is_prime(n))
"""
FACTORS = """
    ```python
    # asked: a - b
    for a in range(-24, 25):
        for b in range(-24, 25):
            if 3 * b + a == -1 and a * b == -24:
                answer = a - b
                break
        else:
            continue
        break
    ```
    So the answer is clear.
"""
PROGRAMS = [
    ("answer = len([n for n in range(1, 100) if n % 3 == 0])", "33"),
    (PRIMES, "25"),
    (FACTORS, "11"),
    ("total = 0\nfor i in range(1, 11):\n    total += 13 * i\nanswer = total", "715"),
    ("n = 10\nwhile n ** 2 < 1000:\n    n += 1\nanswer = n", "32"),
    ("while True:\n    answer = 3\n    break", "3"),
    ("from itertools import permutations\nprint(len(set(permutations('BANANA'))))", "60"),
    ("import itertools\nanswer = sum(1 for a, b in itertools.product(range(1, 7), repeat=2) if a + b == 7)", "6"),
    ("answer = sum(1 for c in itertools.combinations(range(5), 2) if sum(c) % 2 == 0)", "4"),
    (
        "counts = {}\nfor i in range(10):\n    counts[i % 3] = counts.get(i % 3, 0) + i\nanswer = max(counts.values())",
        "18",
    ),
    ("digits = [9, 8, 7]\nanswer = math.factorial(len(digits))", "6"),
    ("answer = sum(int(d) for d in str(2 ** 10))", "7"),
    ("answer = sum(map(int, str(987)))", "24"),
    ("scores = [78, 85, 91]\nanswer = sum(scores) / len(scores)", "254/3"),  # exactly, where Python has a float
    ("price = 0\nfor day in range(3):\n    price += 0.1\nanswer = price", "3/10"),
    ("a, b = 0, 1\nfor _ in range(10):\n    a, b = b, a + b\nanswer = a", "55"),
    ("def f(n):\n    if n == 0:\n        return 1\n    return n * f(n - 1)\nanswer = f(5)", "120"),
    ("values = sorted([5, 3, 9])\nanswer = values[-1] - values[0]", "6"),
    ("values = [1, 2, 3, 4][1:3]\nvalues.append(7)\nanswer = values[0] * values[-1]", "14"),
    ("answer = [n for n in range(1, 20) if n % 7 == 0 and n % 2 == 1][0]", "7"),
    ("if 7 > 5:\n    x = 1 if 2 < 3 <= 3 else 9\nelif True:\n    x = 4\nelse:\n    x = 5\nanswer = x", "1"),
    ("grid = [[1, 2], [3, 4]]\nanswer = sum(sum(row) for row in grid)", "10"),
    ("low, high = float('inf'), 0\nfor n in [4, 2, 8]:\n    low = min(low, n)\nanswer = low", "2"),
    ("answer = next(n for n in range(2, 100) if n * n > 50)", "8"),
    ("answer = len(set([1, 2, 2, 3]) & {2, 3, 4})", "2"),
    ("squares = [n for n in range(1, 101) if math.sqrt(n) == int(math.sqrt(n))]\nanswer = len(squares)", "10"),
    ("answer = sum([n for n in range(50, 60) if '5' in str(n)[1:]])", "55"),
]
REFUSED = [
    "x = symbols('x')\nif 1:\n    answer = x",
    "from sympy import symbols\nx = symbols('x')\nif 1:\n    answer = x + 1",
    "from sympy import symbols, solve\nx = symbols('x')\nanswer = solve(x**5 - x - 1, x)[0]",
    "from sympy import symbols, solve\nx = symbols('x')\nanswer = solve(x**2 + 1, x)[0]",
    "from sympy import symbols, solve\nx = symbols('x')\nif x > 1:\n    answer = 1",
    "from sympy import symbols\nx = symbols('x')\nif 1:\n    answer = x._eval_subs(1, 2)",
    "from sympy import sympify\nif 1:\n    answer = sympify('1 + 1')",
    "from sympy import S\nif 1:\n    answer = S('1 + 1')",
    "from sympy import symbols\nx = symbols('x(1)')\nif 1:\n    answer = 1",
    "from sympy import Eq\nif 1:\n    answer = Eq('1', '2')",
    "import sympy\nif 1:\n    answer = sympy.parse_expr('1')",
    "import sympy\nif 1:\n    answer = sympy.Rational('1')",
    "import sympy\nif 1:\n    answer = sympy.Integer('1')",
    "for i in range(3):\n    a = i",  # no answer
    "answer = [1, 2]",
    "answer = 'seven'[0] if 1 else 2",
    "answer = True if [1] else False",
    "answer = [math.sqrt(2)][0]",  # not exact
    "if math.sqrt(2) ** 2 == 2:\n    answer = 1",  # too close to tell
    "answer = int([math.log(8) / math.log(2)][0])",
    "x = [0.1]\nanswer = str(x[0])",
    "answer = [1][3]",
    "answer = {1: 2}[3]",
    "if 1/0:\n    answer = 1",
    "if x > 0:\n    answer = x",
    "for i in 5:\n    answer = i",
    "answer = [1] + 2",
    "answer = sum([1, 'a'])",
    "import os\nif 1:\n    answer = 2",
    "from sys import exit\nfor i in [1]:\n    exit()",
    "for i in range(2):\n    answer = open('/etc/passwd')",
    "if 1:\n    answer = (1).__class__.__bases__",
    "if 1:\n    answer = ''.__class__",
    "for i in [1]:\n    eval('1')",
    "for i in [1]:\n    exec('answer = 1')",
    "for i in [1]:\n    __import__('os')",
    "if 1:\n    answer = math.__dict__",
    "for i in [1]:\n    answer = f'{i}'",
    "class A:\n    if 1:\n        x = 1",
    "if 1:\n    raise SystemExit",
    "with open('x') as f:\n    if 1:\n        answer = 1",
    "for i in [1]:\n    global answer",
    "if 1: del answer",
    "for i in range(3:\n    answer = i",
    "def f(*a):\n    if 1:\n        return 1\nanswer = f(1)",
    "def f(n, k=2):\n    if 1:\n        return n\nanswer = f(1)",
    "if 1:\n    answer = 1 if 2",
    "if 1:\n    x: int = 3",
    "if 1:\n    answer = 0x10",
    "if 1:\n    answer = '\\x41'",
    "if 1:\n    answer = ~5",
    "answer = [1][0] @ 2",
]
# Each of these was once given another value than Python gives it.
AS_PYTHON = [
    ("def half():\n    return 3\nanswer = half() * 4", "12"),
    ("def f():\n    return 3\ntotal = 0\nfor i in range(4):\n    total += f()\nprint(total)", "12"),
    ("t = [1]\ndef solution():\n    return 5\nresult = solution() * 2\nprint(result)", "10"),
    ("def b():\n    return a() * 2\ndef a():\n    return 5\nprint(b())", "10"),
    ("c = []\ndef f():\n    c.append(1)\n    return len(c)\nprint(f())", "1"),
    ("def main():\n    print('Total:', 7)\nif __name__ == '__main__':\n    main()", "7"),
    ("def solution(n):\n    if n > 3:\n        return n\nprint(solution(4))", "4"),
    ("a = [1]\nb = a\nb += [2]\nanswer = len(a)", "2"),
    ("a = {1}\nb = a\nb |= {2}\nanswer = len(a)", "2"),
    ("g = (x for x in range(4))\na = sum(g)\nanswer = a * 10 + sum(g)", "60"),
    ("g = (x for x in range(4))\nnext(g)\nanswer = next(g)", "1"),
    (
        "a = [4, 5, 6, 7]\nfor i, x in enumerate(a):\n    if i < 3:\n        a.append(i)\nanswer = 100 * len(a) + i",
        "706",
    ),
    ("k = 2\ng = (x * k for x in [1, 2])\nk = 5\nanswer = sum(g)", "15"),
    ("d = {1: 2}\nk = d.keys()\nd[3] = 4\nanswer = len(k)", "2"),
    ("s = {16, 3, 9}\nr = 0\nfor x in s:\n    r = r * 100 + 3\nanswer = r", "30303"),
    ("answer = pow(3, 100, 7) if 1 else 0", "4"),
    ("answer = max([3, -7, 5], key=abs)", "-7"),
    ("answer = sorted([3, 1, 2], key=lambda n: -n)[0]", "3"),
    ("answer = next((n for n in range(1, 10 ** 6) if n * n > 50), None)", "8"),
    ("def f(n): return 1 if n == 0 else n * f(n - 1)\nanswer = f(25)", "15511210043330985984000000"),
    ("import math, itertools\nfrom math import comb as c\nx = 5; y = 2\nanswer = c(x, y)", "10"),
    ("Here it is:\n```python\nx = 3\nx += 4\nanswer = x\n```", "7"),
    ('def solution():\n    """How many?"""\n    n = 3\n    if n:\n        print("it\'s", n)\n    return n', "3"),
]
RAISES_IN_PYTHON = [
    "count = 0\ndef check(n):\n    if n % 3 == 0:\n        count += 1\nfor i in [3]:\n    check(i)\nanswer = count",
    "x = 1\ndef f():\n    if 0:\n        x = 2\n    return x\nanswer = f()",
    "answer = len(map(abs, [1]))",
    "answer = zip([1], [2])[0]",
    "answer = next([5, 6])",
    "answer = 3\nif 1:\n    return 5",
    "for i in [1]:\n    pass\nbreak",
    "answer = '112'.count(1)",
    "if 1:\n    answer = round('3')",
    "if 1:\n    answer = int(5, 10)",
    "answer = [1, 2, 3][4 / 2]",
    "for i in range(10 / 2):\n    answer = i",
    "if 1:\n    answer = len(str(4 / 2))",
    "s = {1, 2}\nfor x in s:\n    s.add(x + 10)\nanswer = 1",
]
DECIDED_BY_LAST_DIGITS = [
    "answer = 1 if math.sqrt(2) ** 2 - 2 else 2",
    "answer = 1 if 8 ** (1 / 3) in range(5) else 2",
    "answer = 1 if [math.sqrt(2) ** 2] == [2.0000000000000004 * 1.0 + 0 * math.pi] else 2",
    "answer = len({(math.sqrt(2) * math.sqrt(3),), (math.sqrt(6),)})",
    "x = 10 ** 20\nanswer = 1 if math.sqrt(2) ** 2 * x - 2 * x > 5 else 2",
    "answer = max([(math.sqrt(2), 1), (math.sqrt(3), 2)])[1]",
]


@pytest.mark.parametrize(("program", "answer"), AS_PYTHON)
def test_names_lists_and_iterators_behave_as_in_python(program: str, answer: str) -> None:
    assert evaluate_derivation(program) == answer


@pytest.mark.parametrize("program", RAISES_IN_PYTHON)
def test_what_python_raises_an_error_for_has_no_answer(program: str) -> None:
    with pytest.raises(CheckFailed):
        evaluate_derivation(program)


@pytest.mark.parametrize("program", DECIDED_BY_LAST_DIGITS)
def test_nothing_hangs_on_the_last_digits_of_a_root(program: str) -> None:
    with pytest.raises(CheckFailed, match="exact"):
        evaluate_derivation(program)


UNKNOWNS = [
    ("from sympy import symbols, solve\nx = symbols('x')\nanswer = solve(2*x + 3 - 9, x)[0]", "3"),
    ("import sympy as sp\nx = sp.Symbol('x', positive=True)\nanswer = sp.solve(x**2 - 2, x)[0]", "sqrt(2)"),
    (
        "def solution():\n    from sympy import symbols, Eq, solve\n    a, b = symbols('a b')\n"
        "    found = solve([Eq(a + b, 30), Eq(a, 2*b)], [a, b])\n    return found[a]",
        "20",
    ),
    (
        "from sympy import symbols, solve\nx = symbols('x')\nanswer = [r for r in solve(x**2 - x - 6, x) if r > 0][0]",
        "3",
    ),
    (
        "from sympy import *\nx, y = symbols('x, y')\nanswer = sum(solve([x*y - 6, x - y - 1], [x, y])[1])",
        "5",
    ),
    ("from sympy import symbols, expand\nx = symbols('x')\nanswer = sum([expand((x + 1)**3).subs(x, 2), 1])", "28"),
]


@pytest.mark.parametrize(("program", "answer"), UNKNOWNS)
def test_equations_of_polynomials_are_solved(program: str, answer: str) -> None:
    assert evaluate_derivation(program) == answer


ENDLESS = [
    "from sympy import symbols\nx = symbols('x')\nfor i in range(100):\n    x = x * x + 1\nanswer = 1",
    "answer = round('1e99999999') if 1 else 0",
    "a = [1]\nfor i in range(26):\n    a = [a, a]\nanswer = 'x'.count(a)",
    "b = [2 ** 3900 + i for i in range(30000)]\nb = sorted(b)\nfor i in range(9 ** 9):\n    b = sorted(b)",
    "w = 7 ** 1300\nfor i in range(10 ** 9):\n    answer = w % 7",
    "s = '1' * 9990\nfor i in range(10 ** 9):\n    answer = s.isdigit()",
    "from sympy import symbols, expand\nx = symbols('x')\nif 1:\n    answer = expand((x + 1) ** 8 * (x - 2) ** 8)",
    "from sympy import symbols\nx = symbols('x')\nfor i in range(10 ** 9):\n    answer = x + i",
    "from sympy import symbols, solve\nx = symbols('x')\nfor i in range(10 ** 9):\n    answer = solve(x**2 - i, x)",
    "while True:\n    x = 1",
    "while 1: pass",
    "for i in range(10 ** 12):\n    answer = i",
    "answer = sum([1] * 10 ** 9)",
    "a = [1]\nfor i in range(100):\n    a = a + a\nanswer = len(a)",
    "a = 'a'\nfor i in range(100):\n    a = a * 1000",
    "a = []\na.append(a)\nif a == a[:]:\n    answer = 1",
    "a = [1]\nfor i in a:\n    a.append(i)",
    "a = []\nfor i in range(60):\n    a = [a, a]\nif a == [a]:\n    answer = 1",
    "def f(n):\n    if 1:\n        return f(n + 1)\nanswer = f(1)",
    "n = 3\nfor i in range(9):\n    n = n ** n\nanswer = n",
    "answer = len(list(itertools.permutations(range(20)))) if 1 else 0",
    "answer = [2 ** 10 ** 9][0]",
    "answer = len([1 for c in itertools.combinations(range(10 ** 9), 3)])",
    "answer = max(range(10 ** 15)) if 1 else 0",
    "answer = len(list(itertools.product(range(10), repeat=10 ** 8))) if 1 else 0",
    "answer = [math.factorial(10 ** 9)][0]",
    "answer = [math.comb(10 ** 6, 10 ** 5)][0]",
    "answer = [int('9' * 9000)][0]",
    "answer = [str(9 ** 3000)][0]",
    "s = 'a' * 9000\nt = []\nfor i in range(10 ** 6):\n    t.append(s + str(i))",
    "answer = [pow(7, 10 ** 99999, 13)][0]",
    "s = [' ' * 9000] * 9000\nanswer = ''.join(s)",
    "if " + "(" * 1500 + "1" + ")" * 1500 + ":\n    answer = 1",
    "if 1:\n    answer = " + "-" * 3000 + "1",
    "if 1:\n    answer = " + "not " * 900 + "1",
    "if 1:\n" + " pass\n" * 700,
    "\n".join(f"{' ' * n}if 1:" for n in range(80)) + " answer = 1",
    "answer = " + "[" * 900 + "]" * 900,
    "answer = [round(1, 10 ** 9)][0]",
    "x = range(10 ** 18)\nif 5.5 in x:\n    answer = 1\nanswer = [x[-1]][0] ** 999",
    "a = set(range(99999))\nfor i in range(99999):\n    a = a | {i}",
    "d = {}\nfor i in range(10 ** 9):\n    d[i] = [i] * 99",
]


@pytest.mark.parametrize(("program", "answer"), PROGRAMS)
def test_a_program_that_tries_cases_gets_its_answer(program: str, answer: str) -> None:
    assert evaluate_derivation(dedent(program)) == answer


@pytest.mark.parametrize("program", REFUSED)
def test_what_is_not_known_is_refused_with_a_reason(program: str) -> None:
    with pytest.raises(CheckFailed, match=r"\w"):
        answer_by_cases(program)


@pytest.mark.parametrize("program", ENDLESS)
def test_nothing_goes_on_for_long_or_grows(program: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    try:
        with pytest.raises(CheckFailed):
            evaluate_derivation(program)
        taken, (_, most) = time.process_time() - started, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 8  # tracing costs most of it; without, none takes a second
    assert most < 200e6


@pytest.mark.parametrize(
    "text", ["The answer is 5.", "a = 3\nanswer = a * 2", "If it rains, for example, he has 3 [m]."]
)
def test_ordinary_derivations_are_none_of_these(text: str) -> None:
    assert not tries_cases(text)


def test_it_is_shown_as_it_was_written() -> None:
    program = "```python\ntotal = 0\nfor i in range(1, 5):\n    total += i\nanswer = total\n```"
    assert explain_derivation(program) == [
        "This program works it out:\n```python\ntotal = 0\nfor i in range(1, 5):\n    total += i\nanswer = total\n```",
        "The answer is \\boxed{10}.",
    ]


NUMBERS = st.integers(-9, 9).map(str)
NAMES = st.sampled_from(["i", "n", "total"])
TERMS = st.recursive(
    NUMBERS | NAMES,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(lambda t: f"({' '.join(t)})")
        | st.tuples(st.sampled_from(["abs", "-", "min", "max"]), inner, inner).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})" if t[0] in ("min", "max") else f"{t[0]}({t[1]})"
        )
    ),
    max_leaves=5,
)
CONDITIONS = st.tuples(TERMS, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), TERMS).map(" ".join)


@given(TERMS, CONDITIONS, CONDITIONS, TERMS, st.integers(1, 12))
def test_it_comes_to_what_python_comes_to(term: str, first: str, second: str, other: str, times: int) -> None:
    program = (
        f"n = 3\ntotal = 0\nfor i in range({times}):\n    if {first} and not {second}:\n        total += {term}\n"
        f"    elif {second}:\n        n = {other}\n        continue\n    else:\n        total -= 1\n"
        f"answer = total + sum([{term} for i in range(3) if {first}])"
    )
    names: dict[str, int] = {}
    try:
        exec(program, names)  # noqa: S102 - composed above, of nothing but numbers and signs
    except ZeroDivisionError:
        with pytest.raises(CheckFailed):
            answer_by_cases(program)
    else:
        if abs(names["answer"]).bit_length() < 3_000:
            assert answer_by_cases(program) == str(names["answer"])
