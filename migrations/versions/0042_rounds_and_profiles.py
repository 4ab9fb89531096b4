"""raters reminded by hand, role profiles that retire and keep their versions

Revision ID: 0042
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
RETIRED = {
    'published_before_retired': 'retired_at IS NULL OR number > 0',
    'retired_by_when_retired': 'retired_by_id IS NULL OR retired_at IS NOT NULL',
}


def upgrade():
    op.add_column('rating_voice', sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('role_profile', sa.Column('retired_by_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('role_profile') as batch_op:
        batch_op.create_foreign_key(
            op.f('fk_role_profile_retired_by_id_person'), 'person', ['retired_by_id'], ['id'], ondelete='SET NULL'
        )
        for name, rule in RETIRED.items():
            batch_op.create_check_constraint(op.f(f'ck_role_profile_{name}'), rule)
    versions()
    # What is published now is the first version that is kept; when and by whom it was published stands in the trail alone.
    op.execute(
        'INSERT INTO role_profile_version (profile_id, number, name, targets) '
        'SELECT id, number, name, targets FROM role_profile WHERE number > 0'
    )


def versions():
    op.create_table(
        'role_profile_version',
        sa.Column('profile_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('name', JSON, nullable=False),
        sa.Column('targets', JSON, nullable=False),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('published_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('number > 0', name=op.f('ck_role_profile_version_number_positive')),
        sa.ForeignKeyConstraint(
            ['profile_id'], ['role_profile.id'], name=op.f('fk_role_profile_version_profile_id_role_profile'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['published_by_id'], ['person.id'], name=op.f('fk_role_profile_version_published_by_id_person'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('profile_id', 'number', name=op.f('pk_role_profile_version')),
    )


def downgrade():
    op.drop_table('role_profile_version')
    with op.batch_alter_table('role_profile') as batch_op:
        for name in RETIRED:
            batch_op.drop_constraint(op.f(f'ck_role_profile_{name}'), type_='check')
        batch_op.drop_constraint(op.f('fk_role_profile_retired_by_id_person'), type_='foreignkey')
        batch_op.drop_column('retired_by_id')
    op.drop_column('rating_voice', 'reminded_at')
