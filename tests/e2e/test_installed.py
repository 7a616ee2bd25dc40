"""The desk as an installed thing: opens without a network, takes a newer version when nobody is in it."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.e2e.test_alerts import arrived
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.alone]

LOST = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|net::|Failed to fetch|AudioContext"
DESK = Path(__file__).parents[2] / "src/trato/static/desk"


def installed(profiles: Profiles, **options: Any) -> BrowserContext:
    return profiles(allow=LOST, service_workers="allow", **options)


def settled(page: Page) -> None:
    """Wait until the worker holds the page and this page is its own."""
    page.evaluate(
        """async () => {
          while (navigator.serviceWorker.controller?.state !== 'activated')
            await new Promise((resolve) => setTimeout(resolve, 50));
        }"""
    )


def kept(page: Page) -> None:
    """Wait until what is known lies in the browser."""
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.evaluate(
        """async () => {
          const looked = () => new Promise((resolve) => {
            const opening = indexedDB.open('trato-known', 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore('known');
            opening.onsuccess = () => {
              const asked = opening.result.transaction('known').objectStore('known').get('last');
              asked.onsuccess = () => { opening.result.close(); resolve(Boolean(asked.result)); };
            };
          });
          while (!(await looked())) await new Promise((resolve) => setTimeout(resolve, 50));
        }"""
    )


def test_without_a_network_it_opens_with_what_is_known_and_keeps_what_is_typed(tree, profiles, agent) -> None:
    words = unique("La heladera hace ruido")
    _, conversation = arrived(profiles, tree, agent, words)
    context = installed(profiles)
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    desk.open(conversation)
    expect(desk.message(words)).to_be_visible()
    settled(desk.page)
    kept(desk.page)
    context.set_offline(True)
    desk.page.reload()
    expect(desk.page.get_by_text("Sin conexión: se muestra lo que se sabía")).to_be_visible()
    expect(desk.log.get_by_text(words)).to_be_visible()
    look(desk.page, "offline")
    typed = unique("Vamos a mandar a alguien")
    desk.composer.fill(typed)
    context.set_offline(False)
    expect(desk.page.get_by_text("Sin conexión: se muestra lo que se sabía")).to_have_count(0)
    expect(desk.composer).to_have_value(typed)
    desk.page.get_by_role("button", name="Enviar", exact=True).click()
    expect(desk.message(typed)).to_be_visible()


def test_signing_out_forgets_what_was_known(tree, profiles, agent) -> None:
    context = installed(profiles)
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    settled(desk.page)
    kept(desk.page)
    desk.goto("/account")
    desk.page.get_by_role("button", name="Cerrar sesión").click()
    expect(desk.page.get_by_label("Contraseña", exact=True)).to_be_visible()
    context.set_offline(True)
    desk.page.reload()
    expect(desk.page.get_by_role("button", name="Reintentar")).to_be_visible()
    context.set_offline(False)
    expect(desk.page.get_by_label("Contraseña", exact=True)).to_be_visible()


def test_a_session_that_ended_meanwhile_shows_nobodys_desk(tree, profiles, agent) -> None:
    context = installed(profiles)
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    settled(desk.page)
    kept(desk.page)
    context.clear_cookies()
    desk.page.reload()
    expect(desk.page.get_by_label("Contraseña", exact=True)).to_be_visible()
    expect(desk.state).to_have_count(0)


def test_it_can_be_installed_and_customers_pages_are_left_alone(tree, profiles, agent) -> None:
    context = installed(profiles)
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    settled(desk.page)
    manifest = context.request.get(f"{tree.url}/manifest.json").json()
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        assert context.request.get(tree.url + icon["src"]).ok
    session = context.new_cdp_session(desk.page)
    problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A profile of a test keeps nothing, as a private window does; all else would be a fault.
    assert [one for one in problems if one["errorId"] != "in-incognito"] == []
    worker = context.request.get(f"{tree.url}/sw.js")
    assert worker.headers["cache-control"] == "no-cache"
    answer = desk.page.goto(f"{tree.url}/help/es")
    assert answer is not None
    assert not answer.from_service_worker


def test_a_newer_version_is_offered_and_never_takes_what_is_typed(tree, profiles, agent) -> None:
    words = unique("¿Abren el lunes?")
    _, conversation = arrived(profiles, tree, agent, words)
    context = installed(profiles)
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    desk.open(conversation)
    settled(desk.page)
    typed = unique("Sí, desde las nueve")
    desk.composer.fill(typed)
    worker = DESK / "sw.js"
    before = worker.read_bytes()
    try:
        worker.write_bytes(before + b"\n// another\n")
        desk.page.evaluate("navigator.serviceWorker.getRegistration('/').then((one) => one.update())")
        offered = desk.page.get_by_text("Hay una versión nueva de Trato.")
        expect(offered).to_be_visible()
        expect(desk.composer).to_have_value(typed)
        look(desk.page, "newer-version")
        with desk.page.expect_navigation():
            desk.page.get_by_role("button", name="Usarla ahora").click()
        expect(desk.composer).to_have_value(typed)
        expect(offered).to_have_count(0)
    finally:
        worker.write_bytes(before)


SLOW = {"offline": False, "latency": 562.5, "downloadThroughput": 188_743, "uploadThroughput": 86_400}


def test_on_a_slow_phone_it_is_there_within_four_seconds_and_again_within_one(tree, profiles, agent) -> None:
    context = installed(profiles)
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    settled(desk.page)
    kept(desk.page)
    # What else the machine does only adds: the quickest of three is what the desk takes.
    cold = min(timed(context, tree.url, "cold") for _ in range(3))
    warm = min(timed(context, tree.url, "warm") for _ in range(3))
    print(f"interactive: cold {cold:.2f} s, warm {warm:.2f} s")
    assert cold < 4.0
    assert warm < 1.0


def timed(context: BrowserContext, url: str, how: str) -> float:
    """Seconds until the desk answers to a touch, on a processor four times slower and Fast 3G."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    if how == "cold":
        session.send("Network.setBypassServiceWorker", {"bypass": True})
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.add_init_script(
        """new MutationObserver((_, seen) => {
          if (!document.querySelector('.state[aria-label]')) return;
          seen.disconnect();
          setTimeout(() => { window.interactive = performance.now(); });
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto(f"{url}/", wait_until="commit")
    found = page.evaluate(
        """async () => {
          while (!window.interactive) await new Promise((resolve) => setTimeout(resolve, 20));
          return window.interactive;
        }"""
    )
    page.close()
    return float(found) / 1000


def test_a_push_is_shown_and_opens_where_it_happened(tree, profiles, agent) -> None:
    _, conversation = arrived(profiles, tree, agent, unique("Necesito la factura"))
    context = installed(profiles, permissions=["notifications"])
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    settled(desk.page)
    session = context.new_cdp_session(desk.page)
    seen: list[Any] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    for _ in range(200):
        if seen:
            break
        desk.page.wait_for_timeout(100)
    said = (
        '{"title":"Ana respondió","body":"Hola","tag":"t","language":"es","unread":1,'
        f'"place":"/c/{conversation}"}}'
    )
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": tree.url, "registrationId": seen[-1]["registrationId"], "data": said},
    )
    desk.page.evaluate(
        """async () => {
          const worker = await navigator.serviceWorker.ready;
          while (!(await worker.getNotifications()).some((one) => one.title === 'Ana respondió'))
            await new Promise((resolve) => setTimeout(resolve, 50));
        }"""
    )
    desk.page.evaluate(
        "(place) => navigator.serviceWorker.dispatchEvent(new MessageEvent('message', {data: {go: place}}))",
        f"/c/{conversation}",
    )
    expect(desk.page).to_have_url(re.compile(conversation))
