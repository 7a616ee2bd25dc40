-- What the checker beside the router found: told once, kept as long as it stands.

CREATE OR REPLACE FUNCTION tell_alarms(p_owner uuid, p_epoch bigint, p_alarms jsonb) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    v routing_alarm;
BEGIN
    IF NOT hold_lease(p_owner, p_epoch) THEN
        RETURN;
    END IF;
    DELETE FROM routing_alarm WHERE NOT p_alarms ? what;
    UPDATE routing_alarm SET ids = p_alarms->what;
    FOR v IN
        INSERT INTO routing_alarm (what, ids) SELECT key, value FROM jsonb_each(p_alarms)
        ON CONFLICT DO NOTHING RETURNING *
    LOOP
        PERFORM append_event('routing.alarm', 'staff', 'system', NULL, NULL, NULL,
                             jsonb_build_object('what', v.what, 'ids', v.ids, 'since', v.since));
    END LOOP;
END
$$;

-- Skills that somebody who waits in a queue needs and nobody has: each is told once, until somebody has learned it.
CREATE OR REPLACE FUNCTION tell_lacking(p_owner uuid, p_epoch bigint, p_lacking jsonb) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    v routing_lack;
BEGIN
    IF NOT hold_lease(p_owner, p_epoch) THEN
        RETURN;
    END IF;
    DELETE FROM routing_lack l WHERE EXISTS (
        SELECT FROM agent_skill s JOIN agent a ON a.id = s.agent_id
        WHERE s.skill_id = l.skill_id AND a.active AND (s.until IS NULL OR s.until > now()));
    FOR v IN
        INSERT INTO routing_lack (queue_id, skill_id)
        SELECT q.id, k.id FROM jsonb_to_recordset(p_lacking) AS l (queue_id uuid, skill_id uuid)
        JOIN queue q ON q.id = l.queue_id JOIN skill k ON k.id = l.skill_id
        ON CONFLICT DO NOTHING RETURNING *
    LOOP
        PERFORM append_event('routing.nobody_knows', 'staff', 'system', NULL, NULL, NULL,
            jsonb_build_object('queue_id', v.queue_id, 'queue', (SELECT name FROM queue WHERE id = v.queue_id),
                               'skill_id', v.skill_id, 'skill', (SELECT name FROM skill WHERE id = v.skill_id),
                               'since', v.since));
    END LOOP;
END
$$;
