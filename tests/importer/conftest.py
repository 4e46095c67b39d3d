"""The test set in its real forms, and how the importer does on it: made once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.importer import examine
from tests.importer import make, score


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every article of the set."""
    folder = tmp_path_factory.mktemp("set")
    make.make(folder)
    return folder


@pytest.fixture(scope="session")
def base() -> examine.Base:
    """The site itself, prepared."""
    return examine.Base(score.ROOT)


@pytest.fixture(scope="session")
def result(made: Path, base: examine.Base) -> score.Score:
    """The score."""
    return score.score(made, base)
