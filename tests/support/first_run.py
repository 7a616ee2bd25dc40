"""An installation's first minute: the page that makes its administrator, and a chat to be reached by."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree

EMAIL = "rosa@andina.test"


@contextmanager
def set_up(page: Page, tree: Tree, *chats: str) -> Iterator[Staff]:
    """Pass the first page as Rosa Quispe of Cooperativa Andina and connect chats by their names."""
    page.goto(tree.first_link)
    page.get_by_label("Nombre de la organización").fill("Cooperativa Andina")
    page.get_by_label("Su nombre").fill("Rosa Quispe")
    page.get_by_label("Correo electrónico").fill(EMAIL)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Empezar").click()
    expect(page.get_by_text("Conecte su primer canal")).to_be_visible()
    with Staff(tree.url, EMAIL, PASSWORD) as staff:
        brand = staff.get("/brands")["items"][0]["id"]
        for name in chats:
            settings = {"origins": ["https://www.andina.test"]}
            staff.post("/accounts", kind="webchat", name=name, brand_id=brand, settings=settings)
        yield staff
