-- Presence and the waiting: what ingest, the desk and the leader say about them, each in one statement.
-- Order of locks, for everybody: lease, conversation, waiting, interaction, presence; several of a kind by id.
-- Whoever changes what routing knows leaves a row in the inbox, in the same transaction.

CREATE OR REPLACE FUNCTION presence_view(p presence) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'agent_id', p.agent_id, 'state', p.state, 'reason', p.reason, 'since', p.since,
        'capacity', p.capacity, 'load', p.load, 'idle_since', p.idle_since)
$$;

-- Put a conversation in line; does nothing when it is in line, offered or in somebody's hands already.
-- The caller has the conversation's row locked (it has just updated it). `p_needs` adds to what is known here:
-- language, owner (of the case) and spoke_last, who are preferred when they have room.
CREATE OR REPLACE FUNCTION route_arrival(
    p_conversation uuid, p_since timestamptz, p_priority integer, p_needs jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO waiting (conversation_id, since, priority, needs)
    SELECT c.id, p_since, p_priority, jsonb_strip_nulls(jsonb_build_object(
        'language', c.language,
        'owner', (SELECT k.owner_id FROM cases k WHERE k.id = c.case_id),
        'spoke_last', coalesce(c.assignee_id, (
            SELECT o.assignee_id FROM conversation o
            WHERE o.case_id = c.case_id AND o.assignee_id IS NOT NULL
            ORDER BY o.last_message_at DESC NULLS LAST LIMIT 1)))) || coalesce(p_needs, '{}')
    FROM conversation c
    WHERE c.id = p_conversation AND NOT EXISTS (
        SELECT FROM interaction i WHERE i.conversation_id = c.id AND i.state IN ('offered', 'accepted'))
    ON CONFLICT (conversation_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Nobody has it now; who had it is remembered in `spoke_last`.
    UPDATE conversation SET assignee_id = NULL WHERE id = p_conversation AND assignee_id IS NOT NULL;
    INSERT INTO routing_inbox (kind, conversation_id) VALUES ('arrived', p_conversation);
END
$$;

-- Take a conversation out of line. An offer of it is ended by `end_interaction` (flow), which calls this.
CREATE OR REPLACE FUNCTION route_left(p_conversation uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM waiting WHERE conversation_id = p_conversation;
    IF FOUND THEN
        INSERT INTO routing_inbox (kind, conversation_id) VALUES ('left', p_conversation);
    END IF;
END
$$;
