-- Consults: a question to a colleague beside a conversation. All of it is the staff's alone.

CREATE OR REPLACE FUNCTION consult_view(k consult) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', k.id, 'conversation_id', k.conversation_id, 'case_id', k.case_id, 'asker_id', k.asker_id,
        'to_kind', k.to_kind, 'to_id', k.to_id, 'to_name', k.to_name, 'level', k.level,
        'question', k.question, 'expert_id', k.expert_id, 'decision', k.decision, 'declined', k.declined,
        'state', k.state, 'outcome', k.outcome, 'version', k.version, 'created_at', k.created_at,
        'accepted_at', k.accepted_at, 'closed_at', k.closed_at,
        'messages', (SELECT count(*) FROM consult_message m WHERE m.consult_id = k.id))
$$;

CREATE OR REPLACE FUNCTION consult_message_view(m consult_message) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', m.id, 'consult_id', m.consult_id, 'agent_id', m.agent_id, 'text', m.text,
        'client_id', m.client_id, 'position', m.position, 'created_at', m.created_at)
$$;

CREATE OR REPLACE FUNCTION tell_consult(p_actor text, k consult) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('consult.changed', 'staff', p_actor, c.contact_id, c.id, k.case_id,
                        jsonb_build_object('consult', consult_view(k)))
    FROM conversation c WHERE c.id = k.conversation_id
$$;

-- Write into a consult that is open; the same `p_client` gives the same message. Who answers first has it.
CREATE OR REPLACE FUNCTION say_in_consult(
    p_id uuid, p_consult uuid, p_agent uuid, p_text text, p_client text, p_actor text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    k consult;
    m consult_message;
BEGIN
    SELECT * INTO k FROM consult WHERE id = p_consult FOR UPDATE;
    IF NOT FOUND THEN
        RETURN '{"outcome": "unknown"}';
    END IF;
    SELECT * INTO m FROM consult_message WHERE consult_id = k.id AND client_id = p_client;
    IF FOUND THEN
        RETURN jsonb_build_object('outcome', 'done', 'message', consult_message_view(m));
    ELSIF k.state = 'closed' THEN
        RETURN '{"outcome": "closed"}';
    ELSIF p_agent <> k.asker_id AND p_agent IS DISTINCT FROM k.expert_id THEN
        RETURN '{"outcome": "outside"}';
    END IF;
    IF p_agent <> k.asker_id AND k.state = 'asked' THEN
        UPDATE consult SET state = 'answering', accepted_at = now() WHERE id = k.id;
    END IF;
    INSERT INTO consult_message (id, consult_id, agent_id, text, client_id, position)
    VALUES (p_id, k.id, p_agent, p_text, p_client,
            1 + coalesce((SELECT max(position) FROM consult_message WHERE consult_id = k.id), 0))
    RETURNING * INTO m;
    UPDATE consult SET version = version + 1 WHERE id = k.id RETURNING * INTO k;
    PERFORM append_event('consult.said', 'staff', p_actor, NULL, k.conversation_id, k.case_id,
                         jsonb_build_object('consult_message', consult_message_view(m)));
    PERFORM tell_consult(p_actor, k);
    RETURN jsonb_build_object('outcome', 'done', 'message', consult_message_view(m));
END
$$;

-- Take a question that was asked of a skill or a team, or of oneself: the first who says so has it.
CREATE OR REPLACE FUNCTION accept_consult(p_consult uuid, p_agent uuid, p_actor text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    k consult;
BEGIN
    SELECT * INTO k FROM consult WHERE id = p_consult FOR UPDATE;
    IF NOT FOUND OR k.expert_id <> p_agent OR k.asker_id = p_agent
       OR k.expert_id IS NULL AND NOT fits_consult(k, p_agent) THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF k.state <> 'asked' THEN
        RETURN jsonb_build_object('outcome', k.state);
    END IF;
    UPDATE consult SET state = 'answering', expert_id = p_agent, accepted_at = now(), version = version + 1
    WHERE id = k.id RETURNING * INTO k;
    PERFORM tell_consult(p_actor, k);
    RETURN jsonb_build_object('outcome', 'done', 'consult', consult_view(k));
END
$$;

-- Whether an agent is one of those whom a question is for.
CREATE OR REPLACE FUNCTION fits_consult(k consult, p_agent uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE k.to_kind WHEN 'agent' THEN k.to_id = p_agent
                          ELSE belongs_to(p_agent, k.to_kind, k.to_id, k.level) END
$$;

-- End a consult; what was found out stays in the thread. Nothing happens to one that is closed.
CREATE OR REPLACE FUNCTION close_consult(p_consult uuid, p_agent uuid, p_over boolean, p_outcome text, p_actor text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    k consult;
BEGIN
    SELECT * INTO k FROM consult WHERE id = p_consult FOR UPDATE;
    IF NOT FOUND THEN
        RETURN '{"outcome": "unknown"}';
    ELSIF NOT p_over AND p_agent <> k.asker_id AND p_agent IS DISTINCT FROM k.expert_id THEN
        RETURN '{"outcome": "outside"}';
    ELSIF k.state <> 'closed' THEN
        UPDATE consult SET state = 'closed', closed_at = now(), outcome = p_outcome, version = version + 1
        WHERE id = k.id RETURNING * INTO k;
        PERFORM tell_consult(p_actor, k);
    END IF;
    RETURN jsonb_build_object('outcome', 'done', 'consult', consult_view(k));
END
$$;

-- The open questions of a conversation go on with who has it now; one to that very agent has its answer.
CREATE OR REPLACE FUNCTION consults_follow(p_conversation uuid, p_agent uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    k consult;
BEGIN
    FOR k IN
        UPDATE consult SET
            state = CASE WHEN expert_id = p_agent THEN 'closed' ELSE state END,
            closed_at = CASE WHEN expert_id = p_agent THEN now() END,
            asker_id = CASE WHEN expert_id = p_agent THEN asker_id ELSE p_agent END, version = version + 1
        WHERE conversation_id = p_conversation AND state <> 'closed' AND asker_id <> p_agent RETURNING *
    LOOP
        PERFORM tell_consult('system', k);
    END LOOP;
END
$$;

-- A consult with what was said in it.
CREATE OR REPLACE FUNCTION whole_consult(k consult) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('consult', consult_view(k), 'messages', coalesce((
        SELECT jsonb_agg(consult_message_view(m) ORDER BY m.position)
        FROM consult_message m WHERE m.consult_id = k.id), '[]'))
$$;
