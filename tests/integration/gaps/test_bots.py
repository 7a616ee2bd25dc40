"""A bot that speaks through the API tells what it had no answer to: it is part of a gap."""

from tests.integration.gaps.test_cases import resolved_case
from tests.support.with_key import client, make_key

from trato.kit.ids import new_id

from .conftest import Shelf

QUESTION = "¿Cómo pido la garantía de la heladera? Mi pedido es 8812345, soy@ejemplo.org"


async def test_what_a_bot_does_not_know_joins_the_gap_once_for_each_conversation(shelf: Shelf, http) -> None:
    await shelf.ask("como pido la garantía de la heladera", 2)
    _, talk_id = await resolved_case(shelf)
    body = {"question": QUESTION, "language": "es"}
    _, key = await make_key(shelf.db, "conversations:write")
    async with client(shelf.app, key) as bot:
        for _ in range(2):
            assert (await bot.post(f"/conversations/{talk_id}/not-answered", json=body)).status_code == 204
        gone = await bot.post(f"/conversations/{new_id()}/not-answered", json=body)
        assert gone.status_code == 404
        nothing = {"question": "¿?!", "language": "es"}
        assert (await bot.post(f"/conversations/{talk_id}/not-answered", json=nothing)).status_code == 204
    await shelf.group()
    (gap,) = (await http.get("/gaps")).json()["items"]
    assert gap["sources"] == {"search": 2, "article": 0, "contact": 0, "bot": 1}
    asked = (await http.get(f"/gaps/{gap['id']}/questions")).json()["items"]
    told = next(one for one in asked if one["source"] == "bot")
    assert told["conversation_id"] == str(talk_id)
    assert "8812345" not in told["question"]
    assert "@" not in told["question"]
    _, key = await make_key(shelf.db, "conversations:read")
    async with client(shelf.app, key) as reader:
        assert (await reader.post(f"/conversations/{talk_id}/not-answered", json=body)).status_code == 403
