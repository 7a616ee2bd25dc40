-- What agents are writing: it goes with the conversation, and its files with it.

-- Those of some files that an agent may send: their own, which no message has, in the order given.
CREATE OR REPLACE FUNCTION draft_files(p_ids uuid[], p_agent uuid) RETURNS SETOF attachment LANGUAGE sql STABLE AS $$
    SELECT a.* FROM attachment a
    WHERE a.id = ANY (p_ids) AND a.message_id IS NULL
      AND a.uploaded_by = 'user:' || (SELECT user_id FROM agent WHERE id = p_agent)
    ORDER BY array_position(p_ids, a.id)
$$;

CREATE OR REPLACE FUNCTION draft_file_ids(p_ids uuid[], p_agent uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT f.id FROM draft_files(p_ids, p_agent) f)
$$;

CREATE OR REPLACE FUNCTION uuids(p_list jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY(SELECT jsonb_array_elements_text(p_list)::uuid)
$$;

-- What a draft holds, as its writer reads it.
CREATE OR REPLACE FUNCTION draft_part(p_text text, p_also jsonb, p_file_ids uuid[], p_agent uuid)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT '{"to": "", "cc": "", "bcc": "", "reply_all": false}' || p_also || jsonb_build_object(
        'text', p_text,
        'files', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'filename', f.filename, 'size', f.size)),
                                  '[]') FROM draft_files(p_file_ids, p_agent) f))
$$;

-- What came along with a conversation, but for what its writer has taken in.
CREATE OR REPLACE FUNCTION came_without(p_came jsonb, p_took uuid[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(one ORDER BY place), '[]')
    FROM jsonb_array_elements(p_came) WITH ORDINALITY AS each(one, place)
    WHERE (one->>'id')::uuid <> ALL (p_took)
$$;

-- The files of a draft, and of what came along to it.
CREATE OR REPLACE FUNCTION all_draft_files(d draft) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
    SELECT d.file_ids || ARRAY(SELECT unnest(uuids(one->'file_ids')) FROM jsonb_array_elements(d.came) one)
$$;

-- The files of a draft are sent by whoever gets it: they are theirs from now on. What waits to go out keeps its own.
CREATE OR REPLACE FUNCTION draft_files_follow(d draft, p_agent uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE attachment a SET uploaded_by = 'user:' || g.user_id, created_at = now()
    FROM draft_files(all_draft_files(d), d.agent_id) f, agent g
    WHERE a.id = f.id AND g.id = p_agent AND g.user_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM scheduled_message s
                      WHERE s.state IN ('waiting', 'held') AND a.id = ANY (s.file_ids))
$$;

-- What who had a conversation was writing becomes the draft of who has it now. Whoever has begun one keeps that,
-- and what came along stands beside it until they have taken it in; what is in it already does not come twice.
CREATE OR REPLACE FUNCTION drafts_follow(p_conversation uuid, p_agent uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    d draft;
BEGIN
    FOR d IN
        SELECT * FROM draft
        WHERE conversation_id = p_conversation AND agent_id <> p_agent
          AND EXISTS (SELECT FROM interaction i WHERE i.conversation_id = p_conversation
                      AND i.agent_id = draft.agent_id AND i.accepted_at IS NOT NULL)
          AND NOT EXISTS (SELECT FROM participant g WHERE g.conversation_id = p_conversation
                          AND g.role = 'agent' AND g.agent_id = draft.agent_id)
        ORDER BY updated_at DESC, agent_id FOR UPDATE
    LOOP
        PERFORM draft_files_follow(d, p_agent);
        DELETE FROM draft WHERE conversation_id = p_conversation AND agent_id = d.agent_id AND kind = d.kind;
        INSERT INTO draft (conversation_id, agent_id, kind, text, also, file_ids, came, from_agent_id)
        VALUES (p_conversation, p_agent, d.kind, d.text, d.also, d.file_ids, d.came,
                coalesce(nullif(d.from_agent_id, p_agent), d.agent_id))
        ON CONFLICT (conversation_id, agent_id, kind) DO UPDATE SET came = draft.came || excluded.came || CASE
            WHEN position(btrim(d.text, E' \n\t') IN draft.text) > 0 AND d.file_ids <@ draft.file_ids THEN '[]'
            ELSE jsonb_build_array(jsonb_build_object(
                'id', gen_random_uuid(), 'from_agent_id', d.agent_id, 'text', d.text, 'also', d.also,
                'file_ids', d.file_ids)) END;
    END LOOP;
END
$$;
