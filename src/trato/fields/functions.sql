-- What stands in the fields of a contact or a case that the search looks into, as people would type it.

CREATE OR REPLACE FUNCTION fields_said(p_contact uuid, p_case uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(CASE d.kind WHEN 'choice' THEN (
               SELECT string_agg(l.value, ' ') FROM jsonb_array_elements(d.choices) o,
                      jsonb_each_text(o -> 'labels') l WHERE o ->> 'key' = v.value #>> '{}')
           ELSE v.value #>> '{}' END, ' · ' ORDER BY d.position, d.key)
    FROM (SELECT DISTINCT ON (definition_id) definition_id, value FROM field_value
          WHERE contact_id = p_contact OR case_id = p_case
          ORDER BY definition_id, updated_at DESC, id DESC) v
    JOIN field_definition d ON d.id = v.definition_id
    WHERE d.found AND d.retired_at IS NULL AND d.kind <> 'yes_no' AND v.value IS NOT NULL
$$;
