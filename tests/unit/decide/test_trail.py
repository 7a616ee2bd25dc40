"""What is kept of a trail and of a page's address, whatever comes."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.page_address import MAX_CHARACTERS, bare
from trato.decide.trail import MAX_TEXT, MOST, OLDEST, OUTCOMES, Kind, Outcome, Step, fit, worth_keeping

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
texts = st.text(max_size=2_000)
steps = st.builds(
    Step,
    kind=st.sampled_from(get_args(Kind)),
    at=st.datetimes(timezones=st.just(UTC)),
    text=texts,
    outcome=st.none() | st.sampled_from(get_args(Outcome)),
    reason=st.none() | texts,
    page=texts | st.just("https://tienda.example/pago?tarjeta=4111"),
    language=st.none() | st.just("es"),
    slug=st.none() | texts,
)


@given(steps)
def test_a_step_that_is_kept_is_small_and_says_something(step: Step) -> None:
    kept = fit(step, NOW)
    if kept is None:
        return
    assert len(kept.text) <= MAX_TEXT
    assert kept.text == " ".join(kept.text.split())
    assert NOW - OLDEST <= kept.at <= NOW
    assert kept.outcome is None or kept.outcome in OUTCOMES[kept.kind]
    assert "?" not in kept.page
    assert kept.kind in ("page", "failure") or not kept.page
    assert fit(kept, NOW) == kept  # kept again it stays as it is


@given(st.lists(steps, max_size=2 * MOST))
def test_of_many_the_latest_stay_in_their_order(many: list[Step]) -> None:
    kept = worth_keeping(many, NOW)
    assert len(kept) <= MOST
    assert [one.at for one in kept] == sorted(one.at for one in kept)


def test_words_belong_to_questions_and_to_what_was_missing_alone() -> None:
    read = fit(Step("article", NOW, text="lo que escribí en la página", language="es", slug="garantia"), NOW)
    assert read is not None
    assert read.text == ""
    assert fit(Step("search", NOW, text=" \n "), NOW) is None
    assert fit(Step("feedback", NOW, text="falta", outcome="answered"), NOW) is None
    later = fit(Step("search", NOW + timedelta(days=1), text="hola"), NOW)
    assert later is not None
    assert later.at == NOW


@given(texts)
def test_an_address_is_bare_whatever_it_was(address: str) -> None:
    found = bare(address)
    assert len(found) <= MAX_CHARACTERS
    assert not {"?", "#", "@"} & set(found)
    assert found.isprintable()
    assert bare(found) == found


@given(
    st.from_regex(r"[a-z]{1,12}", fullmatch=True),
    st.text(alphabet=st.characters(codec="ascii", exclude_categories=("C", "Z")), max_size=60),
    st.text(alphabet=st.characters(codec="ascii", exclude_categories=("C", "Z")), max_size=60),
)
def test_no_query_and_no_fragment_is_kept(path: str, query: str, fragment: str) -> None:
    found = urlsplit(bare(f"https://u:p@tienda.example:8443/{path}?{query}#{fragment}"))
    assert (found.scheme, found.hostname, found.port) == ("https", "tienda.example", 8443)
    assert (found.username, found.path, found.query, found.fragment) == (None, f"/{path}", "", "")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://tienda.example/pago", "https://tienda.example/pago"),
        ("https://tienda.example", "https://tienda.example"),
        ("/help/es/articles/garantia?x=1", "/help/es/articles/garantia"),
        (
            "https://t.example/r/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0/fin",
            "https://t.example/r/…/fin",
        ),
        ("https://t.example/clave/6f1d0c9a7b3e4f5d8a21/x", "https://t.example/clave/…/x"),
        ("https://t.example/p/018f3b7e-5b7c-7c3e-9d2a-2f6d1c9a7b3e", "https://t.example/p/…"),
        ("https://t.example/t/aB3-dE6_gH9-jK2_mN5-pQ8", "https://t.example/t/…"),
        ("https://t.example/u/ana@example.com", "https://t.example/u/…"),
        ("https://t.example/u/ana%40example.com", "https://t.example/u/…"),
        ("https://t.example/en-30-dias-o-menos-le-llega", "https://t.example/en-30-dias-o-menos-le-llega"),
        ("javascript:alert(1)", ""),
        ("data:text/html,<b>", ""),
        ("file:///etc/passwd", ""),
        ("//otro.example/x", ""),
        ("https://[::1/x", ""),
        ("hola", ""),
    ],
)
def test_addresses(address: str, kept: str) -> None:
    assert bare(address) == kept
