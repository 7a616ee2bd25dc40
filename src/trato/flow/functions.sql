-- The inbound half of the straight line, in one transaction and one round trip.

-- Find the conversation that a message belongs to, as it is before it: one proven by a signed token, else one
-- that holds a message it refers to, else the open one of its key. Null when it is about something new.
CREATE OR REPLACE FUNCTION find_conversation(p jsonb) RETURNS conversation LANGUAGE plpgsql STABLE AS $$
DECLARE
    v conversation;
    v_open conversation;
BEGIN
    IF p ? 'conversation_id' THEN
        SELECT * INTO v FROM conversation WHERE id = (p->>'conversation_id')::uuid;
    END IF;
    IF v.id IS NULL AND p ? 'references' THEN
        SELECT c.* INTO v
        FROM message m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.external_id IN (SELECT jsonb_array_elements_text(p->'references'))
          AND c.channel = p->>'channel'
        ORDER BY m.created_at DESC LIMIT 1;
    END IF;
    IF v.status IN ('open', 'snoozed') THEN
        RETURN v;
    END IF;
    -- Of one key one conversation is open at most: it goes before a closed one that was named.
    SELECT * INTO v_open FROM conversation
    WHERE account_id = coalesce(v.account_id, (p->>'account_id')::uuid)
      AND conversation_key = coalesce(v.conversation_key, p->>'conversation_key') AND status <> 'closed';
    IF FOUND THEN
        RETURN v_open;
    END IF;
    RETURN v;
END
$$;

-- Open a conversation with its case, as its first message leaves them; two callers at once get the same one.
CREATE OR REPLACE FUNCTION open_conversation(p jsonb, p_contact uuid, p_attend boolean, p_spam boolean)
RETURNS conversation LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    k cases;
    v_at timestamptz := next_moment(p_contact);
BEGIN
    IF p_attend AND p ? 'case_id' THEN
        SELECT * INTO k FROM cases WHERE id = (p->>'case_id')::uuid AND contact_id = p_contact;
    END IF;
    IF p_attend AND k.id IS NULL THEN
        INSERT INTO cases (id, brand_id, contact_id, title, expectation, updated_at)
        VALUES ((p->>'new_case_id')::uuid, (p->>'brand_id')::uuid, p_contact, p->>'title', p->>'expectation',
                now())
        RETURNING * INTO k;
    END IF;
    INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, case_id, subject,
                              spam, language, preview, last_message_at, last_inbound_at, waiting_since)
    VALUES ((p->>'new_conversation_id')::uuid, (p->>'account_id')::uuid, p->>'conversation_key',
            p->>'channel', (p->>'brand_id')::uuid, p_contact, k.id, coalesce(p->>'subject', ''), p_spam,
            p->>'language', p->>'preview', v_at, v_at, CASE WHEN p_attend THEN now() END)
    ON CONFLICT (account_id, conversation_key) WHERE status <> 'closed' DO NOTHING
    RETURNING * INTO v;
    IF NOT FOUND THEN  -- somebody was faster with the same key
        DELETE FROM cases WHERE id = (p->>'new_case_id')::uuid;
        SELECT * INTO STRICT v FROM conversation
        WHERE account_id = (p->>'account_id')::uuid AND conversation_key = p->>'conversation_key'
          AND status <> 'closed' FOR UPDATE;
        RETURN v;
    END IF;
    INSERT INTO participant (id, conversation_id, role, name, address, contact_id)
    VALUES ((p->>'participant_id')::uuid, v.id, 'contact', p->>'name', p->>'value', p_contact);
    IF k.id IS NOT NULL THEN
        PERFORM append_event('case.changed', 'staff', 'contact', p_contact, v.id, k.id,
                             jsonb_build_object('case', case_view(k)));
    END IF;
    RETURN v;
END
$$;

-- Take a receipt. Returns false when the same thing was taken before.
CREATE OR REPLACE FUNCTION take_receipt(p jsonb, p_state text, p_message uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO receipt (account_id, provider_id, state, raw_key, message_id, settled_at, attempts)
    VALUES ((p->>'account_id')::uuid, p->>'provider_id', p_state, p->>'raw_key', p_message, now(), 1)
    ON CONFLICT (account_id, provider_id) DO NOTHING;
    IF NOT FOUND THEN  -- one that was kept before it could be read is settled now
        UPDATE receipt SET state = p_state, message_id = p_message, settled_at = now(), error = NULL,
               inbound = '{}', attempts = attempts + 1, raw_key = coalesce(raw_key, p->>'raw_key')
        WHERE account_id = (p->>'account_id')::uuid AND provider_id = p->>'provider_id'
          AND state IN ('pending', 'broken');
    END IF;
    RETURN FOUND;
END
$$;

-- The whole inbound transaction: receipt → contact → conversation and case → message → events → routing.
-- It is the hot path: each statement in it is one that this very message needs.
CREATE OR REPLACE FUNCTION receive_message(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_message uuid := (p->>'message_id')::uuid;
    v_address address;
    v_known contact;
    v_before conversation;
    v conversation;
    m message;
    v_files jsonb := '[]';
    v_author text := 'contact';
    v_attend boolean;
    v_tell boolean;  -- the contact is new or was changed
    v_in_line boolean;
BEGIN
    IF NOT take_receipt(p, 'done', v_message) THEN
        RETURN (SELECT jsonb_build_object('outcome', 'duplicate', 'message_id', r.message_id,
                    'conversation_id', (SELECT conversation_id FROM message WHERE id = r.message_id))
                FROM receipt r
                WHERE account_id = (p->>'account_id')::uuid AND provider_id = p->>'provider_id');
    END IF;
    IF p ? 'dedupe_key' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p->>'dedupe_key', 0));
        SELECT * INTO m FROM message WHERE dedupe_key = p->>'dedupe_key';
        IF FOUND THEN  -- the same mail through a second mailbox
            PERFORM take_receipt_as_duplicate(p, m.id);
            RETURN jsonb_build_object('outcome', 'duplicate', 'message_id', m.id,
                                      'conversation_id', m.conversation_id);
        END IF;
    END IF;

    v_address := resolve_address(p->>'kind', p->>'value', p->>'key', p->>'name', p->>'language', p->>'verifier',
                                 (p->>'new_contact_id')::uuid, (p->>'new_address_id')::uuid);
    LOOP  -- a merge, or its undoing, that was faster has moved the address to another contact
        SELECT * INTO STRICT v_known FROM contact WHERE id = v_address.contact_id FOR NO KEY UPDATE;
        SELECT * INTO STRICT v_address FROM address WHERE id = v_address.id;
        EXIT WHEN v_address.contact_id = v_known.id;
    END LOOP;
    v_tell := v_address.contact_id = (p->>'new_contact_id')::uuid;
    IF v_address.verified_at IS NULL AND p ? 'verifier' THEN
        UPDATE address SET verified_at = now(), verified_by = p->>'verifier' WHERE id = v_address.id;
        v_tell := true;
    END IF;
    IF v_known.name = '' AND p->>'name' <> '' THEN
        UPDATE contact SET name = p->>'name', version = version + 1 WHERE id = v_known.id RETURNING * INTO v_known;
        v_tell := true;
    END IF;
    v_attend := p->>'sent_by' = 'person' AND NOT (p->>'spam')::boolean AND v_known.blocked_at IS NULL;

    v_before := find_conversation(p);
    IF v_before.id IS NULL THEN
        v := open_conversation(p, v_known.id, v_attend, (p->>'spam')::boolean OR v_known.blocked_at IS NOT NULL);
    END IF;
    IF v_before.id IS NOT NULL OR v.id <> (p->>'new_conversation_id')::uuid THEN
        -- One statement locks it, changes it and gives it as it is now.
        UPDATE conversation SET
            preview = p->>'preview',
            (last_message_at, last_inbound_at) = (SELECT at, at FROM next_moment(
                contact_id, greatest(last_message_at, agent_read_at, contact_read_at)) AS at),
            waiting_since = CASE WHEN v_attend AND NOT spam THEN coalesce(waiting_since, now())
                                 ELSE waiting_since END,
            status = CASE WHEN v_attend AND NOT spam THEN 'open' ELSE status END,
            closed_at = CASE WHEN v_attend AND NOT spam THEN NULL ELSE closed_at END,
            snoozed_until = CASE WHEN v_attend AND NOT spam THEN NULL ELSE snoozed_until END,
            language = coalesce(language, p->>'language'),
            version = version + 1
        WHERE id = coalesce(v_before.id, v.id) RETURNING * INTO STRICT v;
    END IF;
    v_attend := v_attend AND NOT v.spam;
    IF v.contact_id <> v_known.id THEN
        v_author := 'third_party';
        INSERT INTO participant (id, conversation_id, role, name, address, contact_id)
        VALUES ((p->>'participant_id')::uuid, v.id, 'third_party', p->>'name', p->>'value', v_known.id)
        ON CONFLICT DO NOTHING;
    END IF;
    IF p ? 'others' THEN
        PERFORM add_participants(v.id, p->'others');
    END IF;

    INSERT INTO message (id, conversation_id, case_id, contact_id, direction, kind, author_kind, author_id,
                         author_name, text, html, subject, payload, external_id, dedupe_key, client_id,
                         status, created_at, occurred_at)
    VALUES (v_message, v.id, v.case_id, v.contact_id, 'in', 'text', v_author, v_known.id,
            coalesce(nullif(p->>'name', ''), v_known.name), p->>'text', p->>'html', p->>'subject',
            coalesce(p->'payload', '{}'), p->>'external_id', p->>'dedupe_key', p->>'client_id', 'received',
            v.last_message_at, (p->>'occurred_at')::timestamptz)
    RETURNING * INTO m;
    IF p ?| '{files,file_ids}' THEN
        PERFORM attach_files(p, m, v.id);
        v_files := attachments_view(m.id);
    END IF;

    IF v_before.status = 'closed' THEN
        PERFORM tell_about(v, 'contact');
    ELSIF v_tell OR v_before.id IS NULL THEN
        PERFORM append_event('contact.changed', 'staff', 'contact', v_known.id, v.id, v.case_id,
                             jsonb_build_object('contact', contact_view(v_known)));
    END IF;
    -- As append_event and tell_conversation do it, but both in one statement.
    INSERT INTO event (type, audience, actor, contact_id, conversation_id, case_id, data)
    VALUES ('message.created', CASE v_author WHEN 'contact' THEN 'all' ELSE 'staff' END, v_author, v.contact_id,
            v.id, v.case_id, jsonb_build_object('message', message_view(m, v_files))),
           ('conversation.changed', 'staff', 'contact', v.contact_id, v.id, v.case_id,
            jsonb_build_object('conversation', conversation_view(v)));
    IF v_attend THEN
        IF v_before.id IS NOT NULL AND NOT EXISTS (SELECT FROM cases WHERE id = v.case_id AND status = 'open')
           OR v.case_id = (p->>'case_id')::uuid THEN
            PERFORM reopen_case(v);
        END IF;
        -- Whoever waits already, and nobody has touched it since, is in line with their place.
        v_in_line := v_before.waiting_since IS NOT NULL AND v_before.status = 'open'
                     AND v_before.assignee_id IS NULL AND v.version = v_before.version + 1;
        IF v_in_line IS NOT TRUE THEN
            PERFORM route_arrival(v.id, v.waiting_since, 0,
                                  jsonb_build_object('language', v.language, 'prefers', v_known.prefers));
        END IF;
    END IF;
    RETURN jsonb_build_object('outcome', 'new', 'message_id', m.id, 'conversation_id', v.id,
                              'contact_id', v_known.id);
END
$$;

CREATE OR REPLACE FUNCTION take_receipt_as_duplicate(p jsonb, p_message uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE receipt SET state = 'duplicate', message_id = p_message
    WHERE account_id = (p->>'account_id')::uuid AND provider_id = p->>'provider_id'
$$;

CREATE OR REPLACE FUNCTION add_participants(p_conversation uuid, p_others jsonb) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO participant (id, conversation_id, role, name, address)
    SELECT (o->>'id')::uuid, p_conversation, o->>'role', o->>'name', o->>'value'
    FROM jsonb_array_elements(p_others) o
    ON CONFLICT DO NOTHING
$$;

-- Tie files to their message: those that came with it and those uploaded before it.
CREATE OR REPLACE FUNCTION attach_files(p jsonb, m message, p_conversation uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p ? 'files' THEN
        INSERT INTO attachment (id, message_id, conversation_id, filename, content_type, size, sha256,
                                store_key, content_id, inline)
        SELECT (f->>'id')::uuid, m.id, p_conversation, f->>'filename', f->>'content_type',
               (f->>'size')::bigint, f->>'sha256', f->>'store_key', f->>'content_id', (f->>'inline')::boolean
        FROM jsonb_array_elements(p->'files') f;
    END IF;
    IF p ? 'file_ids' THEN
        UPDATE attachment SET message_id = m.id, conversation_id = p_conversation
        WHERE id IN (SELECT jsonb_array_elements_text(p->'file_ids')::uuid)
          AND message_id IS NULL AND uploaded_by = p->>'uploaded_by';
    END IF;
END
$$;

-- Somebody who writes again about a resolved matter was not helped yet.
CREATE OR REPLACE FUNCTION reopen_case(v conversation) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    k cases;
BEGIN
    IF EXISTS (SELECT FROM cases WHERE id = v.case_id AND status = 'open') THEN
        RETURN;
    END IF;
    UPDATE cases SET status = 'open', waiting_for = NULL, resolved_at = NULL, resolved_by = NULL,
           version = version + 1, updated_at = now()
    WHERE id = v.case_id AND status <> 'open' RETURNING * INTO k;
    IF FOUND THEN
        PERFORM append_event('case.changed', 'staff', 'contact', v.contact_id, v.id, k.id,
                             jsonb_build_object('case', case_view(k)));
    END IF;
END
$$;

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
    PERFORM attach_files(p, m, v.id);
    PERFORM append_event('message.created', CASE WHEN v_note THEN 'staff' ELSE 'all' END, p->>'actor',
                         m.contact_id, v.id, v.case_id, jsonb_build_object('message', message_view(m)));
    IF NOT v_note THEN
        UPDATE conversation SET waiting_since = NULL, preview = p->>'preview', last_message_at = v_at,
               version = version + 1
        WHERE id = v.id RETURNING * INTO v;
        PERFORM tell_desk(v, p->>'actor');
        IF v.assignee_id IS NULL THEN  -- answered without being taken: nobody waits for an answer any more
            PERFORM end_interaction(v.id, 'answered', NULL, p->>'actor');
        END IF;
        UPDATE interaction SET first_reply_at = now()
        WHERE conversation_id = v.id AND state = 'accepted' AND agent_id = (p->>'author_id')::uuid
          AND first_reply_at IS NULL RETURNING * INTO i;
        IF FOUND THEN
            PERFORM append_event('interaction.changed', 'staff', p->>'actor', v.contact_id, v.id, v.case_id,
                                 jsonb_build_object('interaction', interaction_view(i)));
        END IF;
        INSERT INTO job (kind, data, run_at) VALUES ('send', jsonb_build_object('message_id', m.id), now());
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
