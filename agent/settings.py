"""Settings and where they come from: a flag, else the environment, else the configuration file, else the default.

The only module that reads the environment. `mathlearn solve --help` shows the defaults.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agent.domain import Effort
from agent.errors import BadConfiguration

DEFAULT_MODEL = "qwen2.5-coder-1.5b"
CONFIG_FILE = Path(platformdirs.user_config_dir("mathlearn")) / "config.toml"


class Settings(BaseSettings):
    """Everything that can be set. Environment names carry the prefix MATHLEARN_ (MATHLEARN_MODEL=…)."""

    model_config = SettingsConfigDict(
        env_prefix="MATHLEARN_", toml_file=CONFIG_FILE, extra="forbid", frozen=True, protected_namespaces=()
    )

    model: str = Field(DEFAULT_MODEL, description="a registry name, a GGUF file, owner/repo/file, or an openai model")
    adapter: Path | None = Field(None, description="a LoRA adapter: GGUF for llama.cpp, a PEFT folder for transformers")
    backend: str = Field("auto", pattern="^(auto|llamacpp|openai|huggingface)$", description="who runs the model")
    openai_url: str = Field("", description="an OpenAI-compatible server, for example http://localhost:8000/v1")
    openai_key: SecretStr | None = Field(None, description="its key")
    load_in_4bit: bool = Field(False, description="NF4 quantisation of the huggingface backend (needs a GPU)")

    llama_server: Path | None = Field(None, description="a llama-server of your own build in place of the packaged one")
    threads: int = Field(0, ge=0, le=256, description="processor threads; 0: one a core")
    gpu_layers: int = Field(0, ge=0, le=999, description="layers that llama.cpp puts on a GPU")
    context_tokens: int = Field(4096, ge=1024, le=131072, description="context of one conversation")
    parallel: int = Field(4, ge=2, le=64, description="generations at the same time")

    retrieval: bool = Field(True, description="look for similar worked problems")
    max_steps: int = Field(12, ge=1, le=40, description="steps before a solution is cut off")
    max_rewrites: int = Field(2, ge=0, le=5, description="times a refuted step is written again")
    effort: Effort = Field(Effort.NORMAL, description="how many derivations to spend on an open verdict")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="seed of every sampled choice")
    language: str = Field(
        "", pattern=r"^([^\W\d_][\w ()’'-]{1,39})?$", description="of the text; empty: the model's choice"
    )
    check_seconds: float = Field(2.0, gt=0, le=60, description="time limit of one verification")

    cache_dir: Path = Field(Path(platformdirs.user_cache_dir("mathlearn")), description="models, prompts, index")
    data_dir: Path = Field(Path(platformdirs.user_data_dir("mathlearn")), description="conversations, own models")
    database_url: str = Field("", description="postgresql://… for many users; empty: SQLite in data_dir")

    @property
    def index_dir(self) -> Path:
        return self.cache_dir / "index"

    @property
    def thread_count(self) -> int:
        return self.threads or os.cpu_count() or 1

    @property
    def database_file(self) -> Path:
        return self.data_dir / "threads.sqlite"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: Any) -> Settings:
    """The settings in force; a flag that is None was not given. Raises BadConfiguration naming the culprit."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as invalid:
        first = invalid.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "configuration"
        raise BadConfiguration(
            f"The setting {name} is not usable ({first['msg'].lower()}): correct the flag, "
            f"the variable MATHLEARN_{name.upper()}, or {CONFIG_FILE}."
        ) from None
    except ValueError as unreadable:  # tomllib.TOMLDecodeError
        raise BadConfiguration(f"{CONFIG_FILE} is not valid TOML: {unreadable}.") from None


def quiet_third_parties() -> None:
    """Keep libraries from phoning home or chattering: no tracing, no telemetry, no advisory warnings."""
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGCHAIN_TRACING_V2"] = "false"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
