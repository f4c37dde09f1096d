"""What it costs to have the explanation written in another language: python bench/language.py --language German.

The same problems of the project's own families, each solved twice by the model alone with a single plain request, as
the tutor makes it: once without a word about the language, once asking for it. Says how many of each are right (by
the project's own equivalence) with a 95 % Wilson interval, which problems part, and the exact McNemar p of those.
Writes bench/runs/language-LANGUAGE.json, texts included.
"""

from __future__ import annotations

import argparse
import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from accuracy import mcnemar, wilson
from langchain_core.messages import HumanMessage
from rich.console import Console
from rich.progress import track

from agent.domain import Verdict
from agent.models.fetch import cached_file
from agent.models.llamacpp import open_llamacpp
from agent.models.loaded import LoadedModel
from agent.models.opening import chosen_model
from agent.parsing import final_answer
from agent.prompts import render
from agent.settings import load_settings, quiet_third_parties
from agent.verification.answers.equivalence import same_value
from index.families.corpus import starter_records

RUNS = Path(__file__).parent / "runs"
MOST_TOKENS = 700
EASY = 400  # characters of a worked solution: beyond that the small model fails in any language


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--language", default="German")
    options.add_argument("--sample", type=int, default=20)
    options.add_argument("--seed", type=int, default=6)
    options.add_argument("--workers", type=int, default=10)
    given = options.parse_args()
    quiet_third_parties()
    records = [one for one in starter_records(seed=given.seed) if len(one.solution) < EASY]
    problems = [(one.problem, one.answer) for one in random.Random(given.seed).sample(records, given.sample)]
    settings = load_settings()
    entry = chosen_model(settings)
    with open_llamacpp(
        cached_file(entry, settings.cache_dir), name=entry.name, threads=settings.thread_count, parallel=given.workers,
        context_tokens=1200,
    ) as model, ThreadPoolExecutor(given.workers) as pool:  # fmt: skip
        jobs = [(problem, gold, language) for problem, gold in problems for language in ("", given.language)]
        done = pool.map(lambda job: solved(model, *job), jobs)
        results = list(track(done, "solving", total=len(jobs), console=Console(stderr=True)))
    RUNS.mkdir(exist_ok=True)
    file = RUNS / f"language-{given.language.lower()}.json"
    file.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    report(results, given.language)


def solved(model: LoadedModel, problem: str, gold: str, language: str) -> dict[str, Any]:
    request = render("solve", problem=problem)
    if language:
        request += "\n\n" + render("language", language=language)
    written = model.stream([HumanMessage(request)], max_tokens=MOST_TOKENS)
    answer = final_answer(written.text)
    right = answer is not None and same_value(answer, gold) is Verdict.VERIFIED
    return {"language": language, "problem": problem, "gold": gold, "answer": answer, "right": right,
            "tokens": written.output_tokens, "text": written.text}  # fmt: skip


def report(results: list[dict[str, Any]], language: str) -> None:
    plain, other = ([one for one in results if bool(one["language"]) is asked] for asked in (False, True))
    for name, those in (("as the model writes", plain), (language, other)):
        right = sum(one["right"] for one in those)
        low, high = wilson(right, len(those))
        tokens = sum(one["tokens"] for one in those) / len(those)
        print(f"{name:22}{right} of {len(those)} right (95 %: {low:.0%} to {high:.0%}), {tokens:.0f} tokens each")
    pairs = list(zip(plain, other, strict=True))
    only_plain = sum(a["right"] and not b["right"] for a, b in pairs)
    only_other = sum(b["right"] and not a["right"] for a, b in pairs)
    p = mcnemar(only_plain, only_other)
    print(f"only without: {only_plain}, only in {language}: {only_other}, McNemar p = {p:.2f}")


if __name__ == "__main__":
    main()
