"""Programs that try cases come to what Python comes to, exactly, or are refused; none of them runs."""

from __future__ import annotations

import time
import tracemalloc
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CheckFailed
from agent.verification.case_programs import answer_by_cases, tries_cases
from agent.verification.derivation import evaluate_derivation, explain_derivation

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
    "answer = [(lambda: 1)()][0]",
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
ENDLESS = [
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
        "This program tries the cases one by one:\n```python\ntotal = 0\nfor i in range(1, 5):\n    total += i\n"
        "answer = total\n```",
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
