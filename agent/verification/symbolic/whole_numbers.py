"""Knows how tasks about whole numbers are answered exactly: by SymPy, and by a second way that counts for itself."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from agent.errors import Unreadable
from agent.verification.recognition.tasks import SymbolicTask
from agent.verification.symbolic import counting, digits
from agent.verification.symbolic.exact_reading import Worked
from agent.verification.symbolic.exact_writing import listed
from agent.verification.symbolic.whole_reading import whole, worked_number

_MOST_TRIED = 10**6  # divisions or numbers that the second way goes through


def work_out_whole_numbers(task: SymbolicTask) -> Worked | None:
    """The answer to a task of kind "whole numbers"; None where it is out of bounds or may be read in two ways.

    Raises Unreadable for what is no whole number.
    """
    match task.question:
        case "arrangements":
            return counting.arrangements(task.expressions[0])
        case "base":
            return digits.in_base(task.expressions, int(task.point))
        case "remainder" | "units digit" | "tens digit":
            return digits.modulo(task)
    numbers = [whole(text) for text in task.expressions]
    return _OF_NUMBERS[task.question](numbers) if task.bounds is None else counting.between(task, numbers)


def _gcd(numbers: Sequence[int]) -> Worked | None:
    import sympy

    if min(numbers) < 1 or max(numbers) > 10**12:
        return None
    found = int(sympy.gcd_list([sympy.Integer(n) for n in numbers]))
    steps = [f"{n} = {written(factors_of(n))}" for n in numbers[:3]]
    common = Counter(dict(factors_of(numbers[0])))
    for n in numbers[1:]:
        common &= Counter(dict(factors_of(n)))
    second = math.prod(prime**power for prime, power in common.items())
    quotients = [n // found for n in numbers]
    agrees = found == second and all(n % found == 0 for n in numbers) and math.gcd(*quotients) == 1
    left = listed([str(quotient) for quotient in quotients])
    check = f"{found} divides every one of them, and the quotients {left} have no common factor."
    steps.append(f"The greatest common divisor is {found}.")
    return worked_number(found, "prime factors in common", steps, check, agrees)


def _lcm(numbers: Sequence[int]) -> Worked | None:
    import sympy

    if min(numbers) < 1 or max(numbers) > 10**9:
        return None
    found = int(sympy.lcm_list([sympy.Integer(n) for n in numbers]))
    steps = [f"{n} = {written(factors_of(n))}" for n in numbers[:3]]
    highest: Counter[int] = Counter()
    for n in numbers:
        highest |= Counter(dict(factors_of(n)))
    second = math.prod(prime**power for prime, power in highest.items())
    smaller = [found // prime for prime in highest if all(found // prime % n == 0 for n in numbers)]
    agrees = found == second and all(found % n == 0 for n in numbers) and not smaller
    check = f"All of them divide {found}, and not all of them {found}/p for any prime p in it."
    steps.append(f"The least common multiple is {found}.")
    return worked_number(found, "highest powers of the prime factors", steps, check, agrees)


def factors_of(n: int) -> list[tuple[int, int]]:
    """The prime factors of n ≥ 1 with their powers, by trial division. Raises Unreadable where that takes too long."""
    found, prime, tried = [], 2, 0
    while prime * prime <= n:
        power = 0
        while n % prime == 0:
            n //= prime
            power += 1
            tried += n.bit_length()
        if power:
            found.append((prime, power))
        prime += 1 if prime == 2 else 2
        tried += 1 + n.bit_length() // 64  # long numbers take longer
        if tried > _MOST_TRIED:
            raise Unreadable("The number is too large to be taken apart.")
    return [*found, (n, 1)] if n > 1 else found


def written(factors: Iterable[tuple[int, int]]) -> str:
    """Prime factors as a product: 2^3 * 3; 1 for none."""
    return " * ".join(f"{prime}^{power}" if power > 1 else str(prime) for prime, power in factors) or "1"


def _factored(numbers: Sequence[int]) -> tuple[int, list[tuple[int, int]], bool] | None:
    """The number, its prime factors by trial division, and whether SymPy finds the same ones."""
    import sympy

    (n,) = numbers
    if n < 2:
        return None
    factors = factors_of(n)
    return n, factors, sympy.factorint(n) == dict(factors)


_APART = "SymPy's factorisation and trial division give the same prime factors."


def _divisors(numbers: Sequence[int]) -> Worked | None:
    if (known := _factored(numbers)) is None:
        return None
    n, factors, same = known
    count = math.prod(power + 1 for _, power in factors)
    steps = [f"{n} = {written(factors)}", "A divisor takes each prime from 0 times to as often as it occurs."]
    steps.append(f"That makes {' * '.join(f'({power} + 1)' for _, power in factors)} = {count} divisors.")
    check = _APART
    if n <= _MOST_TRIED:
        same = same and count == sum(n % k == 0 for k in range(1, n + 1))
        check = f"Trying every number from 1 to {n} finds as many."
    return worked_number(count, "prime factorisation", steps, check, same)


def _sum_of_divisors(numbers: Sequence[int]) -> Worked | None:
    if (known := _factored(numbers)) is None:
        return None
    n, factors, same = known
    total = math.prod((prime ** (power + 1) - 1) // (prime - 1) for prime, power in factors)
    sums = " * ".join(f"({' + '.join(str(prime**k) for k in range(power + 1))})" for prime, power in factors[:4])
    steps = [f"{n} = {written(factors)}"] + (
        [f"The sum of the divisors is {sums} = {total}."] if len(factors) < 5 else []
    )
    check = _APART
    if n <= _MOST_TRIED:
        same = same and total == sum(k for k in range(1, n + 1) if n % k == 0)
        check = f"Adding up every divisor from 1 to {n} gives the same."
    return worked_number(total, "prime factorisation", steps, check, same)


def _of_primes(choose: Callable[[list[int]], int], what: str) -> Callable[[Sequence[int]], Worked | None]:
    def work(numbers: Sequence[int]) -> Worked | None:
        if (known := _factored(numbers)) is None:
            return None
        n, factors, same = known
        found = choose([prime for prime, _ in factors])
        return worked_number(
            found, "prime factorisation", [f"{n} = {written(factors)}", f"{what} {found}."], _APART, same
        )

    return work


def _prime_factors(numbers: Sequence[int]) -> Worked | None:
    if (known := _factored(numbers)) is None:
        return None
    n, factors, same = known
    same = same and math.prod(prime**power for prime, power in factors) == n
    latex = r" \cdot ".join(f"{prime}^{{{power}}}" if power > 1 else str(prime) for prime, power in factors)
    check = f"Multiplying the primes gives {n} again. {_APART}"
    steps = (f"Divide {n} by the smallest prime that divides it, and go on with the quotient.",)
    return Worked(written(factors), latex, "trial division", steps, check, same)


_OF_NUMBERS: dict[str, Callable[[Sequence[int]], Worked | None]] = {
    "gcd": _gcd,
    "lcm": _lcm,
    "divisors": _divisors,
    "sum of divisors": _sum_of_divisors,
    "greatest prime factor": _of_primes(max, "The greatest of these primes is"),
    "least prime factor": _of_primes(min, "The smallest of these primes is"),
    "different prime factors": _of_primes(len, "The number of different primes is"),
    "sum of different prime factors": _of_primes(sum, "The sum of the different primes is"),
    "prime factors": _prime_factors,
    "digits": lambda numbers: digits.digits_of(numbers, add=False),
    "sum of digits": lambda numbers: digits.digits_of(numbers, add=True),
    "zeros at the end": digits.zeros_at_the_end,
}
