-- The leader's writes. Each is one statement that locks the lease row and looks at its epoch: a new leader
-- raises the epoch and so waits for it, a paused old one finds another epoch and changes nothing. No client
-- is waited for while the lock is held.

CREATE OR REPLACE FUNCTION hold_lease(p_owner uuid, p_epoch bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM routing_lease WHERE owner = p_owner AND epoch = p_epoch FOR SHARE;
    RETURN FOUND;
END
$$;

-- What is accepted without being asked: out of line, and whoever has it is its assignee.
CREATE OR REPLACE FUNCTION accept_at_once(p_made interaction[]) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM waiting w USING unnest(p_made) i
    WHERE w.conversation_id = i.conversation_id AND i.state = 'accepted';
    WITH taken AS (
        UPDATE conversation c SET assignee_id = i.agent_id, version = c.version + 1 FROM unnest(p_made) i
        WHERE c.id = i.conversation_id AND i.state = 'accepted' RETURNING c AS taken_row
    )
    SELECT tell_conversation(taken.taken_row, 'system') FROM taken
$$;

-- When an offer of a queue ends that is made, or has its whole time again, now.
CREATE OR REPLACE FUNCTION offer_ends(p_queue uuid, p_expires_s double precision) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT now() + make_interval(secs => coalesce((SELECT offer_expires_s FROM queue WHERE id = p_queue), p_expires_s))
$$;

-- Make the offers that still can be made, and say of the others how their conversation and agent stand now.
-- A conversation that somebody else has locked is left for the next time: the leader waits for nobody.
CREATE OR REPLACE FUNCTION make_offers(p_offers jsonb, p_epoch bigint, p_expires_s double precision)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_conversations uuid[];
    v_made interaction[];
    v_presences presence[];
BEGIN
    v_conversations := ARRAY(
        SELECT c.id FROM conversation c
        WHERE c.id IN (SELECT (o->>'conversation_id')::uuid FROM jsonb_array_elements(p_offers) o)
          AND c.status = 'open' AND NOT c.spam
        ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED);
    v_conversations := ARRAY(
        SELECT w.conversation_id FROM waiting w
        WHERE w.conversation_id = ANY (v_conversations) AND w.offer_id IS NULL
        ORDER BY w.conversation_id FOR UPDATE);
    PERFORM FROM presence
    WHERE agent_id IN (SELECT (o->>'agent_id')::uuid FROM jsonb_array_elements(p_offers) o)
    ORDER BY agent_id FOR NO KEY UPDATE;

    WITH wanted AS (
        SELECT o.*, c.case_id, c.channel, w.since, w.queue_id, q.auto_accept, p.capacity - p.load AS room,
               coalesce(q.offer_expires_s, p_expires_s) AS expires_s,
               coalesce(h.exclusive, false) AS exclusive,
               CASE WHEN h.exclusive THEN greatest(1, p.capacity)
                    ELSE least(coalesce(h.units, 1), greatest(1, p.capacity)) END AS units
        FROM jsonb_to_recordset(p_offers) AS o (
            interaction_id uuid, conversation_id uuid, agent_id uuid, reason text, decision jsonb)
        JOIN conversation c ON c.id = o.conversation_id
        JOIN waiting w ON w.conversation_id = o.conversation_id
        JOIN presence p ON p.agent_id = o.agent_id
        JOIN agent a ON a.id = o.agent_id
        LEFT JOIN queue q ON q.id = w.queue_id
        LEFT JOIN channel_weight h ON h.channel = c.channel
        WHERE o.conversation_id = ANY (v_conversations) AND p.state = 'available' AND a.active
    ), counted AS (
        SELECT o.*, sum(units) OVER (PARTITION BY agent_id ORDER BY interaction_id) AS units_until,
               row_number() OVER (PARTITION BY agent_id, channel ORDER BY interaction_id) AS number
        FROM wanted o
    ), made AS (
        INSERT INTO interaction (id, conversation_id, case_id, agent_id, queue_id, units, exclusive, state, reason,
                                 decision, queued_at, offered_at, offer_expires_at, accepted_at, epoch)
        SELECT o.interaction_id, o.conversation_id, o.case_id, o.agent_id, o.queue_id, o.units, o.exclusive,
               CASE WHEN o.auto_accept THEN 'accepted' ELSE 'offered' END, o.reason, o.decision, o.since, now(),
               CASE WHEN NOT coalesce(o.auto_accept, false) THEN now() + make_interval(secs => o.expires_s) END,
               CASE WHEN o.auto_accept THEN now() END, p_epoch
        FROM counted o
        LEFT JOIN presence_channel l ON l.agent_id = o.agent_id AND l.channel = o.channel
        WHERE o.units_until <= o.room AND (l.agent_id IS NULL OR o.number <= l.capacity - l.load)
        ON CONFLICT DO NOTHING
        RETURNING interaction AS made_row
    )
    SELECT coalesce(array_agg(made.made_row), '{}') INTO v_made FROM made;

    UPDATE waiting w SET offer_id = i.id FROM unnest(v_made) i
    WHERE w.conversation_id = i.conversation_id AND i.state = 'offered';
    WITH loaded AS (
        UPDATE presence p SET load = p.load + m.units
        FROM (SELECT agent_id, sum(units) AS units FROM unnest(v_made) GROUP BY agent_id) m
        WHERE p.agent_id = m.agent_id
        RETURNING p AS loaded_row
    )
    SELECT coalesce(array_agg(loaded.loaded_row), '{}') INTO v_presences FROM loaded;
    UPDATE presence_channel l SET load = l.load + m.held
    FROM (SELECT i.agent_id, c.channel, count(*) AS held
          FROM unnest(v_made) i JOIN conversation c ON c.id = i.conversation_id GROUP BY 1, 2) m
    WHERE l.agent_id = m.agent_id AND l.channel = m.channel;
    PERFORM tell_interaction('system', i) FROM unnest(v_made) i;
    PERFORM tell_presence('system', p) FROM unnest(v_presences) p;
    PERFORM accept_at_once(v_made);

    RETURN refused_offers(p_offers, v_made);
END
$$;

-- How the conversations and agents of the offers that were not made stand now. What cannot be offered at all
-- (closed meanwhile, spam, in somebody's hands) no longer waits.
CREATE OR REPLACE FUNCTION refused_offers(p_offers jsonb, p_made interaction[]) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_refused jsonb;
BEGIN
    SELECT coalesce(jsonb_agg(o), '[]') INTO v_refused FROM jsonb_array_elements(p_offers) o
    WHERE (o->>'interaction_id')::uuid NOT IN (SELECT id FROM unnest(p_made));
    IF v_refused = '[]' THEN
        RETURN v_refused;
    END IF;
    DELETE FROM waiting w USING conversation c
    WHERE c.id = w.conversation_id AND w.offer_id IS NULL
      AND w.conversation_id IN (SELECT (o->>'conversation_id')::uuid FROM jsonb_array_elements(v_refused) o)
      AND (c.status <> 'open' OR c.spam OR EXISTS (
          SELECT FROM interaction i WHERE i.conversation_id = c.id AND i.state = 'accepted'));
    RETURN (
        SELECT jsonb_agg(jsonb_build_object(
            'conversation_id', o->>'conversation_id', 'agent_id', o->>'agent_id',
            'waiting', waiting_for_leader((o->>'conversation_id')::uuid),
            'agent', agent_for_leader((o->>'agent_id')::uuid)))
        FROM jsonb_array_elements(v_refused) o);
END
$$;

-- One step of the leader: make the offers, forget the inbox rows they took in, read the next ones.
CREATE OR REPLACE FUNCTION route_step(
    p_owner uuid, p_epoch bigint, p_seen bigint[], p_offers jsonb, p_expires_s double precision, p_limit integer
) RETURNS jsonb
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    v_refused jsonb := '[]';
BEGIN
    IF cardinality(p_seen) > 0 OR p_offers <> '[]' THEN
        IF NOT hold_lease(p_owner, p_epoch) THEN
            RETURN '{"leads": false}';
        END IF;
        v_refused := make_offers(p_offers, p_epoch, p_expires_s);
        DELETE FROM routing_inbox WHERE id = ANY (p_seen);
    END IF;
    RETURN jsonb_build_object('leads', true, 'refused', v_refused, 'inbox', read_routing_inbox(p_limit));
END
$$;

-- Whether a connection was not seen for so long. A sight in the future is older than the setting back of the
-- clock that made it so.
CREATE OR REPLACE FUNCTION is_lost(p_seen_at timestamptz, p_grace_s double precision) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT p_seen_at NOT BETWEEN now() - make_interval(secs => p_grace_s) AND now() + make_interval(secs => p_grace_s)
$$;

-- After the clock was set: an offer has its whole time again (`p_seen`: each that stands, otherwise those
-- that would stand for longer than any offer), and whoever is in line since a moment that is still to come
-- keeps the place, before those who come from now on.
CREATE OR REPLACE FUNCTION clock_was_set(
    p_owner uuid, p_epoch bigint, p_expires_s double precision, p_seen boolean
) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    i interaction;
    v conversation;
    v_locked uuid[];
    v_ahead interval;
BEGIN
    IF NOT hold_lease(p_owner, p_epoch) THEN
        RETURN;
    END IF;
    v_locked := ARRAY(
        SELECT id FROM conversation
        WHERE status = 'open' AND waiting_since > now() OR id IN (
            SELECT conversation_id FROM interaction
            WHERE state = 'offered' AND (p_seen OR offer_expires_at > offer_ends(queue_id, p_expires_s)))
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED);
    SELECT max(waiting_since) - now() INTO v_ahead FROM conversation
    WHERE id = ANY (v_locked) AND waiting_since > now();
    FOR v IN
        UPDATE conversation SET waiting_since = waiting_since - v_ahead, version = version + 1
        WHERE id = ANY (v_locked) AND waiting_since > now() RETURNING *
    LOOP
        PERFORM tell_desk(v, 'system');
    END LOOP;
    WITH moved AS (
        UPDATE waiting SET since = least(since - v_ahead, now())
        WHERE conversation_id = ANY (v_locked) AND since > now() RETURNING conversation_id
    )
    INSERT INTO routing_inbox (kind, conversation_id) SELECT 'arrived', conversation_id FROM moved;
    FOR i IN
        UPDATE interaction SET offer_expires_at = offer_ends(queue_id, p_expires_s)
        WHERE conversation_id = ANY (v_locked) AND state = 'offered'
          AND (p_seen OR offer_expires_at > offer_ends(queue_id, p_expires_s)) RETURNING *
    LOOP
        PERFORM tell_interaction('system', i);
    END LOOP;
END
$$;

-- What time does: lost connections, offers unanswered or no longer answerable, wrap-ups that are over, work
-- left by agents who are gone. Returns whether something changed, null when the caller does not lead. Without `p_grace_s` connections
-- are left alone.
CREATE OR REPLACE FUNCTION route_sweep(
    p_owner uuid, p_epoch bigint, p_grace_s double precision, p_unanswered integer
) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    v_due uuid[];
    v_lost uuid[];
    v_left uuid[];
    v_wrapped uuid[] := due_wrap_ups();
    v_silent uuid[] := fallen_silent(p_grace_s);
    v uuid;
BEGIN
    v_due := ARRAY(
        SELECT i.conversation_id FROM interaction i JOIN presence p ON p.agent_id = i.agent_id
        WHERE i.state = 'offered' AND (i.offer_expires_at <= now() OR p.state <> 'available'));
    v_lost := ARRAY(
        SELECT agent_id FROM presence
        WHERE state <> 'offline' AND is_lost(last_seen_at, p_grace_s) ORDER BY 1);
    v_left := ARRAY(
        SELECT DISTINCT i.agent_id FROM interaction i JOIN agent a ON a.id = i.agent_id
        WHERE i.state = 'accepted' AND NOT a.active);
    IF cardinality(v_due || v_lost || v_left || v_wrapped || v_silent) = 0 THEN
        RETURN false;
    ELSIF NOT hold_lease(p_owner, p_epoch) THEN
        RETURN NULL;
    END IF;
    PERFORM end_due_offers(v_due, p_unanswered);
    PERFORM end_wrap_ups(v_wrapped);
    PERFORM note_silent(v_silent);
    FOREACH v IN ARRAY v_left LOOP
        PERFORM hand_over(v, NULL, '{}', 'system');
    END LOOP;
    FOREACH v IN ARRAY v_lost LOOP
        PERFORM set_presence(v, 'offline', 'connection_lost', 'system', state)
        FROM presence
        WHERE agent_id = v AND is_lost(last_seen_at, p_grace_s) FOR NO KEY UPDATE;
    END LOOP;
    RETURN true;
END
$$;

-- End the offers of these conversations that are due. An agent who lets several in a row expire is not
-- there: they are set away, and the reason says why.
CREATE OR REPLACE FUNCTION end_due_offers(p_conversations uuid[], p_unanswered integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
    v_locked uuid[] := ARRAY(
        SELECT id FROM conversation WHERE id = ANY (p_conversations)
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED);
    v_count integer;
BEGIN
    FOR i IN
        SELECT o.* FROM interaction o JOIN presence p ON p.agent_id = o.agent_id
        WHERE o.conversation_id = ANY (v_locked) AND o.state = 'offered'
          AND (o.offer_expires_at <= now() OR p.state <> 'available')
        ORDER BY o.agent_id, o.id
    LOOP
        IF i.offer_expires_at > now() THEN
            PERFORM end_offer(i.id, 'withdrawn', 'agent_away', 'system');
            CONTINUE;
        END IF;
        PERFORM end_offer(i.id, 'expired', 'unanswered', 'system');
        UPDATE presence SET unanswered = unanswered + 1 WHERE agent_id = i.agent_id
        RETURNING unanswered INTO STRICT v_count;
        IF v_count >= p_unanswered THEN
            PERFORM set_presence(i.agent_id, 'away', 'unanswered_offers', 'system', 'available');
        END IF;
    END LOOP;
END
$$;
