"""Status lists by their own identifiers; places count within a list.

The numbered lists of before are closed, each under an identifier drawn now: nothing was issued for real with them.
"""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"

_LENGTH = 131_072
_AT_ONCE = 1000
_MOMENT = sa.String(20)


def upgrade() -> None:
    """Make the table of lists, and give every certificate its list."""
    connection = op.get_bind()
    op.create_table(
        "status_lists",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("begun", _MOMENT, nullable=False),
        sa.Column("copy", sa.String(64), nullable=False),
        sa.Column("closed", _MOMENT),
        sa.Column("published", sa.LargeBinary(32)),
        sa.PrimaryKeyConstraint("id", name="pk_status_lists"),
        sa.ForeignKeyConstraint(["domain"], ["institutions.domain"], name="fk_status_lists_domain"),
    )
    op.create_index("ix_status_lists_domain", "status_lists", ["domain"])
    with op.batch_alter_table("certificates") as table:
        table.drop_constraint("uq_certificates_domain_status_index", type_="unique")
        table.add_column(sa.Column("status_list", sa.String(32)))
    _give_lists(connection)
    with op.batch_alter_table("certificates") as table:
        table.alter_column("status_list", existing_type=sa.String(32), nullable=False)
        table.create_unique_constraint("uq_certificates_status_list_status_index", ["status_list", "status_index"])


def _give_lists(connection: sa.Connection) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted = sa.text(
        'SELECT c.batch, c."position", c.domain, c.status_index, c.identity, b.origin FROM certificates c '
        "JOIN batches b ON b.id = c.batch"
    )
    lists: dict[tuple[str, str, int], str] = {}
    changed: list[dict[str, Any]] = []
    for row in connection.execute(wanted).mappings():
        key = (row["domain"], row["origin"], row["status_index"] // _LENGTH)
        own = lists.setdefault(key, secrets.token_hex(16))
        index = row["status_index"] % _LENGTH
        place = {"b": row["batch"], "n": row["position"], "list": own, "index": index}
        changed.append(place | {"identity": _identity(row["identity"], own)})
    if lists:
        begun = sa.text(
            "INSERT INTO status_lists (id, domain, origin, begun, copy, closed) "
            "VALUES (:id, :domain, :origin, :now, '', :now)"
        )
        connection.execute(
            begun,
            [{"id": own, "domain": domain, "origin": origin, "now": now} for (domain, origin, _), own in lists.items()],
        )
    change = sa.text(
        "UPDATE certificates SET status_list = :list, status_index = :index, identity = :identity "
        'WHERE batch = :b AND "position" = :n'
    )
    for at in range(0, len(changed), _AT_ONCE):
        connection.execute(change, changed[at : at + _AT_ONCE])


def _identity(text: str, own: str) -> str:
    """A draft's identity with its list; an erased certificate has none."""
    identity = json.loads(text)
    if "status_index" in identity:
        identity |= {"status_list": own, "status_index": identity["status_index"] % _LENGTH}
    return json.dumps(identity, ensure_ascii=False)
