"""Bringing settings in: what each entry of the file changes here, done by what the screens do.

To see what would happen is to do it and take it back: whatever would be refused is refused then too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DBAPIError

from trato.access import database, judged
from trato.access.errors import ChangedMeanwhile
from trato.brands import service as brands
from trato.decide.settings_file import Named, folded, matched, repeated
from trato.kit.errors import DomainError, Invalid, Unavailable
from trato.kit.plain_yaml import Document, Place
from trato.setup import file, present
from trato.setup.forms import Ref, Wrong, nothing_called
from trato.setup.kind import Act, Create, Kind
from trato.setup.kinds import IN_TURN
from trato.setup.plan import Awaited, Change, FieldChange, Plan, Problem
from trato.setup.present import KNOWN_AS, Present


async def carry_out(act: Act, document: Document, *, remove: bool) -> Plan:
    """Do what the file says, within the caller's transaction, and return what that was.

    With a problem in it the caller takes everything back. `remove`: what the sections of the file do not have
    is taken away, where its screen can. Raises `ChangedMeanwhile` for what somebody changes just now.
    """
    await brands.change_organisation(act.c, {})  # refused before the first set-up
    plan = Plan()
    gone: list[tuple[Kind, Present]] = []
    for kind in IN_TURN:
        here = await present.of(kind, act)
        if document.value.get(kind.section) is not None:
            left = await _section(act, plan, document, kind, here)
            gone += [(kind, one) for one in left]
    if remove:
        for kind, one in reversed(gone):
            await _take_away(act, plan, kind, one)
    await _note_awaited(act, plan)
    return plan


async def _section(
    act: Act, plan: Plan, document: Document, kind: Kind, here: Sequence[Present]
) -> list[Present]:
    """Bring in one section; return what is here and not in it."""
    section = document.value[kind.section]
    if kind.single:
        if here:
            await _item(act, plan, document, kind, (kind.section,), dict(section), here[0])
        return []
    items: list[dict[str, Any]] = [dict(one) for one in section]
    named = [_named(act, kind, one) for one in items]
    twice = set(repeated(named))
    places = matched(named, [one.key for one in here])
    stand_in = await _stand_in(act, kind, here, places)
    plan.problems += _said_twice(document, kind, items, named)
    taken: set[int] = set()
    for number, item in enumerate(items):
        place: Place = (kind.section, number)
        if number in twice:
            why = Invalid("Two entries are called “{name}”.", values={"name": named[number].known_as[:120]})
            plan.problems.append(_problem(document, kind, place, named[number].known_as, why))
            continue
        at = places[number]
        if at is None and stand_in is not None and stand_in not in taken:
            at = stand_in
        if at is not None:
            taken.add(at)
        await _item(act, plan, document, kind, place, item, None if at is None else here[at], named[number])
    return [one for number, one in enumerate(here) if number not in taken]


def _said_twice(
    document: Document, kind: Kind, items: Sequence[Mapping[str, Any]], named: Sequence[Named]
) -> Iterator[Problem]:
    """Yield what two entries claim and only one can have."""
    seen: set[str] = set()
    name = kind.fields[kind.once].name if kind.once else ""
    for number, item in enumerate(items):
        claimed = item.get(name) if name else None
        for at, one in enumerate(claimed if isinstance(claimed, list) else ()):
            if folded(str(one)) in seen:
                why = Invalid(
                    "“{name}” stands in two entries, and can be in one.", values={"name": str(one)[:120]}
                )
                place = (kind.section, number, name, at)
                yield _problem(document, kind, place, named[number].known_as, why)
            seen.add(folded(str(one)))


def _named(act: Act, kind: Kind, item: dict[str, Any]) -> Named:
    """Return how an entry is called; what it says it is known as is taken from it."""
    key = item.pop(KNOWN_AS, None)
    return Named(kind.name(_usual(act, kind, item)), key if isinstance(key, str) and key else None)


def _usual(act: Act, kind: Kind, item: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with what it refers to as that is known here, also when the file renames it."""
    usual = {
        form.name: act.names.usual(form.section, item[form.name])
        for form in kind.fields.values()
        if isinstance(form, Ref) and form.name in item
    }
    return {**item, **usual}


async def _stand_in(
    act: Act, kind: Kind, here: Sequence[Present], places: Sequence[int | None]
) -> int | None:
    """Return the place of what the set-up made and nobody has used: the first new entry is that one."""
    if kind.stand_in is None or any(place is not None for place in places):
        return None
    row = await kind.stand_in(act, [one.row for one in here])
    return next((number for number, one in enumerate(here) if one.row is row), None)


async def _item(
    act: Act,
    plan: Plan,
    document: Document,
    kind: Kind,
    place: Place,
    item: dict[str, Any],
    found: Present | None,
    named: Named | None = None,
) -> None:
    """Bring in one entry; what is wrong with it is noted, and undone alone."""
    key = named.known_as if named is not None else kind.section
    try:
        async with act.c.begin_nested():
            change = await _done(act, kind, item, found, named or Named(kind.section))
    except (Wrong, ValidationError, DomainError, DBAPIError) as error:
        if isinstance(error, ChangedMeanwhile):
            raise
        plan.problems += [
            _problem(document, kind, (*place, *_written(item, where)), key, why)
            for where, why in _reasons(kind, error)
        ]
        return
    if change is None and found is None:
        plan.left_out.append((kind.section, key))
    elif change is None:
        plan.note_untouched(kind.section)
    else:
        plan.changes.append(change)


async def _done(
    act: Act, kind: Kind, item: dict[str, Any], found: Present | None, named: Named
) -> Change | None:
    """Make or change what an entry says; return what that was, None for nothing."""
    forms = {form.name: (api, form) for api, form in kind.fields.items()}
    strange = next((name for name in item if name not in forms), None)
    if strange is not None:
        raise Wrong((strange,), file.unknown(strange, [*forms], 0))
    if found is None:
        if kind.create is not None:
            return await _make(act, kind, kind.create, item, named.known_as)
        if kind.skip_absent:
            return None
        owner = kind.fields[kind.owner]
        (section,) = owner.sections
        raise Wrong((owner.name,), nothing_called(section, item.get(owner.name)))
    act.names.add(kind.section, named.known_as, found.row[kind.row_id])
    act.names.also(kind.section, named.name, found.row[kind.row_id])
    return await _change(act, kind, item, found, named.known_as)


async def _make(act: Act, kind: Kind, create: Create, item: Mapping[str, Any], key: str) -> Change:
    given = {
        api: form.back(item[form.name], act.names, (form.name,))
        for api, form in kind.fields.items()
        if form.name in item
    }
    body = kind.body.model_validate(
        {one: value for one, value in given.items() if one in kind.body.model_fields}
    )
    row = await create(act, body)
    act.names.add(kind.section, key, row[kind.row_id])
    rest = {one: value for one, value in given.items() if one not in kind.body.model_fields}
    if rest and any(rest[one] != row[one] for one in rest):
        await kind.update(act, row, kind.change.model_validate(rest))
    return Change(kind.section, key, "new", [FieldChange(name, None, value) for name, value in item.items()])


async def _change(act: Act, kind: Kind, item: dict[str, Any], found: Present, key: str) -> Change | None:
    settled = _usual(act, kind, item)
    settled = kind.settled(settled, found.item) if kind.settled is not None else settled
    given = {
        api: form.back(settled[form.name], act.names, (form.name,))
        for api, form in kind.fields.items()
        if form.name in settled and settled[form.name] != found.item[form.name]
    }
    for api in given:
        if api not in kind.change.model_fields:
            name = kind.fields[api].name
            raise Wrong(
                (name,),
                Invalid(
                    "“{name}” of something that is here cannot be changed.",
                    todo="Give the entry another name, so that it is a new one.",
                    values={"name": name},
                ),
            )
    if not given:
        return None
    said = _judged_whole(kind.change.model_validate(given))
    wanted = {kind.fields[one].name: kind.fields[one].out(value, act.names) for one, value in said.items()}
    fields = [
        FieldChange(name, found.item[name], value)
        for name, value in wanted.items()
        if value != found.item[name]
    ]
    if not fields:
        return None
    names = {one.name for one in fields}
    left = {api: value for api, value in said.items() if kind.fields[api].name in names}
    await kind.update(act, found.row, kind.change.model_validate(left))
    return Change(kind.section, key, "changed", fields)


def _judged_whole(body: BaseModel) -> dict[str, Any]:
    """Return the fields that were given, each whole: what was left out within them has its usual value."""
    return body.model_dump(mode="json", include=set(body.model_fields_set))


async def _take_away(act: Act, plan: Plan, kind: Kind, one: Present) -> None:
    if kind.remove is None:
        if kind.create is not None:  # else it goes with what it belongs to
            plan.stay.append((kind.section, one.key))
        return
    try:
        async with act.c.begin_nested():
            await kind.remove(act, one.row)
    except (DomainError, DBAPIError) as error:
        plan.problems += [Problem(kind.section, one.key, "", None, why) for _, why in _reasons(kind, error)]
        return
    plan.changes.append(Change(kind.section, one.key, "removed"))


async def _note_awaited(act: Act, plan: Plan) -> None:
    """Say which secrets are to be typed here."""
    for record in await brands.list_accounts(act.c):
        if record.secrets_awaited:
            plan.awaited.append(Awaited(act.names.key("accounts", record.id), sorted(record.secrets_awaited)))


def _problem(document: Document, kind: Kind, place: Place, key: str, why: DomainError) -> Problem:
    line = document.line(place)
    if "line" in why.values:
        why.values = {**why.values, "line": line}
    return Problem(kind.section, key, ".".join(str(part) for part in place), line, why)


def _reasons(kind: Kind, error: Exception) -> list[tuple[Place, DomainError]]:
    """Return what is wrong with an entry, and where in it."""
    if isinstance(error, Wrong):
        return [(error.place, error.why)]
    if isinstance(error, ValidationError):
        return [
            (_in_file(kind, one["loc"]), judged.of_body(one).refusal())
            for one in error.errors(include_url=False)
        ]
    if isinstance(error, DomainError):
        field = getattr(error, "field", "")
        parts = [int(part) if part.isdigit() else part for part in field.split(".")]
        return [(_in_file(kind, parts) if field else (), error)]
    meaning = database.meaning(error)
    if meaning is None or isinstance(meaning, Unavailable):
        raise error
    return [((), meaning)]


def _written(item: Any, where: Place) -> Place:
    """Return a place in an entry without what the file does not have: the name of a kind that was judged."""
    found: list[str | int] = []
    for number, part in enumerate(where):
        in_list = isinstance(item, list) and isinstance(part, int) and part < len(item)
        there = in_list or (isinstance(item, Mapping) and part in item)
        if there or number + 1 == len(where):  # the last one may be what is missing
            found.append(part)
        item = item[part] if there else item
    return tuple(found)


def _in_file(kind: Kind, where: Sequence[str | int]) -> Place:
    """Return a place of the API's as the file has it."""
    if not where:
        return ()
    first, *rest = where
    form = kind.fields.get(str(first))
    return (form.name if form is not None else first, *rest)
