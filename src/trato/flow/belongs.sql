-- Whether an agent is one of those of a group: has the skill, serves the queue, is of the team or works at the site.
CREATE OR REPLACE FUNCTION belongs_to(p_agent uuid, p_kind text, p_id uuid, p_level integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE p_kind
        WHEN 'team' THEN EXISTS (SELECT FROM agent_profile WHERE agent_id = p_agent AND team_id = p_id)
        WHEN 'site' THEN EXISTS (SELECT FROM agent_profile f JOIN team t ON t.id = f.team_id
                                 WHERE f.agent_id = p_agent AND t.site_id = p_id)
        WHEN 'skill' THEN EXISTS (SELECT FROM agent_skill WHERE agent_id = p_agent AND skill_id = p_id
                                  AND level >= coalesce(p_level, 1) AND (until IS NULL OR until > now()))
        WHEN 'queue' THEN NOT EXISTS (
                SELECT FROM queue_skill need WHERE need.queue_id = p_id AND NOT EXISTS (
                    SELECT FROM agent_skill s WHERE s.agent_id = p_agent AND s.skill_id = need.skill_id
                      AND s.level >= need.level AND (s.until IS NULL OR s.until > now())))
            AND (NOT EXISTS (SELECT FROM queue_team WHERE queue_id = p_id)
                 OR EXISTS (SELECT FROM queue_team g JOIN agent_profile f ON f.team_id = g.team_id
                            WHERE g.queue_id = p_id AND f.agent_id = p_agent))
        ELSE false END
$$;
