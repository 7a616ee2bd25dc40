-- What a visitor is told of their conversation, however it changed.

CREATE OR REPLACE FUNCTION visitor_standing(v conversation) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'status', v.status, 'waiting', v.status <> 'closed' AND v.waiting_since IS NOT NULL,
        'agent', (SELECT jsonb_build_object('name', a.name) FROM agent a WHERE a.id = v.assignee_id),
        'agent_read_at', v.agent_read_at)
$$;

-- A trigger, so that whoever assigns, closes or reads a conversation need not know of visitors. It looks
-- only when one of the few columns changed that a visitor is told of.
CREATE OR REPLACE FUNCTION tell_visitor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM visitor WHERE id::text = NEW.conversation_key AND account_id = NEW.account_id) THEN
        PERFORM append_event('conversation.for_visitor', 'all', 'system', NEW.contact_id, NEW.id, NEW.case_id,
                             visitor_standing(NEW));
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER tell_visitor
    AFTER UPDATE OF status, assignee_id, agent_read_at ON conversation FOR EACH ROW
    WHEN ((OLD.status, OLD.assignee_id, OLD.agent_read_at)
          IS DISTINCT FROM (NEW.status, NEW.assignee_id, NEW.agent_read_at))
    EXECUTE FUNCTION tell_visitor();
