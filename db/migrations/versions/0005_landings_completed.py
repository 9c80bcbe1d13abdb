"""evidence types, planned days, 首 levels, sources with shares and claims, the support talk after a loss.

What was recorded before: its evidence is of the type "other", a project from a challenge is owed to it alone, any other
came directly. The one norm for every stage, where an admin changed it, becomes the norm of each stage.
"""

from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STAGES = (
    "lead",
    "agreement_signed",
    "company_registered",
    "site_secured",
    "construction",
    "acceptance",
    "in_production",
    "office_in_use",
    "team_on_board",
)
TABLES = ("support_talk_person", "support_talk", "landing_share", "landing_plan", "landing_first", "landing_claim")
LANDING = sa.table(
    "landing",
    sa.column("id", sa.Uuid()),
    sa.column("stage", sa.String()),
    sa.column("stage_since", sa.Date()),
    sa.column("lead_since", sa.Date()),
    sa.column("challenge_id", sa.Uuid()),
    sa.column("created_at", db.types.UtcDateTime()),
)
STEP = sa.table("landing_step", sa.column("landing_id", sa.Uuid()), sa.column("happened_on", sa.Date()))
SHARE = sa.table(
    "landing_share",
    sa.column("id", sa.Uuid()),
    sa.column("landing_id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("object_id", sa.Uuid()),
    sa.column("words", sa.String()),
    sa.column("points", sa.BigInteger()),
)
SETTING = sa.table(
    "setting",
    sa.column("name", sa.String()),
    sa.column("value", sa.String()),
    sa.column("changed_by", sa.Uuid()),
    sa.column("changed_at", db.types.UtcDateTime()),
)


def upgrade() -> None:
    op.create_table('landing_claim',
    sa.Column('landing_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('open', 'accepted', 'refused', name='claimstatus', native_enum=False, length=40), nullable=False),
    sa.Column('kind', sa.Enum('challenge', 'venture', 'visit', 'agreement', 'direct', name='sourcekind', native_enum=False, length=40), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=True),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=600), nullable=False),
    sa.Column('claimed_by', sa.Uuid(), nullable=False),
    sa.Column('claimed_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decision_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(status = 'open') = (decision_id IS NULL)", name=op.f('ck_landing_claim_decided_when_decided')),
    sa.CheckConstraint("kind <> 'challenge' OR object_id IS NOT NULL", name=op.f('ck_landing_claim_challenge_is_named')),
    sa.CheckConstraint('points > 0 AND points <= 10000', name=op.f('ck_landing_claim_within_the_whole')),
    sa.ForeignKeyConstraint(['claimed_by'], ['person.id'], name=op.f('fk_landing_claim_claimed_by')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_landing_claim_decision_id')),
    sa.ForeignKeyConstraint(['landing_id'], ['landing.id'], name=op.f('fk_landing_claim_landing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_landing_claim'))
    )
    op.create_index('ix_landing_claim_landing', 'landing_claim', ['landing_id', 'status'])
    op.create_index('ix_landing_claim_status', 'landing_claim', ['status', 'claimed_at'])

    op.create_table('landing_first',
    sa.Column('landing_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.Enum('national', 'provincial', 'city', 'flagship', name='firstlevel', native_enum=False, length=40), nullable=False),
    sa.Column('status', sa.Enum('claimed', 'verified', 'refused', name='firststatus', native_enum=False, length=40), nullable=False),
    sa.Column('evidence', sa.String(length=600), nullable=False),
    sa.Column('claimed_by', sa.Uuid(), nullable=False),
    sa.Column('claimed_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(status = 'claimed') = (decided_at IS NULL)", name=op.f('ck_landing_first_decided_when_decided')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_landing_first_decided_together')),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> claimed_by', name=op.f('ck_landing_first_two_people')),
    sa.ForeignKeyConstraint(['claimed_by'], ['person.id'], name=op.f('fk_landing_first_claimed_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_landing_first_decided_by')),
    sa.ForeignKeyConstraint(['landing_id'], ['landing.id'], name=op.f('fk_landing_first_landing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_landing_first')),
    sa.UniqueConstraint('landing_id', 'level', name=op.f('uq_landing_first_landing_id_level'))
    )
    op.create_index('ix_landing_first_level', 'landing_first', ['level', 'status', 'landing_id'])
    op.create_index('ix_landing_first_status', 'landing_first', ['status', 'claimed_at'])

    op.create_table('landing_plan',
    sa.Column('landing_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.Enum('lead', 'agreement_signed', 'company_registered', 'site_secured', 'construction', 'acceptance', 'in_production', 'at_capacity', 'office_in_use', 'team_on_board', 'first_revenue', 'lost', 'relocated', 'terminated', name='landingstage', native_enum=False, length=40), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('set_by', sa.Uuid(), nullable=False),
    sa.Column('set_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['landing_id'], ['landing.id'], name=op.f('fk_landing_plan_landing_id')),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_landing_plan_set_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_landing_plan')),
    sa.UniqueConstraint('landing_id', 'stage', name=op.f('uq_landing_plan_landing_id_stage'))
    )
    op.create_table('landing_share',
    sa.Column('landing_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('challenge', 'venture', 'visit', 'agreement', 'direct', name='sourcekind', native_enum=False, length=40), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=True),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind <> 'challenge' OR object_id IS NOT NULL", name=op.f('ck_landing_share_challenge_is_named')),
    sa.CheckConstraint('points > 0 AND points <= 10000', name=op.f('ck_landing_share_within_the_whole')),
    sa.ForeignKeyConstraint(['landing_id'], ['landing.id'], name=op.f('fk_landing_share_landing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_landing_share'))
    )
    op.create_index('ix_landing_share_landing_id', 'landing_share', ['landing_id'])
    op.create_index('ix_landing_share_source', 'landing_share', ['kind', 'object_id'])

    op.create_table('support_talk',
    sa.Column('landing_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('due', 'held', 'closed', name='talkstatus', native_enum=False, length=40), nullable=False),
    sa.Column('due_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('held_by', sa.Uuid(), nullable=True),
    sa.Column('notes', sa.String(length=4000), nullable=False),
    sa.Column('follow_up', sa.String(length=2000), nullable=False),
    sa.Column('closed_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_support_talk_closed_when_closed')),
    sa.CheckConstraint("(status = 'due') = (held_on IS NULL)", name=op.f('ck_support_talk_held_when_held')),
    sa.CheckConstraint('(held_on IS NULL) = (held_by IS NULL)', name=op.f('ck_support_talk_held_by_somebody')),
    sa.ForeignKeyConstraint(['held_by'], ['person.id'], name=op.f('fk_support_talk_held_by')),
    sa.ForeignKeyConstraint(['landing_id'], ['landing.id'], name=op.f('fk_support_talk_landing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_talk')),
    sa.UniqueConstraint('landing_id', name=op.f('uq_support_talk_landing_id'))
    )
    op.create_index('ix_support_talk_held_by', 'support_talk', ['held_by'])
    op.create_index('ix_support_talk_status', 'support_talk', ['status', 'due_at'])

    op.create_table('support_talk_person',
    sa.Column('talk_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_support_talk_person_person_id')),
    sa.ForeignKeyConstraint(['talk_id'], ['support_talk.id'], name=op.f('fk_support_talk_person_talk_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_talk_person')),
    sa.UniqueConstraint('talk_id', 'person_id', name=op.f('uq_support_talk_person_talk_id_person_id'))
    )
    op.create_index('ix_support_talk_person_person_id', 'support_talk_person', ['person_id'])

    # A constant default, since SQLite adds no other column to a filled table; each row gets its own day below.
    op.add_column("landing", sa.Column("lead_since", sa.Date(), nullable=False, server_default="1970-01-01"))
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("landing", "lead_since", server_default=None)
    op.create_index("ix_landing_lane", "landing", ["lane", "stage", "changed_at", "id"])
    op.add_column("landing_step", sa.Column("evidence_type", sa.String(40), nullable=False, server_default="other"))
    _fill(op.get_bind())


def downgrade() -> None:
    bind = op.get_bind()
    bind.execute(SETTING.delete().where(SETTING.c.name.in_([f"norm_days_{stage}" for stage in STAGES])))
    # The older release knows neither of these and could not show the records they stand in.
    bind.execute(sa.text("DELETE FROM landing_figure WHERE kind = 'output'"))
    for table in TABLES:
        op.drop_table(table)
    bind.execute(sa.text("DELETE FROM decision WHERE kind = 'attribution'"))
    op.drop_column("landing_step", "evidence_type")
    op.drop_index("ix_landing_lane", "landing")
    op.drop_column("landing", "lead_since")


def _fill(bind: sa.Connection) -> None:
    query = sa.select(STEP.c.landing_id, sa.func.min(STEP.c.happened_on)).group_by(STEP.c.landing_id)
    first = {landing_id: day for landing_id, day in bind.execute(query)}
    shares, days = [], []
    for row in bind.execute(sa.select(LANDING)).all():
        # On a clock in Hangzhou; a stage may have been reached before the project was recorded.
        recorded = (row.created_at + timedelta(hours=8)).date()
        known = [row.stage_since] if row.stage == "lead" else [row.stage_since, recorded, first.get(row.id)]
        days.append({"key": row.id, "day": min(day for day in known if day is not None)})
        shares.append(
            {
                "id": uuid4(),
                "landing_id": row.id,
                "kind": "challenge" if row.challenge_id else "direct",
                "object_id": row.challenge_id,
                "words": "",
                "points": 10_000,
            }
        )
    if days:
        change = LANDING.update().where(LANDING.c.id == sa.bindparam("key")).values(lead_since=sa.bindparam("day"))
        bind.execute(change, days)
        bind.execute(SHARE.insert(), shares)
    norm = bind.execute(sa.select(SETTING).where(SETTING.c.name == "stage_norm_days")).one_or_none()
    if norm is not None:
        same = {"value": norm.value, "changed_by": norm.changed_by, "changed_at": norm.changed_at}
        bind.execute(SETTING.insert(), [{"name": f"norm_days_{stage}", **same} for stage in STAGES])
