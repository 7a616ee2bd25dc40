"""Builds the web into every wheel, so that whoever installs Trato needs no Node."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))

import build_web


class WebBuildHook(BuildHookInterface[Any]):
    """A hatchling hook; an editable install serves what `./trato` builds instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 hatchling's signature
        """Build desk and widget unless they are up to date."""
        if version != "editable":
            build_web.build()
