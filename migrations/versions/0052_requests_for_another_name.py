"""holders ask for another name on a certificate

Revision ID: 0052
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0052'
down_revision = "0051"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
UNDECIDED = sa.text('outcome IS NULL')


def upgrade():
    op.create_table('correction_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('name', JSON, nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('proof_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.CheckConstraint("outcome IN ('corrected', 'refused', 'withdrawn', 'overtaken')", name=op.f('ck_correction_request_known_outcome')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name=op.f('ck_correction_request_decided_when_dated')),
    sa.CheckConstraint("outcome <> 'refused' OR decided_by_id <> asked_by_id", name=op.f('ck_correction_request_refused_by_another')),
    sa.CheckConstraint("outcome <> 'refused' OR length(answer) > 0", name=op.f('ck_correction_request_refused_with_reason')),
    sa.CheckConstraint('outcome IS NULL OR proof_id IS NULL', name=op.f('ck_correction_request_proof_while_it_waits')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_correction_request_asked_with_reason')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_correction_request_certificate_id_certificate'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['proof_id'], ['stored_file.id'], name=op.f('fk_correction_request_proof_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction_request'))
    )
    op.create_index(op.f('ix_correction_request_certificate_id'), 'correction_request', ['certificate_id'])
    op.create_index(
        'uq_correction_request_open', 'correction_request', ['certificate_id'],
        unique=True, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED,
    )


def downgrade():
    op.drop_table('correction_request')
