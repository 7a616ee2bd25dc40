"""What agents are writing, kept on the server: it follows every device and goes with the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Uuid

from trato.kit.text import clean

DraftKind = Literal["reply", "note"]
LENGTH: Final = 100_000

# Of the files only what its writer uploaded, and no message has, as is asked of who sends it. What came
# along with the conversation stays beside it until its writer has taken it in.
_KEEP = text("""
    INSERT INTO draft (conversation_id, agent_id, kind, text, also, file_ids)
    SELECT v.id, :agent, :kind, :text, coalesce(:also, '{}'), draft_file_ids(:files, :agent)
    FROM conversation v WHERE v.id = :conversation
    ON CONFLICT (conversation_id, agent_id, kind) DO UPDATE
        SET text = excluded.text, updated_at = now(),
            also = CASE WHEN :whole THEN excluded.also ELSE draft.also END,
            file_ids = CASE WHEN :whole THEN excluded.file_ids ELSE draft.file_ids END,
            came = came_without(draft.came, :took)
""").bindparams(
    bindparam("also", type_=JSONB(none_as_null=True)),
    bindparam("files", type_=ARRAY(Uuid)),
    bindparam("took", type_=ARRAY(Uuid)),
)
_FORGET = text("""
    WITH emptied AS (
        UPDATE draft SET text = '', also = '{}', file_ids = '{}', came = came_without(came, :took),
                         updated_at = now()
        WHERE conversation_id = :conversation AND agent_id = :agent AND kind = :kind
          AND came_without(came, :took) <> '[]'
        RETURNING kind
    )
    DELETE FROM draft WHERE conversation_id = :conversation AND agent_id = :agent AND kind = :kind
      AND NOT EXISTS (SELECT FROM emptied)
""").bindparams(bindparam("took", type_=ARRAY(Uuid)))
_MINE = text("""
    SELECT kind, from_agent_id, updated_at, draft_part(text, also, file_ids, agent_id) AS part,
           (SELECT coalesce(jsonb_agg((one - 'also' - 'file_ids') || draft_part(
                one->>'text', one->'also', uuids(one->'file_ids'), agent_id) ORDER BY place), '[]')
            FROM jsonb_array_elements(came) WITH ORDINALITY AS each(one, place)) AS came
    FROM draft
    WHERE conversation_id = :conversation AND agent_id = CAST(:agent AS uuid) ORDER BY kind DESC
""")


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a draft: recipients as they were typed, files by their ids, and what was taken into it.

    `took`: the ids of what came along with the conversation and stands in it now.
    """

    text: str
    to: str = ""
    cc: str = ""
    bcc: str = ""
    reply_all: bool = False
    file_ids: Sequence[UUID] = ()
    took: Sequence[UUID] = ()


async def keep(
    c: AsyncConnection, conversation_id: UUID, agent_id: UUID, kind: DraftKind, written: str | Draft
) -> None:
    """Keep what an agent has written so far; nothing written forgets it.

    A text alone leaves the recipients and files as they are.
    """
    draft = Draft(written) if isinstance(written, str) else written
    words = clean(draft.text, LENGTH)
    also = {"to": draft.to, "cc": draft.cc, "bcc": draft.bcc, "reply_all": draft.reply_all}
    place = {"conversation": conversation_id, "agent": agent_id, "kind": kind, "took": list(draft.took)}
    if any(one.strip() for one in (words, draft.to, draft.cc, draft.bcc)) or draft.file_ids:
        values = {"text": words, "also": also, "files": list(draft.file_ids), "whole": draft is written}
        await c.execute(_KEEP, {**place, **values})
    else:
        await c.execute(_FORGET, place)


async def mine(c: AsyncConnection, conversation_id: UUID, agent_id: UUID | None) -> list[dict[str, Any]]:
    """Return an agent's drafts in a conversation; `from_agent_id` says who began it when it came along.

    `came`: what colleagues were writing and came along to somebody who had begun one, the earliest first.
    """
    rows = await c.execute(_MINE, {"conversation": conversation_id, "agent": agent_id})
    found = [dict(row) for row in rows.mappings()]
    return [one.pop("part") | one for one in found]
