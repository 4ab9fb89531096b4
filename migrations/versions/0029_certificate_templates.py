"""certificate templates

Revision ID: 0029
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0029'
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
ONE_SCOPE = (
    "(course_id IS NOT NULL AND organisation_id IS NULL AND everywhere IS NULL)"
    " OR (course_id IS NULL AND organisation_id IS NOT NULL AND everywhere IS NULL)"
    " OR (course_id IS NULL AND organisation_id IS NULL AND everywhere IS NOT NULL)"
)


def upgrade():
    op.create_table('certificate_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('name', JSON, nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_certificate_template_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_template')),
    sa.UniqueConstraint('key', name=op.f('uq_certificate_template_key'))
    )
    op.create_index(op.f('ix_certificate_template_organisation_id'), 'certificate_template', ['organisation_id'])
    op.create_table('certificate_template_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('look', JSON, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('edited_by_id', sa.Integer(), nullable=False),
    sa.Column('edited_at', MOMENT, nullable=False),
    sa.Column('asked_at', MOMENT, nullable=True),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', MOMENT, nullable=True),
    sa.CheckConstraint("state IN ('draft', 'published', 'superseded')", name=op.f('ck_certificate_template_version_known_state')),
    sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f('ck_certificate_template_version_published_with_moment')),
    sa.CheckConstraint('published_by_id IS NULL OR published_by_id <> edited_by_id', name=op.f('ck_certificate_template_version_two_people')),
    sa.ForeignKeyConstraint(['template_id'], ['certificate_template.id'], name=op.f('fk_certificate_template_version_template_id_certificate_template'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_template_version')),
    sa.UniqueConstraint('template_id', 'number', name='uq_certificate_template_version_number')
    )
    for state in ('draft', 'published'):
        op.create_index(f'uq_certificate_template_version_{state}', 'certificate_template_version', ['template_id'], unique=True,
            sqlite_where=sa.text(f"state = '{state}'"), postgresql_where=sa.text(f"state = '{state}'"))
    op.create_table('certificate_template_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=12), nullable=False),
    sa.Column('media_type', sa.String(length=20), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("place IN ('logo', 'seal', 'background', 'signature_1', 'signature_2')", name=op.f('ck_certificate_template_picture_known_place')),
    sa.CheckConstraint("media_type IN ('image/png', 'image/jpeg')", name=op.f('ck_certificate_template_picture_known_media_type')),
    sa.ForeignKeyConstraint(['version_id'], ['certificate_template_version.id'], name=op.f('fk_certificate_template_picture_version_id_certificate_template_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_template_picture')),
    sa.UniqueConstraint('version_id', 'place', name='uq_certificate_template_picture_place')
    )
    op.create_table('certificate_template_use',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('everywhere', sa.Boolean(), nullable=True),
    sa.CheckConstraint('everywhere IS NULL OR everywhere', name=op.f('ck_certificate_template_use_everywhere_or_null')),
    sa.CheckConstraint(ONE_SCOPE, name=op.f('ck_certificate_template_use_one_scope')),
    sa.ForeignKeyConstraint(['template_id'], ['certificate_template.id'], name=op.f('fk_certificate_template_use_template_id_certificate_template'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_certificate_template_use_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_certificate_template_use_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_template_use')),
    sa.UniqueConstraint('course_id', name=op.f('uq_certificate_template_use_course_id')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_certificate_template_use_organisation_id')),
    sa.UniqueConstraint('everywhere', name=op.f('uq_certificate_template_use_everywhere'))
    )
    op.create_index(op.f('ix_certificate_template_use_template_id'), 'certificate_template_use', ['template_id'])
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.add_column(sa.Column('template_version_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_certificate_template_version_id', 'certificate_template_version', ['template_version_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_certificate_template_version_id'), ['template_version_id'])


def downgrade():
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_template_version_id'))
        batch_op.drop_constraint('fk_certificate_template_version_id', type_='foreignkey')
        batch_op.drop_column('template_version_id')
    op.drop_table('certificate_template_use')
    op.drop_table('certificate_template_picture')
    op.drop_table('certificate_template_version')
    op.drop_table('certificate_template')
