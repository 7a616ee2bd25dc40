-- What the checker beside the router found, and skills that nobody has: each told once, kept as long as it stands, seen
-- by supervisors at the desk (notices.py) until it is over or one of them puts it away.

CREATE OR REPLACE FUNCTION tell_notice_ended(p_id uuid, p_why text, p_actor text) RETURNS void
LANGUAGE sql AS $$
    SELECT append_event('routing.notice_ended', 'staff', p_actor, NULL, NULL, NULL,
                        jsonb_build_object('id', p_id, 'why', p_why))
$$;

CREATE OR REPLACE FUNCTION tell_alarms(p_owner uuid, p_epoch bigint, p_alarms jsonb) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    v routing_alarm;
BEGIN
    IF NOT hold_lease(p_owner, p_epoch) THEN
        RETURN;
    END IF;
    FOR v IN DELETE FROM routing_alarm WHERE NOT p_alarms ? what RETURNING * LOOP
        PERFORM tell_notice_ended(v.id, 'solved', 'system') WHERE v.put_away_at IS NULL;
    END LOOP;
    -- What was put away is told anew when it is so for somebody else too.
    DELETE FROM routing_alarm WHERE put_away_at IS NOT NULL AND NOT ids @> (p_alarms->what);
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

-- Whether nobody has the skill still, and the queue or somebody who waits in it asks for it still.
CREATE OR REPLACE FUNCTION lack_stands(l routing_lack) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM agent_skill s JOIN agent a ON a.id = s.agent_id
        WHERE s.skill_id = l.skill_id AND a.active AND (s.until IS NULL OR s.until > now()))
    AND (EXISTS (SELECT FROM queue_skill s JOIN queue q ON q.id = s.queue_id
                 WHERE s.queue_id = l.queue_id AND s.skill_id = l.skill_id AND q.active)
      OR EXISTS (SELECT FROM waiting w WHERE w.queue_id = l.queue_id AND w.needs->'skills' ? l.skill_id::text))
$$;

-- Skills that somebody who waits in a queue needs and nobody has: each is told once, until somebody has learned it or
-- it is asked for no more.
CREATE OR REPLACE FUNCTION tell_lacking(p_owner uuid, p_epoch bigint, p_lacking jsonb) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    v routing_lack;
BEGIN
    IF p_lacking = '[]' AND NOT EXISTS (SELECT FROM routing_lack l WHERE NOT lack_stands(l))
       OR NOT hold_lease(p_owner, p_epoch) THEN
        RETURN;
    END IF;
    FOR v IN DELETE FROM routing_lack l WHERE NOT lack_stands(l) RETURNING * LOOP
        PERFORM tell_notice_ended(v.id, 'solved', 'system') WHERE v.put_away_at IS NULL;
    END LOOP;
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

-- A supervisor has seen a notice and puts it away, for everybody; false when there is none that stands and is shown.
CREATE OR REPLACE FUNCTION put_notice_away(p_id uuid, p_actor text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE routing_alarm SET put_away_at = now(), put_away_by = p_actor WHERE id = p_id AND put_away_at IS NULL;
    IF NOT FOUND THEN
        UPDATE routing_lack SET put_away_at = now(), put_away_by = p_actor WHERE id = p_id AND put_away_at IS NULL;
    END IF;
    IF FOUND THEN
        PERFORM tell_notice_ended(p_id, 'put_away', p_actor);
    END IF;
    RETURN FOUND;
END
$$;
