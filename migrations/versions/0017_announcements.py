"""announcements

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table('announcement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('title', JSON, nullable=False),
    sa.Column('text', JSON, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('shown_until', sa.Date(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('published_at', MOMENT, nullable=True),
    sa.CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name=op.f('ck_announcement_known_state')),
    sa.CheckConstraint("audience IN ('everyone', 'employees', 'partners', 'managers', 'trainers')", name=op.f('ck_announcement_known_audience')),
    sa.CheckConstraint('org_unit_id IS NULL OR organisation_id IS NOT NULL', name=op.f('ck_announcement_unit_of_an_organisation')),
    sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f('ck_announcement_published_at_a_moment')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_announcement_created_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_announcement_org_unit_id_org_unit')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_announcement_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement'))
    )
    op.create_index(op.f('ix_announcement_organisation_id'), 'announcement', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_announcement_state'), 'announcement', ['state'], unique=False)
    op.create_index('ix_notice_kind_about_id', 'notice', ['kind', 'about_id'], unique=False)


def downgrade():
    op.drop_index('ix_notice_kind_about_id', table_name='notice')
    op.drop_table('announcement')
