"""How each brand looks on its widget and its help centre: legible colours, its picture, its first words."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.portraits import checked
from trato.brands.tables import brand_look
from trato.decide.colour import GROUNDS, Scheme, contrast, is_legible, legible
from trato.kit.errors import Invalid, NotFound
from trato.live import versions

LOGOS: Final = "/look/logos"
_USUAL: Final[Mapping[str, Any]] = {
    "accent": None,
    "accent_dark": None,
    "theme": "auto",
    "side": "end",
    "corners": "soft",
    "font": "ours",
    "labels": {},
    "greetings": {},
    "phone": "",
    "email": "",
    "logo_digest": None,
    "version": 1,
}
_COLOURS: Final[Mapping[str, Scheme]] = {"accent": "light", "accent_dark": "dark"}
_LOOK: Final = text(f"""
    SELECT b.id AS brand_id, b.name AS brand_name, {", ".join(f"l.{name}" for name in _USUAL)}
    FROM brand b LEFT JOIN brand_look l ON l.brand_id = b.id WHERE b.id = :id
""")


async def get(c: AsyncConnection, brand_id: UUID) -> dict[str, Any]:
    """Return how a brand looks, the usual look where nothing was chosen; raises `NotFound`."""
    row = (await c.execute(_LOOK, {"id": brand_id})).mappings().first()
    if row is None:
        raise NotFound("There is no such brand.")
    found = dict(row) if row["version"] is not None else {**row, **_USUAL}
    digest = found.pop("logo_digest")
    return {**found, "logo_url": logo_path(digest)}


def logo_path(digest: str | None) -> str | None:
    """Return where a picture is on this server."""
    return f"{LOGOS}/{digest}.png" if digest else None


async def change(
    c: AsyncConnection, brand_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change how a brand looks; what is left out stays.

    Raises `NotFound`, `ChangedMeanwhile`, `Invalid` for a colour that cannot be read (with the nearest that
    can) or a picture that is none, `TooLarge` for one that is too large.
    """
    await get(c, brand_id)
    await versions.check(c, brand_look, brand_id, expected, action="look.changed")
    kept = dict(values)
    for name, scheme in _COLOURS.items():
        _check_colour(kept.get(name), name, scheme)
    for name in ("labels", "greetings"):
        if name in kept:
            kept[name] = {language: words for language, words in kept[name].items() if words}
    if "logo" in kept:
        kept |= _logo(kept["logo"])
    written = insert(brand_look).values(brand_id=brand_id, version=2, **kept)
    changed = written.on_conflict_do_update(
        index_elements=["brand_id"], set_={**kept, "version": brand_look.c.version + 1}
    )
    await c.execute(changed)
    return await get(c, brand_id)


def _check_colour(colour: str | None, field: str, scheme: Scheme) -> None:
    if colour is None or is_legible(colour, scheme):
        return
    raise Invalid(
        "This colour cannot be read on our pages: its contrast is {contrast}:1, and 4.5:1 is needed.",
        todo="Take {offered}, the nearest that can be read.",
        field=field,
        values={"contrast": f"{contrast(colour, GROUNDS[scheme]):.1f}", "offered": legible(colour, scheme)},
    )


def _logo(data: bytes | None) -> dict[str, Any]:
    if data is None:
        return {"logo": None, "logo_digest": None}
    given = checked(data, "logo")
    return {"logo": given.png, "logo_digest": given.digest}


async def logo(c: AsyncConnection, digest: str) -> bytes:
    """Return a brand's picture by its digest; raises `NotFound`."""
    query = select(brand_look.c.logo).where(brand_look.c.logo_digest == digest).limit(1)
    found: bytes | None = await c.scalar(query)
    if found is None:
        raise NotFound("There is no such picture.")
    return found


def worn(look: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the widget puts on: both colours, also when one was chosen."""
    shared = ("theme", "side", "corners", "font", "labels", "phone", "email")
    return {
        **{name: look[name] for name in shared},
        "accent": colours(look["accent"], look["accent_dark"]),
        "logo": look["logo_url"],
    }


def colours(light: str | None, dark: str | None) -> tuple[str, str] | None:
    """Return the colour on light and on dark pages; None where the usual one stands."""
    if light is None and dark is None:
        return None
    chosen = light or dark or ""
    return light or legible(chosen, "light"), dark or legible(chosen, "dark")
