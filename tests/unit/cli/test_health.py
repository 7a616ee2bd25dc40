"""The doctor's verdicts, on facts."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trato.cli import health
from trato.cli.health import Check, DatabaseFacts, State

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2027, 1, 31, 12, 0, tzinfo=UTC)
GOOD = DatabaseFacts("18.6", 18, 1.2, in_recovery=False, durable=True, connections=10, connection_limit=60)


@pytest.mark.parametrize(
    ("facts", "state", "word"),
    [
        (GOOD, State.OK, "18.6"),
        (replace(GOOD, major=14), State.FAIL, "18.6"),
        (replace(GOOD, in_recovery=True), State.FAIL, "standby"),
        (replace(GOOD, durable=False), State.FAIL, "lose"),
        (replace(GOOD, connections=55), State.WARN, "55 of 60"),
    ],
)
def test_a_database(facts, state, word) -> None:
    check = health.judge_database(facts)
    assert check.state is state
    assert word in check.message
    assert bool(check.todo) == (state is not State.OK)


@pytest.mark.parametrize(
    ("current", "known", "state"),
    [
        ("0002", True, State.OK),
        ("0001", True, State.FAIL),
        ("0003", False, State.FAIL),
        (None, False, State.FAIL),
    ],
)
def test_migrations(current, known, state) -> None:
    assert health.judge_migrations(current, "0002", known=known).state is state


@pytest.mark.parametrize(("free", "state"), [(10e9, State.OK), (1e9, State.WARN), (1e8, State.FAIL)])
def test_a_disk(free, state) -> None:
    assert health.judge_disk("/var", int(free)).state is state


@pytest.mark.parametrize(
    ("database_s", "event_s", "state"),
    [
        (0, -5, State.OK),
        (1.5, None, State.OK),
        (5, None, State.FAIL),
        (-5, None, State.FAIL),
        (0, 60, State.WARN),
    ],
)
def test_clocks(database_s, event_s, state) -> None:
    event = None if event_s is None else NOW + timedelta(seconds=event_s)
    assert health.judge_clock(NOW, NOW + timedelta(seconds=database_s), event).state is state


@pytest.mark.parametrize(
    ("account_state", "state"), [("ok", State.OK), ("new", State.WARN), ("failing", State.FAIL)]
)
def test_an_account(account_state, state) -> None:
    check = health.judge_account("Ventas", "email", account_state, "wrong password", NOW, connects=True)
    assert check.state is state
    assert ("wrong password, last good 2027-01-31 12:00 UTC" in check.message) == (state is State.FAIL)


@pytest.mark.parametrize(
    ("late_s", "failed", "state"),
    [(None, 0, State.OK), (5, 0, State.OK), (60, 0, State.WARN), (900, 3, State.FAIL), (None, 3, State.WARN)],
)
def test_workers(late_s, failed, state) -> None:
    due = None if late_s is None else NOW - timedelta(seconds=late_s)
    assert health.judge_jobs(NOW, due, failed, running=["web", "work"]).state is state


@pytest.mark.parametrize(
    ("lease_s", "waiting", "state"),
    [(1, 5, State.OK), (-60, 0, State.WARN), (-60, 5, State.FAIL), (None, 0, State.WARN)],
)
def test_the_router(lease_s, waiting, state) -> None:
    lease = None if lease_s is None else NOW + timedelta(seconds=lease_s)
    assert health.judge_router(NOW, lease, waiting, running=["web"]).state is state


def test_a_channel_that_connects_to_nothing_is_well_before_anybody_wrote() -> None:
    check = health.judge_account("Chat", "webchat", "new", None, None, connects=False)
    assert (check.state, "connects to nothing" in check.message) == (State.OK, True)
    gone = health.judge_account("Chat", "pigeons", "ok", None, None, connects=None)
    assert (gone.state, "not installed" in gone.message) == (State.FAIL, True)


@pytest.mark.parametrize(
    ("running", "late_s", "state", "todo"),
    [
        ([], 90_000, State.WARN, "Trato is stopped"),
        (["web"], None, State.WARN, "Start `trato work`"),
        (["web"], 900, State.FAIL, "Start `trato work`"),
        (["web", "work"], 900, State.FAIL, "log of `trato work`"),
        (["work"], 60, State.WARN, "another `trato work`"),
    ],
)
def test_another_worker_is_asked_for_only_where_one_runs(running, late_s, state, todo) -> None:
    due = None if late_s is None else NOW - timedelta(seconds=late_s)
    check = health.judge_jobs(NOW, due, 0, running=running)
    assert check.state is state
    assert todo in check.todo


def test_a_stopped_installation_with_somebody_waiting_is_to_be_started() -> None:
    check = health.judge_router(NOW, None, 3, running=[])
    assert (check.state, "Trato is stopped" in check.todo) == (State.WARN, True)


@pytest.mark.parametrize(
    ("webhook_state", "failures", "state"),
    [
        ("active", 0, State.OK),
        ("active", 4, State.WARN),
        ("paused", 0, State.WARN),
        ("disabled", 9, State.FAIL),
    ],
)
def test_a_webhook(webhook_state, failures, state) -> None:
    url = "https://user:secret@crm.example/in?token=secret"
    check = health.judge_webhook(url, webhook_state, failures, "500", NOW)
    assert check.state is state
    assert "crm.example" in check.message
    assert "secret" not in check.message
    assert bool(check.todo) is (state is not State.OK)


def test_what_must_never_be() -> None:
    assert health.judge_routing({"a conversation with two agents": 0}).state is State.OK
    broken = health.judge_routing({"a conversation with two agents": 2, "something else": 0})
    assert (broken.state, broken.message) == (State.FAIL, "a conversation with two agents (2)")


def test_somebody_who_waits_beside_somebody_free() -> None:
    assert health.judge_stranded({"an offer stands long after it expired": 0}).state is State.OK
    stayed = health.judge_stranded({"an offer stands long after it expired": 1, "something else": 0})
    assert (stayed.state, stayed.message) == (State.FAIL, "an offer stands long after it expired (1)")


def test_readers_of_the_event_log() -> None:
    assert health.judge_consumers([("webhooks", 10)]).state is State.OK
    assert health.judge_search(None, []).state is State.WARN
    assert health.judge_search(0, []).state is State.OK
    assert "messages" in health.judge_search(3, ["messages"]).message
    assert health.judge_search(20_000, []).state is State.WARN
    late = health.judge_consumers([("webhooks", 20_000), ("live", 0)])
    assert (late.state, "webhooks 20,000" in late.message) == (State.WARN, True)


def test_messages_that_wait_for_a_hand() -> None:
    assert health.judge_trouble(0, 0, 0).state is State.OK
    check = health.judge_trouble(2, 0, 1)
    assert check.state is State.WARN
    assert "2 conversations" in check.message
    assert "1 inbound" in check.message


@pytest.mark.parametrize(
    ("found", "places"), [((2, 0, 0), {"list"}), ((0, 0, 1), {"admin"}), ((1, 1, 1), {"list", "admin"})]
)
def test_trouble_is_found_by_the_words_of_the_desk(found: tuple[int, int, int], places: set[str]) -> None:
    todo = health.judge_trouble(*found).todo
    words = {"list": ("desk", "trouble"), "admin": ("admin", "broken")}
    for place, (part, key) in words.items():
        source = (ROOT / f"web/src/i18n/{part}/en.ts").read_text("utf-8")
        word = re.search(rf'^ +{key}: "(.+)",$', source, re.MULTILINE)
        assert word is not None
        assert (f"under {word[1]}" in todo) == (place in places)


@pytest.mark.parametrize(
    ("last_days", "installed_days", "state"),
    [
        (0.5, 90, State.OK),
        (5, 90, State.WARN),
        (None, 90, State.WARN),
        (None, 0.5, State.OK),
        (None, None, State.OK),
    ],
)
def test_backups(last_days, installed_days, state) -> None:
    last, installed = (
        None if days is None else NOW - timedelta(days=days) for days in (last_days, installed_days)
    )
    assert health.judge_backup(NOW, last, installed).state is state


def test_a_line_tells_the_mend_only_where_something_is_wrong() -> None:
    good, bad = health.lines(
        [Check("a", State.OK, "fine", "later"), Check("b", State.FAIL, "broken", "mend it")]
    )
    assert good == "ok    a           fine"
    assert bad == "fail  b           broken  → mend it"
