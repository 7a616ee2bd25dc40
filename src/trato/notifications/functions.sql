-- What agents are told, as the API and the event log show it.

-- The words come from where they stand, cut short: a notification keeps none of its own.
CREATE OR REPLACE FUNCTION notification_words(n notification) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT left(regexp_replace(CASE n.kind
        WHEN 'task' THEN (SELECT title FROM task WHERE id = n.about_id)
        WHEN 'promise' THEN coalesce(
            (SELECT title FROM task WHERE id = n.about_id),
            (SELECT coalesce(nullif(promise, ''), title) FROM cases WHERE id = n.case_id))
        WHEN 'approval' THEN (SELECT what FROM gesture WHERE id = n.about_id)
        WHEN 'consult' THEN (SELECT question FROM consult WHERE id = n.about_id)
        WHEN 'offered' THEN (SELECT preview FROM conversation WHERE id = n.conversation_id)
        WHEN 'assigned' THEN (SELECT preview FROM conversation WHERE id = n.conversation_id)
        ELSE (SELECT text FROM message WHERE id = n.message_id) END, '\s+', ' ', 'g'), 160)
$$;

CREATE OR REPLACE FUNCTION notification_view(n notification) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', n.id, 'kind', n.kind, 'conversation_id', n.conversation_id, 'case_id', n.case_id,
        'message_id', n.message_id, 'about_id', n.about_id, 'count', n.count, 'told_at', n.told_at,
        'expires_at', n.expires_at, 'read_at', n.read_at,
        'actor', (SELECT name FROM agent WHERE id = n.actor_id),
        'contact', (SELECT nullif(name, '') FROM contact WHERE id = n.contact_id),
        'case_number', (SELECT number FROM cases WHERE id = n.case_id),
        'case_title', (SELECT nullif(title, '') FROM cases WHERE id = n.case_id),
        'words', coalesce(notification_words(n), ''))
$$;

CREATE OR REPLACE FUNCTION unread_notifications(p_agent uuid) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer FROM notification
    WHERE agent_id = p_agent AND read_at IS NULL AND (expires_at IS NULL OR expires_at > now())
$$;

-- Tell one agent's desks how many there are now, and of the one that just came, if one did.
CREATE OR REPLACE FUNCTION tell_notified(p_agent uuid, n notification, p_ways jsonb) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('notification.changed', 'staff', 'system', NULL, n.conversation_id, n.case_id,
        jsonb_build_object('agent_id', p_agent, 'unread', unread_notifications(p_agent), 'ways', p_ways,
                           'notification', CASE WHEN n.id IS NOT NULL THEN notification_view(n) END))
$$;
