"""Webhooks never lead into the installation's own network."""

import ipaddress

import httpx
import pytest

from trato.kit.errors import Invalid
from trato.kit.guarded_http import ForbiddenTarget, GuardedTransport, may_reach
from trato.webhooks.target import check_url

PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "172.16.9.9",
    "100.64.0.1",
    "::1",
    "fd00::1",
    "::ffff:10.0.0.1",
]
PRIVATE_INSIDE = ["64:ff9b::a00:1", "2002:7f00:1::"]
NEVER = ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "::ffff:169.254.169.254"]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached(address: str) -> None:
    assert may_reach(ipaddress.ip_address(address), allow_private=False)


@pytest.mark.parametrize("address", PRIVATE + PRIVATE_INSIDE)
def test_private_addresses_only_where_allowed(address: str) -> None:
    assert not may_reach(ipaddress.ip_address(address), allow_private=False)
    assert may_reach(ipaddress.ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_link_local_and_such_never(address: str) -> None:
    assert not may_reach(ipaddress.ip_address(address), allow_private=False)
    assert not may_reach(ipaddress.ip_address(address), allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://" + "x" * 2000,
        "example.org",
        "https://" + "a" * 70 + ".com/",
        "https://" + "a." * 130 + "com/",
        "https://a..b/",
        "https://.example.org/",
        "https://-a.example.org/",
        "https://a b.example.org/",
        "https://\u2028.example.org/",
        "https://" + "ñ" * 70 + ".com/",
    ],
)
def test_a_url_that_is_refused_when_written(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_url(url, allow_private=False)
    assert refused.value.field == "url"


def test_a_url_that_is_taken() -> None:
    check_url("https://example.org:8443/hook?a=1", allow_private=False)
    check_url("https://example.org./", allow_private=False)
    check_url("https://señor.example/", allow_private=False)
    check_url("https://_hook.xn--seor-gqa.example/", allow_private=False)
    check_url("http://10.0.0.1:8080/hook", allow_private=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"])
async def test_a_host_that_turns_out_private_is_refused_before_a_connection(host: str) -> None:
    async with httpx.AsyncClient(transport=GuardedTransport(allow_private=False)) as client:
        with pytest.raises(ForbiddenTarget):
            await client.get(f"http://{host}:1/")
