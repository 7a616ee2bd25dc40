-- Queues and profiles as the leader reads them, and what tells it of their changes.

-- What a queue asks for, as the leader reads it; null when it is gone.
CREATE OR REPLACE FUNCTION queue_for_leader(p_queue uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'queue_id', q.id, 'name', q.name, 'priority', q.priority, 'target_s', q.target_s,
        'patience_s', q.patience_s, 'language_needed', q.language_needed, 'relaxation', q.relaxation,
        'push_to', q.push_to, 'offer_expires_s', q.offer_expires_s, 'auto_accept', q.auto_accept,
        'skills', coalesce((SELECT jsonb_object_agg(s.skill_id, s.level) FROM queue_skill s WHERE s.queue_id = q.id), '{}'),
        'names', coalesce((SELECT jsonb_object_agg(k.id, k.name) FROM queue_skill s JOIN skill k ON k.id = s.skill_id
                           WHERE s.queue_id = q.id), '{}'),
        'teams', coalesce((SELECT jsonb_agg(t.team_id ORDER BY t.team_id) FROM queue_team t WHERE t.queue_id = q.id), '[]'),
        'sites', coalesce((SELECT jsonb_agg(DISTINCT t.site_id) FROM queue_team s JOIN team t ON t.id = s.team_id
                           WHERE s.queue_id = q.id AND t.site_id IS NOT NULL), '[]'))
    FROM queue q WHERE q.id = p_queue
$$;

-- What an agent can do: skills that are not lent for a time that is over, languages, team and its site. Null for
-- one who works here no more.
CREATE OR REPLACE FUNCTION profile_of(p_agent uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'skills', coalesce((SELECT jsonb_object_agg(s.skill_id, s.level) FROM agent_skill s
                            WHERE s.agent_id = a.id AND (s.until IS NULL OR s.until > now())), '{}'),
        'languages', coalesce(to_jsonb(nullif(p.languages, '{}')), CASE WHEN u.language IS NOT NULL THEN jsonb_build_array(u.language) END, '[]'),
        'team', p.team_id, 'site', t.site_id, 'limits', coalesce(p.limits, '{}'))
    FROM agent a
    LEFT JOIN users u ON u.id = a.user_id
    LEFT JOIN agent_profile p ON p.agent_id = a.id
    LEFT JOIN team t ON t.id = p.team_id
    WHERE a.id = p_agent AND a.active
$$;

CREATE OR REPLACE FUNCTION leader_hears_of_queue() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_inbox (kind, queue_id)
    SELECT 'queue', coalesce((to_jsonb(r)->>'queue_id')::uuid, (to_jsonb(r)->>'id')::uuid)
    FROM (SELECT coalesce(NEW, OLD) AS r) x;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION leader_hears_of_agent() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_inbox (kind, agent_id) VALUES ('profile', (coalesce(NEW, OLD)).agent_id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION leader_hears_of_language() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_inbox (kind, agent_id) SELECT 'profile', id FROM agent WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;

-- A team that moves to another site takes its agents and its queues there.
CREATE OR REPLACE FUNCTION leader_hears_of_team() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_inbox (kind, agent_id) SELECT 'profile', agent_id FROM agent_profile WHERE team_id = NEW.id;
    INSERT INTO routing_inbox (kind, queue_id) SELECT 'queue', queue_id FROM queue_team WHERE team_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION leader_hears_of_skill() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_inbox (kind, queue_id) SELECT 'queue', queue_id FROM queue_skill WHERE skill_id = NEW.id;
    RETURN NULL;
END
$$;

-- What changes for everybody who waits: the leader reads all of it anew.
CREATE OR REPLACE FUNCTION leader_reads_anew() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_inbox (kind) VALUES ('anew');
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER leader_hears AFTER INSERT OR UPDATE OR DELETE ON queue
    FOR EACH ROW EXECUTE FUNCTION leader_hears_of_queue();
CREATE OR REPLACE TRIGGER leader_hears AFTER INSERT OR UPDATE OR DELETE ON queue_skill
    FOR EACH ROW EXECUTE FUNCTION leader_hears_of_queue();
CREATE OR REPLACE TRIGGER leader_hears AFTER INSERT OR UPDATE OR DELETE ON queue_team
    FOR EACH ROW EXECUTE FUNCTION leader_hears_of_queue();
CREATE OR REPLACE TRIGGER leader_hears AFTER INSERT OR UPDATE OR DELETE ON agent_profile
    FOR EACH ROW EXECUTE FUNCTION leader_hears_of_agent();
CREATE OR REPLACE TRIGGER leader_hears AFTER INSERT OR UPDATE OR DELETE ON agent_skill
    FOR EACH ROW EXECUTE FUNCTION leader_hears_of_agent();
CREATE OR REPLACE TRIGGER leader_hears AFTER UPDATE OF site_id ON team
    FOR EACH ROW EXECUTE FUNCTION leader_hears_of_team();
CREATE OR REPLACE TRIGGER leader_hears AFTER UPDATE OF name ON skill
    FOR EACH ROW EXECUTE FUNCTION leader_hears_of_skill();
CREATE OR REPLACE TRIGGER leader_hears_of_language AFTER UPDATE OF language ON users
    FOR EACH ROW WHEN (NEW.language IS DISTINCT FROM OLD.language) EXECUTE FUNCTION leader_hears_of_language();
CREATE OR REPLACE TRIGGER leader_reads_anew AFTER INSERT OR UPDATE OR DELETE ON channel_weight
    FOR EACH STATEMENT EXECUTE FUNCTION leader_reads_anew();
