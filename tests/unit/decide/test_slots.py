"""The times at which somebody can be called back."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.slots import Slot, free_slots

DAY = datetime(2026, 3, 2, tzinfo=UTC)
HALF = timedelta(minutes=30)


def at(hour: int, minute: int = 0) -> datetime:
    return DAY + timedelta(hours=hour, minutes=minute)


def test_slots_are_round_within_the_hours_and_have_room() -> None:
    found = free_slots(
        [(at(9), at(11)), (at(14), at(15, 15))],
        length=HALF,
        capacity=2,
        taken={at(9, 30): 1, at(10): 2},
        not_before=at(9, 5),
        limit=10,
    )
    assert found == [
        Slot(at(9, 30), at(10), 1),
        Slot(at(10, 30), at(11), 2),
        Slot(at(14), at(14, 30), 2),
        Slot(at(14, 30), at(15), 2),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 600)), max_size=6),
    st.sampled_from([5, 15, 30, 60]),
    st.integers(0, 3),
    st.integers(0, 3000),
)
def test_no_slot_is_outside_the_hours_or_in_the_past(openings, minutes, capacity, begins) -> None:
    spells = [
        (DAY + timedelta(minutes=start), DAY + timedelta(minutes=start + long)) for start, long in openings
    ]
    not_before = DAY + timedelta(minutes=begins)
    length = timedelta(minutes=minutes)
    found = free_slots(spells, length=length, capacity=capacity, taken={}, not_before=not_before, limit=1_000)
    assert (capacity > 0) or found == []
    for slot in found:
        assert slot.start >= not_before
        assert slot.end - slot.start == length
        assert any(opens <= slot.start and slot.end <= closes for opens, closes in spells)
