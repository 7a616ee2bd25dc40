"""Steps of relaxation that can be meant pass, and the first that cannot is named."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.relaxation import Step, flaw

ALLOWANCES = ("level", "language", "team", "site", "anybody")
STEPS = st.builds(
    Step,
    after_s=st.integers(0, 100),
    allow=st.sampled_from(ALLOWANCES),
    by=st.none() | st.integers(1, 4),
)


def test_each_flaw_is_named_with_its_place() -> None:
    assert flaw([]) is None
    assert flaw([Step(30, "level", 1), Step(60, "level"), Step(90, "language"), Step(600, "anybody")]) is None
    assert flaw([Step(60, "level"), Step(30, "team")]) == (1, "out_of_order")
    assert flaw([Step(60, "level"), Step(60, "team")]) == (1, "out_of_order")
    assert flaw([Step(60, "team", 1)]) == (0, "by_without_level")
    assert flaw([Step(60, "anybody"), Step(90, "team")]) == (1, "after_anybody")
    assert flaw([Step(60, "team"), Step(90, "team")]) == (1, "twice")


@given(st.lists(STEPS, max_size=6))
def test_what_passes_goes_up_in_time_and_ends_with_anybody(steps: list[Step]) -> None:
    if flaw(steps) is None:
        assert all(one.after_s < other.after_s for one, other in pairwise(steps))
        assert all(step.allow != "anybody" for step in steps[:-1])
        assert all(step.by is None or step.allow == "level" for step in steps)


@given(st.lists(STEPS, max_size=6))
def test_what_stands_before_the_flaw_has_none(steps: list[Step]) -> None:
    found = flaw(steps)
    if found is not None:
        assert flaw(steps[: found[0]]) is None
        assert flaw(steps[: found[0] + 1]) == found
