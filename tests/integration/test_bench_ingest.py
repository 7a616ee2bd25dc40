"""`trato bench ingest` measures what it says: the straight line, and bare inserts of the same rows."""

import json
import random

import pytest
from tests.support.services import make_account, running_services
from typer.testing import CliRunner

from trato.bench.bare_rows import BareRows
from trato.bench.ingest import DURABLE, MESSAGES_EACH, Customers, measure
from trato.bench.stored import store
from trato.cli.bench import app
from trato.kit.errors import Unavailable

TABLES = (
    *("contact", "address", "conversation", "participant", "waiting", "message", "receipt", "cases"),
    *("routing_inbox", "event"),
)


async def test_bare_rows_are_the_rows_of_the_straight_line(committing_db, fresh_dsn, tmp_path):
    async def weight():
        """Return how many rows each table has, and how many bytes of them are not ids or times."""
        return {
            table: json.loads(
                await committing_db.call(
                    f"SELECT json_build_array(count(*), sum(length(t::text)))::text FROM {table} t"
                )
            )
            for table in TABLES
        }

    async with running_services(committing_db, fresh_dsn, tmp_path) as services:
        account = await make_account(services, "webchat", origins=["http://localhost"])
        customers = Customers(services, account, random.Random(1))
        before = await weight()
        for _ in range(MESSAGES_EACH):
            await customers.write()
        middle = await weight()
        bare = await BareRows.like(committing_db, MESSAGES_EACH, nth=0)
        for _ in range(MESSAGES_EACH):
            await bare.write()
        after = await weight()
    for table in TABLES:
        rows, size = (m - (b or 0) for m, b in zip(middle[table], before[table], strict=True))
        bare_rows, bare_size = (a - m for a, m in zip(after[table], middle[table], strict=True))
        assert bare_rows == rows > 0, table
        assert bare_size >= 0.98 * size, table


async def test_what_is_stored_before_is_a_shop_like_ours_and_the_same_rows_are_measured(
    committing_db, fresh_dsn, tmp_path
):
    async with running_services(committing_db, fresh_dsn, tmp_path) as services:
        account = await make_account(services, "webchat", origins=["http://localhost"])
        kind = account.connector.capabilities.address_kind
        await store(
            fresh_dsn,
            4_000,
            account_id=account.id,
            brand_id=account.brand_id,
            address_kind=kind,
            say=lambda _: None,
        )
        counts = await committing_db.call("""
            SELECT json_build_array((SELECT count(*) FROM message), (SELECT count(*) FROM receipt),
                (SELECT count(*) FROM conversation WHERE status = 'closed'),
                (SELECT count(*) FROM conversation WHERE status = 'open'))::text
        """)
        assert json.loads(counts) == [4_000, 4_000, 995, 5]
        customers = Customers(services, account, random.Random(1))
        for _ in range(MESSAGES_EACH):
            await customers.write()
        bare = await BareRows.like(committing_db, MESSAGES_EACH, nth=0)
    assert bare.key == customers.key


async def test_figures_of_a_database_that_forgets_are_refused(fresh_dsn):
    # The tests' own server trades durability for speed.
    with pytest.raises(Unavailable, match="fsync is off"):
        await measure(fresh_dsn, writers=2, seconds=1, say=lambda _: None)
    assert set(DURABLE) == {"fsync", "synchronous_commit", "full_page_writes"}


@pytest.mark.slow
def test_the_command_prints_its_figures_as_one_line_of_json(monkeypatch):
    monkeypatch.delenv("TRATO_DATABASE_URL", raising=False)
    ran = CliRunner().invoke(app, ["ingest", "--seconds", "1", "--writers", "4", "--json"])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout.splitlines()[-1])
    assert set(found) == {"messages_per_s", "raw_per_s", "ratio", "p50_ms", "p99_ms"}
    assert found["messages_per_s"] > 0
    assert found["ratio"] == pytest.approx(found["messages_per_s"] / found["raw_per_s"], abs=0.01)
    assert found["p50_ms"] <= found["p99_ms"]
