"""The log: head, streams, events, outbox, idempotency records, subject keys, relay cursor.

Revision: 0001
"""

from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = ("chassis",)
depends_on = None

TABLES = """
CREATE TABLE log_head (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    pos         bigint NOT NULL,
    out_pos     bigint NOT NULL,
    hash        bytea NOT NULL CHECK (length(hash) = 32),
    recorded_at timestamptz NOT NULL
);
INSERT INTO log_head (pos, out_pos, hash, recorded_at) VALUES (0, 0, decode(repeat('00', 32), 'hex'), 'epoch');

CREATE TABLE streams (
    stream_id text PRIMARY KEY,
    version   bigint NOT NULL CHECK (version > 0)
);

CREATE TABLE events (
    pos         bigint PRIMARY KEY,
    event_id    uuid NOT NULL,
    stream_id   text NOT NULL,
    version     bigint NOT NULL CHECK (version > 0),
    type        text NOT NULL,
    schema      integer NOT NULL CHECK (schema > 0),
    meta        bytea NOT NULL,
    payload     bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    hash        bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE UNIQUE INDEX events_event_id ON events (event_id);
CREATE UNIQUE INDEX events_stream_version ON events (stream_id, version);

CREATE TABLE outbox (
    out_pos   bigint PRIMARY KEY,
    pos       bigint NOT NULL,
    topic     text NOT NULL,
    topic_pos bigint NOT NULL,
    key       text NOT NULL,
    key_seq   bigint NOT NULL,
    value     bytea NOT NULL
);
CREATE UNIQUE INDEX outbox_topic_pos ON outbox (topic, topic_pos);
CREATE UNIQUE INDEX outbox_key_seq ON outbox (topic, key, key_seq);

CREATE TABLE commands (
    key          text PRIMARY KEY,
    request_hash bytea NOT NULL,
    response     bytea NOT NULL,
    pos          bigint NOT NULL
);

CREATE TABLE subject_keys (
    key_id       text PRIMARY KEY,
    wrapped      bytea,
    kek_id       text NOT NULL,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE TABLE relay_cursor (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    out_pos     bigint NOT NULL,
    epoch       bigint NOT NULL,
    owner       text,
    lease_until timestamptz,
    cluster_id  text
);
INSERT INTO relay_cursor (out_pos, epoch) VALUES (0, 0);
"""

# The grant already forbids it to the service's role; the trigger also stops the owner and a careless administrator.
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is forbidden: the log is append-only, a correction is a new event', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def upgrade() -> None:
    """Create the tables, make the log append-only, grant the service's role what it needs."""
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(APPEND_ONLY)
    for table in ("events", "outbox", "commands"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {role}")
    op.execute(f"GRANT SELECT, UPDATE ON log_head, relay_cursor TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON streams, subject_keys TO {role}")
