"""Where the public test data lies that is kept beside the project, not in it."""

import os
from pathlib import Path

import pytest


def shared_data(*parts: str) -> Path:
    """Return a folder of the shared data, or skip the test with the reason that it is absent."""
    root = Path(__file__).resolve().parents[2]
    places = [parent / "shared" / "data" for parent in root.parents]
    given = os.environ.get("TRATO_SHARED_DATA")
    for place in [Path(given)] if given else places:
        if place.is_dir():
            return place.joinpath(*parts)
    pytest.skip(f"no shared test data: neither TRATO_SHARED_DATA nor shared/data above {root}")
