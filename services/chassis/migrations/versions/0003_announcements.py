"""What sources announce: how far the relay ever was, marks that partitions have yet to pass, counts of the sources.

Revision: 0003
"""

from alembic import context, op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Whoever moves the cursor, be it by hand: `reached` never goes back, it says what readers may hold. It begins with all
# that was recorded, since a relay may have been publishing everything again when this was added.
REACHED = """
ALTER TABLE relay_cursor ADD COLUMN reached bigint NOT NULL DEFAULT 0;

UPDATE relay_cursor SET reached = (SELECT out_pos FROM log_head);

CREATE FUNCTION keep_reached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reached := greatest(OLD.reached, NEW.out_pos);
    RETURN NEW;
END $$;

CREATE TRIGGER keep_reached BEFORE UPDATE ON relay_cursor FOR EACH ROW EXECUTE FUNCTION keep_reached()
"""

LINES = """
CREATE TABLE inbox_lines (
    cluster_id text NOT NULL,
    topic      text NOT NULL,
    mark       uuid NOT NULL,
    number     bigint NOT NULL,
    partitions integer NOT NULL,
    highest    bigint NOT NULL,
    passed     integer[] NOT NULL,
    first      bigint NOT NULL,
    chains     bytea[],
    void       boolean NOT NULL,
    PRIMARY KEY (cluster_id, topic, mark)
);

ALTER TABLE inbox_offsets ADD COLUMN gone boolean NOT NULL DEFAULT false;

ALTER TABLE inbox_standings ADD COLUMN announced bigint NOT NULL DEFAULT 0, ADD COLUMN since timestamptz
"""


def upgrade() -> None:
    """Columns and a table; a consumer that is told nothing behaves as before."""
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    for statement in (REACHED + ";\n\n" + LINES).split(";\n\n"):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON inbox_lines TO {role}")
