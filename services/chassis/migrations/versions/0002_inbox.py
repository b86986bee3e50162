"""The inbox: head, offsets, inbox log, waiting messages, standings, parked keys, cursors, registry of projections.

Revision: 0002
"""

from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MESSAGE = """
    topic       text NOT NULL,
    topic_pos   bigint NOT NULL CHECK (topic_pos > 0),
    key         text NOT NULL,
    key_seq     bigint NOT NULL CHECK (key_seq > 0),
    out_pos     bigint NOT NULL,
    source      text NOT NULL,
    event_id    uuid NOT NULL,
    type        text NOT NULL,
    schema      integer NOT NULL,
    stream      text NOT NULL,
    version     bigint NOT NULL,
    pos         bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    chain       bytea NOT NULL CHECK (length(chain) = 32),
    meta        bytea NOT NULL,
    value       bytea NOT NULL,
    received_at timestamptz NOT NULL
"""

TABLES = """
CREATE TABLE inbox_head (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    in_pos bigint NOT NULL
);
INSERT INTO inbox_head (in_pos) VALUES (0);

CREATE TABLE inbox_offsets (
    cluster_id  text NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (cluster_id, topic, partition)
);

CREATE TABLE inbox (
    in_pos bigint PRIMARY KEY,
    $MESSAGE
);
CREATE UNIQUE INDEX inbox_topic_pos ON inbox (topic, topic_pos);
CREATE UNIQUE INDEX inbox_key_seq ON inbox (topic, key, key_seq);
CREATE INDEX inbox_key ON inbox (key, in_pos);

CREATE TABLE inbox_waiting (
    $MESSAGE,
    PRIMARY KEY (topic, topic_pos)
);
CREATE UNIQUE INDEX inbox_waiting_key_seq ON inbox_waiting (topic, key, key_seq);

CREATE TABLE inbox_standings (
    topic     text PRIMARY KEY,
    topic_pos bigint NOT NULL,
    pos       bigint NOT NULL,
    out_pos   bigint NOT NULL,
    held      bigint[] NOT NULL
);

CREATE TABLE parked (
    follower  text NOT NULL,
    key       text NOT NULL,
    position  bigint NOT NULL,
    reason    text NOT NULL,
    parked_at timestamptz NOT NULL,
    PRIMARY KEY (follower, key)
);

CREATE TABLE cursors (
    name     text PRIMARY KEY,
    position bigint NOT NULL
);

CREATE TABLE projection_generations (
    name       text NOT NULL,
    version    integer NOT NULL,
    number     integer NOT NULL,
    feed       text NOT NULL CHECK (feed IN ('inbox', 'log')),
    status     text NOT NULL CHECK (status IN ('building', 'ready', 'serving', 'cancelled', 'retired')),
    position   bigint NOT NULL,
    started_at timestamptz NOT NULL,
    ready_at   timestamptz,
    checksum   text,
    PRIMARY KEY (name, version, number)
);
CREATE UNIQUE INDEX projection_serving ON projection_generations (name) WHERE status = 'serving';
""".replace("$MESSAGE", _MESSAGE.strip())


def upgrade() -> None:
    """The service may add to the inbox log but not change it, and create tables in one schema only."""
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(f"GRANT SELECT, UPDATE ON inbox_head TO {role}")
    op.execute(f"GRANT SELECT, INSERT ON inbox TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON inbox_offsets, inbox_standings, cursors TO {role}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON inbox_waiting TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON parked, projection_generations TO {role}")
    op.execute("CREATE SCHEMA projections")
    op.execute(f"GRANT USAGE, CREATE ON SCHEMA projections TO {role}")
