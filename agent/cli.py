"""`mathlearn`: solve, hint, check, practice, ui, models, index, finetune, adapter, under one name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from agent import check, hint, solve
from agent.models import cli as models_cli
from agent.practice import cli as practice_cli
from finetune import cli as finetune_cli
from index import cli as index_cli
from ui import launch

if TYPE_CHECKING:
    from finetune.contract import Tutor


def _index_folder() -> Path:
    from agent.settings import load_settings

    return load_settings().index_dir


def _tutor_for_finetuning() -> Tutor:
    from agent.finetuning import tutor_for_finetuning

    return tutor_for_finetuning()


app = typer.Typer(
    help="Mathlearn: a mathematics tutor that runs on your own machine and checks its own answers.",
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip
app.command("solve", epilog=solve.EPILOG)(solve.solve)
app.command("hint", epilog=hint.EPILOG)(hint.hint)
app.command("check", epilog=check.EPILOG)(check.check)
app.command("ui", epilog=launch.EPILOG)(launch.ui)
app.add_typer(practice_cli.app, name="practice")
app.add_typer(models_cli.app, name="models")
app.add_typer(index_cli.make_app(_index_folder), name="index")
finetune_cli.add_commands(app, _tutor_for_finetuning)


def main() -> None:
    sys.exit(solve.run(app, sys.argv[1:], "mathlearn"))


if __name__ == "__main__":
    main()
