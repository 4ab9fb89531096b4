"""Safe Exam Browser for quizzes; accommodations for whole groups

Revision ID: 0041
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MODES = "secure_browser IN ('none', 'settings', 'keys')"


def upgrade():
    # A column with its check, as both databases read it: SQLite need not rebuild the table, which would forget the others.
    op.execute(
        "ALTER TABLE quiz_version ADD COLUMN secure_browser VARCHAR(8) DEFAULT 'none' NOT NULL "
        f'CONSTRAINT ck_quiz_version_known_secure_browser CHECK ({MODES})'
    )
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    op.add_column('quiz_version', sa.Column('secure', json, server_default=sa.text("'{}'"), nullable=False))
    op.add_column('accommodation', sa.Column('any_browser', sa.Boolean(), server_default=sa.false(), nullable=False))
    make_groups()


def make_groups():
    op.create_table('accommodation_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=12), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('below', sa.Boolean(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=True),
    sa.Column('extra_percent', sa.Integer(), nullable=False),
    sa.Column('extra_attempts', sa.Integer(), nullable=False),
    sa.Column('larger_text', sa.Boolean(), nullable=False),
    sa.Column('no_clock', sa.Boolean(), nullable=False),
    sa.Column('any_browser', sa.Boolean(), nullable=False),
    sa.Column('opens_at', MOMENT, nullable=True),
    sa.Column('closes_at', MOMENT, nullable=True),
    sa.Column('ends_at', MOMENT, nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('valid_before', MOMENT, nullable=True),
    sa.Column('everywhere', sa.Boolean(), nullable=False),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', MOMENT, nullable=False),
    sa.CheckConstraint("(scope = 'unit') = (org_unit_id IS NOT NULL)", name=op.f('ck_accommodation_group_unit_when_asked_for')),
    sa.CheckConstraint("scope IN ('organisation', 'unit', 'list')", name=op.f('ck_accommodation_group_known_scope')),
    sa.CheckConstraint('closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at', name=op.f('ck_accommodation_group_closes_after_opening')),
    sa.CheckConstraint('extra_attempts BETWEEN 0 AND 20', name=op.f('ck_accommodation_group_extra_attempts_in_range')),
    sa.CheckConstraint(
        'extra_percent > 0 OR extra_attempts > 0 OR larger_text OR no_clock OR any_browser '
        'OR opens_at IS NOT NULL OR closes_at IS NOT NULL OR ends_at IS NOT NULL',
        name=op.f('ck_accommodation_group_something_granted'),
    ),
    sa.CheckConstraint('extra_percent BETWEEN 0 AND 300', name=op.f('ck_accommodation_group_extra_percent_in_range')),
    sa.CheckConstraint(
        'quiz_id IS NOT NULL OR (opens_at IS NULL AND closes_at IS NULL AND ends_at IS NULL)',
        name=op.f('ck_accommodation_group_dates_of_a_quiz'),
    ),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_accommodation_group_org_unit_id_org_unit'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_accommodation_group_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['quiz_id'], ['quiz.id'], name=op.f('fk_accommodation_group_quiz_id_quiz'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodation_group'))
    )
    for name in ('organisation_id', 'org_unit_id', 'quiz_id'):
        op.create_index(op.f(f'ix_accommodation_group_{name}'), 'accommodation_group', [name])
    op.create_table('accommodation_group_person',
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['accommodation_group.id'], name=op.f('fk_accommodation_group_person_group_id_accommodation_group'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_accommodation_group_person_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('group_id', 'person_id', name=op.f('pk_accommodation_group_person'))
    )
    op.create_index(op.f('ix_accommodation_group_person_person_id'), 'accommodation_group_person', ['person_id'])


def downgrade():
    op.drop_table('accommodation_group_person')
    op.drop_table('accommodation_group')
    op.drop_column('accommodation', 'any_browser')
    op.drop_column('quiz_version', 'secure')
    if op.get_bind().dialect.name == 'sqlite':  # the check stands with its column, and SQLite drops both together
        op.execute('ALTER TABLE quiz_version DROP COLUMN secure_browser')
    else:
        op.drop_column('quiz_version', 'secure_browser')
