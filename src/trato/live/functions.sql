-- The event log's two functions: append within any transaction, and give positions to what was committed.

INSERT INTO event_position DEFAULT VALUES ON CONFLICT DO NOTHING;

-- Append one event; it becomes visible to readers once the caller's transaction has committed and it was
-- sequenced. Never notifies: a NOTIFY inside the transaction would serialise all commits.
CREATE OR REPLACE FUNCTION append_event(
    p_type text, p_audience text, p_actor text, p_contact uuid, p_conversation uuid, p_case uuid, p_data jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event (type, audience, actor, contact_id, conversation_id, case_id, data)
    VALUES (p_type, p_audience, p_actor, p_contact, p_conversation, p_case, p_data);
END
$$;

-- Give the next positions to committed events, in the order of their ids, at most 1,000 a call; return the
-- last position given so far. Any number of processes may call it at the same time, in READ COMMITTED.
--
-- Why no reader that follows `position` ever misses an event: positions are handed out under the lock of the
-- one row of event_position, which is held until commit, so they become visible in their own order. The
-- statement that chooses events starts after the lock was got, so under READ COMMITTED it sees what all
-- earlier holders did. A writer that commits late is not seen yet, and gets a later position.
CREATE OR REPLACE FUNCTION sequence_events() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_last bigint;
    v_given bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM event WHERE position IS NULL) THEN
        RETURN (SELECT last FROM event_position);
    END IF;

    SELECT last INTO STRICT v_last FROM event_position FOR UPDATE;

    WITH waiting AS MATERIALIZED (
        SELECT id FROM event WHERE position IS NULL ORDER BY id LIMIT 1000
    ), numbered AS (
        SELECT id, v_last + row_number() OVER (ORDER BY id) AS position FROM waiting
    )
    UPDATE event SET position = numbered.position FROM numbered WHERE event.id = numbered.id;
    GET DIAGNOSTICS v_given = ROW_COUNT;

    IF v_given > 0 THEN
        UPDATE event_position SET last = v_last + v_given;
    END IF;
    RETURN v_last + v_given;
END
$$;
