"""Starts the folder of a new connector: a small channel that works, to be changed into the real one."""

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from trato.kit.errors import Conflict, Invalid

_NAME = re.compile(r"[a-z][a-z0-9]{1,30}")


def scaffold(name: str, channels: Path) -> list[Path]:
    """Write the folder `channels/name` and return its files; raises `Invalid` or `Conflict`."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            f"{name!r} cannot be the name of a channel",
            todo="use small letters and digits, beginning with a letter",
            field="name",
        )
    folder = channels / name
    if folder.exists():
        raise Conflict(f"{folder} is there already", todo="choose another name")
    template = resources.files("trato.channel_sdk") / "template"
    written = _copy(
        template, folder, {"__NAME__": name, "__CLASS__": name.title(), "__TITLE__": name.title()}
    )
    init = folder / "__init__.py"
    init.write_text(f'"""The {name} channel."""\n', "utf-8")
    return [init, *written]


def _copy(source: Traversable, target: Path, words: dict[str, str]) -> list[Path]:
    target.mkdir(parents=True)
    written: list[Path] = []
    for item in sorted(source.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            written += _copy(item, target / item.name, words)
        elif item.name.endswith(".txt"):
            text = item.read_text("utf-8")
            for word, value in words.items():
                text = text.replace(word, value)
            file = target / item.name.removesuffix(".txt")
            file.write_text(text, "utf-8")
            written.append(file)
    return written
