"""Of everything that is written down with a contact it was decided what becomes of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from trato.db.schema import all_tables
from trato.decide.erasure import EMPTIED, GRACE, KEPT, LONGEST, REMOVED, To, erases_at, is_known, may_erase

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
# Whoever knows one of these knows a person.
PERSONAL = {"contact", "conversation", "cases", "message", "visitor", "address", "consult"}
NAMED = {"contact_id", "conversation_id", "case_id", "message_id", "visitor_id", "person_id"}


def knows_a_person(table) -> bool:
    references = {key.target_fullname.split(".")[0] for key in table.foreign_keys}
    return table.name in PERSONAL or bool(references & PERSONAL) or bool({c.name for c in table.c} & NAMED)


def test_every_text_about_a_person_is_erased_or_stays_for_a_reason() -> None:
    """A new table or column that knows a contact: decide/erasure.py says what becomes of it."""
    forgotten = [
        f"{table.name}.{column.name}"
        for table in all_tables().sorted_tables
        if knows_a_person(table) and table.name != "routing_inbox"
        for column in table.c
        if isinstance(column.type, (Text, JSONB, ARRAY)) and not is_known(table.name, column.name)
    ]
    assert forgotten == []


def test_nothing_is_named_that_is_not_there() -> None:
    tables = all_tables().tables
    assert set(tables) >= REMOVED
    for named in (EMPTIED, KEPT):
        for table, columns in named.items():
            assert set(columns) <= set(tables[table].c.keys()), table
    for table, columns in EMPTIED.items():
        assert not set(columns) & set(KEPT.get(table, {})), table
        for column, to in columns.items():
            assert tables[table].c[column].nullable or to is not To.NULL, (table, column)


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)))
def test_it_is_done_when_asked_and_within_what_the_law_allows(grace: timedelta) -> None:
    due = erases_at(NOW, grace)
    assert NOW <= due <= NOW + LONGEST
    assert due == NOW + grace or not timedelta() <= grace <= LONGEST


@given(
    st.sampled_from(["waiting", "done", "cancelled"]),
    st.timedeltas(min_value=timedelta(days=-9), max_value=timedelta(days=9)),
)
def test_only_what_waits_and_is_due_is_erased(state: str, since: timedelta) -> None:
    assert may_erase(state, NOW, NOW + since) == (state == "waiting" and since >= timedelta())
    assert timedelta() < GRACE <= LONGEST
