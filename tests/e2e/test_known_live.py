"""An open chat says what stops working, and that it works again, without being opened anew."""

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import look
from tests.support.screens import Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow


def test_an_open_chat_tells_of_an_incident_that_begins_and_ends(
    tree: Tree, profiles: Profiles, administrator: Staff
) -> None:
    title = unique("La tienda no carga")
    shop = Shopper(profiles(), tree.url)
    shop.open()
    expect(shop.panel).not_to_contain_text(title)
    (brand, *_) = administrator.get("/brands")["items"]
    made = administrator.post("/incidents", brand_id=brand["id"], titles={"es": title}, severity="major")
    expect(shop.panel).to_contain_text(f"Problema conocido: {title}")
    look(shop.page, "widget-incident-live")
    administrator.post(f"/incidents/{made['id']}/resolve", texts={})
    expect(shop.panel).not_to_contain_text(title)
    # it was not over: said again, with what was told
    administrator.post(f"/incidents/{made['id']}/reopen", texts={"es": "Volvió a pasar."})
    expect(shop.panel).to_contain_text("Volvió a pasar.")
    administrator.post(f"/incidents/{made['id']}/resolve", texts={})
