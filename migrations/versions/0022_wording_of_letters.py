"""wording of letters

Revision ID: 0022
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade():
    op.create_table('letter_wording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('subject', JSON, nullable=False),
    sa.Column('body', JSON, nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('version > 0', name=op.f('ck_letter_wording_counted_from_one')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_letter_wording_written_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_wording')),
    sa.UniqueConstraint('kind', 'version', name=op.f('uq_letter_wording_kind_version'))
    )


def downgrade():
    op.drop_table('letter_wording')
