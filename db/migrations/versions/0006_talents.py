"""talents: people who are followed with their consent, their posts, steps, pool and readings."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('talent',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('field', sa.Enum('digital', 'manufacturing', 'materials', 'aerospace', 'energy', 'biomedicine', 'agriculture', 'education', 'services', 'other', name='talentfield', native_enum=False, length=40), nullable=False),
    sa.Column('speciality', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.Enum('visit', 'agreement', 'challenge', 'venture', 'fair', 'enterprise', 'referral', 'return', 'other', name='talentchannel', native_enum=False, length=40), nullable=False),
    sa.Column('town_code', sa.String(length=40), nullable=True),
    sa.Column('arrived_on', sa.Date(), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('talent_class', sa.Enum('a', 'b', 'c', 'd', 'e', name='talentclass', native_enum=False, length=40), nullable=True),
    sa.Column('class_edition', sa.String(length=40), nullable=True),
    sa.Column('certificate_number', sa.String(length=40), nullable=True),
    sa.Column('certificate_on', sa.Date(), nullable=True),
    sa.Column('stage', sa.Enum('reached', 'visited', 'registered', 'matched', 'joined', 'retained_12m', 'leads_project', name='talentstage', native_enum=False, length=40), nullable=False),
    sa.Column('cohort', sa.BigInteger(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(talent_class IS NULL) = (certificate_number IS NULL) AND (talent_class IS NULL) = (class_edition IS NULL) AND (talent_class IS NULL) = (certificate_on IS NULL)', name=op.f('ck_talent_class_by_certificate')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_talent_created_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_talent_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent')),
    sa.UniqueConstraint('number', name=op.f('uq_talent_number')),
    sa.UniqueConstraint('person_id', name=op.f('uq_talent_person_id'))
    )
    op.create_index('ix_talent_changed', 'talent', ['changed_at', 'id'], unique=False)
    op.create_index('ix_talent_class_stage', 'talent', ['talent_class', 'stage'], unique=False)
    op.create_index('ix_talent_channel_stage', 'talent', ['channel', 'stage'], unique=False)
    op.create_index('ix_talent_town_stage', 'talent', ['town_code', 'stage'], unique=False)
    op.create_index('ix_talent_funnel', 'talent', ['cohort', 'talent_class', 'channel', 'town_code', 'stage'], unique=False)
    op.create_index('ix_talent_stage', 'talent', ['stage', 'changed_at', 'id'], unique=False)
    op.create_index('ix_talent_town', 'talent', ['town_code', 'changed_at', 'id'], unique=False)
    op.create_table('talent_consent',
    sa.Column('talent_id', sa.Uuid(), nullable=False),
    sa.Column('use', sa.Enum('follow', 'public_card', 'matching', 'mail', name='consentuse', native_enum=False, length=40), nullable=False),
    sa.Column('purpose', sa.String(length=600), nullable=False),
    sa.Column('given_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_talent_consent_entered_by')),
    sa.ForeignKeyConstraint(['talent_id'], ['talent.id'], name=op.f('fk_talent_consent_talent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_consent'))
    )
    op.create_index('ix_talent_consent_talent', 'talent_consent', ['talent_id', 'use'], unique=False)
    op.create_index('ix_talent_consent_use', 'talent_consent', ['use', 'withdrawn_at', 'talent_id'], unique=False)
    op.create_index('uq_talent_consent_live', 'talent_consent', ['talent_id', 'use'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
    op.create_table('talent_pool',
    sa.Column('talent_id', sa.Uuid(), nullable=False),
    sa.Column('selected_on', sa.Date(), nullable=False),
    sa.Column('selected_by', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(length=600), nullable=False),
    sa.Column('plan', sa.String(length=2000), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('left_reason', sa.String(length=600), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(left_on IS NULL) = (left_reason = '')", name=op.f('ck_talent_pool_leaves_with_a_reason')),
    sa.ForeignKeyConstraint(['selected_by'], ['person.id'], name=op.f('fk_talent_pool_selected_by')),
    sa.ForeignKeyConstraint(['talent_id'], ['talent.id'], name=op.f('fk_talent_pool_talent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_pool'))
    )
    op.create_index('ix_talent_pool_selected', 'talent_pool', ['left_on', 'selected_on', 'id'], unique=False)
    op.create_index(op.f('ix_talent_pool_talent_id'), 'talent_pool', ['talent_id'], unique=False)
    op.create_index('uq_talent_pool_now', 'talent_pool', ['talent_id'], unique=True, sqlite_where=sa.text('left_on IS NULL'), postgresql_where=sa.text('left_on IS NULL'))
    op.create_table('talent_reading',
    sa.Column('talent_id', sa.Uuid(), nullable=False),
    sa.Column('reader_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('purpose', sa.Enum('registration', 'service', 'classification', 'matching', 'follow_up', 'pool', 'request', 'oversight', 'export', name='readingpurpose', native_enum=False, length=40), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('read_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['reader_id'], ['person.id'], name=op.f('fk_talent_reading_reader_id')),
    sa.ForeignKeyConstraint(['talent_id'], ['talent.id'], name=op.f('fk_talent_reading_talent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_reading'))
    )
    op.create_index('ix_talent_reading_talent', 'talent_reading', ['talent_id', 'reader_id', 'read_at'], unique=False)
    op.create_table('talent_step',
    sa.Column('talent_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.Enum('reached', 'visited', 'registered', 'matched', 'joined', 'retained_12m', 'leads_project', name='talentstage', native_enum=False, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('source_type', sa.String(length=40), nullable=True),
    sa.Column('source_id', sa.Uuid(), nullable=True),
    sa.Column('source_words', sa.String(length=300), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("source_id IS NOT NULL OR source_words <> ''", name=op.f('ck_talent_step_has_a_source')),
    sa.CheckConstraint('(source_type IS NULL) = (source_id IS NULL)', name=op.f('ck_talent_step_source_whole')),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_talent_step_entered_by')),
    sa.ForeignKeyConstraint(['talent_id'], ['talent.id'], name=op.f('fk_talent_step_talent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_step')),
    sa.UniqueConstraint('talent_id', 'stage', name=op.f('uq_talent_step_talent_id_stage'))
    )
    op.create_index('ix_talent_step_happened', 'talent_step', ['stage', 'happened_on', 'talent_id'], unique=False)
    op.create_table('talent_note',
    sa.Column('pool_id', sa.Uuid(), nullable=False),
    sa.Column('noted_on', sa.Date(), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_talent_note_entered_by')),
    sa.ForeignKeyConstraint(['pool_id'], ['talent_pool.id'], name=op.f('fk_talent_note_pool_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_note'))
    )
    op.create_index('ix_talent_note_pool', 'talent_note', ['pool_id', 'noted_on'], unique=False)
    op.create_table('talent_post',
    sa.Column('talent_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('organisation_name', sa.String(length=200), nullable=False),
    sa.Column('post', sa.String(length=100), nullable=False),
    sa.Column('is_main', sa.Boolean(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("organisation_id IS NOT NULL OR organisation_name <> ''", name=op.f('ck_talent_post_is_somewhere')),
    sa.CheckConstraint('until IS NULL OR until >= since', name=op.f('ck_talent_post_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_talent_post_entered_by')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_talent_post_organisation_id')),
    sa.ForeignKeyConstraint(['talent_id'], ['talent.id'], name=op.f('fk_talent_post_talent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_post'))
    )
    op.create_index('ix_talent_post_organisation', 'talent_post', ['organisation_id', 'talent_id'], unique=False)
    op.create_index('ix_talent_post_talent', 'talent_post', ['talent_id', 'since'], unique=False)
    op.create_index('uq_talent_post_main', 'talent_post', ['talent_id'], unique=True, sqlite_where=sa.text('is_main AND until IS NULL'), postgresql_where=sa.text('is_main AND until IS NULL'))


def downgrade() -> None:
    op.drop_index('uq_talent_post_main', table_name='talent_post', sqlite_where=sa.text('is_main AND until IS NULL'), postgresql_where=sa.text('is_main AND until IS NULL'))
    op.drop_index('ix_talent_post_talent', table_name='talent_post')
    op.drop_index('ix_talent_post_organisation', table_name='talent_post')
    op.drop_table('talent_post')
    op.drop_index('ix_talent_note_pool', table_name='talent_note')
    op.drop_table('talent_note')
    op.drop_index('ix_talent_step_happened', table_name='talent_step')
    op.drop_table('talent_step')
    op.drop_index('ix_talent_reading_talent', table_name='talent_reading')
    op.drop_table('talent_reading')
    op.drop_index('uq_talent_pool_now', table_name='talent_pool', sqlite_where=sa.text('left_on IS NULL'), postgresql_where=sa.text('left_on IS NULL'))
    op.drop_index(op.f('ix_talent_pool_talent_id'), table_name='talent_pool')
    op.drop_index('ix_talent_pool_selected', table_name='talent_pool')
    op.drop_table('talent_pool')
    op.drop_index('uq_talent_consent_live', table_name='talent_consent', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
    op.drop_index('ix_talent_consent_use', table_name='talent_consent')
    op.drop_index('ix_talent_consent_talent', table_name='talent_consent')
    op.drop_table('talent_consent')
    op.drop_index('ix_talent_town', table_name='talent')
    op.drop_index('ix_talent_stage', table_name='talent')
    for name in ('ix_talent_class_stage', 'ix_talent_channel_stage', 'ix_talent_town_stage'):
        op.drop_index(name, table_name='talent')
    op.drop_index('ix_talent_funnel', table_name='talent')
    op.drop_index('ix_talent_changed', table_name='talent')
    op.drop_table('talent')
