"""A real finetuning run that a processor can do: SmolLM2 135M on GSM8K's training problems, measured on held-out ones.

    python bench/finetune_small.py ../shared/data/gsm8k_train.jsonl --apart ../shared/data/gsm_symbolic_dev.jsonl

The target is the program of assignments: 200 steps of one example each, then base against adapter on 40 other problems
(loss a token, and programs that the tutor evaluates to the right answer, written on llama.cpp). About ten minutes on
one quiet core; a run that was cut off goes on. Writes bench/finetune-loss.jsonl and .svg, and
bench/records/finetune-small.json, and prints Markdown. No text of the data is kept there.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from agent.finetuning import tutor_for_finetuning  # noqa: E402
from finetune.evaluate import compare, in_words  # noqa: E402
from finetune.export import export_run  # noqa: E402
from finetune.recipe import read_recipe  # noqa: E402
from finetune.train import train  # noqa: E402

BENCH = ROOT / "bench"
SETTINGS = (
    "targets=[program]", "train_problems=220", "held_out_problems=40", "max_steps=200", "gradient_accumulation_steps=1",
    "max_length=224", "eval_steps=100", "save_steps=20", "logging_steps=5", "early_stopping_patience=0",
    "load_best_model_at_end=false",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("--apart", type=Path, nargs="*", default=[], help="files whose problems are kept apart")
    parser.add_argument("--out", type=Path, default=BENCH / "runs" / "finetune-small")
    options = parser.parse_args()

    def told(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    data = f"data={json.dumps([str(options.problems.resolve())])}"
    apart = f"keep_apart={json.dumps([str(file.resolve()) for file in options.apart])}"
    recipe = read_recipe("smollm2-cpu-smoke", [*SETTINGS, data, apart, f"output_dir={options.out}"])
    train(recipe, tutor_for_finetuning(), told)
    export_run(options.out, tutor_for_finetuning(), quantisation="", told=told)
    compared = compare(options.out, tutor_for_finetuning())
    for suffix in ("jsonl", "svg"):
        shutil.copy(options.out / f"loss.{suffix}", BENCH / f"finetune-loss.{suffix}")
    summary = json.loads((options.out / "summary.json").read_text(encoding="utf-8"))
    report = json.loads((options.out / "examples" / "report.json").read_text(encoding="utf-8"))
    report["kept_apart"] = {Path(name).name: count for name, count in report["kept_apart"].items()}
    report["dropped"] = {reason.replace(f"{options.problems.resolve().parent}/", ""): count
                         for reason, count in report["dropped"].items()}  # fmt: skip
    pairs = [[pair.source, pair.target, pair.tokens, *pair.loss, pair.right] for pair in compared.pairs]
    record = {"summary": summary, "examples": report, "pairs": pairs}
    (BENCH / "records" / "finetune-small.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
    print(f"{summary['steps']} steps in {summary['seconds']:.0f} s.\n\n{in_words(compared)}")


if __name__ == "__main__":
    main()
