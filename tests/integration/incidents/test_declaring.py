"""What is declared is on every page at once, in the reader's language; what is over is in the history."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from trato.access.roles import Role
from trato.kit.clock import now

ATOM = "{http://www.w3.org/2005/Atom}"


async def test_what_is_declared_stands_on_every_page_in_the_readers_language(floor, declare) -> None:
    titles = {"es": "Los pagos con tarjeta fallan", "pt": "Os pagamentos com cartão falham"}
    await declare(titles=titles, noticed={"es": "Al pagar aparece el error 31."}, severity="major")
    for path in ("/help", "/help/es", "/help/es/person", "/help/es/search?q=pago", "/help/es/status"):
        page = (await floor.pages.get(path)).text
        assert "Problema conocido: Los pagos con tarjeta fallan" in page, path
        assert "Al pagar aparece el error 31." in page
    assert "Problema conhecido: Os pagamentos com cartão falham" in (await floor.pages.get("/help/pt")).text
    # nobody wrote it in English: better in Spanish than not at all
    assert "Known problem: Los pagos con tarjeta fallan" in (await floor.pages.get("/help/en")).text


async def test_the_desk_is_told_whole_and_the_story_grows(floor, supervisor, declare) -> None:
    await floor.news()
    made = await declare()
    (told,) = [one for one in await floor.news() if one.type == "incident.changed"]
    assert (told.audience, told.data["incident"]) == ("staff", made)
    update = {"client_id": "u1", "texts": {"es": "El banco ya trabaja en ello."}}
    after = (await supervisor.post(f"/incidents/{made['id']}/updates", json=update)).json()
    assert [one["texts"] for one in after["updates"]] == [update["texts"]]
    assert after["version"] > made["version"]
    assert "El banco ya trabaja en ello." in (await floor.pages.get("/help/es")).text


async def test_an_update_sent_twice_is_one(floor, supervisor, declare) -> None:
    made = await declare()
    update = {"client_id": "u1", "texts": {"es": "El banco ya trabaja en ello."}}
    for client_id in ("u1", "u1", "pressed-again"):
        answer = await supervisor.post(
            f"/incidents/{made['id']}/updates", json=update | {"client_id": client_id}
        )
        assert len(answer.json()["updates"]) == 1
    await supervisor.post(
        f"/incidents/{made['id']}/updates", json={"client_id": "u2", "texts": {"es": "Casi está."}}
    )
    await floor.news()
    late = await supervisor.post(f"/incidents/{made['id']}/updates", json=update)
    assert [one["texts"]["es"] for one in late.json()["updates"]] == [
        "El banco ya trabaja en ello.",
        "Casi está.",
    ]
    assert [one for one in await floor.news() if one.type == "incident.changed"] == []


async def test_what_is_over_is_in_the_history_the_feed_and_the_json_and_no_longer_a_banner(
    floor, supervisor, declare
) -> None:
    made = await declare()
    done = {"texts": {"es": "El banco cambió su certificado."}}
    first = await supervisor.post(f"/incidents/{made['id']}/resolve", json=done)
    assert (first.json()["state"], first.json()["phase"]) == ("resolved", "resolved")
    again = await supervisor.post(f"/incidents/{made['id']}/resolve", json={"texts": {"es": "Otra cosa."}})
    assert again.status_code == 200
    assert [one["texts"] for one in again.json()["updates"]] == [done["texts"]]
    assert "Los pagos" not in (await floor.pages.get("/help/es")).text
    status = (await floor.pages.get("/help/es/status")).text
    assert "Todo funciona" in status
    assert "El banco cambió su certificado." in status
    feed = ET.fromstring((await floor.pages.get("/help/es/status.atom")).text)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Resuelto: Los pagos con tarjeta fallan"
    assert entry.findtext(f"{ATOM}summary") == "El banco cambió su certificado."
    plain = (await floor.pages.get("/help/status.json")).json()
    assert plain["status"] == "ok"
    assert plain["incidents"][0]["titles"] == {"es": "Los pagos con tarjeta fallan"}
    assert "declared_by" not in plain["incidents"][0]


async def test_maintenance_is_announced_days_ahead_in_the_time_zone_it_was_planned_in(floor, declare) -> None:
    start = now().replace(hour=3, minute=0, second=0, microsecond=0) + timedelta(days=2)
    window = {
        "kind": "maintenance",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
        "time_zone": "America/Bogota",
    }
    made = await declare("Cambio de servidores", **window)
    assert made["phase"] == "planned"
    page = (await floor.pages.get("/help/es")).text
    assert "Mantenimiento previsto: Cambio de servidores" in page
    assert "22:00 – 00:00" in page or "22:00 –" in page
    assert "(hora de Bogota)" in page
    assert (await floor.pages.get("/help/status.json")).json()["status"] == "ok"
    far = {**window, "starts_at": (start + timedelta(days=9)).isoformat()}
    far["ends_at"] = (start + timedelta(days=10)).isoformat()
    await declare("Mudanza", **far)
    assert "Mudanza" not in (await floor.pages.get("/help/es")).text
    assert "Mudanza" in (await floor.pages.get("/help/es/status")).text


async def test_a_suspicion_is_the_desks_alone_until_somebody_confirms_it(floor, supervisor, declare) -> None:
    made = await declare(state="suspected")
    assert "Los pagos" not in (await floor.pages.get("/help/es")).text
    assert "Los pagos" not in (await floor.pages.get("/help/status.json")).text
    refused = await supervisor.post(f"/incidents/{made['id']}/resolve", json={})
    assert refused.status_code == 409
    await supervisor.post(f"/incidents/{made['id']}/confirm")
    assert "Los pagos" in (await floor.pages.get("/help/es")).text
    assert (await supervisor.post(f"/incidents/{made['id']}/dismiss")).status_code == 409


async def test_what_it_affects_is_of_its_brand_and_named(floor, supervisor, declare) -> None:
    body = {"brand_id": str(floor.brand_id), "kind": "site", "names": {"es": "Tienda web", "en": "Web shop"}}
    shop = (await supervisor.post("/services", json=body)).json()
    made = await declare(service_ids=[shop["id"]])
    assert made["services"] == [{"id": shop["id"], "kind": "site", "names": body["names"]}]
    assert "Afecta a: Tienda web" in (await floor.pages.get("/help/es/status")).text
    assert (await supervisor.delete(f"/services/{shop['id']}")).status_code == 409
    alien = await supervisor.patch(f"/incidents/{made['id']}", json={"service_ids": [made["id"]]})
    assert alien.status_code == 422


async def test_agents_read_and_do_not_declare(floor, declare) -> None:
    made = await declare()
    agent = await floor.caller(Role.AGENT)
    assert (await agent.get("/incidents")).json()["items"][0]["id"] == made["id"]
    assert (await agent.post(f"/incidents/{made['id']}/resolve", json={})).status_code == 403


async def test_a_phone_menu_is_given_a_sentence_in_each_language(floor, supervisor, declare) -> None:
    nothing = (await supervisor.get("/incidents/announcement")).json()
    assert nothing == {"incident_ids": [], "texts": {}}
    made = await declare(noticed={"es": "Al pagar aparece un error."})
    told = (await supervisor.get("/incidents/announcement")).json()
    assert told["incident_ids"] == [made["id"]]
    assert told["texts"]["es"] == (
        "Sabemos de este problema y trabajamos en él: Los pagos con tarjeta fallan."
        " Al pagar aparece un error."
    )
    assert set(told["texts"]) == {"es", "en", "pt"}


HOSTILE = "<script>alert(1)</script> ]]> &amp; \u202e"


async def test_hostile_words_are_shown_as_words(floor, declare) -> None:
    await declare(titles={"es": HOSTILE[:-1].strip()}, noticed={"es": HOSTILE})
    page = (await floor.pages.get("/help/es/status")).text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    ET.fromstring((await floor.pages.get("/help/es/status.atom")).text)


@pytest.mark.parametrize(
    "body",
    [
        {"titles": {}},
        {"titles": {"es": "  "}},
        {"titles": {"fr": "Panne"}},
        {"titles": {"es": "x" * 141}},
        {"titles": {"es": "x"}, "kind": "maintenance"},
        {"titles": {"es": "x"}, "starts_at": "2026-01-01T00:00:00Z"},
        {
            "titles": {"es": "x"},
            "kind": "maintenance",
            "starts_at": "2026-01-01T00:00:00Z",
            "ends_at": "2026-01-01T00:00:00Z",
            "time_zone": "America/Bogota",
        },
        {
            "titles": {"es": "x"},
            "kind": "maintenance",
            "starts_at": "2019-01-01T00:00:00Z",
            "ends_at": "2019-01-02T00:00:00Z",
            "time_zone": "America/Bogota",
        },
    ],
)
async def test_what_makes_no_sense_is_refused(floor, supervisor, body) -> None:
    answer = await supervisor.post("/incidents", json={"brand_id": str(floor.brand_id), **body})
    assert answer.status_code == 422, answer.text
