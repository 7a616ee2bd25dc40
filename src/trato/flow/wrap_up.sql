-- Wrap-up: the talk is over, and who had it has a little time to note how it ended. It holds its room until they
-- say that they are done, or the time is over.

-- Where a conversation waited; of one that was taken by hand, where it would have.
CREATE OR REPLACE FUNCTION queue_of(p_conversation uuid, p_queue uuid) RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT coalesce(p_queue, (
        SELECT a.queue_id FROM queue_account a JOIN conversation c USING (account_id) WHERE c.id = p_conversation))
$$;

-- How long, for a conversation that ends like this: its queue says it, the organisation where no queue does. Who gives
-- a conversation on, or puts it off, has said something of it too; from whom it is taken, or who puts it back in line
-- as it came, has nothing to note.
CREATE OR REPLACE FUNCTION wrap_up_s(p_conversation uuid, p_queue uuid, p_reason text) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_reason IN (
        'closed', 'ended_by_contact', 'confirmed', 'snoozed', 'callback_agreed', 'transferred') THEN coalesce(
        (SELECT wrap_up_s FROM queue WHERE id = queue_of(p_conversation, p_queue)),
        (SELECT wrap_up_s FROM organisation), 0) ELSE 0 END
$$;

-- Whether who ends work on a conversation must say how it ended: its queue asks for it.
CREATE OR REPLACE FUNCTION disposition_required(p_conversation uuid, p_queue uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT disposition_required FROM queue WHERE id = queue_of(p_conversation, p_queue)), false)
$$;

-- Let who has a conversation in hand wrap it up; null when there is nothing to wrap up or no time for it.
CREATE OR REPLACE FUNCTION begin_wrap_up(
    p_conversation uuid, p_reason text, p_disposition text, p_actor text
) RETURNS interaction
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
BEGIN
    UPDATE interaction o SET
        state = 'wrap_up', end_reason = p_reason, disposition = coalesce(p_disposition, disposition), wrap_up_at = now(),
        wrap_up_ends_at = now() + make_interval(secs => wrap_up_s(p_conversation, o.queue_id, p_reason))
    WHERE conversation_id = p_conversation AND state = 'accepted'
      AND wrap_up_s(p_conversation, o.queue_id, p_reason) > 0
    RETURNING * INTO i;
    IF FOUND THEN
        PERFORM tell_interaction(p_actor, i);
        PERFORM tell_work(i.agent_id, 0, p_actor);
    END IF;
    RETURN i;
END
$$;

-- End a wrap-up and free its room; null when it was over already. Whoever calls has the conversation locked.
CREATE OR REPLACE FUNCTION end_wrap_up(p_interaction uuid, p_actor text) RETURNS interaction
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
BEGIN
    UPDATE interaction SET state = 'ended', ended_at = greatest(wrap_up_at, least(now(), wrap_up_ends_at))
    WHERE id = p_interaction AND state = 'wrap_up' RETURNING * INTO i;
    IF FOUND THEN
        PERFORM free_room(i, p_actor);
        PERFORM tell_interaction(p_actor, i);
    END IF;
    RETURN i;
END
$$;

-- Who has a conversation in hand again has nothing to wrap up of it.
CREATE OR REPLACE FUNCTION cut_wrap_up(p_conversation uuid, p_agent uuid, p_actor text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_wrap_up(id, p_actor) FROM interaction
    WHERE conversation_id = p_conversation AND agent_id = p_agent AND state = 'wrap_up';
END
$$;

-- What an agent does in a wrap-up: note how it ended (null: as it is; also when it is over, since what was being typed
-- is not lost), have as much time again (once), be done.
CREATE OR REPLACE FUNCTION change_wrap_up(
    p_interaction uuid, p_agent uuid, p_disposition text, p_more boolean, p_done boolean, p_actor text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    i interaction := lock_interaction(p_interaction);
BEGIN
    IF i.id IS NULL OR i.agent_id <> p_agent THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF i.state <> 'wrap_up' AND (p_more OR p_done OR i.wrap_up_at IS NULL) THEN
        RETURN jsonb_build_object('outcome', 'over');
    ELSIF p_more AND i.wrap_up_extended THEN
        RETURN jsonb_build_object('outcome', 'extended');
    ELSIF p_done AND coalesce(p_disposition, i.disposition, '') = '' AND disposition_required(i.conversation_id, i.queue_id) THEN
        RETURN jsonb_build_object('outcome', 'unsaid');
    END IF;
    UPDATE interaction SET
        disposition = coalesce(p_disposition, disposition),
        wrap_up_ends_at = CASE WHEN p_more THEN wrap_up_ends_at + (wrap_up_ends_at - wrap_up_at) ELSE wrap_up_ends_at END,
        wrap_up_extended = wrap_up_extended OR p_more
    WHERE id = p_interaction RETURNING * INTO i;
    IF p_done THEN
        i := end_wrap_up(p_interaction, p_actor);
    ELSE
        PERFORM tell_interaction(p_actor, i);
    END IF;
    RETURN jsonb_build_object('outcome', 'done', 'interaction', interaction_view(i));
END
$$;

-- The wrap-ups that time ends: those that are over, those of agents who are gone, those that began after now since
-- the clock was set back.
CREATE OR REPLACE FUNCTION due_wrap_ups() RETURNS uuid[]
LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(i.id), '{}') FROM interaction i JOIN agent a ON a.id = i.agent_id
    WHERE i.state = 'wrap_up' AND (i.wrap_up_ends_at <= now() OR i.wrap_up_at > now() OR NOT a.active)
$$;

CREATE OR REPLACE FUNCTION end_wrap_ups(p_interactions uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_locked uuid[] := ARRAY(
        SELECT c.id FROM conversation c
        WHERE c.id IN (SELECT conversation_id FROM interaction WHERE id = ANY (p_interactions))
        ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED);
    v uuid;
BEGIN
    FOR v IN
        SELECT id FROM interaction
        WHERE id = ANY (p_interactions) AND conversation_id = ANY (v_locked) ORDER BY agent_id, id
    LOOP
        PERFORM end_wrap_up(v, 'system');
    END LOOP;
END
$$;

-- Agents whose desk was not heard of for more than half of the grace: it may come back, so they keep their state, and
-- supervisors see it.
CREATE OR REPLACE FUNCTION fallen_silent(p_grace_s double precision) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(agent_id ORDER BY agent_id), '{}') FROM presence
    WHERE state <> 'offline' AND NOT reconnecting AND is_lost(last_seen_at, p_grace_s * 0.6)
$$;

CREATE OR REPLACE FUNCTION note_silent(p_agents uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v presence;
BEGIN
    FOR v IN
        UPDATE presence SET reconnecting = true
        WHERE agent_id = ANY (p_agents) AND NOT reconnecting AND state <> 'offline' RETURNING *
    LOOP
        PERFORM tell_presence('system', v);
    END LOOP;
END
$$;
