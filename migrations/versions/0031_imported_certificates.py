"""certificates from before the academy, files of them

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0031'
down_revision = "0030"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
NOT_REVOKED = sa.text('revoked_at IS NULL')
WHOLE = (
    '(imported_on IS NULL) = (former_number IS NULL) AND (imported_on IS NULL) = (former_key IS NULL)'
    ' AND (imported_on IS NULL) = (imported_by_id IS NULL) AND (imported_on IS NULL) = (cycle > 0)'
)


def upgrade():
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.add_column(sa.Column('imported_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('imported_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('former_number', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('former_key', sa.String(length=60), nullable=True))
        batch_op.create_check_constraint(op.f('ck_certificate_imported_whole'), WHOLE)
        batch_op.create_check_constraint(
            op.f('ck_certificate_imported_after_issue'), 'imported_on IS NULL OR imported_on >= issued_on'
        )
        batch_op.create_index(
            'uq_certificate_former', ['holder_id', 'credential', 'former_key'],
            unique=True, sqlite_where=NOT_REVOKED, postgresql_where=NOT_REVOKED,
        )
    op.create_table('certificate_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('ignored', JSON, nullable=False),
    sa.Column('givers', JSON, nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('applied_at', MOMENT, nullable=True),
    sa.Column('batch', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_certificate_import_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_certificate_import_owner_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_import'))
    )
    op.create_index(op.f('ix_certificate_import_owner_id'), 'certificate_import', ['owner_id'], unique=False)
    op.create_table('certificate_import_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('cells', JSON, nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('problems', JSON, nullable=True),
    sa.Column('certificate_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("outcome IN ('imported', 'same', 'refused', 'failed')", name=op.f('ck_certificate_import_row_known_outcome')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_import_row_certificate_id_certificate'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['import_id'], ['certificate_import.id'], name=op.f('fk_certificate_import_row_import_id_certificate_import'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_import_row')),
    sa.UniqueConstraint('import_id', 'line', name='uq_certificate_import_row_line')
    )
    op.create_index(op.f('ix_certificate_import_row_certificate_id'), 'certificate_import_row', ['certificate_id'], unique=False)


def downgrade():
    op.drop_table('certificate_import_row')
    op.drop_table('certificate_import')
    # Before, there was no place for what the academy did not issue itself.
    for child in ('issued_paper', 'sealed_badge', 'certificate_hold', 'revocation_proposal', 'certificate_doubt', 'expiry_reminder'):
        op.execute(f'DELETE FROM {child} WHERE certificate_id IN (SELECT id FROM certificate WHERE imported_on IS NOT NULL)')
    op.execute('DELETE FROM certificate WHERE imported_on IS NOT NULL')
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.drop_index('uq_certificate_former')
        batch_op.drop_constraint(op.f('ck_certificate_imported_whole'), type_='check')
        batch_op.drop_constraint(op.f('ck_certificate_imported_after_issue'), type_='check')
        for name in ('former_key', 'former_number', 'imported_by_id', 'imported_on'):
            batch_op.drop_column(name)
