"""scientists who found a company."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('venture',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=1000), nullable=False),
    sa.Column('plan', sa.String(length=8000), nullable=False),
    sa.Column('scientist_id', sa.Uuid(), nullable=False),
    sa.Column('institute_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('draft', 'institute_consented', 'enterprise_consented', 'submitted', 'returned', 'expert_review', 'not_proposed', 'public_notice', 'objected', 'upheld', 'dismissed', 'approved', 'active', 'completed', 'exited', 'terminated', name='venturestatus', native_enum=False, length=40), nullable=False),
    sa.Column('phase', sa.Enum('attract', 'nurture', 'grow', name='venturephase', native_enum=False, length=40), nullable=True),
    sa.Column('institute_signed_by', sa.Uuid(), nullable=True),
    sa.Column('institute_signed_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('enterprise_signed_by', sa.Uuid(), nullable=True),
    sa.Column('enterprise_signed_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('notice_from', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('notice_until', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(institute_signed_by IS NULL) = (institute_signed_at IS NULL) AND (enterprise_signed_by IS NULL) = (enterprise_signed_at IS NULL)', name=op.f('ck_venture_signature_has_person_and_time')),
    sa.CheckConstraint('(notice_from IS NULL) = (notice_until IS NULL)', name=op.f('ck_venture_notice_begins_and_ends')),
    sa.ForeignKeyConstraint(['agency_id'], ['organisation.id'], name=op.f('fk_venture_agency_id')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['organisation.id'], name=op.f('fk_venture_enterprise_id')),
    sa.ForeignKeyConstraint(['enterprise_signed_by'], ['person.id'], name=op.f('fk_venture_enterprise_signed_by')),
    sa.ForeignKeyConstraint(['institute_id'], ['organisation.id'], name=op.f('fk_venture_institute_id')),
    sa.ForeignKeyConstraint(['institute_signed_by'], ['person.id'], name=op.f('fk_venture_institute_signed_by')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_venture_proposed_by')),
    sa.ForeignKeyConstraint(['scientist_id'], ['person.id'], name=op.f('fk_venture_scientist_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venture')),
    sa.UniqueConstraint('number', name=op.f('uq_venture_number'))
    )
    with op.batch_alter_table('venture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_venture_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index('ix_venture_changed', ['changed_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_venture_enterprise_id'), ['enterprise_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_venture_institute_id'), ['institute_id'], unique=False)
        batch_op.create_index('ix_venture_phase', ['phase', 'changed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_venture_scientist_id'), ['scientist_id'], unique=False)
        batch_op.create_index('ix_venture_status', ['status', 'changed_at'], unique=False)

    op.create_table('venture_expert',
    sa.Column('venture_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('advice', sa.Enum('for', 'against', name='ventureadvice', native_enum=False, length=40), nullable=True),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('answered_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(advice IS NULL) = (answered_at IS NULL)', name=op.f('ck_venture_expert_advice_has_a_time')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_venture_expert_person_id')),
    sa.ForeignKeyConstraint(['venture_id'], ['venture.id'], name=op.f('fk_venture_expert_venture_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venture_expert')),
    sa.UniqueConstraint('venture_id', 'person_id', name=op.f('uq_venture_expert_venture_id_person_id'))
    )
    with op.batch_alter_table('venture_expert', schema=None) as batch_op:
        batch_op.create_index('ix_venture_expert_person', ['person_id', 'venture_id'], unique=False)

    op.create_table('venture_objection',
    sa.Column('venture_id', sa.Uuid(), nullable=False),
    sa.Column('from_whom', sa.String(length=200), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('received_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('answer', sa.String(length=2000), nullable=False),
    sa.Column('answered_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_venture_objection_entered_by')),
    sa.ForeignKeyConstraint(['venture_id'], ['venture.id'], name=op.f('fk_venture_objection_venture_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venture_objection'))
    )
    with op.batch_alter_table('venture_objection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_venture_objection_venture_id'), ['venture_id'], unique=False)

    op.create_table('venture_task',
    sa.Column('venture_id', sa.Uuid(), nullable=False),
    sa.Column('phase', sa.Enum('attract', 'nurture', 'grow', name='venturephase', native_enum=False, length=40), nullable=False),
    sa.Column('party', sa.Enum('district', 'enterprise', 'institute', name='ventureparty', native_enum=False, length=40), nullable=False),
    sa.Column('text', sa.String(length=400), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.Column('done_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(done_on IS NULL) = (done_by IS NULL)', name=op.f('ck_venture_task_done_has_day_and_person')),
    sa.ForeignKeyConstraint(['done_by'], ['person.id'], name=op.f('fk_venture_task_done_by')),
    sa.ForeignKeyConstraint(['venture_id'], ['venture.id'], name=op.f('fk_venture_task_venture_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venture_task'))
    )
    with op.batch_alter_table('venture_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_venture_task_venture_id'), ['venture_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('venture_task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_venture_task_venture_id'))

    op.drop_table('venture_task')
    with op.batch_alter_table('venture_objection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_venture_objection_venture_id'))

    op.drop_table('venture_objection')
    with op.batch_alter_table('venture_expert', schema=None) as batch_op:
        batch_op.drop_index('ix_venture_expert_person')

    op.drop_table('venture_expert')
    with op.batch_alter_table('venture', schema=None) as batch_op:
        batch_op.drop_index('ix_venture_status')
        batch_op.drop_index(batch_op.f('ix_venture_scientist_id'))
        batch_op.drop_index('ix_venture_phase')
        batch_op.drop_index(batch_op.f('ix_venture_institute_id'))
        batch_op.drop_index(batch_op.f('ix_venture_enterprise_id'))
        batch_op.drop_index('ix_venture_changed')
        batch_op.drop_index(batch_op.f('ix_venture_agency_id'))

    op.drop_table('venture')
