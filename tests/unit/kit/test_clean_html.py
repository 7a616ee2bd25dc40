"""What is left of a stranger's HTML: nothing that runs, loads or escapes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.kit.clean_html import Labels, clean_html
from trato.kit.html_text import html_to_text


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java\nscript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<form action=https://evil.example><input name=q><button>x</button></form>",
        "<iframe src=https://evil.example></iframe>",
        "<object data=https://evil.example></object><embed src=https://evil.example>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href=https://evil.example>",
        "<style>@import 'https://evil.example/x.css'</style>",
        "<p style='background:url(https://evil.example/t.gif)'>x</p>",
        "<p style='position:fixed;top:0;left:0'>x</p>",
        "<p style='color:red;background-image:u\\72l(https://evil.example)'>x</p>",
        "<table background='https://evil.example/t.gif'><tr><td>x</table>",
        "<img srcset='https://evil.example/t.gif 1x'>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<video src=https://evil.example poster=https://evil.example></video>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<details open ontoggle=alert(1)>x</details>",
        "<p title='<script>alert(1)</script>'>x</p>",
    ],
)
def test_nothing_that_runs_or_loads_is_left(source: str) -> None:
    found = clean_html(source)
    tags = re.findall(r'<[a-z][^\s>]*(?:\s+[\w-]+="[^"]*")*\s*>', found)
    assert not re.search(r"<(script|svg|form|input|iframe|object|embed|link|meta|base|style|video)", found)
    assert not any(
        re.search(r"\son\w+=|javascript:|\ssrc=|position|url\(|srcset|background=", tag) for tag in tags
    )


def test_remote_images_wait_until_somebody_asks() -> None:
    found = clean_html('<img src="https://shop.example/a.png?x=1&y=2" alt="a" width="3">')
    assert found == '<img alt="a" width="3" data-remote-src="https://shop.example/a.png?x=1&amp;y=2">'


def test_inline_images_get_the_address_we_give_them() -> None:
    urls = {"logo@x": '/files/1?sig="&exp=2'}
    found = clean_html('<img src="cid:logo@x"><img src="CID:other">', content_url=urls.get)
    assert found == '<img src="/files/1?sig=&quot;&amp;exp=2"><img>'


def test_links_open_elsewhere_and_tell_nothing() -> None:
    assert clean_html('<a href="https://x.example" target="_top" rel="opener">x</a>') == (
        '<a href="https://x.example" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        (
            "<p>a</p><blockquote>b<blockquote>c</blockquote></blockquote>",
            "<p>a</p><details><summary>cita</summary><blockquote>b<blockquote>c</blockquote></blockquote></details>",
        ),
        (
            '<div class="gmail_quote">El lunes:<blockquote>b</blockquote></div>z',
            "<details><summary>cita</summary><div>El lunes:<blockquote>b</blockquote></div></details>z",
        ),
        (
            '<div>a<div id="divRplyFwdMsg">De: x</div><p>b</p></div>z',
            "<div>a<details><summary>cita</summary><div>De: x</div><p>b</p></details></div>z",
        ),
        (
            '<hr id="stopSpelling"><p>b</p>',
            "<details><summary>cita</summary><hr><p>b</p></details>",
        ),
        (
            '<p>a</p><div class="gmail_signature">Ana</div>',
            "<p>a</p><details><summary>firma</summary><div>Ana</div></details>",
        ),
    ],
)
def test_quotes_and_signatures_are_folded(source: str, folded: str) -> None:
    assert clean_html(source, labels=Labels("cita", "firma")) == folded


def test_ordinary_looks_are_kept() -> None:
    cell = '<td style="color:red;padding:4px">x</td>'
    source = f'<table width="600" bgcolor="#fff"><tbody><tr>{cell}</tr></tbody></table>'
    assert clean_html(source) == source


@pytest.mark.parametrize("source", ["<div>" * 100_000, "&" * 1_000_000, "<b><p>" * 50_000, "x" * 3_000_000])
def test_what_would_cost_too_much_is_shown_as_text(source: str) -> None:
    assert clean_html(source).startswith("<pre>")


@given(st.text(alphabet=list("<>/\"'= abcdivpscriptonerror:&;#!-\n\0"), max_size=300))
def test_no_markup_gets_out_unclean(source: str) -> None:
    found = clean_html(source)
    assert clean_html(found) == clean_html(clean_html(found))
    assert not re.search(r"<(?:script|style|form)\b", found)
    html_to_text(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Hola&nbsp;Ana,</p><p>¿Qué  tal?<br>Bien.</p>", "Hola Ana,\n\n¿Qué tal?\nBien."),
        ("<div>uno</div><div>dos</div>", "uno\ndos"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        (
            "<p>x</p><blockquote>y<blockquote>z</blockquote></blockquote><p>w</p>",
            "x\n\n> y\n>\n> > z\n>\n\nw",
        ),
        ('<a href="https://x.example/a">ver</a>', "ver <https://x.example/a>"),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<style>p{}</style><title>t</title><script>x</script>hola", "hola"),
        ('<img alt="logo"> x', "logo x"),
    ],
)
def test_html_as_text(source: str, text: str) -> None:
    assert html_to_text(source) == text
