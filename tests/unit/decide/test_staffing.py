"""Erlang's formulas against figures that others have published."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.staffing import Load, agents_needed, erlang_b, erlang_c, forecast, servers_needed


@pytest.mark.parametrize(
    ("servers", "erlangs"),
    [(1, 0.0101), (5, 1.36), (10, 4.46), (20, 12.0), (30, 20.3), (50, 37.9), (100, 84.1)],
)
def test_erlang_b_as_the_tables_of_telephony_have_it(servers: int, erlangs: float) -> None:
    """The offered traffic that so many lines carry with a loss of 1 %, in three figures as printed."""
    assert erlang_b(erlangs, servers) == pytest.approx(0.01, rel=0.03)


def test_erlang_c_as_in_the_worked_example_of_mitan() -> None:
    """0.2 calls/s of 240 s with 55 agents: 23.9 % wait, 8.2 s on average, 84.6 % within 15 s."""
    load = Load(720, 240, target_s=15)
    found = forecast(load, 55)
    assert load.erlangs == pytest.approx(48)
    assert found.waits == pytest.approx(0.239, abs=0.0005)
    assert found.mean_wait_s == pytest.approx(8.2, abs=0.05)
    assert found.within_target == pytest.approx(0.846, abs=0.0005)
    assert found.occupancy == pytest.approx(0.873, abs=0.0005)


def test_erlang_c_as_in_the_worked_example_of_call_centre_helper() -> None:
    """100 calls in half an hour of 180 s need 14 agents for 80 % within 20 s: 17.4 % wait, 88.8 % in time."""
    load = Load(200, 180, target_share=0.8, target_s=20)
    assert servers_needed(load) == 14
    found = forecast(load, 14)
    assert found.waits == pytest.approx(0.174, abs=0.0005)
    assert found.within_target == pytest.approx(0.888, abs=0.0005)
    assert found.mean_wait_s == pytest.approx(7.8, abs=0.05)


loads = st.builds(
    Load,
    per_hour=st.floats(0, 3_000),
    handle_s=st.floats(10, 1_800),
    target_share=st.floats(0.1, 0.99),
    target_s=st.floats(1, 600),
)


@given(loads)
def test_the_number_needed_is_enough_and_one_less_is_not(load: Load) -> None:
    needed = servers_needed(load)
    assert forecast(load, needed).within_target >= load.target_share
    if needed > 0 and load.erlangs > 0:
        assert forecast(load, needed - 1).within_target < load.target_share


@given(st.floats(0.01, 500), st.integers(1, 600))
def test_shares_are_shares_and_more_servers_never_hurt(erlangs: float, servers: int) -> None:
    assert 0 <= erlang_b(erlangs, servers) <= erlang_c(erlangs, servers) <= 1
    assert erlang_c(erlangs, servers + 1) <= erlang_c(erlangs, servers) + 1e-12


def test_too_much_is_never_answered_in_time() -> None:
    found = forecast(Load(100, 360), 10)
    assert found.within_target == 0
    assert math.isinf(found.mean_wait_s)


def test_agents_who_take_several_and_are_not_always_there() -> None:
    load = Load(200, 180, target_s=20)
    assert agents_needed(load) == 14
    assert agents_needed(load, at_once=2) == 7
    assert agents_needed(load, at_once=2, present=0.7) == 10
    assert agents_needed(Load(0, 180)) == 0
