"""one covering index for the list of challenges instead of one for each filter."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NARROW = {
    "ix_challenge_status_closes": ["status", "closes_at", "id"],
    "ix_challenge_status_industry": ["status", "industry_code", "closes_at"],
    "ix_challenge_status_town": ["status", "town_code", "closes_at"],
    "ix_challenge_status_trl": ["status", "trl_wanted", "closes_at"],
    "ix_challenge_status_budget": ["status", "public_budget_fen", "closes_at"],
}
COVERING = [
    "status",
    "closes_at",
    "id",
    "organisation_id",
    "broker_id",
    "industry_code",
    "town_code",
    "trl_wanted",
    "public_budget_fen",
    "changed_at",
    "submitted_at",
]


def upgrade() -> None:
    op.create_index("ix_challenge_listing", "challenge", COVERING)
    for name in NARROW:
        op.drop_index(name, "challenge")


def downgrade() -> None:
    for name, columns in NARROW.items():
        op.create_index(name, "challenge", columns)
    op.drop_index("ix_challenge_listing", "challenge")
