-- What keeps cases in motion, as the API and the event log show it.

CREATE OR REPLACE FUNCTION task_view(t task) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', t.id, 'case_id', t.case_id, 'place', t.place, 'kind', t.kind, 'step_id', t.step_id, 'title', t.title,
        'owner_id', t.owner_id, 'due_at', t.due_at, 'state', t.state, 'snoozed_until', t.snoozed_until,
        'until_reply', t.until_reply, 'broken_at', t.broken_at, 'done_at', t.done_at, 'done_by', t.done_by,
        'created_by', t.created_by, 'version', t.version, 'created_at', t.created_at)
$$;

CREATE OR REPLACE FUNCTION tell_task(t task, p_actor text) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('task.changed', 'staff', p_actor, k.contact_id, NULL, k.id,
                        jsonb_build_object('task', task_view(t)))
    FROM (SELECT t.case_id) one LEFT JOIN cases k ON k.id = one.case_id
$$;

-- An amount of money is a text: no reader rounds it.
CREATE OR REPLACE FUNCTION gesture_view(g gesture) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', g.id, 'case_id', g.case_id, 'amount', g.amount::text, 'currency', g.currency, 'what', g.what,
        'state', g.state, 'given_by', g.given_by, 'decided_by', g.decided_by, 'decided_at', g.decided_at,
        'reason', g.reason, 'version', g.version, 'created_at', g.created_at)
$$;

CREATE OR REPLACE FUNCTION tell_gesture(g gesture, p_actor text) RETURNS void LANGUAGE sql AS $$
    SELECT append_event('gesture.changed', 'staff', p_actor, k.contact_id, NULL, k.id,
                        jsonb_build_object('gesture', gesture_view(g)))
    FROM cases k WHERE k.id = g.case_id
$$;
