"""What a visitor's stream may carry: a whitelist."""

import json

import pytest

from trato.portal import views

MESSAGE = {
    "id": "m1", "conversation_id": "c1", "case_id": "SECRET", "contact_id": "SECRET", "direction": "out",
    "kind": "text", "author_kind": "agent", "author_id": "SECRET", "author_name": "Sofía", "text": "Hola",
    "subject": "SECRET", "has_html": True, "payload": {"x": "SECRET"}, "status": "sent", "error": "SECRET",
    "created_at": "2026-11-23T15:00:00Z", "occurred_at": "2026-11-23T15:00:00Z", "sent_at": None,
    "delivered_at": None, "read_at": None, "client_id": "SECRET", "version": 2,
    "attachments": [{"id": "a1", "filename": "f.png", "content_type": "image/png", "size": 3,
                     "inline": False, "content_id": "SECRET", "store_key": "SECRET", "sha256": "SECRET"}],
}  # fmt: skip


def carried(kind="message.created", **change) -> str | None:
    seen = views.project(kind, {"message": {**MESSAGE, **change}, "more": "SECRET"})
    return None if seen is None else json.dumps(seen, ensure_ascii=False)


def test_an_answer_shows_its_text_its_files_and_the_agents_name_and_nothing_else():
    text = carried()
    assert text is not None
    assert "Sofía" in text
    assert "f.png" in text
    assert "SECRET" not in text


@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
def test_a_message_that_left_is_seen(status):
    assert carried(status=status) is not None


@pytest.mark.parametrize("status", ["queued", "sending", "failed", "uncertain", "cancelled", "noted", "new"])
def test_a_message_that_did_not_leave_is_not(status):
    assert carried(status=status) is None


@pytest.mark.parametrize(
    "change",
    [
        {"direction": "internal", "status": "noted"},
        {"direction": "internal", "status": "sent"},
        {"kind": "system"},
        {"kind": "transcript"},
        {"direction": "sideways"},
    ],
)
def test_a_note_is_never_carried(change):
    assert carried(**change) is None


def test_what_went_on_to_somebody_else_is_not_carried():
    assert carried(payload={"apart": True, "forwards": "m0"}) is None


@pytest.mark.parametrize("kind", ["conversation.changed", "contact.changed", "case.changed", "x"])
def test_kinds_that_nobody_listed_are_not_carried(kind):
    assert carried(kind=kind) is None


def test_ones_own_message_brings_its_client_id_so_that_it_is_not_shown_twice():
    seen = views.message({**MESSAGE, "direction": "in", "status": "received", "client_id": "k1"})
    assert seen is not None
    assert seen["mine"] is True
    assert seen["client_id"] == "k1"
    assert seen["author"] is None


def test_the_state_names_the_agent_and_nothing_more_of_them():
    data = {
        "status": "snoozed", "waiting": True,
        "agent": {"name": "Sofía", "portrait": "d1", "id": "SECRET", "email": "SECRET"},
        "spam": "SECRET", "agent_read_at": "2026-11-23T15:01:00Z",
    }  # fmt: skip
    assert views.project("conversation.for_visitor", data) == {
        "conversation": {
            "status": "open",
            "agent": {"name": "Sofía", "picture": "/look/people/d1.png"},
            "beside": [],
            "waiting": True,
            "agent_read_at": "2026-11-23T15:01:00Z",
        }
    }


def test_only_the_agents_writing_is_news():
    said = {"who": "agent", "name": "Sofía", "conversation_id": "c1"}
    assert views.project("typing", said) == {"typing": {"name": "Sofía"}}
    assert views.project("typing", said | {"who": "contact", "name": "Pedro"}) is None
