"""a second person reviews drafts of courses before they are published

Revision ID: 0045
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ASKED = sa.text("state = 'asked'")


def upgrade():
    # An academy that publishes without reviews goes on doing so until an administrator asks for them.
    op.add_column('academy', sa.Column('review_before_publishing', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('academy') as batch_op:
        batch_op.alter_column('review_before_publishing', existing_type=sa.Boolean(), server_default=None)
    reviews()
    comments()


def reviews():
    op.create_table('course_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('asked', 'approved', 'returned', 'withdrawn')", name=op.f('ck_course_review_known_state')),
    sa.CheckConstraint("(state IN ('approved', 'returned')) = (decided_at IS NOT NULL)", name=op.f('ck_course_review_decided_at_a_moment')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_course_review_decided_by_somebody')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> asked_by_id', name=op.f('ck_course_review_two_people')),
    sa.CheckConstraint("(state = 'approved') = (fingerprint IS NOT NULL)", name=op.f('ck_course_review_approves_something')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_course_review_version_id_course_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_course_review_asked_by_id_person')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_course_review_decided_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_review'))
    )
    for name in ('version_id', 'asked_by_id', 'decided_by_id'):
        op.create_index(op.f(f'ix_course_review_{name}'), 'course_review', [name])
    op.create_index(
        'uq_course_review_asked', 'course_review', ['version_id'], unique=True, sqlite_where=ASKED, postgresql_where=ASKED
    )


def comments():
    op.create_table('course_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('activity_key', sa.String(length=60), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('resolved_at', MOMENT, nullable=True),
    sa.Column('resolved_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(resolved_at IS NULL) = (resolved_by_id IS NULL)', name=op.f('ck_course_comment_resolved_by_somebody')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_course_comment_version_id_course_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_course_comment_author_id_person')),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['person.id'], name=op.f('fk_course_comment_resolved_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_comment'))
    )
    for name in ('version_id', 'author_id'):
        op.create_index(op.f(f'ix_course_comment_{name}'), 'course_comment', [name])


def downgrade():
    op.drop_table('course_comment')
    op.drop_table('course_review')
    with op.batch_alter_table('academy') as batch_op:
        batch_op.drop_column('review_before_publishing')
