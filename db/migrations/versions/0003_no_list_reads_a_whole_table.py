"""an index for every order and every question of a list that read its whole table."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_event_organisation": ("event", ["organisation_id", "seq"]),
    "ix_import_batch_kind": ("import_batch", ["kind", "imported_at"]),
    "ix_landing_public": ("landing", ["is_public", "changed_at", "id"]),
    "ix_landing_step_verified": ("landing_step", ["verified_at", "entered_at"]),
    "ix_membership_status": ("membership", ["status", "created_at"]),
    "ix_person_name": ("person", ["name", "id"]),
    "ix_validation_plan_changed": ("validation_plan", ["changed_at", "id"]),
    "ix_validation_plan_verdict": ("validation_plan", ["verdict", "changed_at"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
