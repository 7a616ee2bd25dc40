"""Who is asked a question beside a conversation: who knows, and has room."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.consults import CONSULTS_AT_ONCE, Expert, choose_expert
from trato.decide.line import Able, Needs, serves, why_waiting

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def expert(number: int, load: int = 0, **known: object) -> Expert:
    base = {"here": True, "capacity": 4, "idle_since": NOW - timedelta(minutes=number)}
    return Expert(UUID(int=number), load=load, **{**base, **known})  # type: ignore[arg-type]


def test_the_order_is_owner_spoke_last_level_language_room_idle() -> None:
    best = [
        expert(1, 3, owns_case=True),
        expert(2, 3, spoke_last=True),
        expert(3, 3, level=5),
        expert(4, 3, level=4, speaks=True),
        expert(5, 1, level=4),
        expert(7, 2, level=4),
        expert(6, 2, level=4),
    ]
    codes = []
    while best:
        chosen = choose_expert(best)
        assert chosen is not None
        assert chosen.agent_id == best[0].agent_id
        codes.append(chosen.code)
        best.pop(0)
    assert codes == [
        "owner",
        "spoke_last",
        "knows",
        "longest_idle",
        "least_busy",
        "longest_idle",
        "only_free",
    ]


experts = st.lists(
    st.builds(
        expert,
        st.integers(1, 30),
        st.integers(0, 4),
        here=st.booleans(),
        level=st.integers(0, 5),
        consults=st.integers(0, 3),
        owns_case=st.booleans(),
        spoke_last=st.booleans(),
        speaks=st.booleans(),
    ),
    unique_by=lambda one: one.agent_id,
    max_size=8,
)


@given(experts, st.sets(st.integers(1, 30).map(lambda n: UUID(int=n))))
def test_only_somebody_with_room_who_has_not_declined_is_asked(
    crew: list[Expert], declined: set[UUID]
) -> None:
    chosen = choose_expert(crew, declined)
    able = [one for one in crew if one.has_room and one.agent_id not in declined]
    if chosen is None:
        assert able == []
        return
    found = next(one for one in able if one.agent_id == chosen.agent_id)
    assert found.consults < CONSULTS_AT_ONCE
    assert choose_expert(list(reversed(crew)), declined) == chosen  # the order of the question is no reason


PAGOS, OTRA = UUID(int=50), UUID(int=51)


def able(number: int, *, here: bool = True, free: bool = True, **known: object) -> Able:
    return Able(UUID(int=number), here, free, **known)  # type: ignore[arg-type]


def test_the_deepest_reason_is_said() -> None:
    needs = Needs({PAGOS: 3})
    knows = {PAGOS: 3}
    assert why_waiting(needs, [able(1)], offered=False) == "nobody_knows"
    assert (
        why_waiting(needs, [able(1), able(2, here=False, free=False, skills=knows)], offered=False)
        == "nobody_here"
    )
    assert why_waiting(needs, [able(1), able(2, free=False, skills=knows)], offered=False) == "all_busy"
    assert why_waiting(needs, [able(2, skills=knows)], offered=False) == "next"
    declined = Needs({PAGOS: 3}, declined=[UUID(int=2)])
    assert why_waiting(declined, [able(2, skills=knows)], offered=False) == "declined"
    assert why_waiting(needs, [], offered=True) == "offered"


def test_a_level_a_team_and_a_site_must_all_fit() -> None:
    one = able(1, skills={PAGOS: 4}, team=PAGOS, site=OTRA)
    assert serves(one, Needs({PAGOS: 4}, teams=[PAGOS], sites=[OTRA]))
    assert not serves(one, Needs({PAGOS: 5}))
    assert not serves(one, Needs(teams=[OTRA]))
    assert not serves(one, Needs(sites=[PAGOS]))
