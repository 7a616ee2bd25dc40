"""A contact is let in to their own cases by what reaches their mailbox, and nobody else is."""

import asyncio

import pytest
from sqlalchemy import event, text
from tests.support.customer import Customer, cases_app, writes
from tests.support.services import make_account

from trato.kit.clock import now
from trato.portal import customers
from trato.portal.my_cases import sign_in, view

PEDRO = "pedro.gomez@example.org"


@pytest.fixture
async def mail(services):
    return await make_account(services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")


@pytest.fixture
async def pedro(services, mail) -> Customer:
    await writes(services, mail, PEDRO, "Mi heladera no enfría", subject="Garantía de la heladera")
    return Customer(cases_app(services), services)


async def rows(services, query, **values):
    async with services.db.connect() as c:
        return [dict(row) for row in (await c.execute(text(query), values)).mappings()]


async def is_in(browser: Customer) -> bool:
    return "Garantía de la heladera" in (await browser.get()).text


async def test_the_code_lets_in_and_its_browser_is_remembered(pedro, services):
    assert "Mis casos" in (await pedro.get()).text
    code, _ = await pedro.mailed(PEDRO)
    assert "one-time-code" in (await pedro.get("/code")).text
    entered = await pedro.post("/code", data={"code": f" {code[:3]} {code[3:]} "})
    assert (entered.status_code, entered.headers["location"]) == (303, "/help/es/cases")
    cookie = next(one for one in entered.headers.get_list("set-cookie") if customers.SESSION in one)
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=604800"))
    assert await is_in(pedro)
    (audited,) = await rows(services, "SELECT actor, action FROM audit_log")
    assert audited["action"] == "contact.signed_in"
    verified = await rows(services, "SELECT verified_by FROM address WHERE kind = 'email'")
    assert verified == [{"verified_by": "sign_in"}]


async def test_nothing_in_the_tables_lets_anybody_in(pedro, services):
    code, link = await pedro.mailed(PEDRO)
    token = link.rpartition("/")[2]
    for table in ("customer_sign_in", "job", "event", "audit_log"):
        kept = str(await rows(services, f"SELECT t::text FROM {table} t"))
        assert code not in kept
        assert token not in kept
        assert PEDRO not in kept or table == "event"


async def test_the_answer_never_tells_whether_an_address_is_known(pedro, services):
    stranger = pedro.another()
    known, unknown = await pedro.ask(PEDRO), await stranger.ask("nadie@example.org")
    assert (known.status_code, known.headers["location"]) == (
        unknown.status_code,
        unknown.headers["location"],
    )
    assert [one["to"] for one in await pedro.mails()] == [PEDRO]
    pages = [(await one.get("/code")).text for one in (pedro, stranger)]
    assert pages[0] == pages[1]
    refused = [await one.post("/code", data={"code": "000000x"}) for one in (pedro, stranger)]
    assert refused[0].text == refused[1].text
    assert {one.status_code for one in refused} == {422}


async def test_the_right_code_for_an_unknown_address_is_a_wrong_one(pedro, services):
    async with services.db.begin() as c:
        asked = await sign_in.ask(c, services.secrets, "nadie@example.org", now())
    got = await sign_in.enter_by_code(services, asked.browser, asked.code, now())
    assert got == "wrong"


async def test_a_used_code_and_a_used_link_are_refused_and_offer_a_new_one(pedro):
    code, link = await pedro.mailed(PEDRO)
    asking = pedro.http.cookies[view.ASKING]
    assert (await pedro.post("/code", data={"code": code})).status_code == 303
    other = pedro.another()
    other.http.cookies.set(view.ASKING, asking, domain="help.example", path="/")
    again = await other.post("/code", data={"code": code})
    assert (again.status_code, "ya se usó" in again.text, "?again" in again.text) == (422, True, True)
    for response in (await other.get(link), await other.post(link, data={"email": PEDRO})):
        assert response.status_code in (410, 422)
        assert "ya no sirve" in response.text
        assert 'action="/help/es/cases/ask"' in response.text
    assert not await is_in(other)


async def test_of_two_at_the_same_moment_one_gets_in(pedro):
    code, _ = await pedro.mailed(PEDRO)
    both = await asyncio.gather(*(pedro.post("/code", data={"code": code}) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [303, 422]


async def test_what_has_expired_is_refused(pedro, services):
    code, link = await pedro.mailed(PEDRO)
    async with services.db.begin() as c:
        await c.execute(text("UPDATE customer_sign_in SET expires_at = now() - interval '1 second'"))
    assert "venció" in (await pedro.post("/code", data={"code": code})).text
    assert (await pedro.get(link)).status_code == 410
    assert not await is_in(pedro)


async def test_a_session_expires(pedro, services):
    await pedro.sign_in(PEDRO)
    assert await is_in(pedro)
    async with services.db.begin() as c:
        await c.execute(text("UPDATE customer_session SET expires_at = now()"))
    assert not await is_in(pedro)


async def test_guessing_locks_the_code_also_for_who_knows_it(pedro):
    code, link = await pedro.mailed(PEDRO)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    tries = await asyncio.gather(*(pedro.post("/code", data={"code": wrong}) for _ in range(8)))
    assert {one.status_code for one in tries} == {422}
    locked = await pedro.post("/code", data={"code": code})
    assert (locked.status_code, "demasiados intentos" in locked.text) == (422, True)
    assert (await pedro.get(link)).status_code == 410
    assert not await is_in(pedro)
    await pedro.sign_in(PEDRO)  # a new one is good


async def test_guessing_in_many_codes_is_limited_by_network(pedro):
    for number in range(12):
        await pedro.ask(f"otro{number}@example.org")
        for _ in range(5):
            last = await pedro.post("/code", data={"code": "123456"})
    assert last.status_code == 429
    assert "demasiados intentos" in last.text


async def test_a_mailbox_is_not_flooded_and_a_stranger_is_refused_the_same_way(pedro):
    for address in (PEDRO, "nadie@example.org"):
        got = [(await pedro.ask(address)).status_code for _ in range(6)]
        assert got == [303] * 5 + [429]
    assert len(await pedro.mails()) == 5
    elsewhere = pedro.another(ip="198.51.100.9")  # who floods from one network does not lock the owner out
    await elsewhere.sign_in(PEDRO)


async def test_the_link_lets_in_where_it_was_asked_for_and_opening_it_does_nothing(pedro, services):
    _, link = await pedro.mailed(PEDRO)
    for _ in range(3):  # whatever follows links in a mail
        page = await pedro.get(link)
        assert (page.status_code, "p•••@e•••.org" in page.text) == (200, True)
        assert 'name="email"' not in page.text
        assert PEDRO not in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert await rows(services, "SELECT * FROM customer_session") == []
    assert (await pedro.post(link)).status_code == 303
    assert await is_in(pedro)


async def test_a_forwarded_link_lets_nobody_in_who_does_not_know_whose_it_is(pedro):
    _, link = await pedro.mailed(PEDRO)
    friend = pedro.another(ip="198.51.100.9")
    page = await friend.get(link)
    assert "p•••@e•••.org" in page.text
    assert 'name="email"' in page.text
    for guess in ("", "pedro@example.org", "amiga@example.org"):
        assert (await friend.post(link, data={"email": guess})).status_code == 422
    assert not await is_in(friend)
    assert (await friend.post(link, data={"email": f" {PEDRO.upper()} "})).status_code == 303  # his phone
    assert await is_in(friend)
    assert not await is_in(pedro)  # who asked is not let in by what somebody else did


async def test_a_guessed_link_is_as_one_that_is_over(pedro):
    assert (await pedro.get("/link/" + "x" * 43)).status_code == 410
    assert (await pedro.post("/link/" + "x" * 43, data={"email": PEDRO})).status_code == 410


async def test_the_code_is_good_in_the_browser_that_asked_only(pedro):
    code, _ = await pedro.mailed(PEDRO)
    other = pedro.another()
    assert (await other.post("/code", data={"code": code})).headers["location"] == "/help/es/cases"
    await other.ask("nadie@example.org")
    assert (await other.post("/code", data={"code": code})).status_code == 422
    assert not await is_in(other)


async def test_signing_in_spends_whatever_else_was_asked_for_the_address(pedro):
    attacker = pedro.another(ip="198.51.100.9")
    code, link = await attacker.mailed(PEDRO)
    await pedro.sign_in(PEDRO)
    assert "ya se usó" in (await attacker.post("/code", data={"code": code})).text
    assert (await attacker.get(link)).status_code == 410


async def test_out_here_and_everywhere(pedro):
    await pedro.sign_in(PEDRO)
    phone, tablet = pedro.another(), pedro.another()
    for one in (phone, tablet):
        await one.sign_in(PEDRO)
    left = await pedro.post("/out")
    assert "Salió" in (await pedro.http.get(left.headers["location"])).text
    assert [await is_in(one) for one in (pedro, phone, tablet)] == [False, True, True]
    await phone.post("/out", data={"everywhere": "yes"})
    assert [await is_in(one) for one in (phone, tablet)] == [False, False]


async def test_another_site_can_do_nothing_of_it(pedro):
    foreign = {"Origin": "https://otra.example", "Sec-Fetch-Site": "cross-site"}
    _, link = await pedro.mailed(PEDRO)
    for below, data in (
        ("/ask", {"email": PEDRO}),
        ("/code", {"code": "1"}),
        (link, {}),
        ("/out", {"everywhere": "yes"}),
    ):
        answer = await pedro.http.post(f"/help/es/cases{below}", data=data, headers=foreign)
        assert (answer.status_code, answer.json()["type"]) == (403, "foreign-origin"), below


@pytest.mark.parametrize("email", ["", "pedro", "a@b@c", "<script>@x", "x" * 300 + "@example.org", "'; --@'"])
async def test_what_is_no_address_is_said_so(pedro, email):
    answer = await pedro.ask(email)
    assert (answer.status_code, "no es una dirección" in answer.text) == (422, True)
    assert "<script>@" not in answer.text


async def test_without_a_mail_account_a_person_is_offered(services, account):
    browser = Customer(cases_app(services), services)
    page = (await browser.get()).text
    assert "Hablar con una persona" in page
    assert 'name="email"' not in page


async def test_pages_are_small_private_and_in_three_languages(pedro):
    for language, title in (("es", "Mis casos"), ("en", "My cases"), ("pt", "Meus casos")):
        pedro.language = language
        page = await pedro.get()
        assert title in page.text
        assert page.headers["cache-control"] == "private, no-store"
        assert page.headers["x-robots-tag"] == "noindex"
        assert len(page.content) < 10_000
    assert set(map(frozenset, view.words().values())) == {frozenset(view.words()["es"])}
    led = await pedro.http.get("/help/cases", headers={"accept-language": "pt-BR"})
    assert led.headers["location"] == "/help/pt/cases"


async def test_asking_takes_no_longer_for_one_than_for_the_other(pedro, services):
    """The same statements run for both: what differs is left to a job."""
    ran: list[str] = []

    def hear(connection, cursor, statement, *_) -> None:
        ran.append(statement)

    event.listen(services.db.engine.sync_engine, "before_cursor_execute", hear)
    said = []
    for address in ("otra@example.org", PEDRO, "nadie@example.org"):
        ran.clear()
        await pedro.another().ask(address)
        said.append(tuple(ran))
    assert len(said[0]) >= 2
    assert len(set(said)) == 1
