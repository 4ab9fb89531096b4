"""assessment that can decide

Revision ID: 0004
Revises: 0003
"""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)

ATTEMPT_BEFORE = {
    'known_state': "state IN ('open', 'graded')",
    'graded_when_submitted': "(state = 'graded') = (submitted_at IS NOT NULL)",
}
ATTEMPT_NOW = {
    'known_state': "state IN ('open', 'submitted', 'graded')",
    'submitted_when_closed': "(state = 'open') = (submitted_at IS NULL)",
    'graded_when_marked': "(state = 'graded') = (graded_at IS NOT NULL)",
}
ITEM_NOW = {
    'known_confidence': 'confidence IS NULL OR confidence BETWEEN 1 AND 3',
    'seconds_not_negative': 'seconds >= 0',
}
QUESTION_NOW = {'known_state': "state IN ('draft', 'in_review', 'ready', 'retired')"}
QUIZ_NOW = {
    'known_counting': "counting IN ('best', 'last', 'average', 'first')",
    'known_navigation': "navigation IN ('free', 'sequential')",
    'closes_after_opening': 'closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at',
    'cooling_not_negative': 'cooling_minutes >= 0',
    'grace_in_range': 'grace_seconds BETWEEN 0 AND 3600',
    'tries_in_range': 'tries BETWEEN 1 AND 10',
    'try_penalty_in_range': 'try_penalty BETWEEN 0 AND 100',
}


@contextmanager
def changed(table, before, after):
    """Change a table, take off the checks `before` and put on the checks `after`."""
    with op.batch_alter_table(table) as batch_op:
        for name in before:
            batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
        yield batch_op
        for name, rule in after.items():
            batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), rule)


def upgrade():
    op.create_table('question_category',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=255), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', JSON, nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_question_category_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['parent_id'], ['question_category.id'], name=op.f('fk_question_category_parent_id_question_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_category')),
    sa.UniqueConstraint('organisation_id', 'key', name='uq_question_category_key')
    )
    with op.batch_alter_table('question_category', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_category_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_category_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_category_path'), ['path'], unique=False)

    op.create_table('quiz_section',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quiz_version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', JSON, nullable=False),
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('draw', JSON, nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('fixed', 'draw')", name=op.f('ck_quiz_section_known_kind')),
    sa.CheckConstraint('points > 0', name=op.f('ck_quiz_section_points_positive')),
    sa.ForeignKeyConstraint(['quiz_version_id'], ['quiz_version.id'], name=op.f('fk_quiz_section_quiz_version_id_quiz_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_section'))
    )
    with op.batch_alter_table('quiz_section', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quiz_section_quiz_version_id'), ['quiz_version_id'], unique=False)

    op.create_table('quiz_pool',
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('question_version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['question_version_id'], ['question_version.id'], name=op.f('fk_quiz_pool_question_version_id_question_version')),
    sa.ForeignKeyConstraint(['section_id'], ['quiz_section.id'], name=op.f('fk_quiz_pool_section_id_quiz_section'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('section_id', 'line', 'question_version_id', name=op.f('pk_quiz_pool'))
    )
    with op.batch_alter_table('quiz_pool', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quiz_pool_question_version_id'), ['question_version_id'], unique=False)

    # Columns first, filled where there are rows; then what holds of them.
    for table, columns in {
        'attempt': [sa.Column('graded_at', MOMENT, nullable=True), sa.Column('language', sa.String(length=2), nullable=True),
                    sa.Column('shortfalls', JSON, nullable=False, server_default='[]')],
        'attempt_item': [sa.Column('section_id', sa.Integer(), nullable=True), sa.Column('opened_at', MOMENT, nullable=True),
                         sa.Column('seconds', sa.Integer(), nullable=False, server_default='0'),
                         sa.Column('confidence', sa.Integer(), nullable=True),
                         sa.Column('tried', JSON, nullable=False, server_default='[]'),
                         sa.Column('voided', sa.Boolean(), nullable=False, server_default=sa.false())],
        'question': [sa.Column('organisation_id', sa.Integer(), nullable=True), sa.Column('category_id', sa.Integer(), nullable=True),
                     sa.Column('state', sa.String(length=10), nullable=False, server_default='ready'),
                     sa.Column('search_text', sa.String(), nullable=False, server_default=' ')],
        'quiz_item': [sa.Column('section_id', sa.Integer(), nullable=True)],
        'quiz_version': [sa.Column('review', JSON, nullable=False, server_default='{}'),
                         sa.Column('opens_at', MOMENT, nullable=True), sa.Column('closes_at', MOMENT, nullable=True),
                         sa.Column('grace_seconds', sa.Integer(), nullable=False, server_default='10'),
                         sa.Column('cooling_minutes', sa.Integer(), nullable=False, server_default='0'),
                         sa.Column('counting', sa.String(length=10), nullable=False, server_default='best'),
                         sa.Column('navigation', sa.String(length=10), nullable=False, server_default='free'),
                         sa.Column('confidence', sa.Boolean(), nullable=False, server_default=sa.false()),
                         sa.Column('tries', sa.Integer(), nullable=False, server_default='1'),
                         sa.Column('try_penalty', sa.Integer(), nullable=False, server_default='0'),
                         sa.Column('password', sa.String(length=60), nullable=True),
                         sa.Column('addresses', JSON, nullable=False, server_default='[]'),
                         sa.Column('floors', JSON, nullable=False, server_default='{}'),
                         sa.Column('marking', JSON, nullable=False, server_default='{}'),
                         sa.Column('pre_quiz_id', sa.Integer(), nullable=True)],
    }.items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE attempt SET graded_at = submitted_at WHERE state = 'graded'")
    op.execute('UPDATE question SET organisation_id = (SELECT organisation_id FROM course WHERE course.id = question.course_id)')

    with changed('attempt', ATTEMPT_BEFORE, ATTEMPT_NOW) as batch_op:
        batch_op.alter_column('shortfalls', existing_type=JSON, server_default=None)

    with changed('attempt_item', {}, ITEM_NOW) as batch_op:
        for name, kind in (('seconds', sa.Integer()), ('tried', JSON), ('voided', sa.Boolean())):
            batch_op.alter_column(name, existing_type=kind, server_default=None)
        batch_op.create_foreign_key(batch_op.f('fk_attempt_item_section_id_quiz_section'), 'quiz_section', ['section_id'], ['id'], ondelete='SET NULL')

    with changed('question', {}, QUESTION_NOW) as batch_op:
        for name, kind in (('state', sa.String(length=10)), ('search_text', sa.String())):
            batch_op.alter_column(name, existing_type=kind, server_default=None)
        batch_op.alter_column('organisation_id', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('course_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(batch_op.f('ix_question_category_id'), ['category_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_question_bank_key', ['organisation_id', 'key'], unique=True, sqlite_where=sa.text('course_id IS NULL'), postgresql_where=sa.text('course_id IS NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_question_category_id_question_category'), 'question_category', ['category_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_question_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'])

    with changed('quiz_item', {}, {}) as batch_op:
        batch_op.create_index(batch_op.f('ix_quiz_item_section_id'), ['section_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_quiz_item_section_id_quiz_section'), 'quiz_section', ['section_id'], ['id'], ondelete='SET NULL')

    with changed('quiz_version', {}, QUIZ_NOW) as batch_op:
        for name in ('review', 'addresses', 'floors', 'marking'):
            batch_op.alter_column(name, existing_type=JSON, server_default=None)
        for name in ('grace_seconds', 'cooling_minutes', 'tries', 'try_penalty'):
            batch_op.alter_column(name, existing_type=sa.Integer(), server_default=None)
        for name in ('counting', 'navigation'):
            batch_op.alter_column(name, existing_type=sa.String(length=10), server_default=None)
        batch_op.alter_column('confidence', existing_type=sa.Boolean(), server_default=None)
        batch_op.create_foreign_key(batch_op.f('fk_quiz_version_pre_quiz_id_quiz'), 'quiz', ['pre_quiz_id'], ['id'])


def downgrade():
    with changed('quiz_version', QUIZ_NOW, {}) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_quiz_version_pre_quiz_id_quiz'), type_='foreignkey')
        for name in ('review', 'opens_at', 'closes_at', 'grace_seconds', 'cooling_minutes', 'counting', 'navigation', 'confidence',
                     'tries', 'try_penalty', 'password', 'addresses', 'floors', 'marking', 'pre_quiz_id'):
            batch_op.drop_column(name)

    with changed('quiz_item', {}, {}) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_quiz_item_section_id_quiz_section'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_quiz_item_section_id'))
        batch_op.drop_column('section_id')

    # What only the bank holds cannot be kept in the older tables.
    op.execute('DELETE FROM question WHERE course_id IS NULL')
    with changed('question', QUESTION_NOW, {}) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_question_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_question_category_id_question_category'), type_='foreignkey')
        batch_op.drop_index('uq_question_bank_key', sqlite_where=sa.text('course_id IS NULL'), postgresql_where=sa.text('course_id IS NULL'))
        batch_op.drop_index(batch_op.f('ix_question_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_question_category_id'))
        batch_op.alter_column('course_id', existing_type=sa.Integer(), nullable=False)
        for name in ('search_text', 'state', 'category_id', 'organisation_id'):
            batch_op.drop_column(name)

    with changed('attempt_item', ITEM_NOW, {}) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_attempt_item_section_id_quiz_section'), type_='foreignkey')
        for name in ('voided', 'tried', 'confidence', 'seconds', 'opened_at', 'section_id'):
            batch_op.drop_column(name)

    op.execute("UPDATE attempt SET state = 'graded' WHERE state = 'submitted'")
    with changed('attempt', ATTEMPT_NOW, ATTEMPT_BEFORE) as batch_op:
        for name in ('shortfalls', 'language', 'graded_at'):
            batch_op.drop_column(name)

    with op.batch_alter_table('quiz_pool', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quiz_pool_question_version_id'))

    op.drop_table('quiz_pool')
    with op.batch_alter_table('quiz_section', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quiz_section_quiz_version_id'))

    op.drop_table('quiz_section')
    with op.batch_alter_table('question_category', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_category_path'))
        batch_op.drop_index(batch_op.f('ix_question_category_parent_id'))
        batch_op.drop_index(batch_op.f('ix_question_category_organisation_id'))

    op.drop_table('question_category')
