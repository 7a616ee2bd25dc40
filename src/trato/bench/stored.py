"""What a shop of some years holds: closed conversations in number, for measuring beside them."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import asyncpg

from trato.db.engine import plain_dsn

MESSAGES_EACH: Final = 4  # in a stored conversation
STEP: Final = 25_000  # conversations written in one transaction
OPEN_SHARE: Final = 200  # one conversation of so many is still open

# Ids ordered by time as ours are, keys in no order, as visitors and mail addresses come. `n` counts
# conversations, `i` a conversation's messages; everything lies more than a day back.
_FUNCTIONS: Final = """
    CREATE FUNCTION pg_temp.id(p_kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex(1700000000000 + n * 60), 12, '0') || '7' || substr(md5(p_kind || n), 1, 3)
                || '8' || substr(md5(p_kind || n), 4, 15))::uuid
    $$;
    CREATE FUNCTION pg_temp.part(p_first bigint, p_last bigint) RETURNS SETOF bigint LANGUAGE sql AS $$
        SELECT generate_series(p_first, p_last)
    $$;
    CREATE FUNCTION pg_temp.at(n bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
        SELECT now() - interval '1 day' - make_interval(mins => (10000000 - n)::integer / 10)
    $$;
"""
_ROWS: Final = (
    """INSERT INTO contact (id, name, language, created_at)
       SELECT pg_temp.id('contact', n), 'Lucía Fernández', 'es', pg_temp.at(n)
       FROM pg_temp.part($1, $2) n""",
    """INSERT INTO address (id, contact_id, kind, value, key, verified_at, created_at)
       SELECT pg_temp.id('address', n), pg_temp.id('contact', n), $3, md5('key' || n), md5('key' || n),
              pg_temp.at(n), pg_temp.at(n) FROM pg_temp.part($1, $2) n""",
    """INSERT INTO cases (id, brand_id, contact_id, title, expectation, status, created_at, updated_at)
       SELECT pg_temp.id('case', n), $3, pg_temp.id('contact', n), 'Heladera que no llegó',
              'Compré una heladera el martes y todavía no llegó.', 'closed', pg_temp.at(n), pg_temp.at(n)
       FROM pg_temp.part($1, $2) n""",
    f"""INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, case_id,
                                  status, language, preview, last_message_at, last_inbound_at, created_at,
                                  closed_at)
        SELECT pg_temp.id('conversation', n), $3, md5('key' || n), a.kind, a.brand_id,
               pg_temp.id('contact', n), pg_temp.id('case', n),
               CASE WHEN n % {OPEN_SHARE} = 0 THEN 'open' ELSE 'closed' END, 'es',
               'Compré una heladera el martes.', pg_temp.at(n), pg_temp.at(n), pg_temp.at(n),
               CASE WHEN n % {OPEN_SHARE} <> 0 THEN pg_temp.at(n) END
        FROM pg_temp.part($1, $2) n JOIN account a ON a.id = $3""",
    """INSERT INTO participant (id, conversation_id, role, name, address, contact_id, created_at)
       SELECT pg_temp.id('participant', n), pg_temp.id('conversation', n), 'contact', 'Lucía Fernández',
              md5('key' || n), pg_temp.id('contact', n), pg_temp.at(n) FROM pg_temp.part($1, $2) n""",
    f"""INSERT INTO message (id, conversation_id, case_id, contact_id, direction, author_kind, author_id,
                             author_name, text, client_id, status, created_at, occurred_at)
        SELECT pg_temp.id('message', n * {MESSAGES_EACH} + i), pg_temp.id('conversation', n),
               pg_temp.id('case', n), pg_temp.id('contact', n), 'in', 'contact', pg_temp.id('contact', n),
               'Lucía Fernández', repeat('Me dijeron que venía hoy entre las 9 y las 13. ', 1 + i), i::text,
               'received', pg_temp.at(n), pg_temp.at(n)
        FROM pg_temp.part($1, $2) n, generate_series(0, {MESSAGES_EACH} - 1) i""",
    f"""INSERT INTO receipt (account_id, provider_id, state, message_id, settled_at, received_at, attempts)
        SELECT $3, md5('key' || n) || ':' || i, 'done', pg_temp.id('message', n * {MESSAGES_EACH} + i),
               pg_temp.at(n), pg_temp.at(n), 1
        FROM pg_temp.part($1, $2) n, generate_series(0, {MESSAGES_EACH} - 1) i""",
)


async def store(
    dsn: str,
    messages: int,
    *,
    account_id: UUID,
    brand_id: UUID,
    address_kind: str,
    say: Callable[[str], None],
) -> None:
    """Write about so many messages with their conversations, cases and contacts, as if of earlier years.

    Their events have been tidied away, as housekeeping does; statistics are fresh.
    """
    conversations = max(1, messages // MESSAGES_EACH)
    third = {"address": address_kind, "cases": brand_id, "conversation": account_id, "receipt": account_id}
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        await c.execute(_FUNCTIONS)
        for first in range(1, conversations + 1, STEP):
            last = min(first + STEP - 1, conversations)
            async with c.transaction():
                for statement in _ROWS:
                    table = statement.split()[2]
                    also = (third[table],) if table in third else ()
                    await c.execute(statement, first, last, *also)
            say(f"{last * MESSAGES_EACH} messages stored")
        await c.execute("VACUUM ANALYZE")
    finally:
        await c.close()
