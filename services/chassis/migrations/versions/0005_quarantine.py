"""Quarantine: texts in which somebody was found, sealed, until they are looked at or their time is over.

Revision: 0005
"""

from alembic import context, op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE quarantine (
    id          uuid PRIMARY KEY,
    realm       text NOT NULL,
    scope       text NOT NULL,
    key_id      text NOT NULL,
    purpose     text NOT NULL,
    hits        text NOT NULL,
    salt        bytea NOT NULL,
    digest      bytea NOT NULL,
    sealed      text,
    sent_by     text NOT NULL,
    since       timestamptz NOT NULL,
    released_by text,
    released_at timestamptz,
    CHECK ((sealed IS NULL) = (released_at IS NOT NULL))
);

CREATE INDEX quarantine_scope ON quarantine (realm, scope, since);

CREATE INDEX quarantine_key ON quarantine (key_id, purpose);

CREATE INDEX quarantine_since ON quarantine (since)
"""


def upgrade() -> None:
    """A table outside of the log: what it holds was never recorded."""
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    for statement in TABLES.split(";\n\n"):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON quarantine TO {role}")
