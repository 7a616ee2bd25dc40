-- Presence and the waiting: what ingest, the desk and the leader say about them, each in one statement.
-- Order of locks, for everybody: lease, conversation, waiting, interaction, presence; several of a kind by id.
-- Whoever changes what the leader knows leaves a row in the inbox, in the same transaction.

INSERT INTO routing_lease DEFAULT VALUES ON CONFLICT DO NOTHING;

-- What an agent does: where they said they are and, for who is available, what they have in hand.
CREATE OR REPLACE FUNCTION presence_state(p presence) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p.state <> 'available' OR p.load = 0 THEN p.state ELSE coalesce((
        SELECT CASE WHEN bool_or(i.state = 'accepted') THEN 'handling' ELSE 'wrap_up' END FROM interaction i
        WHERE i.agent_id = p.agent_id AND i.state IN ('accepted', 'wrap_up') HAVING count(*) > 0), p.state) END
$$;

CREATE OR REPLACE FUNCTION presence_view(p presence) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'agent_id', p.agent_id, 'state', presence_state(p), 'said', p.state, 'reason', p.reason, 'since', p.since,
        'capacity', p.capacity, 'load', p.load, 'idle_since', p.idle_since,
        'reconnecting', p.reconnecting)
$$;

CREATE OR REPLACE FUNCTION tell_presence(p_actor text, p presence) RETURNS void
LANGUAGE sql AS $$
    SELECT append_event('presence.changed', 'staff', p_actor, NULL, NULL, NULL,
                        jsonb_build_object('presence', presence_view(p)))
$$;

-- Tell that an agent handles `p_handled` conversations now, unless it was the number before that changed their state.
-- Whoever tells of a presence has its row locked, so that the last that is told is how it is.
CREATE OR REPLACE FUNCTION tell_work(p_agent uuid, p_handled integer, p_actor text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v presence;
BEGIN
    SELECT * INTO STRICT v FROM presence WHERE agent_id = p_agent FOR NO KEY UPDATE;
    IF p_handled = (SELECT count(*) FROM interaction WHERE agent_id = p_agent AND state = 'accepted') THEN
        PERFORM tell_presence(p_actor, v);
    END IF;
END
$$;

-- Put a conversation in line; does nothing when it is in line, offered or in somebody's hands already.
-- The caller has the conversation's row locked (it has just updated it). `p_needs` adds to what is known here:
-- language, owner (of the case) and spoke_last, who are preferred when they have room.
CREATE OR REPLACE FUNCTION route_arrival(
    p_conversation uuid, p_since timestamptz, p_priority integer, p_needs jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v conversation;
BEGIN
    PERFORM FROM waiting WHERE conversation_id = p_conversation FOR KEY SHARE;
    IF FOUND THEN
        RETURN;
    END IF;
    INSERT INTO waiting (conversation_id, since, priority, channel, queue_id, needs)
    SELECT c.id, least(p_since, now()), p_priority, c.channel,
           (SELECT queue_id FROM queue_account q WHERE q.account_id = c.account_id),
           jsonb_strip_nulls(jsonb_build_object(
        'language', c.language,
        'owner', (SELECT k.owner_id FROM cases k WHERE k.id = c.case_id),
        'spoke_last', coalesce(c.assignee_id, (
            SELECT o.assignee_id FROM conversation o
            WHERE o.case_id = c.case_id AND o.assignee_id IS NOT NULL
            ORDER BY o.last_message_at DESC NULLS LAST LIMIT 1)),
        'spoke_at', (SELECT max(coalesce(i.ended_at, i.accepted_at)) FROM interaction i
                     JOIN conversation o ON o.id = i.conversation_id
                     WHERE i.accepted_at IS NOT NULL AND i.agent_id = o.assignee_id
                       AND (o.id = c.id OR o.case_id = c.case_id)))) || coalesce(p_needs, '{}')
    FROM conversation c
    WHERE c.id = p_conversation AND NOT EXISTS (
        SELECT FROM interaction i WHERE i.conversation_id = c.id AND i.state IN ('offered', 'accepted'))
    ON CONFLICT (conversation_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO routing_inbox (kind, conversation_id) VALUES ('arrived', p_conversation);
    -- Nobody has it now; whoever had it is remembered in `spoke_last`.
    UPDATE conversation SET assignee_id = NULL, version = version + 1
    WHERE id = p_conversation AND assignee_id IS NOT NULL RETURNING * INTO v;
    IF FOUND THEN
        PERFORM append_event('conversation.changed', 'staff', 'system', v.contact_id, v.id, v.case_id,
                             jsonb_build_object('conversation', conversation_view(v)));
    END IF;
END
$$;

-- Put a conversation in line that was opened in this very transaction, about a new matter: nobody has it, and
-- nobody has spoken about it.
CREATE OR REPLACE FUNCTION route_opened(
    p_conversation uuid, p_since timestamptz, p_priority integer, p_needs jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH placed AS (
        INSERT INTO waiting (conversation_id, since, priority, channel, queue_id, needs)
        SELECT v.id, p_since, p_priority, v.channel, q.queue_id, p_needs
        FROM conversation v LEFT JOIN queue_account q ON q.account_id = v.account_id
        WHERE v.id = p_conversation
    )
    INSERT INTO routing_inbox (kind, conversation_id) VALUES ('arrived', p_conversation);
END
$$;

-- Take a conversation out of line. An offer of it is ended by `end_interaction` (flow), which calls this.
CREATE OR REPLACE FUNCTION route_left(p_conversation uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM waiting WHERE conversation_id = p_conversation;
    IF FOUND THEN
        INSERT INTO routing_inbox (kind, conversation_id) VALUES ('left', p_conversation);
    END IF;
END
$$;

-- How much of a capacity a conversation takes: one unit if nothing is said of its channel, all of it when it is
-- exclusive, never more than all of it.
CREATE OR REPLACE FUNCTION units_of(p_channel text, p_capacity integer) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT greatest(1, coalesce((
        SELECT CASE WHEN exclusive THEN p_capacity ELSE least(units, p_capacity) END
        FROM channel_weight WHERE channel = p_channel), 1))
$$;

-- Whether one more conversation of a channel fits, in units and within the agent's limit for it.
CREATE OR REPLACE FUNCTION has_room(p_agent uuid, p_channel text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM presence WHERE agent_id = p_agent AND load + units_of(p_channel, capacity) <= capacity)
       AND NOT EXISTS (SELECT FROM presence_channel
                       WHERE agent_id = p_agent AND channel = p_channel AND load >= capacity)
$$;

-- Take room for a conversation of a channel, whether available or not; returns the units, null when there is none.
-- The caller tells of it once the work is there.
CREATE OR REPLACE FUNCTION take_room(p_agent uuid, p_channel text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_units integer;
BEGIN
    SELECT units_of(p_channel, capacity) INTO v_units FROM presence WHERE agent_id = p_agent FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT has_room(p_agent, p_channel) THEN
        RETURN NULL;
    END IF;
    UPDATE presence SET load = load + v_units WHERE agent_id = p_agent;
    UPDATE presence_channel SET load = load + 1 WHERE agent_id = p_agent AND channel = p_channel;
    INSERT INTO routing_inbox (kind, agent_id) VALUES ('agent', p_agent);
    RETURN v_units;
END
$$;

-- Give the room of an interaction back. What was lowered below the load comes down with it.
CREATE OR REPLACE FUNCTION free_room(i interaction, p_actor text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v presence;
BEGIN
    UPDATE presence p SET load = p.load - i.units, capacity = greatest(a.capacity, p.load - i.units), idle_since = now()
    FROM agent a WHERE a.id = p.agent_id AND p.agent_id = i.agent_id RETURNING p.* INTO STRICT v;
    UPDATE presence_channel h SET load = h.load - 1, capacity = greatest((f.limits->>h.channel)::integer, h.load - 1)
    FROM conversation c, agent_profile f
    WHERE c.id = i.conversation_id AND f.agent_id = i.agent_id AND h.agent_id = i.agent_id AND h.channel = c.channel;
    INSERT INTO routing_inbox (kind, agent_id) VALUES ('agent', i.agent_id);
    PERFORM tell_presence(p_actor, v);
END
$$;

-- An agent's limits for channels, whoever changes them: one below what is in hand comes down as the work ends.
CREATE OR REPLACE FUNCTION limits_follow_profile() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM presence WHERE agent_id = NEW.agent_id FOR NO KEY UPDATE;
    DELETE FROM presence_channel WHERE agent_id = NEW.agent_id AND NOT NEW.limits ? channel;
    INSERT INTO presence_channel (agent_id, channel, load, capacity)
    SELECT NEW.agent_id, l.key, held.count, greatest(l.value::integer, held.count)
    FROM jsonb_each_text(NEW.limits) l, LATERAL (
        SELECT count(*) AS count FROM interaction i JOIN conversation c ON c.id = i.conversation_id
        WHERE i.agent_id = NEW.agent_id AND i.state IN ('offered', 'accepted', 'wrap_up') AND c.channel = l.key) held
    ON CONFLICT (agent_id, channel) DO UPDATE SET load = excluded.load, capacity = excluded.capacity;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER limits_follow_profile AFTER INSERT OR UPDATE OF limits ON agent_profile
    FOR EACH ROW EXECUTE FUNCTION limits_follow_profile();

-- Set where an agent is. `p_only_from` (null: any) makes it a compare-and-set for the router's own changes.
CREATE OR REPLACE FUNCTION set_presence(
    p_agent uuid, p_state text, p_reason text, p_actor text, p_only_from text
) RETURNS presence
LANGUAGE plpgsql AS $$
DECLARE
    v presence;
BEGIN
    UPDATE presence SET
        state = p_state, reason = p_reason,
        since = CASE WHEN state = p_state THEN since ELSE now() END,
        idle_since = CASE WHEN state <> 'available' AND p_state = 'available' THEN now() ELSE idle_since END,
        last_seen_at = CASE WHEN p_only_from IS NULL THEN now() ELSE last_seen_at END,
        unanswered = 0, reconnecting = false
    WHERE agent_id = p_agent AND (p_only_from IS NULL OR state = p_only_from) RETURNING * INTO v;
    IF FOUND THEN
        INSERT INTO routing_inbox (kind, agent_id) VALUES ('agent', p_agent);
        PERFORM tell_presence(p_actor, v);
    END IF;
    RETURN v;
END
$$;

-- Every agent has a presence that follows their capacity and ends with them, whoever changes the agent. Who has
-- something exclusive in hand, such as a call, has no room until it ends, however much more they may hold from then on.
CREATE OR REPLACE FUNCTION presence_follows_agent() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v presence;
    v_capacity integer := NEW.capacity;
BEGIN
    PERFORM FROM presence WHERE agent_id = NEW.id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM interaction WHERE agent_id = NEW.id AND exclusive
               AND state IN ('offered', 'accepted', 'wrap_up')) THEN
        v_capacity := 0;
    END IF;
    INSERT INTO presence (agent_id, since, capacity, idle_since)
    VALUES (NEW.id, now(), NEW.capacity, now())
    ON CONFLICT (agent_id) DO UPDATE SET
        capacity = greatest(v_capacity, presence.load),
        state = CASE WHEN NEW.active THEN presence.state ELSE 'offline' END,
        reason = CASE WHEN NEW.active THEN presence.reason ELSE 'deactivated' END,
        since = CASE WHEN NEW.active OR presence.state = 'offline' THEN presence.since ELSE now() END
    RETURNING * INTO v;
    INSERT INTO routing_inbox (kind, agent_id) VALUES ('profile', NEW.id);
    PERFORM tell_presence('system', v);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER presence_follows_agent
    AFTER INSERT OR UPDATE OF capacity, active, user_id ON agent
    FOR EACH ROW EXECUTE FUNCTION presence_follows_agent();

INSERT INTO presence (agent_id, since, capacity, idle_since)
SELECT id, now(), capacity, now() FROM agent ON CONFLICT DO NOTHING;

-- Whoever waits waits with the preference that they have now, whoever changes it and where.
CREATE OR REPLACE FUNCTION waiting_follows_preference() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    WITH told AS (
        UPDATE waiting w SET needs = w.needs || jsonb_build_object('prefers', NEW.prefers)
        FROM conversation v WHERE v.id = w.conversation_id AND v.contact_id = NEW.id
        RETURNING w.conversation_id
    )
    INSERT INTO routing_inbox (kind, conversation_id) SELECT 'arrived', conversation_id FROM told;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER waiting_follows_preference
    AFTER UPDATE OF prefers ON contact
    FOR EACH ROW WHEN (NEW.prefers IS DISTINCT FROM OLD.prefers) EXECUTE FUNCTION waiting_follows_preference();
