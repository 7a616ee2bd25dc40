"""What the build names its chunks is what a page can fetch, with its type; nothing leaves the folder."""

import pytest

from trato.portal.pages import _CHUNK, _TYPES, _WIDGET

NAMES = ["launcher.js", "old.css-BCfsDDRC.js", "inter-latin-wght-normal-Dx4kXJAl.woff2"]


def test_every_chunk_of_the_build_can_be_fetched() -> None:
    built = [file.name for file in (_WIDGET / "widget").glob("*") if file.is_file()]
    for name in [*NAMES, *built]:
        found = _CHUNK.fullmatch(name)
        assert found is not None, name
        assert found[1] in _TYPES, name


@pytest.mark.parametrize("name", ["..js", "../x.js", "a/../b.js", ".x.js", "a..js", "x.js.map", "x.html"])
def test_nothing_else_is_one(name: str) -> None:
    assert _CHUNK.fullmatch(name) is None
