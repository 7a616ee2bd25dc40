"""Links reach their person by mail, and nobody else."""

from sqlalchemy import text

from trato.channel_sdk import SendFailed, Why
from trato.db.jobs import Worker
from trato.flow import system_mail

from .test_inbound import rows


async def asked(services, account):
    async with services.db.begin() as c:
        await c.execute(text("UPDATE organisation SET system_account_id = :id"), {"id": account.id})
        await system_mail.SystemMail(services).send_link(
            c, "ana@example.org", "Hola", "https://x/?t=SECRET", "es"
        )


def worker(services):
    return Worker(services.db, services.wake, {system_mail.KIND: system_mail.sending(services)})


async def test_a_link_is_sent_and_lies_nowhere_in_clear(services, account, loop_connector):
    await asked(services, account)
    (job,) = await rows(services, "SELECT data::text AS data FROM job")
    assert "SECRET" not in job["data"]
    await worker(services).drain()
    (sent,) = loop_connector.sent
    assert (sent.to[0].value, sent.automatic, sent.text) == ("ana@example.org", True, "https://x/?t=SECRET")
    assert await rows(services, "SELECT * FROM message") == []
    assert await rows(services, "SELECT * FROM job") == []


async def test_a_server_that_is_away_is_asked_again(services, account, loop_connector):
    loop_connector.answers = [SendFailed(Why.RETRY, "away")]
    await asked(services, account)
    await worker(services).drain()
    assert await rows(services, "SELECT state FROM job") == [{"state": "waiting"}]
    async with services.db.begin() as c:
        await c.execute(text("UPDATE job SET run_at = now()"))
    await worker(services).drain()
    assert len(loop_connector.sent) == 2


async def test_without_a_named_account_nothing_is_sent(services, account):
    async with services.db.begin() as c:
        await system_mail.SystemMail(services).send_link(c, "ana@example.org", "Hola", "…", "es")
    assert await rows(services, "SELECT * FROM job") == []
