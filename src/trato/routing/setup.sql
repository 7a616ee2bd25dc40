-- Queues and profiles as administrators see and change them.

-- What a queue (null: the common line) does about long waits; where nobody said anything, what is usual.
CREATE OR REPLACE FUNCTION waiting_rules(p_queue uuid) RETURNS TABLE (offer_after_s integer, slot_s integer, slot_capacity integer)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(w.offer_after_s, 120), coalesce(w.slot_s, 1800), coalesce(w.slot_capacity, 4)
    FROM (SELECT p_queue AS queue_id) q LEFT JOIN queue_waiting w USING (queue_id)
$$;

CREATE OR REPLACE FUNCTION queue_view(q queue) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT to_jsonb(q) || jsonb_build_object(
        'skills', coalesce((SELECT jsonb_agg(jsonb_build_object('skill_id', s.skill_id, 'level', s.level)
                                             ORDER BY s.skill_id) FROM queue_skill s WHERE s.queue_id = q.id), '[]'),
        'team_ids', coalesce((SELECT jsonb_agg(t.team_id ORDER BY t.team_id) FROM queue_team t
                              WHERE t.queue_id = q.id), '[]'),
        'account_ids', coalesce((SELECT jsonb_agg(a.account_id ORDER BY a.account_id) FROM queue_account a
                                 WHERE a.queue_id = q.id), '[]'),
        'waiting', (SELECT to_jsonb(r) FROM waiting_rules(q.id) r))
$$;

-- What an agent can do as it was set, also when nobody has set anything yet.
CREATE OR REPLACE FUNCTION profile_view(p_agent uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'agent_id', a.id, 'team_id', p.team_id, 'languages', to_jsonb(coalesce(p.languages, '{}')),
        'limits', coalesce(p.limits, '{}'), 'version', coalesce(p.version, 1),
        'skills', coalesce((SELECT jsonb_agg(jsonb_build_object('skill_id', s.skill_id, 'level', s.level,
                                                                'until', s.until) ORDER BY s.skill_id)
                            FROM agent_skill s WHERE s.agent_id = a.id), '[]'))
    FROM agent a LEFT JOIN agent_profile p ON p.agent_id = a.id WHERE a.id = p_agent
$$;

-- Take a queue out of use: what comes in by its accounts, and all who wait in it, have the common line. Nobody
-- loses their place, since that is the moment at which they came.
CREATE OR REPLACE FUNCTION close_queue(p_queue uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM queue_account WHERE queue_id = p_queue;
    PERFORM FROM waiting WHERE queue_id = p_queue ORDER BY conversation_id FOR UPDATE;
    WITH moved AS (
        UPDATE waiting SET queue_id = NULL WHERE queue_id = p_queue RETURNING conversation_id
    )
    INSERT INTO routing_inbox (kind, conversation_id) SELECT 'arrived', conversation_id FROM moved;
END
$$;

-- Skills that were lent for a time that is over go; returns whose they were, so that it can be told.
CREATE OR REPLACE FUNCTION end_lent_skills() RETURNS SETOF uuid
LANGUAGE sql AS $$
    WITH ended AS (
        DELETE FROM agent_skill WHERE until <= now() RETURNING agent_id
    )
    UPDATE agent_profile SET version = version + 1
    WHERE agent_id IN (SELECT agent_id FROM ended) RETURNING agent_id
$$;
