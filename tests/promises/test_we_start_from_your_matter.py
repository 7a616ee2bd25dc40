"""Promise 5: whoever contacts us is met by their open case, wherever they come in."""

import pytest
from tests.integration.portal.test_sessions import proof
from tests.support.customer import Customer, cases_app, writes
from tests.support.portal import SECRET, SITE, serving
from tests.support.services import make_account, running_services

from trato.conversations import service as conversations

PEDRO = "pedro@example.org"
STEPS = [
    {"title": "Recibida en el taller", "state": "done"},
    {"title": "Diagnóstico", "state": "now"},
]


@pytest.fixture
async def services(committing_db, fresh_dsn, tmp_path):
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def number(services) -> int:
    """Return the number of the case of a mail that Pedro wrote, whose diagnosis goes on."""
    mail = await make_account(services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")
    conversation_id, number = await writes(services, mail, PEDRO, "No enfría", subject="Garantía")
    async with services.db.begin() as c:
        found = await conversations.tell(c, conversation_id, "system")
        await conversations.set_steps(c, found["case_id"], STEPS, actor="system")
    return number


async def test_the_chat_greets_by_the_case_and_what_is_said_there_belongs_to_it(services, number) -> None:
    chat = await make_account(services, "webchat", origins=[SITE], identity_secret=SECRET)
    async with serving(services, chat) as portal, portal.page() as page:
        await page.open(identity=proof(chat, email=PEDRO))
        told = page.view["greeting"]["case"]
        assert (told["number"], told["title"], told["step"]) == (number, "Garantía", "Diagnóstico")
        await page.say("¿Ya se sabe qué tiene?")
        cases = await portal.rows(
            "SELECT DISTINCT number FROM conversation v JOIN cases k ON k.id = v.case_id"
        )
    assert cases == [{"number": number}]


async def test_whoever_signs_in_reads_first_how_their_case_stands(services, number) -> None:
    browser = await Customer(cases_app(services), services).sign_in(PEDRO)
    mine = (await browser.get("")).text
    assert f'Caso {number}: <span dir="auto">Garantía</span>' in mine
    assert "Ahora: Diagnóstico" in mine
    case = (await browser.get(f"/{number}")).text
    assert case.index("Recibida en el taller") < case.index("Diagnóstico") < case.index("No enfría")


async def test_nobody_is_met_by_the_case_of_another(services, number) -> None:
    chat = await make_account(services, "webchat", origins=[SITE], identity_secret=SECRET)
    async with serving(services, chat) as portal:
        for identity in (None, proof(chat, "u-8", name="Leo", email="leo@example.org")):
            async with portal.page() as page:
                await page.open(identity=identity)
                assert page.view["greeting"]["case"] is None
    stranger = await Customer(cases_app(services), services).ask("leo@example.org")
    assert str(number) not in stranger.text
