"""Keeps articles that were read from files: new ones, changed ones, and none twice."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import TOPICS, Services
from trato.kit.errors import DomainError
from trato.knowledge import files, sections, service, texts
from trato.knowledge.reading import READERS
from trato.knowledge.reading.rows import BadRow, Incoming

ACTOR: Final = "import"
MAX_FILE_BYTES: Final = 10_000_000
_EVERY: Final = 50  # articles between two words of progress
_FILE: Final = re.compile(r"(!?\[[^\]]*\]\()<?([^)\s>]+)>?((?:\s+\"[^\"]*\")?\))")

_KNOWN = text("""
    SELECT language, title, summary, body, published, drafted, edited_by FROM article_translation
    WHERE article_id = :id
""")


@dataclass(slots=True)
class Outcome:
    """What an import did."""

    articles: int = 0
    created: int = 0  # articles that were not there before
    texts: int = 0
    changed: int = 0  # texts that are new or were written anew
    unchanged: int = 0
    published: int = 0
    kept: list[str] = field(default_factory=list)  # changed here since the last import, and left as they are
    failed: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to import."""

    publish: bool = False
    overwrite: bool = False  # also what was changed here since
    section: str | None = None  # for those that say none
    language: str = "es"  # from which others are translated, where nothing else is said


async def keep(
    services: Services, read: Iterable[Incoming | BadRow], wishes: Wishes, say: Callable[[str], None]
) -> Outcome:
    """Keep what was read, an article at a time; what is wrong with one harms no other."""
    outcome = Outcome()
    groups: dict[str, list[Incoming]] = {}
    for one in read:
        if isinstance(one, BadRow):
            outcome.failed.append(one)
            continue
        there = groups.setdefault(one.external_id, [])
        if any(other.language == one.language for other in there):
            why = f"is there twice: {one.external_id} in {one.language} ({one.title})"
            outcome.failed.append(BadRow(one.where, why))
            continue
        there.append(one)
    for number, group in enumerate(groups.values(), start=1):
        outcome.articles += 1
        try:
            await _keep_article(services, group, wishes, outcome)
        except DomainError as error:
            outcome.failed.append(BadRow(group[0].where, f"{error.message} {error.todo}".strip()))
        if number % _EVERY == 0 or number == len(groups):
            say(f"Importing articles: {number} of {len(groups)}")
    services.wake.ring(*TOPICS)
    return outcome


async def _keep_article(
    services: Services, group: Sequence[Incoming], wishes: Wishes, outcome: Outcome
) -> None:
    first = _source(group, wishes)
    ordered = sorted(group, key=lambda one: one is not first)
    counted = replace(outcome, kept=[], failed=[])
    async with services.db.begin() as c:
        article_id = await service.by_external_id(c, first.external_id)
        known: Mapping[str, Any] = {}
        if article_id is None:
            article_id = await _create(c, first, wishes)
            counted.created += 1
        else:
            rows = await c.execute(_KNOWN, {"id": article_id})
            known = {row["language"]: row for row in rows.mappings()}
    try:
        # the files of an article are noted under it, so it is there first
        bodies = {one.language: await _with_files(services, article_id, one, counted) for one in ordered}
        async with services.db.begin() as c:
            for one in ordered:
                text_here = replace(one, body=bodies[one.language])
                await _keep_text(c, article_id, text_here, known, wishes, counted)
    except BaseException:
        if counted.created > outcome.created:
            async with services.db.begin() as c:
                await service.forget(c, article_id)
        raise
    for name in ("created", "texts", "changed", "unchanged", "published"):
        setattr(outcome, name, getattr(counted, name))
    outcome.kept += counted.kept
    outcome.failed += counted.failed


def _source(group: Sequence[Incoming], wishes: Wishes) -> Incoming:
    said = next((one.source_language for one in group if one.source_language), wishes.language)
    return next((one for one in group if one.language == said), group[0])


async def _create(c: AsyncConnection, first: Incoming, wishes: Wishes) -> UUID:
    section = first.section or wishes.section
    section_id = None
    if section:
        section_id = await sections.named(c, section, first.language, first.section_id)
    return await service.create(
        c,
        {
            "kind": first.kind,
            "visibility": first.visibility,
            "source_language": first.language,
            "section_id": section_id,
            "external_id": first.external_id,
            "review_at": first.review_at,
        },
    )


async def _keep_text(
    c: AsyncConnection,
    article_id: UUID,
    one: Incoming,
    known: Mapping[str, Any],
    wishes: Wishes,
    outcome: Outcome,
) -> None:
    outcome.texts += 1
    before = known.get(one.language)
    same = before is not None and all(
        before[name] == getattr(one, name) for name in ("title", "summary", "body")
    )
    if before is not None and not same and before["edited_by"] != ACTOR and not wishes.overwrite:
        outcome.kept.append(f"{one.where}: {before['title']}")
        return
    if same:
        outcome.unchanged += 1
    else:
        written = texts.Text(one.title, one.summary, one.body, await _free(c, article_id, one))
        await texts.write(c, article_id, one.language, written, actor=ACTOR)
        outcome.changed += 1
    if wishes.publish and not one.draft and (before is None or not same or before["published"] is None):
        await texts.publish(c, article_id, one.language, actor=ACTOR, note="")
        outcome.published += 1


async def _free(c: AsyncConnection, article_id: UUID, one: Incoming) -> str | None:
    """Return the address that a text brings along, None when another article has it."""
    taken = await c.scalar(
        text(
            "SELECT true FROM article_translation WHERE language = :language AND slug = :slug"
            " AND article_id <> :id"
        ),
        {"language": one.language, "slug": one.slug, "id": article_id},
    )
    return None if taken else one.slug


async def _with_files(services: Services, article_id: UUID, one: Incoming, outcome: Outcome) -> str:
    """Keep the pictures and downloads that a text names, and return it with where they are now."""
    if one.folder is None or one.root is None:
        return one.body
    found: dict[str, str] = {}
    for _, address, _ in _FILE.findall(one.body):
        data = _file(one.root, one.folder, address)
        if data is not None and address not in found:
            try:
                kept = await files.keep(services, article_id, data, Path(unquote(address)).name, actor=ACTOR)
                found[address] = kept["url"]
            except DomainError as error:
                outcome.failed.append(BadRow(one.where, f"{address}: {error.message}"))
    return _FILE.sub(
        lambda match: match[1] + found.get(match[2], match[2]) + match[3] if match[2] in found else match[0],
        one.body,
    )


def _file(root: Path, folder: Path, address: str) -> bytes | None:
    """Return a file below the folder that is imported; nothing that lies elsewhere on this machine."""
    if re.match(r"[a-z][a-z0-9+.-]*:|/|#", address, re.IGNORECASE) or "\0" in address:
        return None
    try:
        file = (folder / unquote(address)).resolve()
        if not file.is_relative_to(root.resolve()) or not file.is_file() or file.suffix.lower() in READERS:
            return None
        return file.read_bytes() if file.stat().st_size <= MAX_FILE_BYTES else None
    except (OSError, ValueError):
        return None
