"""templates of programmes, retiring templates, papers of accreditations, tokens of partners

Revision ID: 0036
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ONE_SCOPE = (
    "(CASE WHEN course_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN everywhere IS NULL THEN 0 ELSE 1 END) = 1"
)
ONE_SCOPE_BEFORE = (
    "(course_id IS NOT NULL AND organisation_id IS NULL AND everywhere IS NULL)"
    " OR (course_id IS NULL AND organisation_id IS NOT NULL AND everywhere IS NULL)"
    " OR (course_id IS NULL AND organisation_id IS NULL AND everywhere IS NOT NULL)"
)
RETIREMENT = {
    'retirement_asked_whole': '(retire_asked_at IS NULL) = (retire_asked_by_id IS NULL)'
    ' AND (retire_asked_at IS NULL) = (retire_reason IS NULL)',
    'retired_by_somebody': '(retired_at IS NULL) = (retired_by_id IS NULL)',
    'retired_when_asked': 'retired_at IS NULL OR retire_asked_at IS NOT NULL',
}
COLUMNS = (
    ('retire_asked_at', MOMENT), ('retire_asked_by_id', sa.Integer()), ('retire_reason', sa.String(length=300)),
    ('retired_at', MOMENT), ('retired_by_id', sa.Integer()),
)  # fmt: skip


def upgrade():
    with op.batch_alter_table('certificate_template') as batch_op:
        for name, kind in COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name, held in RETIREMENT.items():
            batch_op.create_check_constraint(op.f(f'ck_certificate_template_{name}'), held)
    with op.batch_alter_table('certificate_template_use') as batch_op:
        batch_op.add_column(sa.Column('programme_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_certificate_template_use_programme_id_programme'), 'programme', ['programme_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_unique_constraint(op.f('uq_certificate_template_use_programme_id'), ['programme_id'])
        batch_op.drop_constraint(op.f('ck_certificate_template_use_one_scope'), type_='check')
        batch_op.create_check_constraint(op.f('ck_certificate_template_use_one_scope'), ONE_SCOPE)

    # Imported certificates of programmes named theirs by key alone, so they could not be renewed.
    op.execute(
        "UPDATE certificate SET programme_id = (SELECT id FROM programme WHERE 'programme:' || programme.key = certificate.credential)"
        " WHERE imported_on IS NOT NULL AND programme_id IS NULL AND course_id IS NULL"
    )
    op.create_table('accreditation_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('accreditation_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('noted_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['accreditation_id'], ['accreditation.id'], name=op.f('fk_accreditation_paper_accreditation_id_accreditation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_paper')),
    sa.UniqueConstraint('accreditation_id', 'sha256', name='uq_accreditation_paper_once')
    )
    op.create_index(op.f('ix_accreditation_paper_sha256'), 'accreditation_paper', ['sha256'])
    op.create_table('partner_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('last_signs', sa.String(length=4), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('last_used_at', MOMENT, nullable=True),
    sa.Column('revoked_at', MOMENT, nullable=True),
    sa.Column('revoked_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('revoked_by_id IS NULL OR revoked_at IS NOT NULL', name=op.f('ck_partner_token_revoked_when_dated')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_token_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_partner_token_digest'))
    )
    op.create_index(op.f('ix_partner_token_organisation_id'), 'partner_token', ['organisation_id'])
    op.create_index('uq_partner_token_name', 'partner_token', ['organisation_id', 'name'], unique=True,
        sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))


def downgrade():
    op.drop_table('partner_token')
    op.drop_table('accreditation_paper')
    op.execute('DELETE FROM certificate_template_use WHERE programme_id IS NOT NULL')
    with op.batch_alter_table('certificate_template_use') as batch_op:
        batch_op.drop_constraint(op.f('ck_certificate_template_use_one_scope'), type_='check')
        batch_op.drop_constraint(op.f('uq_certificate_template_use_programme_id'), type_='unique')
        batch_op.drop_constraint(op.f('fk_certificate_template_use_programme_id_programme'), type_='foreignkey')
        batch_op.drop_column('programme_id')
        batch_op.create_check_constraint(op.f('ck_certificate_template_use_one_scope'), ONE_SCOPE_BEFORE)
    with op.batch_alter_table('certificate_template') as batch_op:
        for name in RETIREMENT:
            batch_op.drop_constraint(op.f(f'ck_certificate_template_{name}'), type_='check')
        for name, _kind in reversed(COLUMNS):
            batch_op.drop_column(name)
