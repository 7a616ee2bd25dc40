"""Addresses at which a browser keeps a session safe, and settings that make no sense."""

import pytest

from trato.cli.composition import check_public_address
from trato.cli.installation import load_settings
from trato.cli.up import announce
from trato.kit.errors import Invalid


@pytest.mark.parametrize(
    "url",
    [
        "https://ayuda.example",
        "https://10.0.0.5:8443",
        "http://127.0.0.1:8000",
        "http://127.8.8.8",
        "http://localhost:8000",
        "http://desk.localhost:8000",
        "http://[::1]:8000",
    ],
)
def test_https_and_loopback_are_safe(url) -> None:
    check_public_address(url)


@pytest.mark.parametrize(
    "url",
    ["http://ayuda.example", "http://10.0.0.5:8000", "http://localhost.example", "http://[2001:db8::1]"],
)
def test_plain_http_elsewhere_is_refused_with_the_mend(url) -> None:
    with pytest.raises(Invalid, match="Nobody could sign in") as refused:
        check_public_address(url)
    assert "--tls-cert" in refused.value.todo
    assert "--public-url" in refused.value.todo


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"port": 70000}, "--port"),
        ({"public_url": "ayuda.example"}, "--public-url"),
        ({"tls_cert": "a.pem"}, "TLS"),
    ],
)
def test_a_wrong_setting_is_named(given, named) -> None:
    with pytest.raises(Invalid, match=named):
        load_settings(**given)


def test_the_command_line_wins_over_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("TRATO_PORT", "9000")
    assert load_settings(port=None).port == 9000
    assert load_settings(port=9001).port == 9001


def test_one_block_says_where_everything_is(capsys) -> None:
    announce(
        "http://127.0.0.1:8000",
        ["Widget demo   http://127.0.0.1:8000/demo", "First sign-in http://127.0.0.1:8000/#set-up=x"],
    )
    printed = capsys.readouterr().out
    for part in ("8000/\n", "/help", "/demo", "#set-up=x"):
        assert part in printed
