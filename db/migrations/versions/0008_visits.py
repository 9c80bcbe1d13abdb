"""visits of young talent: programme, participants, what came of them, and calendar feeds."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "calendar_feed",
    "visit_feedback",
    "visit_contact",
    "visit_outcome",
    "visit_participant",
    "visit_audience",
    "visit_site",
    "visit_item",
    "visit",
)


def upgrade() -> None:
    op.create_table('calendar_feed',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calendar_feed_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feed_token_hash'))
    )
    op.create_table('visit',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.Enum('study', 'work', 'window', name='visitkind', native_enum=False, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=2000), nullable=False),
    sa.Column('status', sa.Enum('planned', 'registration_open', 'held', 'debriefed', 'cancelled', name='visitstatus', native_enum=False, length=40), nullable=False),
    sa.Column('organiser_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=True),
    sa.Column('broker_id', sa.Uuid(), nullable=True),
    sa.Column('town_code', sa.String(length=40), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('capacity', sa.BigInteger(), nullable=False),
    sa.Column('registration_opens_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('registration_closes_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('meeting_point', sa.String(length=200), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('findings', sa.String(length=2000), nullable=False),
    sa.Column('cancel_reason', sa.String(length=2000), nullable=False),
    sa.Column('check_in_secret', sa.String(length=64), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('published_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'cancelled' OR cancel_reason <> ''", name=op.f('ck_visit_cancelled_with_a_reason')),
    sa.CheckConstraint('capacity > 0', name=op.f('ck_visit_has_places')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_visit_ends_after_it_starts')),
    sa.CheckConstraint('partner_id IS NULL OR partner_id <> organiser_id', name=op.f('ck_visit_two_organisations')),
    sa.CheckConstraint('registration_closes_at > registration_opens_at', name=op.f('ck_visit_closes_after_it_opens')),
    sa.ForeignKeyConstraint(['broker_id'], ['person.id'], name=op.f('fk_visit_broker_id')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_visit_created_by')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisation.id'], name=op.f('fk_visit_organiser_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['organisation.id'], name=op.f('fk_visit_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('number', name=op.f('uq_visit_number'))
    )
    op.create_index(op.f('ix_visit_broker_id'), 'visit', ['broker_id'], unique=False)
    op.create_index('ix_visit_ends', 'visit', ['ends_on', 'id'], unique=False)
    op.create_index('ix_visit_kind', 'visit', ['kind', 'starts_on'], unique=False)
    op.create_index(op.f('ix_visit_organiser_id'), 'visit', ['organiser_id'], unique=False)
    op.create_index(op.f('ix_visit_partner_id'), 'visit', ['partner_id'], unique=False)
    op.create_index('ix_visit_starts', 'visit', ['starts_on', 'id'], unique=False)
    op.create_index('ix_visit_status_ended', 'visit', ['status', 'ended_at'], unique=False)
    op.create_index('ix_visit_status_ends', 'visit', ['status', 'ends_on'], unique=False)
    op.create_index('ix_visit_status_starts', 'visit', ['status', 'starts_on'], unique=False)
    op.create_index('ix_visit_town', 'visit', ['town_code', 'starts_on'], unique=False)
    op.create_table('visit_audience',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_visit_audience_organisation_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_audience_visit_id')),
    sa.PrimaryKeyConstraint('visit_id', 'organisation_id', name=op.f('pk_visit_audience'))
    )
    op.create_table('visit_item',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('from_minute', sa.BigInteger(), nullable=False),
    sa.Column('to_minute', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('host', sa.String(length=120), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440', name=op.f('ck_visit_item_within_its_day')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_item_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_item')),
    sa.UniqueConstraint('visit_id', 'position', name=op.f('uq_visit_item_visit_id_position'))
    )
    op.create_table('visit_participant',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('registered_by', sa.Uuid(), nullable=True),
    sa.Column('registered_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('school', sa.String(length=200), nullable=False),
    sa.Column('field', sa.String(length=100), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('status', sa.Enum('registered', 'waitlisted', 'attended', 'contact_made', 'intern', 'joined', 'retained_12m', 'cancelled', 'no_show', name='participantstatus', native_enum=False, length=40), nullable=False),
    sa.Column('ticket', sa.String(length=12), nullable=True),
    sa.Column('consent_edition', sa.BigInteger(), nullable=False),
    sa.Column('consent_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('follow_agreed', sa.Boolean(), nullable=False),
    sa.Column('attended_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('purged_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("purged_at IS NULL OR (name = '' AND phone = '' AND person_id IS NULL)", name=op.f('ck_visit_participant_purged')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_visit_participant_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_participant_person_id')),
    sa.ForeignKeyConstraint(['registered_by'], ['person.id'], name=op.f('fk_visit_participant_registered_by')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_participant_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_participant')),
    sa.UniqueConstraint('ticket', name=op.f('uq_visit_participant_ticket'))
    )
    op.create_index(op.f('ix_visit_participant_organisation_id'), 'visit_participant', ['organisation_id'], unique=False)
    op.create_index('ix_visit_participant_person', 'visit_participant', ['person_id', 'visit_id'], unique=False)
    op.create_index(op.f('ix_visit_participant_registered_by'), 'visit_participant', ['registered_by'], unique=False)
    op.create_index('ix_visit_participant_status', 'visit_participant', ['visit_id', 'status', 'registered_at'], unique=False)
    op.create_index('uq_visit_participant_once', 'visit_participant', ['visit_id', 'person_id'], unique=True, sqlite_where=sa.text("status <> 'cancelled'"), postgresql_where=sa.text("status <> 'cancelled'"))
    op.create_table('visit_site',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('town_code', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_visit_site_organisation_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_site_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_site')),
    sa.UniqueConstraint('visit_id', 'position', name=op.f('uq_visit_site_visit_id_position'))
    )
    op.create_index(op.f('ix_visit_site_organisation_id'), 'visit_site', ['organisation_id'], unique=False)
    op.create_table('visit_contact',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('person_name', sa.String(length=100), nullable=False),
    sa.Column('note', sa.String(length=600), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_visit_contact_organisation_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['visit_participant.id'], name=op.f('fk_visit_contact_participant_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_visit_contact_recorded_by')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_contact_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_contact'))
    )
    op.create_index(op.f('ix_visit_contact_organisation_id'), 'visit_contact', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_visit_contact_participant_id'), 'visit_contact', ['participant_id'], unique=False)
    op.create_index(op.f('ix_visit_contact_visit_id'), 'visit_contact', ['visit_id'], unique=False)
    op.create_table('visit_feedback',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('score', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.Column('given_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_visit_feedback_one_to_five')),
    sa.ForeignKeyConstraint(['participant_id'], ['visit_participant.id'], name=op.f('fk_visit_feedback_participant_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_feedback_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_feedback')),
    sa.UniqueConstraint('participant_id', name=op.f('uq_visit_feedback_participant_id'))
    )
    op.create_index(op.f('ix_visit_feedback_visit_id'), 'visit_feedback', ['visit_id'], unique=False)
    op.create_table('visit_outcome',
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.Enum('registered', 'waitlisted', 'attended', 'contact_made', 'intern', 'joined', 'retained_12m', 'cancelled', 'no_show', name='participantstatus', native_enum=False, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['visit_participant.id'], name=op.f('fk_visit_outcome_participant_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_visit_outcome_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_outcome')),
    sa.UniqueConstraint('participant_id', 'step', name=op.f('uq_visit_outcome_participant_id_step'))
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
