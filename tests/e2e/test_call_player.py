"""Recordings are heard and pictures seen where they stand in the thread, by keyboard alone as well."""

import json
import shutil
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Profiles, unique
from tests.e2e.test_thread import in_database
from tests.support.looking import look, no_sideways_scrolling
from tests.support.recordings import picture, tone
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

LENGTH_S = 59
TURNS = [
    {"who": "contact", "text": "Hola, llamo por la heladera", "at_s": 0.5},
    {"who": "Sofía", "text": "Buenas tardes, ya la busco", "at_s": 20},
    {"who": "contact", "text": "El número es tres mil trescientos", "at_s": 40},
]


def uploaded(staff: Staff, name: str, data: bytes) -> str:
    sent = httpx.post(
        f"{staff.url}/api/v1/attachments", files={"file": (name, data)}, headers=staff.headers, timeout=30
    )
    assert sent.is_success, sent.text
    return str(sent.json()["id"])


def called(tree: Tree, staff: Staff, conversation: str, recording: bytes) -> str:
    """Give a conversation the marks of a call; return the id of its recording's file."""
    contact = staff.get(f"/conversations/{conversation}")["contact"]["id"]
    file_id = uploaded(staff, "llamada.wav", recording)
    for kind, payload, file in (
        ("leg", {"duration_s": LENGTH_S}, None),
        ("recording", {"duration_s": LENGTH_S}, file_id),
        ("transcript", {"turns": TURNS}, None),
    ):
        in_database(
            tree,
            """
            WITH said AS (
                INSERT INTO message (id, conversation_id, contact_id, direction, kind, author_kind,
                                     author_name, payload, status, created_at, occurred_at)
                SELECT gen_random_uuid(), :conversation, :contact, 'in', :kind, 'agent',
                       'Sofía', CAST(:payload AS jsonb), 'received', clock_timestamp(), now()
                RETURNING id, conversation_id)
            UPDATE attachment a SET message_id = said.id, conversation_id = said.conversation_id
            FROM said WHERE a.id = CAST(:file AS uuid)
            """,
            conversation=UUID(conversation),
            contact=UUID(contact),
            kind=kind,
            payload=json.dumps(payload),
            file=None if file is None else UUID(file),
        )
    return file_id


def position(player: Locator) -> Locator:
    return player.get_by_role("slider", name="Posición")


def at(player: Locator) -> float:
    return float(player.locator("audio").evaluate("(audio) => audio.currentTime"))


def plays(player: Locator) -> None:
    expect(player.get_by_role("button", name="Pausa")).to_be_visible()
    player.page.wait_for_function(
        "(audio) => !audio.paused && audio.currentTime > 0.2", arg=player.locator("audio").element_handle()
    )


def test_a_recording_is_heard_and_read_along(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("Los llamé recién"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    called(tree, agent, conversation, tone(LENGTH_S))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    page = desk.page
    asked: list[str | None] = []
    page.on(
        "request",
        lambda sent: asked.append(sent.headers.get("range")) if "/attachments/" in sent.url else None,
    )
    call = desk.message("Llamada")
    player = call.get_by_role("group", name="Grabación, 0:59")
    expect(position(player)).to_have_attribute("aria-valuetext", "0:00 de 0:59")
    call.get_by_text("Transcripción").click()

    # By keyboard alone: play, move by steps and leaps, pause.
    player.get_by_role("button", name="Reproducir").focus()
    page.keyboard.press("Enter")
    plays(player)
    first = call.locator(".turn").first
    expect(first).to_have_attribute("aria-current", "true")
    page.keyboard.press("Tab")
    expect(position(player)).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(call.locator(".turn").nth(1)).to_have_attribute("aria-current", "true")
    assert at(player) >= 25
    page.keyboard.press("Space")
    expect(player.get_by_role("button", name="Reproducir")).to_be_visible()
    page.keyboard.press("Home")
    expect(position(player)).to_have_attribute("aria-valuetext", "0:00 de 0:59")
    page.keyboard.press("Tab")
    speed = player.get_by_role("combobox", name="Velocidad")
    expect(speed).to_be_focused()
    speed.select_option("2×")

    # A turn of the transcript leads to where it was said.
    call.get_by_role("button", name="Escuchar desde 0:40").press("Enter")
    plays(player)
    assert at(player) >= 40
    assert player.locator("audio").evaluate("(audio) => audio.playbackRate") == 2
    expect(call.locator(".turn").nth(2)).to_have_attribute("aria-current", "true")
    look(page, "call-player")
    page.emulate_media(color_scheme="dark")
    look(page, "call-player-dark")
    page.set_viewport_size({"width": 390, "height": 844})
    no_sideways_scrolling(page, "a call on a phone")
    assert any(asked)  # by ranges, never the whole into memory


def test_one_at_a_time_and_what_is_gone_is_said(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("Dos grabaciones"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    called(tree, agent, conversation, tone(LENGTH_S))
    note = {"kind": "note", "text": unique("Lo que dijo el taller"), "client_id": unique("nota-de-voz")}
    agent.post(
        f"/conversations/{conversation}/messages",
        attachment_ids=[uploaded(agent, "taller.wav", tone(LENGTH_S, 330))],
        **note,
    )
    context = profiles(allow=r"404")
    desk = Desk(context, tree.url).sign_in(agent.email, agent.password).open(conversation)
    call = desk.message("Llamada").get_by_role("group", name="Grabación, 0:59")
    voice = desk.message(note["text"]).get_by_role("group", name="Audio taller.wav")
    expect(position(voice)).to_have_attribute("aria-valuetext", "0:00 de 0:59")  # measured, nobody noted it
    call.get_by_role("button", name="Reproducir").click()
    plays(call)
    voice.get_by_role("button", name="Reproducir").click()
    plays(voice)
    expect(call.get_by_role("button", name="Reproducir")).to_be_visible()
    assert call.locator("audio").evaluate("(audio) => audio.paused")

    shutil.rmtree(tree.folder / "data" / "files" / "files", ignore_errors=True)
    desk.page.reload()
    call.get_by_role("button", name="Reproducir").click()
    said = desk.page.get_by_role("alert").filter(has_text="Ya no está")
    expect(said.first).to_be_visible()


def test_pictures_are_seen_small_and_large(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    shop = Shopper(profiles(), tree.url).open()
    files: list[Any] = [
        {"name": "golpe.png", "mimeType": "image/png", "buffer": picture(640, 400, (40, 120, 110))},
        {"name": "etiqueta.png", "mimeType": "image/png", "buffer": picture(300, 500, (180, 120, 40))},
    ]
    shop.attach(*files)
    expect(shop.panel.get_by_text("Subiendo")).to_have_count(0)
    said = unique("Así llegó")
    shop.say(said)
    (found,) = agent.get("/inbox", tab="all", q=said)["items"]
    agent.post(f"/conversations/{found['id']}/take")
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(found["id"])
    page = desk.page
    small = desk.message(said).get_by_role("img", name="golpe.png")
    expect(small).to_be_visible()
    page.wait_for_function("(img) => img.naturalWidth === 640", arg=small.element_handle())
    desk.message(said).get_by_role("button", name="Ampliar golpe.png").press("Enter")
    window = page.get_by_role("dialog", name="golpe.png")
    expect(window.get_by_role("img", name="golpe.png")).to_be_visible()
    expect(window.get_by_role("status")).to_have_text("1 de 2")  # as they were chosen, whichever came first
    look(page, "picture")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog", name="etiqueta.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(desk.message(said).get_by_role("button", name="Ampliar golpe.png")).to_be_focused()
    look(page, "pictures-in-thread")
