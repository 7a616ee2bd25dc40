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
            FROM address a WHERE a.contact_id = c.id), '[]'))
$$;

-- Return the contact who owns an address; a new contact when nobody does. Two callers at once get the same.
CREATE OR REPLACE FUNCTION resolve_contact(
    p_kind text, p_value text, p_key text, p_name text, p_language text, p_new uuid, p_address uuid
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_contact uuid;
BEGIN
    SELECT contact_id INTO v_contact FROM address WHERE kind = p_kind AND key = p_key;
    IF FOUND THEN
        RETURN v_contact;
    END IF;
    INSERT INTO contact (id, name, language) VALUES (p_new, p_name, p_language);
    INSERT INTO address (id, contact_id, kind, value, key)
    VALUES (p_address, p_new, p_kind, p_value, p_key)
    ON CONFLICT (kind, key) DO NOTHING;
    IF FOUND THEN
        RETURN p_new;
    END IF;
    DELETE FROM contact WHERE id = p_new;  -- somebody was faster with the same address
    SELECT contact_id INTO STRICT v_contact FROM address WHERE kind = p_kind AND key = p_key;
    RETURN v_contact;
END
$$;
