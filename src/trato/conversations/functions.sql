-- Conversations, messages, cases and interactions as the API and the event log show them.

CREATE OR REPLACE FUNCTION attachment_view(a attachment) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'filename', a.filename, 'content_type', a.content_type,
        'size', a.size, 'inline', a.inline, 'content_id', a.content_id)
$$;

CREATE OR REPLACE FUNCTION attachments_view(p_message uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(attachment_view(a) ORDER BY a.place, a.created_at, a.id), '[]')
    FROM attachment a WHERE a.message_id = p_message
$$;

-- A message with its files, for whoever knows them already.
CREATE OR REPLACE FUNCTION message_view(m message, p_files jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', m.id, 'conversation_id', m.conversation_id, 'case_id', m.case_id, 'contact_id', m.contact_id,
        'direction', m.direction, 'kind', m.kind, 'author_kind', m.author_kind, 'author_id', m.author_id,
        'author_name', m.author_name, 'text', m.text, 'subject', m.subject, 'has_html', m.html IS NOT NULL,
        'has_original', m.raw_key IS NOT NULL, 'payload', m.payload, 'status', m.status, 'error', m.error, 'created_at', m.created_at,
        'occurred_at', m.occurred_at, 'sent_at', m.sent_at, 'delivered_at', m.delivered_at,
        'read_at', m.read_at, 'client_id', m.client_id, 'version', m.version, 'attachments', p_files)
$$;

CREATE OR REPLACE FUNCTION message_view(m message) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT message_view(m, attachments_view(m.id))
$$;

-- Whether a message belongs to the exchange with the contact: what was said with somebody else in a
-- conversation is the desk's alone.
CREATE OR REPLACE FUNCTION with_contact(m message) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT m.author_kind <> 'third_party' AND NOT m.payload ? 'apart'
$$;

-- The moment of a contact's next message: now, but after all that was said with them and, if given, after
-- what was read of it, also when the clock was set back or somebody else committed later. It makes the order
-- of a thread. A whole millisecond, since browsers see no less.
CREATE OR REPLACE FUNCTION next_moment(p_contact uuid, p_after timestamptz DEFAULT NULL) RETURNS timestamptz
LANGUAGE plpgsql AS $$  -- which keeps its plan; a function in SQL is planned anew by each statement before 18
BEGIN
    RETURN greatest(now(), interval '1 millisecond' + greatest(p_after, (
        SELECT created_at FROM message WHERE contact_id = p_contact ORDER BY created_at DESC LIMIT 1)));
END
$$;

CREATE OR REPLACE FUNCTION conversation_view(c conversation) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'account_id', c.account_id, 'channel', c.channel, 'brand_id', c.brand_id,
        'contact_id', c.contact_id, 'case_id', c.case_id, 'subject', c.subject, 'status', c.status,
        'spam', c.spam, 'language', c.language, 'assignee_id', c.assignee_id, 'preview', c.preview,
        'waiting_since', c.waiting_since, 'last_message_at', c.last_message_at,
        'last_inbound_at', c.last_inbound_at, 'contact_read_at', c.contact_read_at,
        'agent_read_at', c.agent_read_at, 'snoozed_until', c.snoozed_until, 'trouble', c.trouble,
        'version', c.version, 'created_at', c.created_at, 'closed_at', c.closed_at)
$$;

CREATE OR REPLACE FUNCTION case_view(c cases) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'number', c.number, 'brand_id', c.brand_id, 'contact_id', c.contact_id, 'title', c.title,
        'expectation', c.expectation, 'status', c.status, 'waiting_for', c.waiting_for,
        'owner_id', c.owner_id, 'promised_at', c.promised_at, 'promise', c.promise,
        'promised_by', c.promised_by, 'promised_on', c.promised_on, 'snoozed_until', c.snoozed_until,
        'resolved_at', c.resolved_at,
        'resolved_by', c.resolved_by, 'resolution', c.resolution, 'asked_at', c.asked_at,
        'merged_into', c.merged_into,
        'door_id', c.door_id, 'taken_to_owner_at', c.taken_to_owner_at, 'version', c.version, 'created_at', c.created_at,
        'updated_at', c.updated_at,
        'steps', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', s.id, 'position', s.position, 'title', s.title,
                       'state', s.state, 'due_at', s.due_at, 'done_at', s.done_at) ORDER BY s.position)
            FROM case_step s WHERE s.case_id = c.id), '[]'))
$$;

CREATE OR REPLACE FUNCTION interaction_view(i interaction) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', i.id, 'conversation_id', i.conversation_id, 'case_id', i.case_id, 'agent_id', i.agent_id,
        'state', i.state, 'reason', i.reason, 'decision', i.decision, 'queued_at', i.queued_at,
        'offered_at', i.offered_at, 'offer_expires_at', i.offer_expires_at, 'accepted_at', i.accepted_at,
        'first_reply_at', i.first_reply_at, 'wrap_up_at', i.wrap_up_at,
        'wrap_up_ends_at', i.wrap_up_ends_at, 'wrap_up_extended', i.wrap_up_extended, 'ended_at', i.ended_at,
        'disposition', i.disposition, 'progress', i.progress)
$$;

-- What the visitor of a conversation may know of it: never more than this.
CREATE OR REPLACE FUNCTION visitor_conversation_view(v conversation) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'status', v.status,
        'agent', (SELECT jsonb_build_object('name', name, 'portrait', portrait) FROM agent
                  WHERE id = v.assignee_id),
        'beside', coalesce((SELECT jsonb_agg(p.name ORDER BY p.created_at, p.id) FROM participant p
                            WHERE p.conversation_id = v.id AND p.role = 'agent'
                              AND v.status = 'open' AND v.assignee_id IS NOT NULL), '[]'),
        'waiting', v.status = 'open' AND v.assignee_id IS NULL AND v.waiting_since IS NOT NULL,
        'agent_read_at', v.agent_read_at)
$$;

-- Append that a conversation changed in what only the desk sees of it: the hot path's way.
CREATE OR REPLACE FUNCTION tell_desk(v conversation, p_actor text) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('conversation.changed', 'staff', p_actor, v.contact_id, v.id, v.case_id,
                        jsonb_build_object('conversation', conversation_view(v)))
$$;

-- Append that a conversation changed: whole for the desk, the little that concerns them for its visitor.
CREATE OR REPLACE FUNCTION tell_conversation(v conversation, p_actor text) RETURNS void LANGUAGE sql AS $$
    SELECT tell_desk(v, p_actor);
    SELECT append_event('conversation.for_visitor', 'all', p_actor, v.contact_id, v.id, v.case_id,
                        visitor_conversation_view(v))
$$;

-- Append the person and the matter of a conversation that comes to the desk again: a screen that knows only
-- what is open has not seen them.
CREATE OR REPLACE FUNCTION tell_about(v conversation, p_actor text) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('contact.changed', 'staff', p_actor, c.id, v.id, v.case_id,
                        jsonb_build_object('contact', contact_view(c)))
    FROM contact c WHERE c.id = v.contact_id;
    SELECT append_event('case.changed', 'staff', p_actor, v.contact_id, v.id, k.id,
                        jsonb_build_object('case', case_view(k)))
    FROM cases k WHERE k.id = v.case_id
$$;
