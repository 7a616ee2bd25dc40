"""The connectors: one folder each, found by looking, named by nobody."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.metadata import entry_points
from importlib.util import find_spec

from trato.channel_sdk import Connector


@cache
def load_connectors() -> Mapping[str, Connector]:
    """Return every connector by its kind: our own folders first, then installed entry points.

    A folder without `connector.py` is no channel yet. A connector that fails to load is an error of the
    installation and rises.
    """
    found: dict[str, Connector] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.ispkg and find_spec(f"{__name__}.{module.name}.connector"):
            _add(found, importlib.import_module(f"{__name__}.{module.name}.connector").connector)
    for entry in entry_points(group="trato.channels"):
        _add(found, entry.load())
    return found


def _add(found: dict[str, Connector], connector: Connector) -> None:
    if connector.kind in found:
        message = f"two connectors are called {connector.kind}"
        raise ValueError(message)
    found[connector.kind] = connector


def resource(connector: Connector, name: str) -> str | None:
    """Return a text file of the connector's folder (`strings.json`, `icon.svg`), if it has it."""
    package = type(connector).__module__.rpartition(".")[0]
    file = resources.files(package) / name
    return file.read_text("utf-8") if file.is_file() else None
