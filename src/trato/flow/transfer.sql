-- Transfers: a conversation goes to somebody else with all that belongs to it. Locks as assign.sql takes them,
-- the transfer after its conversation.

CREATE OR REPLACE FUNCTION transfer_view(t transfer) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', t.id, 'conversation_id', t.conversation_id, 'kind', t.kind, 'from_agent_id', t.from_agent_id,
        'to_kind', t.to_kind, 'to_id', t.to_id, 'to_name', t.to_name, 'level', t.level, 'note', t.note,
        'state', t.state, 'got_by', t.got_by, 'answer', t.answer, 'version', t.version,
        'created_at', t.created_at, 'settled_at', t.settled_at)
$$;

CREATE OR REPLACE FUNCTION tell_transfer(p_actor text, t transfer) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('transfer.changed', 'staff', p_actor, c.contact_id, c.id, c.case_id,
                        jsonb_build_object('transfer', transfer_view(t)))
    FROM conversation c WHERE c.id = t.conversation_id
$$;

-- What a destination is called; null when there is none such, or it is out of use.
CREATE OR REPLACE FUNCTION destination_name(p_kind text, p_id uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE p_kind
        WHEN 'agent' THEN (SELECT name FROM agent WHERE id = p_id AND active)
        WHEN 'queue' THEN (SELECT name FROM queue WHERE id = p_id AND active)
        WHEN 'skill' THEN (SELECT name FROM skill WHERE id = p_id)
        WHEN 'team' THEN (SELECT name FROM team WHERE id = p_id)
        WHEN 'site' THEN (SELECT name FROM site WHERE id = p_id) END
$$;

-- End what is under way for a conversation, with the reason.
CREATE OR REPLACE FUNCTION settle_transfer(p_conversation uuid, p_state text, p_answer text, p_actor text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t transfer;
BEGIN
    UPDATE transfer SET state = p_state, answer = p_answer, settled_at = now(), version = version + 1
    WHERE conversation_id = p_conversation AND state IN ('asked', 'waiting') RETURNING * INTO t;
    IF FOUND THEN
        PERFORM tell_transfer(p_actor, t);
    END IF;
END
$$;

-- Put a conversation that is given on in line for `t`: with the place it had, and never first to who gave it.
CREATE OR REPLACE FUNCTION transfer_to_line(t transfer, p_actor text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    w waiting;
    i interaction;
    v conversation;
    v_needs jsonb;
BEGIN
    SELECT * INTO w FROM waiting WHERE conversation_id = t.conversation_id FOR UPDATE;
    i := end_interaction(t.conversation_id, 'transferred', NULL, p_actor);
    UPDATE conversation SET assignee_id = NULL, version = version + 1,
                            waiting_since = coalesce(waiting_since, now())
    WHERE id = t.conversation_id RETURNING * INTO STRICT v;
    v_needs := jsonb_strip_nulls(jsonb_build_object(
        'prefers', (SELECT prefers FROM contact WHERE id = v.contact_id),
        'owner', CASE t.to_kind WHEN 'agent' THEN t.to_id END,
        'moved_at', now(),
        'skills', CASE t.to_kind WHEN 'skill' THEN jsonb_build_object(t.to_id, coalesce(t.level, 1)) END,
        'teams', CASE t.to_kind WHEN 'team' THEN jsonb_build_array(t.to_id) END,
        'sites', CASE t.to_kind WHEN 'site' THEN jsonb_build_array(t.to_id) END,
        'declined', (coalesce(w.needs->'declined', '{}') - t.to_id::text)
                    || CASE WHEN t.from_agent_id IS NULL THEN '{}'
                            ELSE jsonb_build_object(t.from_agent_id, now()) END));
    PERFORM route_arrival(v.id, coalesce(w.since, i.queued_at, v.waiting_since), coalesce(w.priority, 0), v_needs);
    UPDATE waiting SET
        queue_id = CASE t.to_kind WHEN 'queue' THEN t.to_id ELSE coalesce(w.queue_id, i.queue_id, queue_id) END,
        needs = needs - ARRAY(SELECT key FROM jsonb_each_text(needs)
                              WHERE key IN ('owner', 'spoke_last') AND value = t.from_agent_id::text)
    WHERE conversation_id = v.id;
    PERFORM tell_conversation(v, p_actor);
END
$$;

-- Give a conversation on. `p` says how and to whom, `p_from` who does it (null: nobody who takes any), `p_over`
-- also what a colleague has. Without `p.wait`, an agent who is not here or has no room is told as the outcome;
-- with it the conversation waits in line and prefers them.
CREATE OR REPLACE FUNCTION transfer_conversation(p jsonb, p_from uuid, p_over boolean, p_actor text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    i interaction;
    t transfer;
    v_kind text := CASE p->>'to_kind' WHEN 'owner' THEN 'agent' ELSE p->>'to_kind' END;
    v_to uuid := (p->>'to_id')::uuid;
    v_name text;
    v_state text;
    v_outcome text;
BEGIN
    SELECT * INTO v FROM conversation WHERE id = (p->>'conversation_id')::uuid FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF v.status <> 'open' OR v.spam THEN
        RETURN '{"outcome": "not_open"}';
    END IF;
    SELECT * INTO i FROM interaction WHERE conversation_id = v.id AND state IN ('offered', 'accepted')
    ORDER BY state LIMIT 1;
    IF i.state = 'accepted' AND i.agent_id IS DISTINCT FROM p_from AND NOT p_over THEN
        RETURN '{"outcome": "taken"}';
    END IF;
    IF p->>'to_kind' = 'owner' THEN
        SELECT owner_id INTO v_to FROM cases WHERE id = v.case_id;
    END IF;
    v_name := destination_name(v_kind, v_to);
    IF v_name IS NULL THEN
        RETURN jsonb_build_object('outcome', CASE WHEN v_to IS NULL THEN 'no_owner' ELSE 'gone' END);
    ELSIF i.state = 'accepted' AND v_kind = 'agent' AND i.agent_id = v_to THEN
        RETURN jsonb_build_object('outcome', 'same', 'name', v_name);
    ELSIF p->>'kind' = 'warm' AND i.state IS DISTINCT FROM 'accepted' THEN
        RETURN '{"outcome": "not_held"}';
    ELSIF p->>'kind' = 'warm'
          AND EXISTS (SELECT FROM transfer WHERE conversation_id = v.id AND state = 'asked') THEN
        RETURN '{"outcome": "asked_already"}';
    END IF;
    SELECT state INTO v_state FROM presence WHERE agent_id = v_to;
    IF p->>'kind' = 'warm' AND v_state = 'offline' OR v_kind = 'agent' AND p->>'kind' = 'blind'
       AND v_state <> 'available' AND NOT (p->>'wait')::boolean THEN
        RETURN jsonb_build_object('outcome', 'not_here', 'name', v_name);
    END IF;
    PERFORM settle_transfer(v.id, 'withdrawn', 'moved', p_actor);
    INSERT INTO transfer (id, conversation_id, kind, from_agent_id, interaction_id, to_kind, to_id, to_name,
                          level, note, state)
    VALUES ((p->>'id')::uuid, v.id, p->>'kind', CASE i.state WHEN 'accepted' THEN i.agent_id END,
            CASE i.state WHEN 'accepted' THEN i.id END, v_kind, v_to, v_name,
            (p->>'level')::smallint, p->>'note', CASE p->>'kind' WHEN 'warm' THEN 'asked' ELSE 'waiting' END)
    RETURNING * INTO t;
    IF t.kind = 'blind' THEN
        IF v_kind = 'agent' AND v_state = 'available' THEN
            v_outcome := assign_conversation(v.id, v_to, (p->>'interaction_id')::uuid, 'transferred', true,
                                             p_actor)->>'outcome';
            IF v_outcome <> 'done' AND NOT (p->>'wait')::boolean THEN
                DELETE FROM transfer WHERE id = t.id;
                RETURN jsonb_build_object('outcome', v_outcome, 'name', v_name);
            END IF;
        END IF;
        IF v_outcome IS DISTINCT FROM 'done' THEN
            PERFORM transfer_to_line(t, p_actor);
        END IF;
    END IF;
    SELECT * INTO STRICT t FROM transfer WHERE id = t.id;
    IF t.state <> 'done' THEN  -- who got it was told of it already
        PERFORM tell_transfer(p_actor, t);
    END IF;
    RETURN jsonb_build_object('outcome', 'done', 'transfer', transfer_view(t));
END
$$;

-- Lock the conversation of a transfer, then read the transfer as it is once locked.
CREATE OR REPLACE FUNCTION lock_transfer(p_transfer uuid) RETURNS transfer LANGUAGE plpgsql AS $$
DECLARE
    t transfer;
BEGIN
    PERFORM FROM conversation
    WHERE id = (SELECT conversation_id FROM transfer WHERE id = p_transfer) FOR NO KEY UPDATE;
    SELECT * INTO t FROM transfer WHERE id = p_transfer FOR UPDATE;
    RETURN t;
END
$$;

-- The one who was asked takes it, with the work that the first had: compare-and-set.
CREATE OR REPLACE FUNCTION accept_transfer(p_transfer uuid, p_agent uuid, p_interaction uuid, p_actor text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    t transfer := lock_transfer(p_transfer);
    v_outcome text;
BEGIN
    IF t.id IS NULL OR t.to_id <> p_agent OR t.kind <> 'warm' THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF t.state <> 'asked' THEN
        RETURN '{"outcome": "over"}';
    END IF;
    UPDATE transfer SET state = 'waiting' WHERE id = t.id;
    v_outcome := assign_conversation(t.conversation_id, p_agent, p_interaction, 'transferred', true,
                                     p_actor)->>'outcome';
    IF v_outcome <> 'done' THEN
        UPDATE transfer SET state = 'asked' WHERE id = t.id;
        RETURN jsonb_build_object('outcome', v_outcome);
    END IF;
    SELECT * INTO t FROM transfer WHERE id = t.id;
    RETURN jsonb_build_object('outcome', 'done', 'transfer', transfer_view(t));
END
$$;

-- The one who was asked cannot (`declined`), or the first thinks again (`withdrawn`): the first keeps it.
CREATE OR REPLACE FUNCTION drop_transfer(p_transfer uuid, p_agent uuid, p_over boolean, p_state text,
                                         p_answer text, p_actor text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    t transfer := lock_transfer(p_transfer);
BEGIN
    IF t.id IS NULL OR NOT p_over AND p_agent IS DISTINCT FROM (
        CASE p_state WHEN 'declined' THEN t.to_id ELSE t.from_agent_id END) THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF t.state <> 'asked' THEN
        RETURN '{"outcome": "over"}';
    END IF;
    PERFORM settle_transfer(t.conversation_id, p_state, p_answer, p_actor);
    SELECT * INTO t FROM transfer WHERE id = t.id;
    RETURN jsonb_build_object('outcome', 'done', 'transfer', transfer_view(t));
END
$$;

-- Whether something was begun for a conversation that goes to whoever gets it.
CREATE OR REPLACE FUNCTION has_begun_things(p_conversation uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM transfer WHERE conversation_id = p_conversation AND state IN ('asked', 'waiting'))
        OR EXISTS (SELECT FROM draft WHERE conversation_id = p_conversation)
        OR EXISTS (SELECT FROM consult WHERE conversation_id = p_conversation AND state <> 'closed')
        OR EXISTS (SELECT FROM participant WHERE conversation_id = p_conversation AND role = 'agent')
$$;

-- Whoever gets a conversation, by whichever way, gets what was begun for it: the transfer under way is done,
-- the draft of who had it is theirs, the open consults too, and they are no guest in it any more. When the work
-- ends, nobody is asked any longer to take it on. Most have nothing of all that: one look says so for the router,
-- who does this for two thousand in a second.
CREATE OR REPLACE FUNCTION handover_follows_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    t transfer;
BEGIN
    IF NOT has_begun_things(NEW.conversation_id) THEN
        RETURN NULL;
    END IF;
    IF NEW.state <> 'accepted' THEN
        UPDATE transfer SET state = 'withdrawn', answer = 'ended', settled_at = now(), version = version + 1
        WHERE conversation_id = NEW.conversation_id AND state = 'asked' RETURNING * INTO t;
        IF FOUND THEN
            PERFORM tell_transfer('system', t);
        END IF;
        RETURN NULL;
    END IF;
    UPDATE transfer SET state = 'done', got_by = NEW.agent_id, settled_at = now(), version = version + 1
    WHERE conversation_id = NEW.conversation_id AND state = 'waiting' RETURNING * INTO t;
    IF FOUND THEN
        PERFORM tell_transfer('system', t);
    END IF;
    DELETE FROM participant
    WHERE conversation_id = NEW.conversation_id AND role = 'agent' AND agent_id = NEW.agent_id;
    PERFORM drafts_follow(NEW.conversation_id, NEW.agent_id);
    PERFORM consults_follow(NEW.conversation_id, NEW.agent_id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER handover_begins AFTER INSERT ON interaction
    FOR EACH ROW WHEN (NEW.state = 'accepted') EXECUTE FUNCTION handover_follows_work();
CREATE OR REPLACE TRIGGER handover_follows AFTER UPDATE OF state ON interaction
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND 'accepted' IN (NEW.state, OLD.state))
    EXECUTE FUNCTION handover_follows_work();

-- Nobody is asked who is not there any more: a warm transfer to an agent who leaves is over, and the first is
-- told. One that is being decided at this moment is left to that.
CREATE OR REPLACE FUNCTION transfer_follows_presence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    t transfer;
BEGIN
    FOR t IN
        UPDATE transfer SET state = 'withdrawn', answer = 'left', settled_at = now(), version = version + 1
        WHERE id IN (SELECT id FROM transfer WHERE to_id = NEW.agent_id AND state = 'asked'
                     FOR UPDATE SKIP LOCKED) AND state = 'asked' RETURNING *
    LOOP
        PERFORM tell_transfer('system', t);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER transfer_follows_presence AFTER UPDATE OF state ON presence
    FOR EACH ROW WHEN (NEW.state = 'offline' AND OLD.state <> 'offline')
    EXECUTE FUNCTION transfer_follows_presence();

-- A second agent joins a conversation beside who has it, or leaves it; the contact sees both names.
CREATE OR REPLACE FUNCTION join_conversation(p_id uuid, p_conversation uuid, p_agent uuid, p_in boolean, p_actor text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    v_name text := (SELECT name FROM agent WHERE id = p_agent AND (active OR NOT p_in));
BEGIN
    SELECT * INTO v FROM conversation WHERE id = p_conversation FOR NO KEY UPDATE;
    IF v.id IS NULL OR v_name IS NULL THEN
        RETURN 'unknown';
    ELSIF p_in AND v.status = 'closed' THEN
        RETURN 'closed';
    ELSIF p_in AND v.assignee_id IS NOT DISTINCT FROM p_agent THEN
        RETURN 'holder';
    ELSIF p_in AND v.assignee_id IS NULL THEN
        RETURN 'nobody';
    ELSIF p_in THEN
        INSERT INTO participant (id, conversation_id, role, name, address, agent_id)
        VALUES (p_id, v.id, 'agent', v_name, p_agent::text, p_agent) ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM participant WHERE conversation_id = v.id AND role = 'agent' AND agent_id = p_agent;
    END IF;
    IF FOUND THEN
        UPDATE conversation SET version = version + 1 WHERE id = v.id RETURNING * INTO v;
        PERFORM tell_conversation(v, p_actor);
        PERFORM append_event('participants.changed', 'staff', p_actor, v.contact_id, v.id, v.case_id,
            jsonb_build_object('conversation_id', v.id, 'participants', agents_in(v.id)));
    END IF;
    RETURN 'done';
END
$$;

CREATE OR REPLACE FUNCTION agents_in(p_conversation uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('agent_id', agent_id, 'name', name) ORDER BY created_at, id), '[]')
    FROM participant WHERE conversation_id = p_conversation AND role = 'agent' AND agent_id IS NOT NULL
$$;

-- Change where and how soon somebody waits; false when they wait no more. An offer that stands goes on.
CREATE OR REPLACE FUNCTION move_in_line(
    p_conversation uuid, p_set_queue boolean, p_queue uuid, p_priority integer, p_actor text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
BEGIN
    SELECT * INTO v FROM conversation WHERE id = p_conversation FOR NO KEY UPDATE;
    UPDATE waiting SET
        queue_id = CASE WHEN p_set_queue THEN p_queue ELSE queue_id END,
        priority = coalesce(p_priority, priority)
    WHERE conversation_id = p_conversation;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO routing_inbox (kind, conversation_id) VALUES ('arrived', p_conversation);
    PERFORM tell_desk(v, p_actor);
    RETURN true;
END
$$;
