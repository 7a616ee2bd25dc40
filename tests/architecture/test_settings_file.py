"""Whatever is set up is in the file of settings, or stands in the list of what is not, with the reason."""

import pytest

from trato.db.schema import all_tables
from trato.setup.forms import Plain
from trato.setup.kind import Kind
from trato.setup.kinds import IN_TURN, KINDS
from trato.setup.left_out import LEFT_OUT


def test_every_table_is_in_the_file_or_left_out_with_a_reason() -> None:
    kept = [table for kind in KINDS for table in kind.tables]
    assert len(set(kept)) == len(kept)
    assert set(kept) & LEFT_OUT.keys() == set()
    assert {*kept, *LEFT_OUT} == set(all_tables().tables), "name a new table in a Kind or in LEFT_OUT"
    assert all(reason for reason in LEFT_OUT.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.section)
def test_what_holds_an_id_is_named_in_the_file(kind: Kind) -> None:
    ids = [
        name
        for name, form in kind.fields.items()
        if name.endswith(("_id", "_ids")) and isinstance(form, Plain)
    ]
    assert [one for one in ids if one != "external_id"] == []


def test_what_is_referred_to_is_made_before() -> None:
    made: set[str] = set()
    for kind in IN_TURN:
        needed = {section for form in kind.fields.values() for section in form.sections}
        assert needed <= made, kind.section
        made.add(kind.section)
