"""What agents hear: the sounds as the browser makes them, and a push whose click leads to its place."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.e2e.test_alerts import arrived
from tests.support.screens import Desk
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

SLOT_S, SLOTS, RATE = 2, 12, 22_050
# The page's own sounds go into a context that is rendered, not played: each into two seconds of its own.
RENDERED = f"""
window.AudioContext = class extends OfflineAudioContext {{
  #slot = 0;
  constructor() {{ super(1, {SLOT_S * SLOTS * RATE}, {RATE}); window.rendered = this; }}
  get state() {{ return "running"; }}
  get currentTime() {{ return {SLOT_S} * this.#slot++; }}
}};
"""
# Of each figure: how loud at most, how loud on the whole, when it begins and ends, and how often it swings.
MEASURED = f"""async (slots) => {{
  const heard = (await window.rendered.startRendering()).getChannelData(0);
  return Array.from({{ length: slots }}, (_, slot) => {{
    const of = heard.subarray(slot * {SLOT_S * RATE}, (slot + 1) * {SLOT_S * RATE});
    const loud = [...of.keys()].filter((at) => Math.abs(of[at]) > 0.001);
    let swings = 0;
    for (const at of loud) if (of[at] > 0 && of[at - 1] <= 0) swings += 1;
    return {{
      peak: of.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
      power: Math.sqrt(of.reduce((sum, one) => sum + one * one, 0) / of.length),
      begins_s: loud[0] / {RATE},
      ends_s: loud.at(-1) / {RATE},
      swings,
    }};
  }});
}}"""


def test_every_kind_has_a_soft_short_sound_of_its_own_and_is_silent_at_night(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    context = profiles()
    context.add_init_script(RENDERED)
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD).goto("/notifications/settings")
    hear = desk.page.get_by_role("button", name=re.compile("^Escuchar el sonido de"))
    expect(hear.first).to_be_visible()
    kinds = hear.count()
    assert kinds == len(agent.get("/notification-wishes")["ways"])
    for at in range(kinds):
        hear.nth(at).click()
    figures: list[dict[str, float]] = desk.page.evaluate(MEASURED, kinds)
    for figure in figures:
        assert 0.02 < figure["peak"] < 0.5, figure  # to be heard, soft, and far from clipping
        assert figure["power"] > 0.001, figure
        assert figure["begins_s"] < 0.1, figure
        assert figure["ends_s"] - figure["begins_s"] < 1, figure
    told = sorted((round(one["ends_s"], 2), one["swings"]) for one in figures)
    assert all(one != other for one, other in pairwise(told))
    wishes = agent.get("/notification-wishes")
    assert (wishes["quiet_from"], wishes["quiet_to"]) == ("22:00", "07:00")


def pushed(page: Page, url: str, said: str) -> None:
    session = page.context.new_cdp_session(page)
    seen: list[Any] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    while not seen:
        page.wait_for_timeout(20)
    registration = seen[-1]["registrationId"]
    session.send(
        "ServiceWorker.deliverPushMessage", {"origin": url, "registrationId": registration, "data": said}
    )


def test_the_click_on_a_push_opens_its_conversation(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    _, conversation = arrived(profiles, tree, agent, unique("Necesito la factura"))
    context = profiles(
        allow=r"AudioContext|Failed to load|fetch", service_workers="allow", permissions=["notifications"]
    )
    desk = Desk(context, tree.url).sign_in(agent.email, PASSWORD)
    desk.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    pushed(
        desk.page,
        tree.url,
        '{"title":"Ana respondió","body":"Hola","tag":"t","language":"es","unread":1,'
        f'"place":"/c/{conversation}"}}',
    )
    (worker,) = context.service_workers
    shown = worker.evaluate(
        """async () => {
          for (;;) {
            const [one] = await self.registration.getNotifications();
            if (one) {
              self.dispatchEvent(new NotificationEvent("notificationclick", { notification: one }));
              return [one.title, one.body];
            }
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }"""
    )
    assert shown == ["Ana respondió", "Hola"]
    expect(desk.page).to_have_url(re.compile(conversation))
    expect(desk.log).to_be_visible()
