"""certificates that are replaced by corrected ones

Revision ID: 0049
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
UNDECIDED = sa.text('outcome IS NULL')
NOT_REPLACED = sa.text('NOT replaced')
ONCE = ['holder_id', 'credential', 'cycle']
AS_REVOKED = "NOT replaced OR (revoked_at IS NOT NULL AND revoked_class = 'replaced')"


def upgrade():
    # What was revoked by hand as "replaced" before has no successor: it goes on counting as the one of its cycle.
    op.add_column('certificate', sa.Column('replaced', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.alter_column('replaced', existing_type=sa.Boolean(), server_default=None)
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_certificate_replaces_id', 'certificate', ['replaces_id'], ['id'])
        batch_op.create_unique_constraint('uq_certificate_replaces', ['replaces_id'])
        batch_op.create_check_constraint(op.f('ck_certificate_replaced_as_revoked'), AS_REVOKED)
        batch_op.drop_constraint('uq_certificate_once', type_='unique')
    op.create_index(
        'uq_certificate_once', 'certificate', ONCE, unique=True, sqlite_where=NOT_REPLACED, postgresql_where=NOT_REPLACED
    )
    op.create_table('correction_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('name', JSON, nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn', 'overtaken')", name=op.f('ck_correction_proposal_known_outcome')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name=op.f('ck_correction_proposal_decided_when_dated')),
    sa.CheckConstraint(
        "outcome NOT IN ('confirmed', 'declined') OR decided_by_id <> proposed_by_id",
        name=op.f('ck_correction_proposal_decided_by_another'),
    ),
    sa.CheckConstraint("outcome NOT IN ('declined', 'withdrawn') OR length(answer) > 0", name=op.f('ck_correction_proposal_declined_with_reason')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_correction_proposal_proposed_with_reason')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_correction_proposal_certificate_id_certificate'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction_proposal'))
    )
    op.create_index(op.f('ix_correction_proposal_certificate_id'), 'correction_proposal', ['certificate_id'])
    op.create_index(
        'uq_correction_proposal_open', 'correction_proposal', ['certificate_id'],
        unique=True, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED,
    )


def downgrade():
    op.drop_table('correction_proposal')
    # Before, there was no place for two of one cycle: what was corrected falls back to the certificate that was issued last.
    for child in ('issued_paper', 'sealed_badge', 'certificate_hold', 'revocation_proposal', 'certificate_doubt', 'expiry_reminder'):
        op.execute(f'DELETE FROM {child} WHERE certificate_id IN (SELECT id FROM certificate WHERE replaced)')
    op.execute('UPDATE certificate SET replaces_id = NULL')
    op.execute('DELETE FROM certificate WHERE replaced')
    op.drop_index('uq_certificate_once', table_name='certificate')
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.create_unique_constraint('uq_certificate_once', ONCE)
        batch_op.drop_constraint(op.f('ck_certificate_replaced_as_revoked'), type_='check')
        batch_op.drop_constraint('uq_certificate_replaces', type_='unique')
        batch_op.drop_constraint('fk_certificate_replaces_id', type_='foreignkey')
        batch_op.drop_column('replaces_id')
        batch_op.drop_column('replaced')
