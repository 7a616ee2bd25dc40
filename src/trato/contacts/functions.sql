-- Contacts as the API and the event log show them, and how an address finds its person.

CREATE OR REPLACE FUNCTION contact_view(c contact) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'name', c.name, 'language', c.language, 'time_zone', c.time_zone,
        'prefers', c.prefers, 'preferred_channel', c.preferred_channel, 'tone', c.tone,
        'preference_source', c.preference_source, 'blocked_at', c.blocked_at, 'merged_into', c.merged_into,
        'version', c.version, 'created_at', c.created_at,
        'addresses', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'value', a.value,
                       'verified_at', a.verified_at, 'verified_by', a.verified_by) ORDER BY a.created_at, a.id)
            FROM address a WHERE a.contact_id = c.id), '[]'),
        'facts', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', f.id, 'case_id', f.case_id, 'name', f.name,
                       'value', f.value, 'said_by', f.said_by, 'said_at', f.said_at, 'source', f.source,
                       'noted_by', f.noted_by, 'certainty', f.certainty,
                       'conversation_id', f.conversation_id) ORDER BY f.said_at DESC, f.id)
            FROM fact f WHERE f.contact_id = c.id), '[]'))
$$;

-- Make a contact with its first address, verified by `p_verifier` if there is one. Null, and nothing is made,
-- when somebody was faster with the same address.
CREATE OR REPLACE FUNCTION make_contact(
    p_kind text, p_value text, p_key text, p_name text, p_language text, p_verifier text,
    p_contact uuid, p_address uuid
) RETURNS contact LANGUAGE plpgsql AS $$
DECLARE
    v contact;
BEGIN
    WITH made AS (
        INSERT INTO contact (id, name, language) VALUES (p_contact, p_name, p_language) RETURNING *
    ), its_address AS (
        INSERT INTO address (id, contact_id, kind, value, key, verified_by, verified_at)
        VALUES (p_address, p_contact, p_kind, p_value, p_key, p_verifier,
                CASE WHEN p_verifier IS NOT NULL THEN now() END)
        ON CONFLICT (kind, key) DO NOTHING RETURNING contact_id
    )
    SELECT made.* INTO v FROM made JOIN its_address ON contact_id = made.id;
    IF NOT FOUND THEN
        DELETE FROM contact WHERE id = p_contact;
    END IF;
    RETURN v;
END
$$;

-- Return the contact of an address; when nobody has it, both are made. Two callers at once get the same.
CREATE OR REPLACE FUNCTION resolve_address(
    p_kind text, p_value text, p_key text, p_name text, p_language text, p_contact uuid, p_address uuid
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_contact uuid;
BEGIN
    SELECT contact_id INTO v_contact FROM address WHERE kind = p_kind AND key = p_key;
    IF NOT FOUND THEN
        v_contact := (make_contact(p_kind, p_value, p_key, p_name, p_language, NULL, p_contact, p_address)).id;
    END IF;
    IF v_contact IS NULL THEN  -- somebody was faster
        SELECT contact_id INTO STRICT v_contact FROM address WHERE kind = p_kind AND key = p_key;
    END IF;
    RETURN v_contact;
END
$$;
