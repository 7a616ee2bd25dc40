"""Promise 6: what is known is told before the customer explains it; when it is fixed, once, to who waits."""

from tests.integration.incidents.conftest import Declare, Floor, declare, floor, supervisor
from tests.integration.incidents.telling import TOLD, register, work

__all__ = ["declare", "floor", "supervisor"]

PAGES = ("/help/es", "/help/es/person", "/help/es/search?q=garantia", "/help/es/status")


async def test_what_we_know_is_said_wherever_a_customer_looks(floor: Floor, declare: Declare) -> None:
    made = await declare(noticed={"es": "Al pagar aparece el error 31."})
    for page in PAGES:
        assert "Los pagos con tarjeta fallan" in (await floor.pages.get(page)).text, page
    said = (await declare.http.get("/incidents/announcement")).json()
    assert said["incident_ids"] == [made["id"]]
    assert all("Los pagos con tarjeta fallan" in text for text in said["texts"].values())


async def test_nobody_who_wrote_because_of_it_or_asked_is_left_untold(floor: Floor, declare: Declare) -> None:
    """By mail or chat, found by their words or noted by an agent: told where they are, their case named."""
    await register(floor.services)
    made = await declare()
    mail = await floor.write("ana@example.org", "La tarjeta no pasa al pagar")
    chat = await floor.write(
        "0190a0a0-0000-7000-8000-000000000001", "no me toma el pago con tarjeta", by="chat"
    )
    other = await floor.write("leo@example.org", "Quiero saber de mi compra")
    await work(floor.services)
    asked = await declare.http.put(f"/incidents/{made['id']}/followers/{other}")
    assert asked.status_code == 200, asked.text
    for _ in range(2):
        done = {"texts": {"es": "El banco cambió su certificado."}}
        await declare.http.post(f"/incidents/{made['id']}/resolve", json=done)
        await work(floor.services)
    told = await floor.rows(TOLD)
    assert sorted(row["conversation_id"] for row in told) == sorted([mail, chat, other])
    cases = {row["id"]: row["number"] for row in await floor.rows("SELECT id, number FROM cases")}
    for row in told:
        assert "El banco cambió su certificado." in row["text"]
        assert f"su caso {cases[row['case_id']]}:" in row["text"]
