"""Keeps the gate that an installation has learned from its own readers."""

import json
import os
from pathlib import Path

import structlog

from trato.decide.answer_gate import Gate
from trato.kit.durable import sync_folder

log = structlog.get_logger(__name__)


def index_folder(data: Path) -> Path:
    """Return where an installation keeps its index."""
    return data / "search" / "index"


def gate_file(data: Path) -> Path:
    """Return where an installation keeps its own gate."""
    return data / "search" / "gate.json"


def store(gate: Gate, path: Path) -> None:
    """Keep a gate, in place of the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(gate.values(), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def own_gate(path: Path) -> Gate | None:
    """Return the installation's gate, None where there is none that fits: then the shipped one serves."""
    try:
        return Gate.of(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("search.gate_not_used", path=str(path), reason=repr(error))
        return None
