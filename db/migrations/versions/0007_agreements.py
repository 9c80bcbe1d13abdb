"""agreements with universities, and the promises in them."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agreement',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=4000), nullable=False),
    sa.Column('status', sa.Enum('negotiating', 'signed', 'effective', 'review_due', 'renewed', 'expired', 'terminated', name='agreementstatus', native_enum=False, length=40), nullable=False),
    sa.Column('part', sa.Enum('body', 'technology_wing', 'talent_wing', name='agreementpart', native_enum=False, length=40), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('money_fen', sa.BigInteger(), nullable=True),
    sa.Column('renews_id', sa.Uuid(), nullable=True),
    sa.Column('prepared_by', sa.Uuid(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("signed_on IS NOT NULL OR status IN ('negotiating', 'terminated')", name=op.f('ck_agreement_signed_has_a_signing_day')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_agreement_ends_after_it_starts')),
    sa.CheckConstraint('money_fen > 0', name=op.f('ck_agreement_money_above_zero')),
    sa.ForeignKeyConstraint(['prepared_by'], ['person.id'], name=op.f('fk_agreement_prepared_by')),
    sa.ForeignKeyConstraint(['renews_id'], ['agreement.id'], name=op.f('fk_agreement_renews_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
    sa.UniqueConstraint('number', name=op.f('uq_agreement_number'))
    )
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.create_index('ix_agreement_changed', ['changed_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agreement_renews_id'), ['renews_id'], unique=False)
        batch_op.create_index('ix_agreement_status_end', ['status', 'ends_on'], unique=False)
        batch_op.create_index('ix_agreement_status_start', ['status', 'starts_on'], unique=False)

    op.create_table('agreement_field',
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('field', sa.Enum('talent', 'innovation', 'education', 'ecology', 'countryside', name='cooperationfield', native_enum=False, length=40), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_field_agreement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_field')),
    sa.UniqueConstraint('agreement_id', 'field', name=op.f('uq_agreement_field_agreement_id_field'))
    )
    with op.batch_alter_table('agreement_field', schema=None) as batch_op:
        batch_op.create_index('ix_agreement_field_field', ['field', 'agreement_id'], unique=False)

    op.create_table('steering_member',
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('district', 'institute', 'enterprise', 'office', 'agency', name='partyside', native_enum=False, length=40), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('post', sa.String(length=100), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_steering_member_agreement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_steering_member'))
    )
    with op.batch_alter_table('steering_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_steering_member_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('agreement_party',
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('district', 'institute', 'enterprise', 'office', 'agency', name='partyside', native_enum=False, length=40), nullable=False),
    sa.Column('signed_by', sa.Uuid(), nullable=True),
    sa.Column('signed_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(signed_by IS NULL) = (signed_at IS NULL)', name=op.f('ck_agreement_party_signature_has_person_and_time')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_party_agreement_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_agreement_party_organisation_id')),
    sa.ForeignKeyConstraint(['signed_by'], ['person.id'], name=op.f('fk_agreement_party_signed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_party')),
    sa.UniqueConstraint('agreement_id', 'organisation_id', name=op.f('uq_agreement_party_agreement_id_organisation_id'))
    )
    with op.batch_alter_table('agreement_party', schema=None) as batch_op:
        batch_op.create_index('ix_agreement_party_organisation', ['organisation_id', 'agreement_id'], unique=False)

    op.create_table('commitment',
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.String(length=600), nullable=False),
    sa.Column('field', sa.Enum('talent', 'innovation', 'education', 'ecology', 'countryside', name='cooperationfield', native_enum=False, length=40), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('responsible', sa.String(length=60), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('measure', sa.String(length=600), nullable=False),
    sa.Column('status', sa.Enum('planned', 'on_track', 'at_risk', 'delivered', 'dropped', name='commitmentstatus', native_enum=False, length=40), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('is_reminded', sa.Boolean(), nullable=False),
    sa.Column('created_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(done_on IS NULL) = (status NOT IN ('delivered', 'dropped'))", name=op.f('ck_commitment_done_has_a_day')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_commitment_agreement_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['organisation.id'], name=op.f('fk_commitment_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
    sa.UniqueConstraint('agreement_id', 'number', name=op.f('uq_commitment_agreement_id_number'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index('ix_commitment_due', ['due_on', 'id'], unique=False)
        batch_op.create_index('ix_commitment_owner', ['owner_id', 'status', 'due_on'], unique=False)
        batch_op.create_index('ix_commitment_status', ['status', 'due_on', 'id'], unique=False)
        batch_op.create_index('ix_commitment_reminded', ['is_reminded', 'status', 'due_on'], unique=False)

    op.create_table('commitment_report',
    sa.Column('commitment_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('planned', 'on_track', 'at_risk', 'delivered', 'dropped', name='commitmentstatus', native_enum=False, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('agreed_by', sa.String(length=200), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=True),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['commitment_id'], ['commitment.id'], name=op.f('fk_commitment_report_commitment_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_commitment_report_entered_by')),
    sa.ForeignKeyConstraint(['file_id'], ['file_object.id'], name=op.f('fk_commitment_report_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment_report'))
    )
    with op.batch_alter_table('commitment_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commitment_report_commitment_id'), ['commitment_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('commitment_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_commitment_report_commitment_id'))

    op.drop_table('commitment_report')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index('ix_commitment_reminded')
        batch_op.drop_index('ix_commitment_status')
        batch_op.drop_index('ix_commitment_owner')
        batch_op.drop_index('ix_commitment_due')

    op.drop_table('commitment')
    with op.batch_alter_table('agreement_party', schema=None) as batch_op:
        batch_op.drop_index('ix_agreement_party_organisation')

    op.drop_table('agreement_party')
    with op.batch_alter_table('steering_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_steering_member_agreement_id'))

    op.drop_table('steering_member')
    with op.batch_alter_table('agreement_field', schema=None) as batch_op:
        batch_op.drop_index('ix_agreement_field_field')

    op.drop_table('agreement_field')
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.drop_index('ix_agreement_status_start')
        batch_op.drop_index('ix_agreement_status_end')
        batch_op.drop_index(batch_op.f('ix_agreement_renews_id'))
        batch_op.drop_index('ix_agreement_changed')

    op.drop_table('agreement')
