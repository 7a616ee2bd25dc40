-- What is found no more is counted no more. Who changes entries takes one lock first: each changes many words,
-- in no order.
CREATE OR REPLACE FUNCTION lock_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7461001);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER finding_is_locked BEFORE DELETE ON finding_entry
    FOR EACH STATEMENT EXECUTE FUNCTION lock_finding();

CREATE OR REPLACE FUNCTION count_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE finding_word w SET uses = greatest(w.uses - gone.count, 0)
    FROM (SELECT mark, count(*) FROM forgotten, unnest(marks) mark WHERE mark > 0 GROUP BY mark) gone
    WHERE w.id = gone.mark;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER finding_forgets AFTER DELETE ON finding_entry
    REFERENCING OLD TABLE AS forgotten FOR EACH STATEMENT EXECUTE FUNCTION count_forgotten();
