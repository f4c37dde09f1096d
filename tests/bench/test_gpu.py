"""The GPU measurements' arithmetic, and one of them on a tiny network, wherever the tests run."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from finetune.estimate import CARDS, SHAPES, Shape, peak_of

TINY = Shape(1, 64, 128, 2, 1, 32, 128, True)


@pytest.fixture(scope="module")
def gpu() -> Any:
    spec = importlib.util.spec_from_file_location("bench_gpu", Path(__file__).resolve().parents[2] / "bench" / "gpu.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_utilisation_is_counted_with_recomputation_and_without(gpu: Any) -> None:
    shape = SHAPES["google/gemma-2-9b-it"]
    found = gpu.speeds(shape, 4000.0, CARDS["H100"])
    assert found["hardware TFLOP/s"] == pytest.approx(6 * 9.241e9 * 4000 / 1e12, rel=1e-3)
    assert found["model TFLOP/s"] == pytest.approx(found["hardware TFLOP/s"] * 4 / 6, rel=1e-3)
    assert found["hardware utilisation"] == "22.4%"
    assert found["model utilisation"] == "15.0%"
    assert set(gpu.speeds(shape, 4000.0, None)) == {"hardware TFLOP/s", "model TFLOP/s"}


def test_a_peak_is_known_for_the_very_card_alone() -> None:
    assert peak_of("NVIDIA H100 80GB HBM3") == peak_of("NVIDIA H200") == 989
    assert peak_of("NVIDIA A100-SXM4-80GB") == peak_of("NVIDIA A100-PCIE-40GB") == 312
    assert [peak_of(name) for name in ("NVIDIA H100 PCIe", "NVIDIA H200 NVL", "NVIDIA GeForce RTX 3090 Ti", "")] == [
        None,
        None,
        None,
        None,
    ]


def test_a_tiny_quantised_network_is_trained_and_timed(gpu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("bitsandbytes")
    pytest.importorskip("peft", reason="the finetune extra is not installed")
    from finetune.quiet import quiet_libraries

    monkeypatch.setattr(gpu, "MEASURED", 1)
    with quiet_libraries():
        figures = gpu.measured(gpu.quantised(TINY, "eager"), TINY, 16, 0.5)
    assert figures["text tokens/s"] > 0
    assert figures["hardware TFLOP/s"] >= figures["model TFLOP/s"]
