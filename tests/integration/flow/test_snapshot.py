"""However much is open, and however much spam comes, a desk sees who waits."""

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent, open_centre

from trato.conversations import queries
from trato.kit.ids import new_id

SPAM, WAITING, THEIRS, ANSWERED, SNOOZED = 520, 600, 30, 700, 40


async def fill(c, centre, count, *, ago_s, **columns):
    """Open conversations whose last message is `ago_s` and more seconds old."""
    values = {
        "status": "'open'",
        "spam": "false",
        "assignee_id": "NULL",
        "waiting_since": "NULL",
        "trouble": "NULL",
        "snoozed_until": "NULL",
        **columns,
    }
    await c.execute(
        text(f"""
            INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id,
                                      last_message_at, {", ".join(values)})
            SELECT gen_random_uuid(), :account, gen_random_uuid()::text, 'webchat', :brand, :contact,
                   now() - make_interval(secs => :ago_s + n), {", ".join(values.values())}
            FROM generate_series(1, :count) n
        """),
        {
            "account": centre.account_id,
            "brand": centre.brand_id,
            "contact": centre.contact_id,
            "ago_s": ago_s,
            "count": count,
        },
    )


@pytest.fixture
async def agents(connection):
    return [await add_agent(connection, name) for name in ("Ana", "Bruno")]


@pytest.fixture
async def busy(connection, agents):
    """A day on which everything comes at once; what matters is the oldest."""
    ana, bruno = agents
    c, centre = connection, await open_centre(connection)
    await fill(c, centre, SPAM, ago_s=0, spam="true")
    await fill(c, centre, ANSWERED, ago_s=1_000)
    await fill(c, centre, WAITING, ago_s=5_000, waiting_since="now() - make_interval(secs => n)")
    await fill(c, centre, THEIRS, ago_s=10_000, assignee_id=f"'{bruno}'")
    await fill(c, centre, 3, ago_s=20_000, assignee_id=f"'{ana}'")
    await fill(c, centre, SNOOZED, ago_s=30_000, status="'snoozed'", snoozed_until="now() + interval '1 day'")
    await fill(c, centre, 2, ago_s=40_000, status="'closed'", trouble="'failed'")


async def pages(c, agent_id, tab):
    cursor, found = None, []
    while True:
        page = await queries.inbox(c, tab=tab, agent_id=agent_id, cursor=cursor)
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.usefixtures("busy")
async def test_who_waits_and_what_is_assigned_is_never_left_out(connection, agents):
    ana, bruno = agents
    taken = await queries.snapshot(connection, ana)
    shown = taken["conversations"]
    assert not [one for one in shown if one["spam"]]
    assert [one["assignee_id"] for one in shown[:3]] == [str(ana)] * 3, "the viewer's own first"
    assert [one["trouble"] for one in shown[3:5]] == ["failed"] * 2
    waiting = [one["waiting_since"] for one in shown if one["waiting_since"]]
    assert len(waiting) == WAITING
    assert waiting == sorted(waiting), "who waits longest comes first"
    assert len([one for one in shown if one["assignee_id"] == str(bruno)]) == THEIRS
    assert taken["truncated"]


@pytest.mark.usefixtures("busy")
async def test_the_counts_are_of_everything_and_the_tabs_go_on(connection, agents):
    ana, _ = agents
    taken = await queries.snapshot(connection, ana)
    open_ones = WAITING + THEIRS + ANSWERED + SNOOZED + 3
    assert taken["counts"] == {"mine": 3, "team": open_ones, "waiting": WAITING, "trouble": 2}
    assert len(taken["conversations"]) < open_ones
    for tab, count in taken["counts"].items():
        assert len(set(await pages(connection, ana, tab))) == count, tab


async def test_an_ordinary_day_is_sent_whole(connection, agents):
    centre = await open_centre(connection)
    await fill(connection, centre, queries.SNAPSHOT_USUAL, ago_s=0)
    await fill(connection, centre, SPAM, ago_s=0, spam="true")
    taken = await queries.snapshot(connection, agents[0])
    assert (len(taken["conversations"]), taken["truncated"]) == (queries.SNAPSHOT_USUAL, False)


async def test_more_waiting_than_a_desk_can_bear_is_said(connection, agents, monkeypatch):
    monkeypatch.setattr(queries, "SNAPSHOT_USUAL", 5)
    monkeypatch.setattr(queries, "SNAPSHOT_MOST", 20)
    centre = await open_centre(connection)
    await fill(connection, centre, 50, ago_s=0, waiting_since="now() - make_interval(secs => n)")
    taken = await queries.snapshot(connection, new_id())
    assert (len(taken["conversations"]), taken["truncated"]) == (20, True)
    assert taken["counts"]["waiting"] == 50
