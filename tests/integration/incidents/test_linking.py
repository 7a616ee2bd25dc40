"""What customers write is linked to the incident it is about, with the reason; a wrong link stays away."""

import pytest
from sqlalchemy import text
from tests.integration.incidents.answering import answer, signature_of
from tests.integration.incidents.telling import register, work

from trato.access.roles import Role

LINKS = "SELECT conversation_id, state, reason, by FROM incident_link ORDER BY at"


@pytest.fixture(autouse=True)
async def reading(floor) -> None:
    await register(floor.services)


async def test_a_message_about_it_is_linked_with_its_words_as_the_reason(floor, declare) -> None:
    await declare()
    about = await floor.write(
        "ana@example.org", "Hola, quiero PAGAR con mi TARJÉTA y no me deja, falló el pago"
    )
    await floor.write("leo@example.org", "¿A qué hora abren mañana?")
    await work(floor.services)
    (link,) = await floor.rows(LINKS)
    assert (link["conversation_id"], link["state"], link["by"]) == (about, "linked", "system")
    assert "TARJÉTA" in link["reason"]["words"]
    (news,) = [one for one in await floor.news() if one.type == "incident.linked"]
    assert news.conversation_id == about
    assert news.audience == "staff"
    assert news.data["link"]["reason"]["words"] == link["reason"]["words"]


async def test_what_came_before_it_was_declared_is_found(floor, declare) -> None:
    early = await floor.write("ana@example.org", "Los pagos con la tarjeta no pasan")
    await work(floor.services)
    assert await floor.rows(LINKS) == []
    await declare()
    await work(floor.services)
    assert [row["conversation_id"] for row in await floor.rows(LINKS)] == [early]


async def test_a_phrase_of_the_customers_is_enough(floor, declare) -> None:
    made = await declare("Caída del servidor", words=["error 31"])
    conversation = await floor.write("ana@example.org", "me sale el Error 31 otra vez")
    await work(floor.services)
    (link,) = await floor.rows(LINKS)
    assert link["reason"]["phrase"] == "error 31"
    agent = await floor.caller(Role.AGENT)
    (seen,) = (await agent.get(f"/conversations/{conversation}/incidents")).json()["items"]
    assert (seen["incident_id"], seen["phase"], seen["follows"]) == (made["id"], "ongoing", False)


async def test_what_somebody_took_away_does_not_come_back_by_itself(floor, declare) -> None:
    made = await declare()
    conversation = await floor.write("ana@example.org", "Los pagos con la tarjeta no pasan")
    await work(floor.services)
    agent = await floor.caller(Role.AGENT)
    link = f"/incidents/{made['id']}/conversations/{conversation}"
    for _ in range(2):
        assert (await agent.delete(link)).status_code == 204
    await floor.write("ana@example.org", "¿Y el pago con tarjeta? Sigue fallando la tarjeta")
    await work(floor.services)
    assert [row["state"] for row in await floor.rows(LINKS)] == ["undone"]
    assert (await agent.put(link)).status_code == 204  # but by hand it does
    (row,) = await floor.rows(LINKS)
    assert (row["state"], row["reason"]) == ("linked", {})


async def test_nothing_is_linked_to_what_is_over_to_another_brand_or_of_spam(
    floor, supervisor, declare
) -> None:
    made = await declare()
    await supervisor.post(f"/incidents/{made['id']}/resolve", json={})
    late = await floor.write("ana@example.org", "Los pagos con la tarjeta no pasan")
    await work(floor.services)
    assert await floor.rows(LINKS) == []
    agent = await floor.caller(Role.AGENT)
    assert (await agent.put(f"/incidents/{made['id']}/conversations/{late}")).status_code == 409
    async with floor.services.db.begin() as c:
        await c.execute(text("UPDATE conversation SET spam = true"))
    await declare()
    await work(floor.services)
    assert await floor.rows(LINKS) == []


async def test_the_line_below_an_answer_is_news_once_and_in_the_contacts_language(
    floor, supervisor, declare
) -> None:
    made = await declare(titles={"es": "Los pagos con tarjeta fallan", "en": "Card payments fail"})
    conversation = await floor.write("ana@example.org", "Los pagos con la tarjeta no pasan")
    await work(floor.services)
    first = await answer(floor, conversation, "Lo estoy mirando.")
    assert "Sabemos de este problema y trabajamos en él: Los pagos con tarjeta fallan." in await signature_of(
        floor, first
    )
    second = await answer(floor, conversation, "Sigo con esto.")
    assert "Sabemos" not in await signature_of(floor, second)
    update = {"client_id": "u1", "texts": {"es": "El banco ya lo está arreglando."}}
    await supervisor.post(f"/incidents/{made['id']}/updates", json=update)
    third = await answer(floor, conversation, "Hay novedades.")
    line = await signature_of(floor, third)
    assert "El banco ya lo está arreglando." in line
    assert line == await signature_of(floor, third)  # sent again it says the same
    await supervisor.post(f"/incidents/{made['id']}/resolve", json={})
    last = await answer(floor, conversation, "Listo.")
    assert "Sabemos" not in await signature_of(floor, last)
