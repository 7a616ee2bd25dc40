"""Things are known again by their names, each once, and the same file twice is the same thing."""

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.settings_file import Named, folded, keyed, matched, repeated

names = st.lists(st.sampled_from(["Sur", "sur", "SUR", "Sur (2)", "Norte", "Él", "E\u0301l"]), max_size=6)


@given(names)
def test_no_two_things_are_known_as_the_same(found: list[str]) -> None:
    keys = [folded(one) for one in keyed(found)]
    assert len(set(keys)) == len(found)


@given(names)
def test_what_was_taken_out_is_what_is_here(found: list[str]) -> None:
    keys = keyed(found)
    wanted = [Named(name, None if key == name else key) for name, key in zip(found, keys, strict=True)]
    assert repeated(wanted) == []
    assert matched(wanted, keys) == list(range(len(found)))


@given(names, names)
def test_nothing_here_is_two_things_of_the_file(wanted: list[str], here: list[str]) -> None:
    unlike = [Named(one) for one in keyed(wanted)]
    found = [place for place in matched(unlike, keyed(here)) if place is not None]
    assert len(set(found)) == len(found)


def test_a_key_is_by_what_a_renamed_thing_is_found_before_and_after() -> None:
    wanted = [Named("Ventas", key="Sur")]
    assert matched(wanted, ["Norte", "Sur"]) == [1]
    assert matched(wanted, ["Norte", "Ventas"]) == [1]
    assert matched([*wanted, Named("Sur")], ["Sur"]) == [0, 0]  # an error: `repeated` tells of it
    assert repeated([*wanted, Named("sur")]) == [1]


def test_the_second_of_a_name_is_new_where_there_is_only_one() -> None:
    assert matched([Named("Sur"), Named("Sur", key="Sur (2)")], ["Sur"]) == [0, None]
