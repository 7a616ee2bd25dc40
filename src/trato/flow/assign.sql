-- Interactions: who has a conversation in hand. Each function is one transaction's worth, locks in the order
-- of routing/functions.sql (the conversation first: all that happens to one conversation happens in a row),
-- and answers {outcome, …} for the expected outcomes.

CREATE OR REPLACE FUNCTION tell_interaction(p_actor text, i interaction) RETURNS void
LANGUAGE sql AS $$
    SELECT append_event('interaction.changed', 'staff', p_actor, c.contact_id, c.id, i.case_id,
                        jsonb_build_object('interaction', interaction_view(i)))
    FROM conversation c WHERE c.id = i.conversation_id
$$;

-- End an offer that nobody took: the contact keeps the place in line, and who let it go is remembered. What was only
-- set aside for another conversation blames nobody. Of several who were asked the others still are.
CREATE OR REPLACE FUNCTION end_offer(p_interaction uuid, p_state text, p_reason text, p_actor text)
RETURNS interaction
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
BEGIN
    UPDATE waiting w SET
        offer_id = (SELECT id FROM interaction WHERE conversation_id = w.conversation_id AND state = 'offered'
                    AND id <> p_interaction ORDER BY id LIMIT 1),
        needs = CASE p_reason WHEN 'set_aside' THEN w.needs ELSE jsonb_set(w.needs, '{declined}',
            coalesce(w.needs->'declined', '{}') || jsonb_build_object(o.agent_id, now())) END
    FROM interaction o WHERE o.id = p_interaction AND w.conversation_id = o.conversation_id;
    UPDATE interaction SET state = p_state, end_reason = p_reason, ended_at = now()
    WHERE id = p_interaction AND state = 'offered' RETURNING * INTO STRICT i;
    PERFORM free_room(i, p_actor);
    INSERT INTO routing_inbox (kind, conversation_id) VALUES ('arrived', i.conversation_id);
    PERFORM tell_interaction(p_actor, i);
    RETURN i;
END
$$;

-- Withdraw what is still offered of a conversation, of all agents but one (null: of all). Returns the last of it.
CREATE OR REPLACE FUNCTION withdraw_offers(p_conversation uuid, p_but uuid, p_reason text, p_actor text)
RETURNS interaction
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
BEGIN
    FOR i IN
        SELECT o.* FROM interaction o JOIN presence p USING (agent_id)
        WHERE o.conversation_id = p_conversation AND o.state = 'offered' AND o.id IS DISTINCT FROM p_but
        ORDER BY o.agent_id FOR NO KEY UPDATE OF p
    LOOP
        UPDATE interaction SET state = 'withdrawn', end_reason = p_reason, ended_at = now()
        WHERE id = i.id RETURNING * INTO i;
        PERFORM free_room(i, p_actor);
        PERFORM tell_interaction(p_actor, i);
    END LOOP;
    RETURN i;
END
$$;

-- Lock the conversation of an interaction, then read the interaction as it is once locked.
CREATE OR REPLACE FUNCTION lock_interaction(p_interaction uuid) RETURNS interaction
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
BEGIN
    PERFORM FROM conversation
    WHERE id = (SELECT conversation_id FROM interaction WHERE id = p_interaction) FOR NO KEY UPDATE;
    SELECT * INTO i FROM interaction WHERE id = p_interaction;
    RETURN i;
END
$$;

-- The agent takes the offer: compare-and-set, exactly one of any number of callers wins. Whoever else was asked for the
-- same conversation is told that it is taken.
CREATE OR REPLACE FUNCTION accept_offer(p_interaction uuid, p_agent uuid, p_actor text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    i interaction := lock_interaction(p_interaction);
    v conversation;
BEGIN
    IF i.id IS NULL OR i.agent_id <> p_agent THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF i.state <> 'offered' THEN
        RETURN jsonb_build_object('outcome', i.state);
    END IF;
    DELETE FROM waiting WHERE conversation_id = i.conversation_id;
    PERFORM FROM presence WHERE agent_id = p_agent OR agent_id IN (
        SELECT agent_id FROM interaction WHERE conversation_id = i.conversation_id AND state = 'offered')
    ORDER BY agent_id FOR NO KEY UPDATE;
    PERFORM cut_wrap_up(i.conversation_id, p_agent, p_actor);
    PERFORM withdraw_offers(i.conversation_id, i.id, 'accepted_elsewhere', p_actor);
    UPDATE interaction SET state = 'accepted', accepted_at = now() WHERE id = i.id RETURNING * INTO i;
    UPDATE presence SET unanswered = 0 WHERE agent_id = p_agent AND unanswered > 0;
    UPDATE conversation SET assignee_id = p_agent, version = version + 1
    WHERE id = i.conversation_id RETURNING * INTO v;
    PERFORM tell_interaction(p_actor, i);
    PERFORM tell_work(p_agent, 1, p_actor);
    PERFORM tell_conversation(v, p_actor);
    RETURN jsonb_build_object('outcome', 'done', 'interaction', interaction_view(i));
END
$$;

-- The agent does not take the offer, and says why; the next one is sought at once.
CREATE OR REPLACE FUNCTION decline_offer(p_interaction uuid, p_agent uuid, p_reason text, p_actor text)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    i interaction := lock_interaction(p_interaction);
BEGIN
    IF i.id IS NULL OR i.agent_id <> p_agent THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF i.state <> 'offered' THEN
        RETURN jsonb_build_object('outcome', i.state);
    END IF;
    i := end_offer(i.id, 'declined', p_reason, p_actor);
    UPDATE presence SET unanswered = 0 WHERE agent_id = p_agent AND unanswered > 0;
    RETURN jsonb_build_object('outcome', 'done', 'interaction', interaction_view(i));
END
$$;

-- End whatever stands for a conversation: out of line, the offer withdrawn, the work ended, the room free
-- (unless it is wrapped up first: wrap_up.sql).
-- The assignee stays as who had it last; `release_conversation` and `assign_conversation` say who has it next.
CREATE OR REPLACE FUNCTION end_interaction(
    p_conversation uuid, p_reason text, p_disposition text, p_actor text
) RETURNS interaction
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
BEGIN
    PERFORM FROM conversation WHERE id = p_conversation FOR NO KEY UPDATE;
    PERFORM route_left(p_conversation);
    i := begin_wrap_up(p_conversation, p_reason, p_disposition, p_actor);
    IF i.id IS NOT NULL THEN
        RETURN i;
    END IF;
    UPDATE interaction SET state = 'ended', end_reason = p_reason, ended_at = now(),
                           disposition = coalesce(p_disposition, disposition)
    WHERE conversation_id = p_conversation AND state = 'accepted' RETURNING * INTO i;
    IF FOUND THEN
        PERFORM free_room(i, p_actor);
        PERFORM tell_interaction(p_actor, i);
        RETURN i;
    END IF;
    RETURN withdraw_offers(p_conversation, NULL, p_reason, p_actor);
END
$$;

-- Put an open conversation back in line, with the place of its oldest unanswered message. `p_owner` (or null)
-- is preferred. Who gives it back is asked last; who had it before it was snoozed is asked first.
CREATE OR REPLACE FUNCTION release_conversation(
    p_conversation uuid, p_reason text, p_owner uuid, p_actor text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    i interaction := end_interaction(p_conversation, p_reason, NULL, p_actor);
    v_had_it uuid := (SELECT assignee_id FROM conversation WHERE id = p_conversation);
    v conversation;
BEGIN
    UPDATE conversation SET assignee_id = NULL, version = version + 1
    WHERE id = p_conversation RETURNING * INTO v;
    IF NOT FOUND THEN
        RETURN '{"outcome": "unknown"}';
    END IF;
    IF i.id IS NULL THEN
        PERFORM cut_wrap_up(p_conversation, v_had_it, p_actor);
    END IF;
    IF v.status = 'open' AND NOT v.spam THEN
        PERFORM route_arrival(v.id, coalesce(v.waiting_since, now()), 0, jsonb_strip_nulls(jsonb_build_object(
            'owner', p_owner,
            'prefers', (SELECT prefers FROM contact WHERE id = v.contact_id),
            'spoke_last', CASE WHEN i.id IS NULL THEN v_had_it END,
            'spoke_at', (SELECT max(coalesce(ended_at, accepted_at)) FROM interaction
                         WHERE conversation_id = v.id AND agent_id = v_had_it),
            'declined', CASE WHEN i.id IS NOT NULL THEN jsonb_build_object(i.agent_id, now()) END)));
    END IF;
    PERFORM tell_conversation(v, p_actor);
    RETURN jsonb_build_object('outcome', 'done', 'conversation', conversation_view(v));
END
$$;

-- Whoever chooses a conversation goes before what was only offered to them: as long as there is no room otherwise,
-- their latest offer goes on to somebody else. Nothing happens when that conversation is theirs already.
-- All that the choice will touch is locked first and in order, since the other one may choose crosswise at this moment;
-- what is offered after that is not set aside.
CREATE OR REPLACE FUNCTION make_room(p_agent uuid, p_conversation uuid, p_actor text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_channel text := (SELECT channel FROM conversation WHERE id = p_conversation);
    v_locked uuid[];
    v_offer uuid;
BEGIN
    IF has_room(p_agent, v_channel) THEN
        RETURN;
    END IF;
    v_locked := ARRAY(
        SELECT id FROM conversation
        WHERE id = p_conversation OR id IN (
            SELECT conversation_id FROM interaction WHERE agent_id = p_agent AND state = 'offered')
        ORDER BY id FOR NO KEY UPDATE);
    IF EXISTS (SELECT FROM interaction WHERE conversation_id = p_conversation AND agent_id = p_agent
               AND state IN ('offered', 'accepted')) THEN
        RETURN;
    END IF;
    PERFORM FROM presence WHERE agent_id = p_agent OR agent_id IN (
        SELECT agent_id FROM interaction WHERE conversation_id = p_conversation AND state IN ('offered', 'accepted'))
    ORDER BY agent_id FOR NO KEY UPDATE;
    FOR v_offer IN
        SELECT id FROM interaction
        WHERE agent_id = p_agent AND state = 'offered' AND conversation_id = ANY (v_locked)
        ORDER BY offered_at DESC, id DESC
    LOOP
        EXIT WHEN has_room(p_agent, v_channel);
        PERFORM end_offer(v_offer, 'withdrawn', 'set_aside', p_actor);
    END LOOP;
END
$$;

-- Give a conversation to an agent at once, without an offer: taken by hand, transferred, handed over.
-- `p_over`: also when another agent has it. Never above the agent's capacity.
CREATE OR REPLACE FUNCTION assign_conversation(
    p_conversation uuid, p_agent uuid, p_interaction uuid, p_code text, p_over boolean, p_actor text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    i interaction;
    w waiting;
    v_units integer;
    v_was_spam boolean;
BEGIN
    SELECT * INTO v FROM conversation WHERE id = p_conversation FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT EXISTS (SELECT FROM agent WHERE id = p_agent AND active) THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF v.status = 'closed' THEN
        RETURN '{"outcome": "closed"}';
    END IF;
    SELECT * INTO w FROM waiting WHERE conversation_id = p_conversation FOR UPDATE;
    SELECT * INTO i FROM interaction
    WHERE conversation_id = p_conversation AND state IN ('offered', 'accepted')
    ORDER BY state, agent_id = p_agent DESC LIMIT 1;
    IF i.state = 'accepted' AND i.agent_id = p_agent THEN
        RETURN jsonb_build_object('outcome', 'done', 'conversation', conversation_view(v));
    ELSIF i.state = 'accepted' AND NOT p_over THEN
        RETURN '{"outcome": "taken"}';
    ELSIF i.state = 'offered' AND i.agent_id = p_agent THEN  -- who takes what is offered to them accepts it
        PERFORM accept_offer(i.id, p_agent, p_actor);
        SELECT * INTO STRICT i FROM interaction WHERE id = i.id;
        SELECT * INTO STRICT v FROM conversation WHERE id = p_conversation;
        RETURN jsonb_build_object('outcome', 'done', 'conversation', conversation_view(v),
                                  'interaction', interaction_view(i));
    END IF;
    PERFORM FROM presence WHERE agent_id = p_agent OR agent_id IN (
        SELECT agent_id FROM interaction WHERE conversation_id = p_conversation AND state IN ('offered', 'accepted'))
    ORDER BY agent_id FOR NO KEY UPDATE;
    PERFORM cut_wrap_up(p_conversation, p_agent, p_actor);
    IF NOT has_room(p_agent, v.channel) THEN
        RETURN '{"outcome": "full"}';
    END IF;
    PERFORM end_interaction(p_conversation, p_code, NULL, p_actor);
    v_units := take_room(p_agent, v.channel);
    IF v_units IS NULL THEN
        RAISE EXCEPTION 'agent % has no room although it was seen under lock', p_agent;
    END IF;
    INSERT INTO interaction (id, conversation_id, case_id, agent_id, queue_id, units, exclusive, state, reason, decision,
                             queued_at, offered_at, accepted_at)
    VALUES (p_interaction, v.id, v.case_id, p_agent, coalesce(w.queue_id, i.queue_id), v_units,
            coalesce((SELECT exclusive FROM channel_weight WHERE channel = v.channel), false),
            'accepted', replace(p_code, '_', ' '),
            jsonb_build_object('code', p_code, 'values', '{}'::jsonb),
            coalesce(w.since, v.waiting_since), now(), now())
    RETURNING * INTO i;
    PERFORM tell_presence(p_actor, p) FROM presence p WHERE p.agent_id = p_agent;
    -- Whoever takes it in hand says with that that it is no spam.
    v_was_spam := v.spam;
    UPDATE conversation SET assignee_id = p_agent, spam = false, spam_cause = NULL, version = version + 1
    WHERE id = v.id RETURNING * INTO v;
    PERFORM tell_interaction(p_actor, i);
    IF v_was_spam THEN  -- desks that have not seen it yet need its person and its matter
        PERFORM tell_about(v, p_actor);
    END IF;
    PERFORM tell_conversation(v, p_actor);
    RETURN jsonb_build_object('outcome', 'done', 'conversation', conversation_view(v),
                              'interaction', interaction_view(i));
END
$$;

-- All that an agent has in hand goes to `p_to` as far as there is room, the rest back in line, preferring
-- `p_to` (null: all of it back in line). `p_interactions` are ids for the new interactions, enough for all.
CREATE OR REPLACE FUNCTION hand_over(p_agent uuid, p_to uuid, p_interactions uuid[], p_actor text)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    i interaction;
    v_assigned integer := 0;
    v_queued integer := 0;
BEGIN
    PERFORM FROM conversation WHERE id IN (
        SELECT conversation_id FROM interaction WHERE agent_id = p_agent AND state IN ('offered', 'accepted'))
    ORDER BY id FOR NO KEY UPDATE;
    PERFORM FROM presence WHERE agent_id IN (p_agent, p_to) ORDER BY agent_id FOR NO KEY UPDATE;
    FOR i IN SELECT * FROM interaction WHERE agent_id = p_agent AND state IN ('offered', 'accepted')
             ORDER BY coalesce(queued_at, offered_at), id LOOP
        IF i.state = 'offered' THEN
            PERFORM end_offer(i.id, 'withdrawn', 'handed_over', p_actor);
            v_queued := v_queued + 1;
        ELSIF p_to IS NOT NULL AND assign_conversation(
                  i.conversation_id, p_to, p_interactions[v_assigned + 1], 'handed_over', true, p_actor
              )->>'outcome' = 'done' THEN
            v_assigned := v_assigned + 1;
        ELSE
            PERFORM release_conversation(i.conversation_id, 'handed_over', p_to, p_actor);
            v_queued := v_queued + 1;
        END IF;
    END LOOP;
    RETURN jsonb_build_object('assigned', v_assigned, 'queued', v_queued);
END
$$;
