"""Everything that Trato imports at run time may be used in Apache-2.0 software without its users noticing."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from tests.architecture.repository import ROOT

# a licence that would reach over to Trato or to who embeds it; the Lesser GPL counts too
COPYLEFT = re.compile(r"\b[AL]?GPL|general public license|\bSSPL|\bBUSL|commons clause", re.IGNORECASE)


def runtime() -> list[str]:
    return re.findall(r"^([a-z0-9][\w.-]*)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


def licence(found: Distribution) -> str:
    """Return what a package declares: its SPDX expression, else classifiers, else the field's first line."""
    declared = found.metadata
    if "License-Expression" in declared:
        return declared["License-Expression"]
    classifiers = [text for text in declared.get_all("Classifier", []) if text.startswith("License ::")]
    return "; ".join(classifiers) or (
        declared["License"].splitlines()[0] if "License" in declared else "unknown"
    )


def installed(names: list[str]) -> list[Distribution]:
    """Return the packages that are installed here (some are for other systems)."""
    found = []
    for name in names:
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def test_no_copyleft_among_the_runtime_requirements() -> None:
    packages = installed(runtime())
    assert len(packages) > 40
    assert not {found.name: licence(found) for found in packages if COPYLEFT.search(licence(found))}


@pytest.mark.parametrize(
    ("text", "copyleft"),
    [("GPL-3.0-or-later", True), ("LGPL-2.1", True), ("AGPL-3.0", True), ("MIT", False), ("MPL-2.0", False)],
)
def test_copyleft_is_recognised(text: str, copyleft) -> None:
    assert bool(COPYLEFT.search(text)) is copyleft
