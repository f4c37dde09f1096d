"""Several GPUs, as far as a processor can show it: accelerate reads our file, and the adapter is saved whole."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="the finetune extra is not installed")

CONFIG = str(resources.files("finetune").joinpath("recipes/fsdp-qlora.accelerate.yaml"))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What accelerate's own launcher makes of the file, for the processes that it starts."""
    from accelerate.commands.launch import _validate_launch_command, launch_command_parser
    from accelerate.utils import prepare_multi_gpu_env

    command = ["--config_file", CONFIG, "--num_processes", "2", "-m", "agent.cli", "finetune"]
    arguments, _, _ = _validate_launch_command(launch_command_parser().parse_args(command))
    found: dict[str, str] = prepare_multi_gpu_env(arguments)
    for key in [key for key in found if key.startswith("FSDP_")]:
        monkeypatch.setenv(key, found[key])
    for key in ("FSDP_SYNC_MODULE_STATES", "FSDP_CPU_RAM_EFFICIENT_LOADING"):  # these ask for a GPU when they are read
        monkeypatch.setenv(key, "false")
    return found


def test_accelerate_reads_the_file_and_launches_with_it(environment: dict[str, str]) -> None:
    from accelerate import FullyShardedDataParallelPlugin

    assert environment["ACCELERATE_USE_FSDP"] == "true"
    assert environment["ACCELERATE_MIXED_PRECISION"] == "bf16"
    plugin = FullyShardedDataParallelPlugin()
    assert plugin.fsdp_version == 1
    assert plugin.sharding_strategy.name == "FULL_SHARD"
    assert plugin.state_dict_type.name == "SHARDED_STATE_DICT"
    assert plugin.use_orig_params is False
    assert environment["FSDP_SYNC_MODULE_STATES"] == environment["FSDP_CPU_RAM_EFFICIENT_LOADING"] == "true"


def test_the_adapter_is_saved_where_checkpoints_are_sharded(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trainer alone saves nothing with this file's settings; save_adapter does."""
    del environment  # it has set the variables that the plugin reads
    from accelerate import FullyShardedDataParallelPlugin
    from peft import LoraConfig, get_peft_model
    from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainingArguments

    from finetune.quiet import quiet_libraries
    from finetune.train import save_adapter

    shape = LlamaConfig(
        vocab_size=32, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=1,
        num_key_value_heads=1,
    )  # fmt: skip
    plugin = FullyShardedDataParallelPlugin()
    with quiet_libraries():
        network = get_peft_model(LlamaForCausalLM(shape), LoraConfig(r=2, target_modules="all-linear"))
        arguments = TrainingArguments(str(tmp_path / "run"), use_cpu=True, report_to="none", bf16=False)
        trainer = Trainer(model=network, args=arguments)
        monkeypatch.setattr(trainer.accelerator.state, "fsdp_plugin", plugin, raising=False)
        monkeypatch.setattr(trainer, "is_fsdp_enabled", True)
        trainer.save_model(str(tmp_path / "alone"))
        save_adapter(trainer, tmp_path / "adapter")
    assert not (tmp_path / "alone").exists()
    assert (tmp_path / "adapter" / "adapter_config.json").is_file()
    assert (tmp_path / "adapter" / "adapter_model.safetensors").stat().st_size > 1000
