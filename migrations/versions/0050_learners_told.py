"""announcements to the learners of a course or programme

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None

BEFORE = "audience IN ('everyone', 'employees', 'partners', 'managers', 'trainers')"
SINCE = "audience IN ('everyone', 'employees', 'partners', 'managers', 'trainers', 'learners')"


def _audiences(known):
    with op.batch_alter_table('announcement') as batch_op:
        batch_op.drop_constraint(op.f('ck_announcement_known_audience'), type_='check')
        batch_op.create_check_constraint(op.f('ck_announcement_known_audience'), known)


def upgrade():
    _audiences(SINCE)
    op.create_table('learners_told',
    sa.Column('announcement_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('open_only', sa.Boolean(), nullable=False),
    sa.CheckConstraint('(course_id IS NULL) <> (programme_id IS NULL)', name=op.f('ck_learners_told_of_one_thing')),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_learners_told_announcement_id_announcement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_learners_told_course_id_course')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_learners_told_programme_id_programme')),
    sa.PrimaryKeyConstraint('announcement_id', name=op.f('pk_learners_told'))
    )
    op.create_index(op.f('ix_learners_told_course_id'), 'learners_told', ['course_id'])
    op.create_index(op.f('ix_learners_told_programme_id'), 'learners_told', ['programme_id'])


def downgrade():
    op.drop_table('learners_told')
    # Before, nobody could announce to learners: what was announced to them goes, with the notices and letters about it.
    op.execute("DELETE FROM notice WHERE kind = 'learners_told'")
    op.execute("DELETE FROM letter WHERE kind = 'learners_told'")
    op.execute("DELETE FROM letter_choice WHERE kind = 'learners_told'")
    op.execute("DELETE FROM announcement WHERE audience = 'learners'")
    _audiences(BEFORE)
