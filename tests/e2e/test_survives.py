"""What happens to a desk that nobody looks at: the lid is shut, the clock jumps, the server is made anew."""

import httpx
import psutil
import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree, search_opens
from tests.support.until import wait_until
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

LOST = (
    r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_INCOMPLETE|ERR_CONNECTION|ERR_EMPTY|Failed to fetch|50[234]"
)
NIGHT_S = 9 * 3_600


def test_a_laptop_that_slept_catches_up_and_keeps_what_was_typed(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("Antes de dormir"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    profile = profiles(allow=LOST)
    desk = Desk(profile, tree.url)
    desk.page.clock.install()
    desk.sign_in(agent.email, agent.password).open(conversation)
    typed = unique("Mañana se lo")
    desk.composer.fill(typed)
    tools = profile.new_cdp_session(desk.page)
    tools.send("Page.setWebLifecycleState", {"state": "frozen"})
    profile.set_offline(True)
    meanwhile = visitor.says(unique("Mientras dormía"))
    profile.set_offline(False)
    tools.send("Page.setWebLifecycleState", {"state": "active"})
    desk.page.clock.fast_forward(NIGHT_S * 1_000)  # as after a night: every timer is due at once, once
    expect(desk.message(meanwhile)).to_be_visible()
    expect(desk.composer).to_have_value(typed)
    desk.composer.press("End")
    desk.composer.press_sequentially(" confirmo.")
    desk.composer.press("Enter")
    wait_until(
        lambda: [one["text"] for one in visitor.messages()].count(f"{typed} confirmo.") == 1,
        what="what was typed is sent, once",
    )


def test_what_waits_to_be_sent_goes_on_after_a_reload_as_it_was_written(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Y mi pedido?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    desk = Desk(profiles(allow=LOST), tree.url).sign_in(agent.email, agent.password).open(conversation)
    sending = f"**/api/v1/conversations/{conversation}/messages"
    desk.page.route(sending, lambda route: route.fulfill(status=503, json={}))
    typed = [unique("Ya salió"), unique("Llega el viernes"), unique("Le avisamos")]
    for text in typed:
        desk.composer.fill(text)
        desk.composer.press("Enter")
    waits = desk.log.get_by_text("se enviará al volver la conexión")
    expect(waits).to_have_count(len(typed))
    desk.page.reload()
    expect(waits).to_have_count(len(typed))
    expect(desk.composer).to_have_value("")
    desk.page.unroute(sending)
    expect(waits).to_have_count(0)

    def arrived() -> bool:
        return [one["text"] for one in visitor.messages() if one["text"] in typed] == typed

    wait_until(arrived, what="all are sent once, in their order")


def test_a_server_that_is_replaced_loses_nothing_that_was_typed(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("Justo en el cambio"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    desk = Desk(profiles(allow=LOST), tree.url).sign_in(agent.email, agent.password).open(conversation)
    typed = unique("Se lo mando ahora")
    desk.composer.fill(typed)
    web = next(one for one in psutil.Process(tree.process.pid).children() if "web" in one.name())
    web.terminate()  # as an upgrade does: it is drained, and its successor listens on the same socket
    desk.composer.press("Enter")

    def is_sent() -> bool:
        try:
            return [one["text"] for one in visitor.messages()].count(typed) == 1
        except httpx.TransportError:  # it was asked of the server that has just gone
            return False

    wait_until(is_sent, what="it is sent, once")
    web.wait(60)  # what is asked from here on is asked of its successor
    search_opens(tree)
    after = visitor.says(unique("Gracias"))
    expect(desk.message(after)).to_be_visible()
    expect(desk.message(typed)).to_have_count(1)
