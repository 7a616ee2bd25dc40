-- The floor as the leader reads it: who waits, who has room, and what has changed.

-- How a conversation waits now, as the leader reads it; null when nobody is to be sought for it. `names` are
-- those of the skills that it needs on its own.
CREATE OR REPLACE FUNCTION waiting_for_leader(p_conversation uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('conversation_id', w.conversation_id, 'since', w.since,
                              'priority', w.priority, 'channel', w.channel, 'queue_id', w.queue_id,
                              'units', coalesce(h.units, 1), 'exclusive', coalesce(h.exclusive, false),
                              'needs', w.needs,
                              'names', CASE WHEN w.needs ? 'skills' THEN (
                                  SELECT jsonb_object_agg(k.id, k.name) FROM skill k
                                  WHERE w.needs->'skills' ? k.id::text) END)
    FROM waiting w LEFT JOIN channel_weight h ON h.channel = w.channel
    WHERE w.conversation_id = p_conversation AND w.offer_id IS NULL
$$;

-- The room that an agent has now, as the leader reads it; null when they are not available.
CREATE OR REPLACE FUNCTION agent_for_leader(p_agent uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('agent_id', p.agent_id, 'load', p.load, 'capacity', p.capacity,
                              'idle_since', p.idle_since,
                              'held', (SELECT jsonb_object_agg(h.channel, h.load) FROM presence_channel h
                                       WHERE h.agent_id = p.agent_id))
    FROM presence p JOIN agent a ON a.id = p.agent_id
    WHERE p.agent_id = p_agent AND p.state = 'available' AND a.active
$$;

-- What the leader has not taken in yet, oldest first, with how things stand now. Rows are deleted by the ids
-- that were read, never by a bound: one that commits late is simply read later. What an agent can do is told
-- only when it changes.
CREATE OR REPLACE FUNCTION read_routing_inbox(p_limit integer) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'kind', r.kind, 'conversation_id', r.conversation_id, 'agent_id', r.agent_id,
        'queue_id', r.queue_id,
        'waiting', waiting_for_leader(r.conversation_id), 'agent', agent_for_leader(r.agent_id),
        'profile', CASE r.kind WHEN 'profile' THEN profile_of(r.agent_id) END,
        'queue', CASE r.kind WHEN 'queue' THEN queue_for_leader(r.queue_id) END
    ) ORDER BY r.id), '[]')
    FROM (SELECT * FROM routing_inbox ORDER BY id LIMIT p_limit) r
$$;
