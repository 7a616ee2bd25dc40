-- Callbacks: a contact who left keeps the place, or agreed on a time, and we write or call first. While one is
-- agreed for later its conversation is snoozed, so nobody is sought for it; at its time it enters the line.

CREATE OR REPLACE FUNCTION callback_view(k callback) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', k.id, 'conversation_id', k.conversation_id, 'how', k.how, 'address', k.address,
        'slot_start', k.slot_start, 'slot_end', k.slot_end, 'state', k.state, 'created_at', k.created_at,
        'done_at', k.done_at, 'version', k.version)
$$;

CREATE OR REPLACE FUNCTION tell_callback(p_actor text, k callback) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('callback.changed', 'staff', p_actor, v.contact_id, v.id, v.case_id,
                        jsonb_build_object('callback', callback_view(k)))
    FROM conversation v WHERE v.id = k.conversation_id
$$;

-- Since when somebody would have waited to be due at an agreed instant, in the line of a queue (null: the
-- common one, whose target is the usual).
CREATE OR REPLACE FUNCTION since_for_due(p_due timestamptz, p_queue uuid) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT p_due - make_interval(secs => coalesce((SELECT target_s FROM queue WHERE id = p_queue), 60))
         + coalesce((SELECT priority FROM queue WHERE id = p_queue), 0) * interval '5 minutes'
$$;

-- Agree on a callback instead of the one that stood, if any. The place in line stays as it is; with a slot the
-- conversation leaves the line until then. Outcomes: done, with the callback; full, when the slot is taken up
-- (nothing is changed then); closed, when there is nothing to come back to.
CREATE OR REPLACE FUNCTION agree_callback(
    p_id uuid, p_conversation uuid, p_how text, p_address text, p_start timestamptz, p_end timestamptz,
    p_actor text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    k callback;
    v_queue uuid;
    v_room integer;
BEGIN
    SELECT * INTO v FROM conversation WHERE id = p_conversation FOR NO KEY UPDATE;
    IF NOT FOUND OR v.status = 'closed' OR v.spam THEN
        RETURN '{"outcome": "closed"}';
    END IF;
    v_queue := coalesce((SELECT queue_id FROM waiting WHERE conversation_id = v.id),
                        (SELECT queue_id FROM queue_account WHERE account_id = v.account_id));
    IF p_start IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('callback ' || coalesce(v_queue::text, ''), 0));
        v_room := (SELECT slot_capacity FROM waiting_rules(v_queue));
        IF (SELECT count(*) FROM callback
            WHERE slot_start = p_start AND state = 'scheduled' AND queue_id IS NOT DISTINCT FROM v_queue
              AND conversation_id <> v.id) >= v_room THEN
            RETURN '{"outcome": "full"}';
        END IF;
    END IF;
    PERFORM cancel_callback(v.id, p_actor);
    INSERT INTO callback (id, conversation_id, queue_id, how, address, slot_start, slot_end, state)
    VALUES (p_id, v.id, v_queue, p_how, p_address, p_start, p_end,
            CASE WHEN p_start IS NULL THEN 'waiting' ELSE 'scheduled' END)
    RETURNING * INTO k;
    IF p_start IS NOT NULL THEN
        PERFORM rest_until(v.id, p_start, p_actor);
    ELSE
        PERFORM wait_for_turn(v.id, p_actor);
        UPDATE waiting SET needs = needs || jsonb_build_object('callback', p_how) WHERE conversation_id = v.id;
    END IF;
    PERFORM tell_callback(p_actor, k);
    RETURN jsonb_build_object('outcome', 'done', 'callback', callback_view(k));
END
$$;

-- Whoever is to be written or called back is in line, or in somebody's hands.
CREATE OR REPLACE FUNCTION wait_for_turn(p_conversation uuid, p_actor text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM waiting WHERE conversation_id = p_conversation) OR EXISTS (
           SELECT FROM interaction WHERE conversation_id = p_conversation AND state IN ('offered', 'accepted')) THEN
        RETURN;
    END IF;
    UPDATE conversation SET status = 'open', snoozed_until = NULL, waiting_since = coalesce(waiting_since, now())
    WHERE id = p_conversation;
    PERFORM release_conversation(p_conversation, 'callback_agreed', NULL, p_actor);
END
$$;

-- Take a conversation out of line until an agreed time. Who has it in hand gives it back. The snooze ends a
-- little after it by itself, so that nobody is forgotten if what brings it back does not run.
CREATE OR REPLACE FUNCTION rest_until(p_conversation uuid, p_start timestamptz, p_actor text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
BEGIN
    PERFORM end_interaction(p_conversation, 'callback_agreed', NULL, p_actor);
    UPDATE conversation SET status = 'snoozed', snoozed_until = p_start + interval '1 minute',
           version = version + 1
    WHERE id = p_conversation RETURNING * INTO v;
    PERFORM tell_conversation(v, p_actor);
END
$$;

-- The contact needs no callback any more. Whoever agreed on a time and takes it back waits in line again, with
-- the place that they had. Null when there was none.
CREATE OR REPLACE FUNCTION cancel_callback(p_conversation uuid, p_actor text) RETURNS callback
LANGUAGE plpgsql AS $$
DECLARE
    k callback;
    v_was text;
BEGIN
    PERFORM FROM conversation WHERE id = p_conversation FOR NO KEY UPDATE;
    SELECT state INTO v_was FROM callback
    WHERE conversation_id = p_conversation AND state IN ('waiting', 'scheduled');
    UPDATE callback SET state = 'cancelled', version = version + 1, done_at = now(), done_by = p_actor
    WHERE conversation_id = p_conversation AND state IN ('waiting', 'scheduled') RETURNING * INTO k;
    IF FOUND THEN
        UPDATE waiting SET needs = needs - 'callback' WHERE conversation_id = p_conversation;
        PERFORM tell_callback(p_actor, k);
        IF v_was = 'scheduled' THEN
            UPDATE conversation SET status = 'open', snoozed_until = NULL
            WHERE id = p_conversation AND status = 'snoozed';
            IF FOUND THEN
                PERFORM release_conversation(p_conversation, 'callback_cancelled', NULL, p_actor);
            END IF;
        END IF;
    END IF;
    RETURN k;
END
$$;

-- Put who agreed on a time that has come in line, due at that time. Returns how many.
CREATE OR REPLACE FUNCTION callbacks_come_due(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    k callback;
    v conversation;
    v_count integer := 0;
BEGIN
    FOR k IN SELECT * FROM callback WHERE state = 'scheduled' AND slot_start <= now()
             ORDER BY slot_start LIMIT p_limit
    LOOP
        SELECT * INTO v FROM conversation WHERE id = k.conversation_id FOR NO KEY UPDATE;
        UPDATE callback SET state = CASE v.status WHEN 'closed' THEN 'cancelled' ELSE 'waiting' END,
               version = version + 1
        WHERE id = k.id AND state = 'scheduled' RETURNING * INTO k;
        CONTINUE WHEN NOT FOUND;
        v_count := v_count + 1;
        IF v.status = 'snoozed' THEN
            UPDATE conversation SET status = 'open', snoozed_until = NULL, assignee_id = NULL,
                   waiting_since = coalesce(waiting_since, k.created_at), version = version + 1
            WHERE id = v.id;
            PERFORM route_arrival(v.id, since_for_due(k.slot_start, k.queue_id), 0, jsonb_strip_nulls(
                jsonb_build_object('callback', k.how, 'spoke_last', v.assignee_id,
                                   'prefers', (SELECT prefers FROM contact WHERE id = v.contact_id))));
            SELECT * INTO v FROM conversation WHERE id = v.id;
            PERFORM tell_conversation(v, 'system');
        END IF;
        PERFORM tell_callback('system', k);
    END LOOP;
    RETURN v_count;
END
$$;

-- What the agent is told with an offer: that this contact left and is to be written or called.
CREATE OR REPLACE FUNCTION offer_names_callback() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    k callback;
BEGIN
    SELECT * INTO k FROM callback
    WHERE conversation_id = NEW.conversation_id AND state IN ('waiting', 'scheduled');
    IF FOUND THEN
        NEW.decision := NEW.decision || jsonb_build_object('callback', k.how);
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER offer_names_callback BEFORE INSERT ON interaction
    FOR EACH ROW EXECUTE FUNCTION offer_names_callback();

-- Whoever asked to be written back has been, with the first words of an agent; a call is done when they say so.
CREATE OR REPLACE FUNCTION reply_ends_callback() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    k callback;
BEGIN
    UPDATE callback SET state = 'done', done_at = now(), done_by = 'agent:' || NEW.agent_id,
           version = version + 1
    WHERE conversation_id = NEW.conversation_id AND state = 'waiting' AND how <> 'phone' RETURNING * INTO k;
    IF FOUND THEN
        PERFORM tell_callback(k.done_by, k);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER reply_ends_callback AFTER UPDATE OF first_reply_at ON interaction
    FOR EACH ROW WHEN (OLD.first_reply_at IS NULL AND NEW.first_reply_at IS NOT NULL)
    EXECUTE FUNCTION reply_ends_callback();
