"""Many visitors are an incident to look into; one visitor, however insistent, is not."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.page_failures import OF_ONE_NETWORK, VISITORS, WINDOW, Seen, suspected

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
names = st.sampled_from("abcdefgh")
recent = st.builds(
    Seen,
    who=names,
    network=st.sampled_from("xyz"),
    at=st.timedeltas(timedelta(), WINDOW).map(lambda ago: NOW - ago),
)
old = st.builds(
    Seen,
    who=names,
    network=names,
    at=st.timedeltas(WINDOW + timedelta(seconds=1), timedelta(days=9)).map(lambda ago: NOW - ago),
)


@given(st.lists(recent))
def test_it_takes_different_visitors(seen: list[Seen]) -> None:
    found = suspected(seen, NOW)
    visitors, networks = len({one.who for one in seen}), len({one.network for one in seen})
    enough = visitors >= (VISITORS if networks > 1 else OF_ONE_NETWORK)
    assert (found is not None) is (enough and bool(seen))
    if found is not None:
        assert (found.visitors, found.networks) == (visitors, networks)
        assert found.first_at <= found.last_at <= NOW


@given(st.integers(1, 500))
def test_one_visitor_alone_never_suffices(times: int) -> None:
    assert suspected([Seen("a", "x", NOW)] * times, NOW) is None


@given(st.lists(recent), st.lists(old), st.randoms(use_true_random=False))
def test_what_is_long_ago_and_the_order_change_nothing(
    seen: list[Seen], before: list[Seen], chance: random.Random
) -> None:
    shuffled = [*seen, *before]
    chance.shuffle(shuffled)
    assert suspected(shuffled, NOW) == suspected(seen, NOW)


@given(st.lists(recent), st.lists(recent))
def test_more_visitors_never_make_it_less_suspected(seen: list[Seen], more: list[Seen]) -> None:
    # only a second network lowers the number that is asked for
    if suspected(seen, NOW) is not None:
        assert suspected([*seen, *more], NOW) is not None
