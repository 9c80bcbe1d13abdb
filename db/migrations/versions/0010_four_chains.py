"""the four chains: frozen months, editions, scores."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('snapshot',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('frozen_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_snapshot'))
    )
    op.create_table('edition',
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('prepared', 'published', 'discarded', name='editionstatus', native_enum=False, length=40), nullable=False),
    sa.Column('base_from', sa.Date(), nullable=False),
    sa.Column('base_until', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=600), nullable=False),
    sa.Column('prepared_by', sa.Uuid(), nullable=True),
    sa.Column('prepared_at', db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(status = 'prepared') = (decided_at IS NULL)", name=op.f('ck_edition_decided_once')),
    sa.CheckConstraint('base_from <= base_until', name=op.f('ck_edition_base_in_order')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_edition_decided_by')),
    sa.ForeignKeyConstraint(['prepared_by'], ['person.id'], name=op.f('fk_edition_prepared_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition')),
    sa.UniqueConstraint('number', name=op.f('uq_edition_number'))
    )
    op.create_index('ix_edition_status', 'edition', ['status', 'number'], unique=False)
    op.create_table('indicator_value',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('indicator', sa.String(length=40), nullable=False),
    sa.Column('town_code', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['month'], ['snapshot.month'], name=op.f('fk_indicator_value_month')),
    sa.PrimaryKeyConstraint('month', 'indicator', 'town_code', name=op.f('pk_indicator_value'))
    )
    op.create_table('chain_score',
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('town_code', sa.String(length=40), nullable=False),
    sa.Column('talent', sa.Double(), nullable=False),
    sa.Column('innovation', sa.Double(), nullable=False),
    sa.Column('industry', sa.Double(), nullable=False),
    sa.Column('capital', sa.Double(), nullable=False),
    sa.Column('clipped', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_chain_score_edition_id')),
    sa.ForeignKeyConstraint(['month'], ['snapshot.month'], name=op.f('fk_chain_score_month')),
    sa.PrimaryKeyConstraint('edition_id', 'month', 'town_code', name=op.f('pk_chain_score'))
    )
    op.create_table('edition_indicator',
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('indicator', sa.String(length=40), nullable=False),
    sa.Column('chain', sa.Enum('talent', 'innovation', 'industry', 'capital', name='chain', native_enum=False, length=40), nullable=False),
    sa.Column('low', sa.Double(), nullable=False),
    sa.Column('high', sa.Double(), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_edition_indicator_edition_id')),
    sa.PrimaryKeyConstraint('edition_id', 'indicator', name=op.f('pk_edition_indicator'))
    )


def downgrade() -> None:
    op.drop_table('edition_indicator')
    op.drop_table('chain_score')
    op.drop_table('indicator_value')
    op.drop_index('ix_edition_status', table_name='edition')
    op.drop_table('edition')
    op.drop_table('snapshot')
