"""The tables as `create_all` made them before there were migrations."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "batches",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("out", sa.Text, nullable=False),
        sa.Column("drafted", sa.String(20), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column(
            "state",
            sa.String(10),
            sa.CheckConstraint("state IN ('drafted', 'built', 'anchoring', 'final', 'delivered')"),
            nullable=False,
        ),
        sa.Column("root", sa.LargeBinary(32)),
        sa.Column("chain_id", sa.Integer),
        sa.Column("registry", sa.String(42)),
        sa.Column("signer", sa.String(42)),
    )
    op.create_table(
        "certificates",
        sa.Column("batch", sa.String(36), sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("achievement", sa.String(45), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("status_index", sa.Integer, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), unique=True),
        sa.Column("sheet", sa.LargeBinary(32)),
        sa.UniqueConstraint("domain", "status_index"),
        sa.UniqueConstraint("domain", "achievement", "person"),
    )
    op.create_table(
        "transactions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("hash", sa.String(66), nullable=False, unique=True),
        sa.Column("batch", sa.String(36), sa.ForeignKey("batches.id")),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
