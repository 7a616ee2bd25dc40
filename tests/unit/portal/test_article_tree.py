"""Whatever HTML an article has, a page is given nothing but texts and a few kinds of elements."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trato.portal.article_tree import MOST, tree

BASE = "https://ayuda.example/help/es/articles/medidas"
TAGS = [
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</ul>",
    "<b>",
    "<h2>",
    "</h2>",
    "<table><tr><td>",
    "</table>",
    "<x-y>",
]
ODD = [
    "<a href='javascript:x'>",
    "</a>",
    "<script>",
    "</script>",
    "<img alt='plano' src=x>",
    "&amp;",
    "<",
    "a",
]
PIECES = st.sampled_from(TAGS + ODD)


def kinds(nodes: list[Any]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if not isinstance(node, str):
            found |= {node["t"]} | kinds(node.get("c", []))
            assert set(node) <= {"t", "c", "href"}
    return found


@given(st.lists(PIECES, max_size=60).map("".join))
def test_only_known_elements_come_out(html: str) -> None:
    found, whole = tree(html, BASE)
    assert whole
    assert kinds(found) <= {"p", "ul", "li", "em", "strong", "table", "tr", "td", "h3"}


def test_an_article_keeps_its_form() -> None:
    found, _ = tree("<h2>Medidas</h2><p>Mide <b>68</b> <a href='/help/es'>más</a><br>fin</p>", BASE)
    assert found == [
        {"t": "h3", "c": ["Medidas"]},
        {
            "t": "p",
            "c": [
                "Mide ",
                {"t": "strong", "c": ["68"]},
                " ",
                {"t": "a", "href": "https://ayuda.example/help/es", "c": ["más"]},
                {"t": "br"},
                "fin",
            ],
        },
    ]
    assert tree("<style>p{}</style><p>a</p>", BASE)[0] == [{"t": "p", "c": ["a"]}]
    assert tree("<p>a</p>" * MOST, BASE)[1] is False
