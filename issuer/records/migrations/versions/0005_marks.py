"""Marks of certificates that were erased, or hidden by their holder, and the commitments of those erased."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    """Make the table of marks, and a column that keeps the commitment when the hash is erased."""
    op.create_table(
        "marks",
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("kind", "mark", name="pk_marks"),
        sa.CheckConstraint("kind IN ('erased', 'hidden')", name="ck_marks_kind"),
    )
    with op.batch_alter_table("certificates") as table:
        table.add_column(sa.Column("commitment", sa.LargeBinary(32)))
