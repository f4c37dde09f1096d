"""`mathlearn finetune RECIPE` and `mathlearn adapter …`: train an adapter, export it, measure it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadInput, TutorError

if TYPE_CHECKING:
    from finetune.contract import Tutor
    from finetune.recipe import Recipe

EPILOG = """
An interrupted run goes on from its last checkpoint when the same command is given again.
Packages: pip install 'mathlearn[finetune]'.
"""

Run = Annotated[Path, typer.Argument(help="The folder of a finetuning run.")]


def add_commands(app: typer.Typer, tutor: Callable[[], Tutor]) -> None:
    """Add the commands to `app`; `tutor` is asked for the tutor's side only when a command needs it."""

    @app.command("finetune", epilog=EPILOG)
    def finetune(
        recipe: Annotated[str | None, typer.Argument(help="A recipe's name, or a YAML file; none: list them.")] = None,
        override: Annotated[
            list[str] | None, typer.Option(metavar="KEY=VALUE", help="Put a setting of the recipe in its place.")
        ] = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Print sizes, memory and time, and train nothing.")
        ] = False,
    ) -> None:
        """Train an adapter for the tutor's model."""
        from finetune.recipe import read_recipe, recipe_names

        if recipe is None:
            print("\n".join(recipe_names()))
            return
        with _plain_errors():
            with _status("reading the recipe"):
                read = read_recipe(recipe, override or (), dry_run=dry_run)
            if dry_run:
                _print_estimate(read)
                return
            from finetune.train import train

            adapter = train(read, tutor(), told=_tell)
            print(adapter)
            typer.echo(f"Next: mathlearn adapter export {adapter.parent}", err=True)

    adapters = typer.Typer(help="What becomes of a finetuning run.", no_args_is_help=True)
    app.add_typer(adapters, name="adapter")

    @adapters.command("export")
    def export(
        run: Run,
        quantisation: Annotated[str, typer.Option(help="Of the whole model: f16, q8_0, q5_1, q4_1 or q4_0.")] = "q8_0",
        adapter_only: Annotated[bool, typer.Option("--adapter-only", help="The GGUF adapter, no whole model.")] = False,
        base_gguf: Annotated[
            Path | None, typer.Option(exists=True, dir_okay=False, help="The base's GGUF file, where it is not ours.")
        ] = None,
        merged: Annotated[
            Path | None, typer.Option(file_okay=False, help="Write the merged weights as a transformers model here.")
        ] = None,
        check: Annotated[bool, typer.Option(help="Compare next tokens between llama.cpp and transformers.")] = True,
    ) -> None:
        """Write an adapter for llama.cpp, and the whole model with it: adapter.gguf, model.gguf, README.md."""
        from finetune.export import export_run

        with _plain_errors():
            kind = "" if adapter_only else quantisation
            for file in export_run(
                run, tutor(), quantisation=kind, base_gguf=base_gguf, merged_folder=merged, check=check, told=_tell
            ):
                print(file)

    @adapters.command("evaluate")
    def evaluate(
        run: Run,
        problems: Annotated[
            int | None, typer.Option(min=1, help="Solve at most this many of the held-out problems.")
        ] = None,
        loss_only: Annotated[bool, typer.Option("--loss-only", help="Do not let the models write.")] = False,
    ) -> None:
        """Compare the base model and the adapter on the run's held-out examples, pair by pair."""
        from finetune.evaluate import compare, in_words

        with _plain_errors():
            compared = compare(run, tutor(), limit=problems, write=not loss_only)
            print(in_words(compared))


@contextmanager
def _plain_errors() -> Iterator[None]:
    """An error is one sentence on stderr and its own exit code; Ctrl-C is 130."""
    try:
        yield
    except TutorError as error:
        typer.echo(f"mathlearn: {error}", err=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("mathlearn: stopped; the same command goes on from the last checkpoint.", err=True)
        raise typer.Exit(130) from None


def _tell(line: str) -> None:
    typer.echo(line, err=True)


@contextmanager
def _status(doing: str) -> Iterator[None]:
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


def _print_estimate(recipe: Recipe) -> None:
    from finetune import estimate

    shape = estimate.shape_of(recipe)
    if shape is None:
        raise BadInput(
            f"The sizes of {recipe.model.model_name_or_path} are not known: its configuration cannot be fetched here."
        )
    rank = shape.adapter(recipe.model.lora_r)
    steps, tokens = estimate.steps_and_tokens(recipe)
    of = recipe.examples
    print(f"base        {recipe.model.model_name_or_path}: {shape.linear + shape.embedding:,} parameters")
    print(f"adapter     {rank:,} parameters ({rank / (shape.linear + shape.embedding):.2%}), {2 * rank / 1e6:.0f} MB "
          "in 16 bit")  # fmt: skip
    print(f"data        {', '.join(of.data)}: {of.train_problems:,} problems, targets {', '.join(of.targets)}")
    print(f"kept apart  {', '.join(of.keep_apart) or 'nothing: set keep_apart to your benchmarks'}")
    print(
        f"steps       {steps:,} of about {tokens // max(steps, 1):,} tokens, {tokens / 1e6:.1f} million tokens in all"
    )
    print("\nmemory on each device")
    parts = estimate.memory(shape, recipe)
    for part in parts:
        print(f"  {part.name:26}{part.bytes / estimate.GIB:7.2f} GiB   {part.arithmetic}")
    print(f"  {'in all':26}{sum(part.bytes for part in parts) / estimate.GIB:7.2f} GiB   and 0.5 to 1.5 of CUDA")
    work = estimate.operations(shape, recipe)
    print(f"\ntime        {work:.2e} operations")
    if recipe.text.get("use_cpu"):
        print(f"  this processor             {_hours(work / estimate.processor_speed())}")
    for card, peak in estimate.CARDS.items():
        hours = _hours(work / (peak * 1e12 * estimate.UTILISATION))
        print(f"  {card:26} {hours} (at {estimate.UTILISATION:.0%} of its {peak} TFLOP/s)")


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 5400 else f"{seconds / 60:.1f} minutes"
