"""Promise 9: what counts is that the matter was solved: the customer says so, or is not back in 7 days."""

import re
from collections import Counter
from pathlib import Path

from tests.integration.flow.conftest import account, case, desk, loop_connector, services
from tests.integration.gaps.conftest import Shelf, shelf
from tests.support.loop import mail

from trato.flow.inbound import receive
from trato.flow.tasks import housekeeping
from trato.gaps import measures
from trato.kit.clock import now
from trato.knowledge import feedback, reads, service, texts

__all__ = ["account", "case", "desk", "loop_connector", "services", "shelf"]

ROOT = Path(__file__).parents[2]
DONE = "Cambiamos el termostato y la probamos dos horas."
# Names of figures that count people who gave up as a success.
DEFLECTION = re.compile(
    r"deflect|deflexi|deflex[aã]o|containment|contenci[oó]n|conten[cç][aã]o", re.IGNORECASE
)


def test_no_figure_of_people_kept_away_is_anywhere_in_the_product() -> None:
    said = [
        *(ROOT / "web" / "src" / "i18n").rglob("*.ts"),
        *(ROOT / "docs" / "reference").glob("*.md"),
        *(ROOT / "src" / "trato").rglob("*.json"),
        *(ROOT / "src" / "trato").rglob("*.py"),
        *(ROOT / "src" / "trato").rglob("*.sql"),
    ]
    assert len(said) > 300
    assert [path.name for path in said if DEFLECTION.search(path.read_text("utf-8"))] == []


async def test_a_case_is_over_when_the_customer_says_so_or_does_not_come_back_for_seven_days(
    desk, case, services
) -> None:
    path = f"/cases/{case['id']}"
    solved = await desk.ask("POST", f"{path}/resolve", done=DONE)
    assert (solved["status"], solved["resolved_by"]) == ("resolved", "agent")  # said by us, not over
    await desk.run("UPDATE cases SET resolved_at = now() - interval '6 days 23 hours'")
    await housekeeping(services)({}, 1)
    assert (await desk.ask("GET", path))["status"] == "resolved"
    await desk.run("UPDATE cases SET resolved_at = now() - interval '7 days'")
    await housekeeping(services)({}, 1)
    closed = await desk.ask("GET", path)
    assert (closed["status"], closed["resolved_by"]) == ("closed", "silence")


async def test_who_comes_back_was_not_helped(desk, case, services, account) -> None:
    path = f"/cases/{case['id']}"
    await desk.ask("POST", f"{path}/resolve", done=DONE)
    await receive(services, account, mail(2, conversation_key="k1"))
    again = await desk.ask("GET", path)
    assert (again["status"], again["resolved_by"]) == ("open", None)


async def test_an_article_is_measured_by_matters_solved_never_by_who_stayed_away(shelf: Shelf) -> None:
    today = now().date()
    async with shelf.db.begin() as c:
        article_id = await service.create(c, {"source_language": "es"})
        await texts.write(c, article_id, "es", texts.Text("La garantía", "", "Dos años."), actor="import")
        await texts.publish(c, article_id, "es", actor="import")
        await reads.add(c, Counter({(article_id, "es", today): 50}))
        of_reading = await measures.of_article(c, article_id, today=today, days=90)
        await feedback.say(c, article_id, "es", 1, solved=True)
        await feedback.say(c, article_id, "es", 1, solved=False)
        after = await measures.of_article(c, article_id, today=today, days=90)
    assert (of_reading["reads"], of_reading["matters_solved"]) == (50, 0)  # fifty who said nothing
    assert (after["matters_solved"], after["unsolved"]) == (1, 1)
