from django.db import migrations

# A unit's path follows from its parent's, whoever writes; moving a unit moves all below it.
PATHS = """
CREATE FUNCTION organisation_unit_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above varchar := '/';
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        SELECT path INTO above FROM organisation_unit WHERE id = NEW.parent_id;
        IF above IS NULL THEN
            RAISE foreign_key_violation USING MESSAGE = 'the unit above must be there first';
        END IF;
        IF NEW.parent_id = NEW.id OR above LIKE '%/' || NEW.id || '/%' THEN
            RAISE check_violation USING MESSAGE = 'a unit cannot stand below itself';
        END IF;
    END IF;
    NEW.path := above || NEW.id || '/';
    RETURN NEW;
END $$;
CREATE TRIGGER unit_path BEFORE INSERT OR UPDATE ON organisation_unit
    FOR EACH ROW EXECUTE FUNCTION organisation_unit_path();
CREATE FUNCTION organisation_unit_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organisation_unit SET path = '' WHERE parent_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER unit_move AFTER UPDATE ON organisation_unit
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path)
    EXECUTE FUNCTION organisation_unit_move();
UPDATE organisation_unit SET path = '' WHERE parent_id IS NULL;
"""
UNDO = """
DROP TRIGGER unit_move ON organisation_unit;
DROP TRIGGER unit_path ON organisation_unit;
DROP FUNCTION organisation_unit_move();
DROP FUNCTION organisation_unit_path();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0003_posts")]
    operations = [migrations.RunSQL(PATHS, UNDO)]
