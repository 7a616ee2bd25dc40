"""Every file that the widget's build makes can be fetched, and none beside them."""

import pytest

from trato.portal.pages import _CHUNK


@pytest.mark.parametrize(
    "name", ["launcher.js", "panel-BkRz8QPp.js", "old.css-5ER0w7is.js", "inter-Dx4k_-Al.woff2"]
)
def test_a_file_of_the_build_is_one(name: str) -> None:
    assert _CHUNK.fullmatch(name)


@pytest.mark.parametrize(
    "name", ["..", "../x.js", "..%2fx.js", ".env", ".js", "a/b.js", "x.css", "x..js", "x.js\n"]
)
def test_nothing_else_is(name: str) -> None:
    assert not _CHUNK.fullmatch(name)
