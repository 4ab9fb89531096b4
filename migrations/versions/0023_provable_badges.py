"""provable badges

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('signing_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('multikey', sa.String(length=60), nullable=False),
    sa.Column('sealed', sa.String(length=200), nullable=True),
    sa.Column('in_use', sa.Boolean(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retired_because', sa.String(length=300), nullable=True),
    sa.CheckConstraint('in_use IS NULL OR in_use', name=op.f('ck_signing_key_in_use_or_null')),
    sa.CheckConstraint('(in_use IS NULL) = (retired_at IS NOT NULL)', name=op.f('ck_signing_key_in_use_until_retired')),
    sa.CheckConstraint('(retired_at IS NULL) = (retired_because IS NULL)', name=op.f('ck_signing_key_retired_with_reason')),
    sa.CheckConstraint('retired_at IS NULL OR sealed IS NULL', name=op.f('ck_signing_key_retired_without_private_part')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_key')),
    sa.UniqueConstraint('in_use', name=op.f('uq_signing_key_in_use')),
    sa.UniqueConstraint('multikey', name=op.f('uq_signing_key_multikey'))
    )


def downgrade():
    op.drop_table('signing_key')
