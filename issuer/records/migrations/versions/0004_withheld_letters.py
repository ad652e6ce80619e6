"""Letters that are not to be sent, because the certificate is good no more."""

from alembic import op

revision, down_revision = "0004", "0003"

_STATES = "state IN ('queued', 'sent', 'refused', 'unknown', 'withheld')"


def upgrade() -> None:
    """Let a delivery be withheld."""
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint("ck_deliveries_state", type_="check")
        table.create_check_constraint("ck_deliveries_state", _STATES)
