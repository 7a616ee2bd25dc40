-- The inbound half of the straight line, in one transaction and one round trip.

-- What a message brings, cleaned and bounded, with the ids that its rows may need. Typed, so that each value is
-- read once: `flow.inbound` gives the columns in this order.
DROP TYPE IF EXISTS inbound_message CASCADE;
CREATE TYPE inbound_message AS (
    account_id uuid, channel text, brand_id uuid, provider_id text, raw_key text,
    -- who writes
    kind text, value text, key text, name text, language text, verifier text, sent_by text, spam boolean,
    -- where it belongs
    conversation_key text, conversation_id uuid, refers_to text[], case_id uuid, title text, expectation text,
    -- what it says
    text text, html text, subject text, preview text, payload jsonb, occurred_at timestamptz,
    external_id text, dedupe_key text, client_id text, others jsonb,
    files jsonb, file_ids uuid[], uploaded_by text,
    -- ids for what is made
    message_id uuid, new_contact_id uuid, new_address_id uuid, new_conversation_id uuid, new_case_id uuid,
    participant_id uuid
);

-- Find the conversation that a message belongs to, as it is before it: one proven by a signed token, else one
-- that holds a message it refers to, else the open one of its key. Null when it is about something new.
CREATE OR REPLACE FUNCTION find_conversation(p inbound_message) RETURNS conversation LANGUAGE plpgsql STABLE AS $$
DECLARE
    v conversation;
    v_open conversation;
BEGIN
    IF p.conversation_id IS NOT NULL THEN
        SELECT * INTO v FROM conversation WHERE id = p.conversation_id;
    END IF;
    IF v.id IS NULL AND p.refers_to IS NOT NULL THEN
        SELECT c.* INTO v
        FROM message m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.external_id = ANY (p.refers_to)
          AND c.channel = p.channel
        ORDER BY m.created_at DESC LIMIT 1;
    END IF;
    IF v.status IN ('open', 'snoozed') THEN
        RETURN v;
    END IF;
    -- Of one key one conversation is open at most: it goes before a closed one that was named.
    SELECT * INTO v_open FROM conversation
    WHERE account_id = coalesce(v.account_id, p.account_id)
      AND conversation_key = coalesce(v.conversation_key, p.conversation_key) AND status <> 'closed';
    IF FOUND THEN
        RETURN v_open;
    END IF;
    RETURN v;
END
$$;

-- Open a conversation with its case, as its first message leaves them; two callers at once get the same one.
CREATE OR REPLACE FUNCTION open_conversation(p inbound_message, p_contact uuid, p_attend boolean, p_spam boolean)
RETURNS conversation LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
    k cases;
    v_at timestamptz := next_moment(p_contact);
BEGIN
    IF p_attend AND p.case_id IS NOT NULL THEN
        SELECT * INTO k FROM cases WHERE id = p.case_id AND contact_id = p_contact;
    END IF;
    WITH made AS (
        INSERT INTO cases (id, brand_id, contact_id, title, expectation, updated_at)
        SELECT p.new_case_id, p.brand_id, p_contact, p.title, p.expectation, now()
        WHERE p_attend AND k.id IS NULL
        RETURNING *
    ), opened AS (
        INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, case_id,
                                  subject, spam, spam_cause, language, preview, last_message_at,
                                  last_inbound_at, waiting_since)
        VALUES (p.new_conversation_id, p.account_id, p.conversation_key,
                p.channel, p.brand_id, p_contact,
                CASE WHEN p_attend THEN coalesce(k.id, p.new_case_id) END,
                coalesce(p.subject, ''), p_spam,
                CASE WHEN p.spam THEN 'content' WHEN p_spam THEN 'blocked' END, p.language, p.preview, v_at, v_at,
                CASE WHEN p_attend THEN now() END)
        ON CONFLICT (account_id, conversation_key) WHERE status <> 'closed' DO NOTHING
        RETURNING *
    ), its_contact AS (
        INSERT INTO participant (id, conversation_id, role, name, address, contact_id)
        SELECT p.participant_id, id, 'contact', p.name, p.value, p_contact FROM opened
    ), told AS (
        INSERT INTO event (type, audience, actor, contact_id, conversation_id, case_id, data)
        SELECT 'case.changed', 'staff', 'contact', p_contact, opened.id, made.id,
               jsonb_build_object('case', case_view(made)) FROM made, opened
    )
    SELECT * INTO v FROM opened;
    IF NOT FOUND THEN  -- somebody was faster with the same key
        DELETE FROM cases WHERE id = p.new_case_id;
        SELECT * INTO STRICT v FROM conversation
        WHERE account_id = p.account_id AND conversation_key = p.conversation_key
          AND status <> 'closed' FOR UPDATE;
    ELSIF k.id IS NOT NULL THEN
        PERFORM append_event('case.changed', 'staff', 'contact', p_contact, v.id, k.id,
                             jsonb_build_object('case', case_view(k)));
    END IF;
    RETURN v;
END
$$;

-- Settle a receipt; one that was kept before its message could be read is there already. Raises
-- unique_violation when somebody was faster. Of a duplicate the first one's original is the one that is kept.
CREATE OR REPLACE FUNCTION settle_receipt(p inbound_message, p_state text, p_message uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO receipt (account_id, provider_id, state, raw_key, message_id, settled_at, attempts)
    VALUES (p.account_id, p.provider_id, p_state, CASE WHEN p_state <> 'duplicate' THEN p.raw_key END, p_message,
            now(), 1)
    ON CONFLICT (account_id, provider_id) DO UPDATE SET
        state = p_state, message_id = p_message, settled_at = now(), error = NULL, inbound = '{}',
        attempts = receipt.attempts + 1, raw_key = coalesce(receipt.raw_key, excluded.raw_key)
    WHERE receipt.state IN ('pending', 'broken');
    IF NOT FOUND THEN
        RAISE unique_violation USING MESSAGE = 'this receipt is settled';
    END IF;
END
$$;

-- What a message tells of its sender, whose address we know: that it is theirs, their name. Returns the contact,
-- locked; the address may have moved to another one by a merge, or its undoing, that was faster.
CREATE OR REPLACE FUNCTION learn_of_sender(p inbound_message, p_address uuid) RETURNS contact LANGUAGE plpgsql AS $$
DECLARE
    k contact;
BEGIN
    LOOP
        SELECT c.* INTO STRICT k FROM address a JOIN contact c ON c.id = a.contact_id
        WHERE a.id = p_address FOR NO KEY UPDATE OF c;
        EXIT WHEN EXISTS (SELECT FROM address WHERE id = p_address AND contact_id = k.id);
    END LOOP;
    UPDATE address SET verified_at = now(), verified_by = p.verifier
    WHERE id = p_address AND verified_at IS NULL AND p.verifier IS NOT NULL;
    IF k.name = '' AND p.name <> '' THEN
        UPDATE contact SET name = p.name, version = version + 1 WHERE id = k.id RETURNING * INTO k;
    END IF;
    RETURN k;
END
$$;

-- The whole inbound transaction: receipt → contact → conversation and case → message → events → routing.
-- It is the hot path: one look at all that may be there already, then only what this very message needs. What
-- can share a statement does, and what few messages need stands behind one condition. When two deliveries of
-- one message come at the same moment, the slower one fails by the unique receipt, as a whole: its second look
-- finds what the other made.
CREATE OR REPLACE FUNCTION receive_message(p inbound_message) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    b record;  -- what there was before
    k contact;
    v conversation;
    m message;
    v_files jsonb := '[]';
    v_attend boolean;
BEGIN
    SELECT r.state, r.message_id, known.*, c AS conversation, matter.status AS case_status
    INTO STRICT b
    FROM (SELECT) one
    LEFT JOIN receipt r ON r.account_id = p.account_id AND r.provider_id = p.provider_id
    LEFT JOIN LATERAL (
        SELECT a.id AS address_id, a.verified_at, who AS contact, false AS tell
        FROM address a JOIN contact who ON who.id = a.contact_id
        WHERE a.kind = p.kind AND a.key = p.key
    ) known ON true
    LEFT JOIN conversation c ON c.account_id = p.account_id
                             AND c.conversation_key = p.conversation_key AND c.status <> 'closed'
    LEFT JOIN cases matter ON matter.id = c.case_id;

    IF b.state IS NOT NULL OR p.dedupe_key IS NOT NULL THEN
        IF b.state NOT IN ('pending', 'broken') THEN
            RETURN duplicate_of(b.message_id);
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended(p.dedupe_key, 0));
        SELECT * INTO m FROM message WHERE dedupe_key = p.dedupe_key;
        IF FOUND THEN  -- the same mail through a second mailbox
            PERFORM settle_receipt(p, 'duplicate', m.id);
            RETURN duplicate_of(m.id);
        END IF;
    END IF;
    IF p.conversation_id IS NOT NULL OR p.refers_to IS NOT NULL THEN
        b.conversation := find_conversation(p);
        b.case_status := NULL;
    END IF;
    IF b.address_id IS NULL THEN
        b.contact := make_contact(p.kind, p.value, p.key, p.name, p.language, p.verifier,
                                  p.new_contact_id, p.new_address_id);
        IF b.contact IS NULL THEN  -- somebody was faster with the same address; nothing is written yet
            RETURN receive_message(p);
        END IF;
    ELSE
        b.tell := b.verified_at IS NULL AND p.verifier IS NOT NULL OR (b.contact).name = '' AND p.name <> '';
        -- Of an open conversation its own lock is enough, see below.
        IF b.tell OR (b.contact).blocked_at IS NOT NULL OR (b.conversation).status IS DISTINCT FROM 'open' THEN
            b.contact := learn_of_sender(p, b.address_id);
        END IF;
    END IF;
    v_attend := p.sent_by = 'person' AND NOT p.spam AND (b.contact).blocked_at IS NULL;

    IF b.conversation IS NULL THEN
        v := open_conversation(p, (b.contact).id, v_attend,
                               p.spam OR (b.contact).blocked_at IS NOT NULL);
        b.tell := true;
    END IF;
    IF v.id IS DISTINCT FROM p.new_conversation_id THEN
        -- One statement locks it, changes it and gives it as it is now. What it changes stands in no index.
        UPDATE conversation SET
            preview = p.preview,
            (last_message_at, last_inbound_at) = (SELECT at, at FROM (
                SELECT next_moment(contact_id, greatest(last_message_at, agent_read_at, contact_read_at)) AS at
                OFFSET 0) one),
            waiting_since = CASE WHEN v_attend AND NOT spam THEN coalesce(waiting_since, now())
                                 ELSE waiting_since END,
            status = CASE WHEN v_attend AND NOT spam THEN 'open' ELSE status END,
            closed_at = CASE WHEN v_attend AND NOT spam THEN NULL ELSE closed_at END,
            snoozed_until = CASE WHEN v_attend AND NOT spam THEN NULL ELSE snoozed_until END,
            language = coalesce(language, p.language),
            -- what a blocked sender writes is among spam, also when it goes on with what had ended, but not
            -- what somebody took in hand all the same
            spam = spam OR (b.contact).blocked_at IS NOT NULL AND contact_id = (b.contact).id
                           AND (assignee_id IS NULL OR status = 'closed'),
            spam_cause = CASE WHEN NOT spam AND (b.contact).blocked_at IS NOT NULL
                                   AND contact_id = (b.contact).id AND (assignee_id IS NULL OR status = 'closed')
                              THEN 'blocked' ELSE spam_cause END,
            version = version + 1
        WHERE id = coalesce((b.conversation).id, v.id) RETURNING * INTO STRICT v;
    END IF;
    IF v.contact_id <> (b.contact).id AND b.address_id IS NOT NULL THEN
        -- Somebody else's conversation; or a merge, or its undoing, was faster and moved both. It locks the
        -- conversations too: now that we have this one the address is where it stays.
        SELECT c.* INTO STRICT k FROM address a JOIN contact c ON c.id = a.contact_id
        WHERE a.id = b.address_id;
        b.contact := k;
    END IF;
    IF v.contact_id <> (b.contact).id OR p.others IS NOT NULL THEN
        PERFORM add_participants(p, v, b.contact);
    END IF;

    WITH written AS (
        INSERT INTO message (id, conversation_id, case_id, contact_id, direction, kind, author_kind, author_id,
                             author_name, text, html, subject, payload, external_id, dedupe_key, client_id,
                             raw_key, status, created_at, occurred_at)
        VALUES (p.message_id, v.id, v.case_id, v.contact_id, 'in', 'text',
                CASE WHEN v.contact_id = (b.contact).id THEN 'contact' ELSE 'third_party' END, (b.contact).id,
                coalesce(nullif(p.name, ''), (b.contact).name), p.text, p.html, p.subject,
                coalesce(p.payload, '{}'), p.external_id, p.dedupe_key, p.client_id, p.raw_key, 'received',
                v.last_message_at, p.occurred_at)
        RETURNING *
    ), taken AS (
        INSERT INTO receipt (account_id, provider_id, state, raw_key, message_id, settled_at, attempts)
        SELECT p.account_id, p.provider_id, 'done', p.raw_key, p.message_id, now(), 1
        WHERE b.state IS NULL
    )
    SELECT * INTO STRICT m FROM written;
    IF b.state IS NOT NULL OR p.files IS NOT NULL OR p.file_ids IS NOT NULL THEN
        IF b.state IS NOT NULL THEN
            PERFORM settle_receipt(p, 'done', m.id);
        END IF;
        PERFORM attach_files(m, p.files, p.file_ids, p.uploaded_by);
        v_files := attachments_view(m.id);
    END IF;

    IF (b.conversation).status = 'closed' THEN
        PERFORM tell_about(v, 'contact');
        b.tell := false;
    END IF;
    -- As append_event and tell_desk do it, but all in one statement.
    INSERT INTO event (type, audience, actor, contact_id, conversation_id, case_id, data)
    SELECT 'contact.changed', 'staff', 'contact', (b.contact).id, v.id, v.case_id,
           jsonb_build_object('contact', contact_view(b.contact))
    WHERE b.tell
    UNION ALL
    SELECT 'message.created', CASE m.author_kind WHEN 'contact' THEN 'all' ELSE 'staff' END, m.author_kind,
           v.contact_id, v.id, v.case_id, jsonb_build_object('message', message_view(m, v_files))
    UNION ALL
    SELECT 'conversation.changed', 'staff', 'contact', v.contact_id, v.id, v.case_id,
           jsonb_build_object('conversation', conversation_view(v));
    IF v_attend AND NOT v.spam THEN
        IF v.id = p.new_conversation_id AND p.case_id IS NULL THEN
            PERFORM route_opened(v.id, v.waiting_since, 0,
                                 jsonb_build_object('language', v.language, 'prefers', (b.contact).prefers));
        ELSIF b.case_status = 'open' AND (b.conversation).waiting_since IS NOT NULL
              AND (b.conversation).status = 'open' AND (b.conversation).assignee_id IS NULL
              AND v.version = (b.conversation).version + 1 THEN
            NULL;  -- who waits already, and nobody has touched it since, is in line with their place
        ELSE
            IF b.case_status IS DISTINCT FROM 'open' THEN
                PERFORM reopen_case(v);
            END IF;
            PERFORM route_arrival(v.id, v.waiting_since, 0,
                                  jsonb_build_object('language', v.language, 'prefers', (b.contact).prefers));
        END IF;
    END IF;
    RETURN jsonb_build_object('outcome', 'new', 'message_id', m.id, 'conversation_id', v.id,
                              'contact_id', (b.contact).id);
END
$$;

-- What is answered to a second delivery.
CREATE OR REPLACE FUNCTION duplicate_of(p_message uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('outcome', 'duplicate', 'message_id', p_message,
        'conversation_id', (SELECT conversation_id FROM message WHERE id = p_message))
$$;

-- Note a third party who writes, and whoever got the message too.
CREATE OR REPLACE FUNCTION add_participants(p inbound_message, v conversation, k contact) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF v.contact_id <> k.id THEN
        INSERT INTO participant (id, conversation_id, role, name, address, contact_id)
        VALUES (p.participant_id, v.id, 'third_party', p.name, p.value, k.id)
        ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO participant (id, conversation_id, role, name, address)
    SELECT (o->>'id')::uuid, v.id, o->>'role', o->>'name', o->>'value'
    FROM jsonb_array_elements(p.others) o
    ON CONFLICT DO NOTHING;
END
$$;

-- Tie files to their message in the order of the sender: those that came with it and those uploaded before it.
CREATE OR REPLACE FUNCTION attach_files(m message, p_files jsonb, p_file_ids uuid[], p_uploaded_by text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO attachment (id, message_id, conversation_id, filename, content_type, size, sha256,
                            store_key, content_id, inline, place)
    SELECT (f->>'id')::uuid, m.id, m.conversation_id, f->>'filename', f->>'content_type',
           (f->>'size')::bigint, f->>'sha256', f->>'store_key', f->>'content_id', (f->>'inline')::boolean,
           f_place
    FROM jsonb_array_elements(p_files) WITH ORDINALITY AS came(f, f_place);
    UPDATE attachment SET message_id = m.id, conversation_id = m.conversation_id,
           place = array_position(p_file_ids, id)
    WHERE id = ANY (p_file_ids) AND message_id IS NULL AND uploaded_by = p_uploaded_by;
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
           snoozed_until = NULL, version = version + 1, updated_at = now()
    WHERE id = v.case_id AND status <> 'open' RETURNING * INTO k;
    IF FOUND THEN
        PERFORM append_event('case.changed', 'staff', 'contact', v.contact_id, v.id, k.id,
                             jsonb_build_object('case', case_view(k)));
    END IF;
END
$$;
