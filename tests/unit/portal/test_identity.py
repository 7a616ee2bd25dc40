"""Only what the host site signed, for this account and this moment, proves who a visitor is."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trato.portal.identity import Identity, IdentityRefused, sign, verify

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SECRET = "s" * 32
KEY = "pk_shop"


def proof(secret: str = SECRET, key: str = KEY, **fields) -> Identity:
    exp = int((NOW + timedelta(hours=1)).timestamp())
    bare = replace(Identity("u-7", "Pedro Gómez", "pedro@example.com", exp, ""), **fields)
    return replace(bare, signature=sign(secret, key, bare))


def test_a_proof_of_the_host_site_is_accepted():
    verify([SECRET], KEY, proof(), NOW)


def test_the_signature_is_the_one_that_the_readme_describes():
    lines = ["trato-identity-v1", KEY, "u-7", "Pedro Gómez", "pedro@example.com", str(proof().exp)]
    expected = hmac.new(SECRET.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    assert proof().signature == expected


def test_the_previous_secret_still_serves_while_it_is_changed():
    verify(["n" * 32, SECRET], KEY, proof(), NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "u-8"},
        {"name": "Otra persona"},
        {"email": "victim@example.com"},
        {"exp": int((NOW + timedelta(hours=2)).timestamp())},
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "ñ"},
    ],
)
def test_nothing_may_change_after_signing(change):
    with pytest.raises(IdentityRefused, match="signature"):
        verify([SECRET], KEY, replace(proof(), **change), NOW)


def test_a_proof_for_another_account_is_refused():
    with pytest.raises(IdentityRefused, match="signature"):
        verify([SECRET], KEY, proof(key="pk_other"), NOW)


def test_fields_cannot_speak_for_each_other():
    moved = proof(user_id="u-7\nPedro", name="x")
    with pytest.raises(IdentityRefused, match="control characters"):
        verify([SECRET], KEY, moved, NOW)


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nobody_is_believed_not_even_the_empty_key(secrets):
    with pytest.raises(IdentityRefused, match="no identity secret"):
        verify(secrets, KEY, proof(secret=""), NOW)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(seconds=1), timedelta(days=400)])
def test_an_expired_proof_is_refused(ago):
    with pytest.raises(IdentityRefused, match="expired"):
        verify([SECRET], KEY, proof(exp=int((NOW - ago).timestamp())), NOW)


@pytest.mark.parametrize("exp", [int((NOW + timedelta(hours=25)).timestamp()), 10**18, 10**30])
def test_a_proof_for_ever_is_refused(exp):
    with pytest.raises(IdentityRefused, match="24 hours"):
        verify([SECRET], KEY, proof(exp=exp), NOW)


def test_a_proof_of_nobody_is_refused():
    with pytest.raises(IdentityRefused, match="no user_id"):
        verify([SECRET], KEY, proof(user_id=" "), NOW)
