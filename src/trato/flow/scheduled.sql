-- What is written and waits for its moment.

-- Those of its files that no message has taken meanwhile.
CREATE OR REPLACE FUNCTION scheduled_files(s scheduled_message) RETURNS SETOF attachment LANGUAGE sql STABLE AS $$
    SELECT a.* FROM attachment a
    WHERE s.state IN ('waiting', 'held') AND a.id = ANY (s.file_ids) AND a.message_id IS NULL
$$;

CREATE OR REPLACE FUNCTION scheduled_view(s scheduled_message) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', s.id, 'conversation_id', s.conversation_id, 'agent_id', s.agent_id,
        'author_name', coalesce(s.queued->>'author_name', ''), 'client_id', s.client_id, 'kind', s.kind,
        'state', s.state, 'due_at', s.due_at, 'even_if_written', s.even_if_written,
        'text', coalesce(s.queued->>'text', ''), 'subject', s.queued->>'subject',
        'to', coalesce(s.queued->'payload'->'to', '[]'), 'cc', coalesce(s.queued->'payload'->'cc', '[]'),
        'bcc', coalesce(s.queued->'payload'->'bcc', '[]'), 'forwards', s.queued->'payload'->>'forwards',
        'attachments', coalesce((SELECT jsonb_agg(attachment_view(a) ORDER BY array_position(s.file_ids, a.id))
                                 FROM scheduled_files(s) a), '[]'),
        'files_missing', CASE WHEN s.state IN ('waiting', 'held')
                              THEN cardinality(s.file_ids) - (SELECT count(*) FROM scheduled_files(s))
                              ELSE 0 END,
        'judged_at', s.judged_at, 'version', s.version, 'created_at', s.created_at)
$$;

-- Tell the desk how it stands; whoever it is written to learns nothing of it.
CREATE OR REPLACE FUNCTION scheduled_changed(s scheduled_message, p_actor text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_view jsonb := scheduled_view(s);
BEGIN
    PERFORM append_event('message.scheduled', 'staff', p_actor, v.contact_id, v.id, v.case_id,
                         jsonb_build_object('scheduled', v_view))
    FROM conversation v WHERE v.id = s.conversation_id;
    RETURN v_view;
END
$$;

-- Have it looked at when its moment comes; of one message one such job waits.
CREATE OR REPLACE FUNCTION scheduled_due(s scheduled_message) RETURNS void LANGUAGE sql AS $$
    INSERT INTO job (kind, key, data, run_at)
    SELECT 'flow.scheduled', s.id::text, jsonb_build_object('id', s.id), s.due_at
    ON CONFLICT (kind, key) WHERE state = 'waiting' AND key IS NOT NULL
    DO UPDATE SET run_at = excluded.run_at, planned_at = now()
$$;

-- Keep a message until its moment; the same `client_id` gives the same one.
CREATE OR REPLACE FUNCTION schedule_message(
    p jsonb, p_kind text, p_due_at timestamptz, p_in_s double precision, p_even boolean
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    s scheduled_message;
    v_files uuid[] := ARRAY(SELECT DISTINCT jsonb_array_elements_text(p->'file_ids')::uuid);
BEGIN
    INSERT INTO scheduled_message (id, conversation_id, agent_id, client_id, kind, due_at, even_if_written,
                                   queued, file_ids)
    VALUES ((p->>'message_id')::uuid, (p->>'conversation_id')::uuid, (p->>'author_id')::uuid,
            p->>'client_id', p_kind, coalesce(p_due_at, now() + make_interval(secs => p_in_s)), p_even, p,
            v_files)
    ON CONFLICT (conversation_id, client_id) DO NOTHING RETURNING * INTO s;
    IF NOT FOUND THEN  -- the same click sent twice
        SELECT * INTO STRICT s FROM scheduled_message
        WHERE conversation_id = (p->>'conversation_id')::uuid AND client_id = p->>'client_id';
        RETURN scheduled_view(s);
    END IF;
    PERFORM scheduled_due(s);
    RETURN scheduled_changed(s, p->>'actor');
END
$$;

-- Lock what waits, its conversation first as everybody does.
CREATE OR REPLACE FUNCTION lock_scheduled(p_id uuid) RETURNS scheduled_message LANGUAGE plpgsql AS $$
DECLARE
    s scheduled_message;
BEGIN
    PERFORM FROM conversation
    WHERE id = (SELECT conversation_id FROM scheduled_message WHERE id = p_id) FOR NO KEY UPDATE;
    SELECT * INTO s FROM scheduled_message WHERE id = p_id FOR NO KEY UPDATE;
    RETURN s;
END
$$;

-- Whether the contact has written since an agent last said that it goes, on whatever channel.
CREATE OR REPLACE FUNCTION written_since(s scheduled_message) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM message m JOIN conversation v ON v.contact_id = m.contact_id
                   WHERE v.id = s.conversation_id AND m.created_at > s.judged_at
                     AND m.direction = 'in' AND m.author_kind = 'contact')
$$;

-- Its moment has come: it becomes a message, in the transaction that says so. It is locked by the caller.
CREATE OR REPLACE FUNCTION let_out(s scheduled_message, p_payload jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_message jsonb;
BEGIN
    v_message := queue_message(s.queued || jsonb_build_object('payload', s.queued->'payload' || p_payload));
    -- It was answered by whoever had it then, also when their work ended in the seconds between.
    UPDATE interaction SET first_reply_at = now()
    WHERE conversation_id = s.conversation_id AND agent_id = s.agent_id AND first_reply_at IS NULL
      AND accepted_at <= s.created_at AND ended_at >= s.created_at AND s.kind = 'undo'
      AND NOT s.queued->'payload' ? 'apart';  -- what went on to others answers nobody
    UPDATE scheduled_message SET state = 'sent', queued = '{}', file_ids = '{}', version = version + 1
    WHERE id = s.id RETURNING * INTO s;
    PERFORM scheduled_changed(s, 'system');
    RETURN v_message;
END
$$;

-- Give back what was written, unless it is out: who is later loses. Its files are the taker's again.
CREATE OR REPLACE FUNCTION take_back(s scheduled_message, p_actor text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_view jsonb;
BEGIN
    UPDATE attachment SET uploaded_by = p_actor, created_at = now()
    WHERE id = ANY (s.file_ids) AND message_id IS NULL;
    v_view := scheduled_view(s);
    UPDATE scheduled_message SET state = 'taken_back', queued = '{}', file_ids = '{}', version = version + 1
    WHERE id = s.id RETURNING * INTO s;
    PERFORM scheduled_changed(s, p_actor);
    RETURN v_view || jsonb_build_object('state', s.state, 'version', s.version);
END
$$;
