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
    op.create_table('sealed_badge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('key_id', sa.Integer(), nullable=False),
    sa.Column('credential', sa.String(length=100), nullable=False),
    sa.Column('document', sa.String(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_sealed_badge_certificate_id_certificate'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['key_id'], ['signing_key.id'], name=op.f('fk_sealed_badge_key_id_signing_key')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sealed_badge')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_sealed_badge_certificate_id'))
    )
    op.create_index(op.f('ix_sealed_badge_credential'), 'sealed_badge', ['credential'], unique=False)
    op.create_index(op.f('ix_sealed_badge_key_id'), 'sealed_badge', ['key_id'], unique=False)
    op.create_table('issued_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_issued_paper_certificate_id_certificate'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issued_paper')),
    sa.UniqueConstraint('certificate_id', 'sha256', name='uq_issued_paper_once')
    )
    op.create_index(op.f('ix_issued_paper_sha256'), 'issued_paper', ['sha256'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_issued_paper_sha256'), table_name='issued_paper')
    op.drop_table('issued_paper')
    op.drop_index(op.f('ix_sealed_badge_key_id'), table_name='sealed_badge')
    op.drop_index(op.f('ix_sealed_badge_credential'), table_name='sealed_badge')
    op.drop_table('sealed_badge')
    op.drop_table('signing_key')
