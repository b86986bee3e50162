"""Webhooks: who wants to be told what, how far each was told, and the last attempts.

Revision: 0004
"""

from alembic import context, op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE webhooks (
    id            uuid PRIMARY KEY,
    realm         text NOT NULL,
    scope         text NOT NULL,
    url           text NOT NULL,
    types         text[] NOT NULL,
    secret        text NOT NULL,
    made_by       text NOT NULL,
    request_hash  bytea NOT NULL,
    made_at       timestamptz NOT NULL,
    cursor        bigint NOT NULL CHECK (cursor >= 0),
    epoch         bigint NOT NULL DEFAULT 0,
    lease_until   timestamptz NOT NULL DEFAULT 'epoch',
    next_at       timestamptz NOT NULL DEFAULT 'epoch',
    failures      integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    disabled      text
);

CREATE INDEX webhooks_scope ON webhooks (realm, scope);

CREATE TABLE webhook_attempts (
    webhook      uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    number       bigint GENERATED ALWAYS AS IDENTITY,
    position     bigint NOT NULL,
    event_id     uuid NOT NULL,
    at           timestamptz NOT NULL,
    status       integer,
    error        text,
    milliseconds integer NOT NULL,
    PRIMARY KEY (webhook, number)
)
"""


def upgrade() -> None:
    """Two tables. They hold no fact: who is told is no part of the record."""
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    for statement in TABLES.split(";\n\n"):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks, webhook_attempts TO {role}")
