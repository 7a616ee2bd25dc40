-- What becomes of messages that are in their conversation: deliveries, answers, sending.

-- Lock a message, its conversation first as everybody does, and return it; null when there is none.
CREATE OR REPLACE FUNCTION lock_message(p_message uuid) RETURNS message LANGUAGE plpgsql AS $$
DECLARE
    m message;
BEGIN
    PERFORM FROM conversation
    WHERE id = (SELECT conversation_id FROM message WHERE id = p_message) FOR NO KEY UPDATE;
    SELECT * INTO m FROM message WHERE id = p_message FOR NO KEY UPDATE;
    RETURN m;
END
$$;

-- Tell everybody how a message stands now, and keep the conversation's trouble true.
CREATE OR REPLACE FUNCTION message_changed(m message) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    v_trouble text;
BEGIN
    PERFORM append_event('message.changed', CASE m.direction WHEN 'internal' THEN 'staff' ELSE 'all' END,
                         'system', m.contact_id, m.conversation_id, m.case_id,
                         jsonb_build_object('message', message_view(m)));
    SELECT * INTO STRICT v FROM conversation WHERE id = m.conversation_id FOR NO KEY UPDATE;
    SELECT CASE WHEN bool_or(status = 'failed') THEN 'failed' WHEN count(*) > 0 THEN 'uncertain' END
    INTO v_trouble FROM message
    WHERE conversation_id = v.id AND direction = 'out' AND status IN ('failed', 'uncertain');
    IF v_trouble IS DISTINCT FROM v.trouble THEN
        UPDATE conversation SET trouble = v_trouble, version = version + 1 WHERE id = v.id RETURNING * INTO v;
        PERFORM tell_desk(v, 'system');
    END IF;
END
$$;

-- Take news of a message that we sent; a state only moves forward.
CREATE OR REPLACE FUNCTION record_delivery(
    p_account uuid, p_provider_id text, p_external_id text, p_status text, p_at timestamptz, p_error text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    m message;
BEGIN
    INSERT INTO receipt (account_id, provider_id, state, settled_at, attempts)
    VALUES (p_account, p_provider_id, 'done', now(), 1) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM lock_message(id) FROM message WHERE external_id = p_external_id AND direction = 'out';
    UPDATE message SET
        status = p_status, version = version + 1, error = coalesce(p_error, error),
        delivered_at = CASE WHEN p_status IN ('delivered', 'read') THEN coalesce(delivered_at, p_at)
                            ELSE delivered_at END,
        read_at = CASE WHEN p_status = 'read' THEN p_at ELSE read_at END
    WHERE external_id = p_external_id AND direction = 'out'
      AND array_position(ARRAY['queued', 'sending', 'uncertain', 'sent', 'delivered', 'read'], status)
          < CASE p_status WHEN 'read' THEN 6 WHEN 'delivered' THEN 5 ELSE 6 END
      AND EXISTS (SELECT FROM conversation v JOIN account a ON a.kind = v.channel
                  WHERE v.id = message.conversation_id AND a.id = p_account)
    RETURNING * INTO m;
    IF FOUND THEN
        PERFORM message_changed(m);
    END IF;
END
$$;

-- The outbound half. Queue a message: the row, its files, the conversation, the events, the job.
CREATE OR REPLACE FUNCTION queue_message(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    m message;
    i interaction;
    v_note boolean := p->>'direction' = 'internal';
    -- News that answers do not wait for.
    v_beside boolean := coalesce((p->>'beside')::boolean, false);
    -- Neither news nor what goes on to others is an answer: whoever waits for one goes on waiting.
    v_answer boolean := NOT (v_beside OR coalesce(p->'payload' ? 'apart', false));
    v_at timestamptz;
BEGIN
    SELECT * INTO STRICT v FROM conversation WHERE id = (p->>'conversation_id')::uuid FOR NO KEY UPDATE;
    SELECT * INTO m FROM message WHERE conversation_id = v.id AND client_id = p->>'client_id';
    IF FOUND THEN  -- the same click sent twice
        RETURN message_view(m);
    END IF;
    v_at := next_moment(v.contact_id, greatest(v.last_message_at, v.agent_read_at, v.contact_read_at));
    INSERT INTO message (id, conversation_id, case_id, contact_id, direction, author_kind, author_id,
                         author_name, text, subject, payload, external_id, client_id, status,
                         created_at, occurred_at)
    VALUES ((p->>'message_id')::uuid, v.id, v.case_id, v.contact_id, p->>'direction', p->>'author_kind',
            (p->>'author_id')::uuid, p->>'author_name', p->>'text', p->>'subject', p->'payload',
            p->>'external_id', p->>'client_id', CASE WHEN v_note THEN 'noted' ELSE 'queued' END,
            v_at, now())
    RETURNING * INTO m;
    PERFORM attach_files(m, p->'files', ARRAY(SELECT jsonb_array_elements_text(p->'file_ids')::uuid),
                         p->>'uploaded_by');
    PERFORM append_event('message.created', CASE WHEN v_note THEN 'staff' ELSE 'all' END, p->>'actor',
                         m.contact_id, v.id, v.case_id, jsonb_build_object('message', message_view(m)));
    IF NOT v_note THEN
        UPDATE conversation SET waiting_since = CASE WHEN NOT v_answer THEN waiting_since END,
               preview = p->>'preview', last_message_at = v_at, version = version + 1
        WHERE id = v.id RETURNING * INTO v;
        PERFORM tell_desk(v, p->>'actor');
        IF v.assignee_id IS NULL AND v_answer THEN  -- answered without being taken: nobody waits any more
            PERFORM end_interaction(v.id, 'answered', NULL, p->>'actor');
        END IF;
        UPDATE interaction SET first_reply_at = now()
        WHERE v_answer AND conversation_id = v.id AND state = 'accepted'
          AND agent_id = (p->>'author_id')::uuid AND first_reply_at IS NULL RETURNING * INTO i;
        IF FOUND THEN
            PERFORM append_event('interaction.changed', 'staff', p->>'actor', v.contact_id, v.id, v.case_id,
                                 jsonb_build_object('interaction', interaction_view(i)));
        END IF;
        INSERT INTO job (kind, lane, data, run_at)
        VALUES ('send', v.account_id || CASE WHEN v_beside THEN ' beside' ELSE '' END,
                jsonb_build_object('message_id', m.id), now());
    END IF;
    RETURN message_view(m);
END
$$;

-- Claim a message for sending. 'send' = it is ours now; 'wait' = an earlier one goes first;
-- 'crashed' = a sender died with it in hand; 'gone' = nothing to do.
CREATE OR REPLACE FUNCTION claim_message(p_message uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    m message;
BEGIN
    m := lock_message(p_message);
    IF m.id IS NULL OR m.status NOT IN ('queued', 'sending') THEN
        RETURN 'gone';
    ELSIF m.status = 'sending' THEN
        RETURN 'crashed';
    ELSIF EXISTS (SELECT FROM message o WHERE o.conversation_id = m.conversation_id AND o.direction = 'out'
                  AND o.status IN ('queued', 'sending') AND o.error IS NULL
                  AND (o.created_at, o.id) < (m.created_at, m.id)) THEN
        RETURN 'wait';
    END IF;
    UPDATE message SET status = 'sending', version = version + 1 WHERE id = p_message RETURNING * INTO m;
    PERFORM message_changed(m);
    RETURN 'send';
END
$$;

-- Write how a sending ended. Never moves back a message that the other side already has.
CREATE OR REPLACE FUNCTION record_sending(p_message uuid, p_status text, p_error text, p_external_id text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    m message;
BEGIN
    PERFORM lock_message(p_message);
    UPDATE message SET
        status = CASE WHEN p_status = 'sent' AND status IN ('delivered', 'read') THEN status ELSE p_status END,
        error = p_error, version = version + 1, external_id = coalesce(p_external_id, external_id),
        sent_at = CASE WHEN p_status IN ('sent', 'delivered') THEN now() ELSE sent_at END,
        delivered_at = CASE WHEN p_status = 'delivered' THEN now() ELSE delivered_at END
    WHERE id = p_message AND (status IN ('sending', 'uncertain', 'failed')
                              OR (p_status = 'sent' AND status IN ('delivered', 'read')))
    RETURNING * INTO m;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM message_changed(m);
    RETURN true;
END
$$;
