"""A translation is stale when its source changed in what matters, and only then."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.articles import is_due, stale

numbers = st.integers(0, 50)
written = st.dictionaries(st.sampled_from(["es", "en", "pt", "fr"]), numbers)


@given(written, numbers)
def test_the_source_is_never_stale(from_versions, matters) -> None:
    assert "es" not in stale("es", matters, from_versions)


@given(written, numbers)
def test_what_follows_the_last_change_that_matters_is_not_stale(from_versions, matters) -> None:
    found = stale("es", matters, from_versions)
    assert all((from_versions[one] < matters) == (one in found) for one in from_versions if one != "es")


@given(written, numbers)
def test_a_further_change_makes_none_fresh(from_versions, matters) -> None:
    assert stale("es", matters, from_versions) <= stale("es", matters + 1, from_versions)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-400, 400))
def test_an_article_is_due_from_its_day_on(today, days) -> None:
    assert is_due(today + timedelta(days=days), today) == (days <= 0)
    assert not is_due(None, today)
