"""What tests share: where development data lies, and the real model, fetched once by `make test`."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def development_data() -> Path:
    """The folder of real problem sets, which the product never needs; skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the development data is not beside this checkout (../shared/data)")
    return DATA


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a real model first, as they take longest: begun last, they would be waited for one by one."""
    longest = ("smoke", "finetune", "e2e")
    items.sort(key=lambda item: min((longest.index(part) for part in item.path.parts if part in longest), default=9))
