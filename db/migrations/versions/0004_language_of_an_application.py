"""the language in which an organisation applied: whoever has no account yet is written to in it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("contact_language", sa.String(8), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "contact_language")
