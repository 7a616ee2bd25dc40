"""Messages to devices over real HTTP, read with the device's own key; what is gone is forgotten."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from tests.support.receiver import ENDLESS, HANG, Receiver, Request, receiving

from trato.notifications import pushing

AUTH = b"0123456789abcdef"


def written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Device:
    """A browser with a subscription, as the Push API makes one."""

    receiver: Receiver
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.receiver.port}/push/abc"

    @property
    def body(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": written(point), "auth": written(AUTH)}
        return {"endpoint": self.endpoint, "keys": keys, "name": "Teléfono"}

    def read(self, request: Request) -> dict[str, Any]:
        clear = http_ece.decrypt(request.body, private_key=self.key, auth_secret=AUTH, version="aes128gcm")
        said: dict[str, Any] = json.loads(clear)
        return said


@dataclass
class Scene:
    place: Any
    ana: Any
    device: Device
    conversation: Any

    async def answer(self, words: str) -> None:
        await self.place.write("pedro@example.org", words)
        await self.place.tell()


@pytest.fixture
async def answering() -> list[int]:
    """How the push service answers, in turn; then 201."""
    return []


@pytest.fixture
async def scene(place, answering):
    def answer(_: Request) -> int:
        return answering.pop(0) if answering else 201

    async with receiving(answer) as receiver:
        ana = await place.person("Ana")
        await ana.ask("PATCH", "/notification-wishes", body={"quiet_from": "00:00", "quiet_to": "00:00"})
        device = Device(receiver)
        conversation = await place.write("pedro@example.org", "Hola")
        await place.give(conversation, ana)
        await place.tell()
        await ana.ask("POST", "/push-devices", 201, device.body)
        yield Scene(place, ana, device, conversation)


async def test_a_message_reaches_the_device_and_nobody_else_can_read_it(scene) -> None:
    await scene.answer("¿Ya salió mi pedido?")
    assert await scene.place.push() == 1
    (request,) = scene.device.receiver.requests
    assert b"pedido" not in request.body
    said = scene.device.read(request)
    assert said["title"] == "Pedro respondió"
    assert said["body"].endswith("¿Ya salió mi pedido?")
    assert said["place"] == f"/c/{scene.conversation}"
    assert request.headers["content-encoding"] == "aes128gcm"
    assert request.headers["ttl"] == "86400"
    assert len(request.headers["topic"]) == 32
    key = (await scene.ana.ask("GET", "/push-key"))["public_key"]
    assert Vapid02.verify(request.headers["authorization"])
    assert request.headers["authorization"].endswith(f"k={key}")


async def test_what_was_read_at_the_desk_is_not_sent(scene) -> None:
    await scene.answer("¿Ya salió?")
    await scene.ana.ask("POST", "/notifications/read", body={"everything": True})
    assert await scene.place.push() == 1
    assert scene.device.receiver.requests == []


@pytest.mark.parametrize("code", [404, 410])
async def test_a_device_that_is_gone_is_forgotten(scene, answering, code) -> None:
    answering.append(code)
    await scene.answer("¿Ya salió?")
    await scene.place.push()
    assert (await scene.ana.ask("GET", "/push-devices"))["items"] == []
    await scene.answer("¿Y?")
    assert await scene.place.push() == 0
    assert len(scene.device.receiver.requests) == 1


@pytest.mark.parametrize("code", [429, 500, 503])
async def test_a_push_service_in_trouble_is_asked_again(scene, answering, code) -> None:
    answering.append(code)
    await scene.answer("¿Ya salió?")
    await scene.place.push()
    (job,) = await scene.place.rows("SELECT state, attempts, error FROM job WHERE kind = 'push'")
    assert (job["state"], job["attempts"]) == ("waiting", 1)
    await scene.place.push()
    assert await scene.place.rows("SELECT id FROM job WHERE kind = 'push'") == []
    assert len(scene.device.receiver.requests) == 2


async def test_a_push_service_is_neither_heard_out_nor_waited_for(scene, answering, monkeypatch) -> None:
    answering += [ENDLESS, HANG]
    await scene.answer("¿Ya salió?")
    await scene.place.push()
    assert await scene.place.rows("SELECT id FROM job WHERE kind = 'push'") == []
    monkeypatch.setattr(pushing, "TIMEOUT_S", 0.2)
    await scene.answer("¿Y?")
    await scene.place.push()
    (job,) = await scene.place.rows("SELECT state, attempts, error FROM job WHERE kind = 'push'")
    assert (job["state"], job["attempts"]) == ("waiting", 1)


async def test_a_message_that_is_refused_is_not_sent_again(scene, answering) -> None:
    answering.append(413)
    await scene.answer("¿Ya salió?")
    await scene.place.push()
    assert await scene.place.rows("SELECT id FROM job WHERE kind = 'push'") == []
    assert len((await scene.ana.ask("GET", "/push-devices"))["items"]) == 1


async def test_without_a_session_or_by_wish_no_name_and_no_word_leaves(scene) -> None:
    await scene.ana.ask("PATCH", "/notification-wishes", body={"words_in_push": False})
    await scene.answer("Mi dirección es Mitre 100")
    await scene.place.push()
    await scene.ana.ask("PATCH", "/notification-wishes", body={"words_in_push": True})
    await scene.place.run("DELETE FROM session")
    await scene.answer("Y mi teléfono, 555")
    await scene.place.push()
    for request in scene.device.receiver.requests:
        said = scene.device.read(request)
        assert said["title"].startswith("Un cliente respondió")
        assert said["body"] == "Abra Trato para verlo."
    assert len(scene.device.receiver.requests) == 2


async def test_do_not_disturb_keeps_devices_still_also_for_what_was_queued(scene) -> None:
    await scene.answer("¿Ya salió?")
    await scene.ana.ask("PATCH", "/notification-wishes", body={"silent_until": "2999-01-01T00:00:00Z"})
    await scene.place.push()
    await scene.answer("¿Hola?")
    assert await scene.place.push() == 0
    assert scene.device.receiver.requests == []
    assert [words for kind, words in await scene.ana.told() if kind == "answered"] == ["¿Hola?"]


async def test_the_same_device_again_is_one_and_goes_with_who_signed_in_last(scene) -> None:
    await scene.ana.ask("POST", "/push-devices", 201, scene.device.body)
    assert len((await scene.ana.ask("GET", "/push-devices"))["items"]) == 1
    luz = await scene.place.person("Luz")
    (mine,) = (await scene.ana.ask("GET", "/push-devices"))["items"]
    await luz.ask("DELETE", f"/push-devices/{mine['id']}", 404)
    await luz.ask("POST", "/push-devices", 201, scene.device.body)
    assert (await scene.ana.ask("GET", "/push-devices"))["items"] == []
    await luz.ask("POST", "/push-devices/forget", 204, {"endpoint": scene.device.endpoint})
    assert (await luz.ask("GET", "/push-devices"))["items"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "ftp://push.example/1"},
        {"endpoint": "https://169.254.169.254/latest"},
        {"endpoint": "https://user@push.example/1"},
        {"keys": {"p256dh": "abc", "auth": written(AUTH)}},
        {"keys": {"p256dh": written(b"4" * 65), "auth": "**"}},
    ],
)
async def test_what_no_browser_says_is_refused(scene, change) -> None:
    await scene.ana.ask("POST", "/push-devices", 422, scene.device.body | change)


async def test_the_keys_lie_sealed(scene) -> None:
    await scene.ana.ask("GET", "/push-key")
    await scene.answer("¿Ya salió?")
    await scene.place.push()
    (row,) = await scene.place.rows("SELECT private FROM push_key")
    assert len(scene.place.services.secrets.open(row["private"])) == 43
    (device,) = await scene.place.rows("SELECT auth FROM push_device")
    assert written(AUTH).encode() not in device["auth"]
