"""discussions of courses: threads, posts, answers, readers, reports, decisions, stops

Revision ID: 0054
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table('discussion_rule',
    sa.Column('course_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.String(length=6), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.CheckConstraint("state IN ('open', 'closed', 'off')", name=op.f('ck_discussion_rule_known_state')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_discussion_rule_changed_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_discussion_rule_course_id_course')),
    sa.PrimaryKeyConstraint('course_id', name=op.f('pk_discussion_rule'))
    )
    op.create_table('discussion_stop',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.CheckConstraint('by_id <> person_id', name=op.f('ck_discussion_stop_stopped_by_another')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_discussion_stop_with_a_reason')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_discussion_stop_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_discussion_stop_course_id_course')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_discussion_stop_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_stop'))
    )
    op.create_index(op.f('ix_discussion_stop_person_id'), 'discussion_stop', ['person_id'])
    op.create_index('uq_discussion_stop_lasting', 'discussion_stop', ['course_id', 'person_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('discussion_thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('activity_key', sa.String(length=60), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('locked', sa.Boolean(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('last_post_at', MOMENT, nullable=False),
    sa.CheckConstraint("kind IN ('question', 'discussion')", name=op.f('ck_discussion_thread_known_kind')),
    sa.CheckConstraint('length(title) > 0', name=op.f('ck_discussion_thread_has_a_title')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_discussion_thread_author_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_discussion_thread_course_id_course')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_discussion_thread_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_thread'))
    )
    op.create_index(op.f('ix_discussion_thread_author_id'), 'discussion_thread', ['author_id'])
    op.create_index(op.f('ix_discussion_thread_organisation_id'), 'discussion_thread', ['organisation_id'])
    op.create_index('ix_discussion_thread_place', 'discussion_thread', ['course_id', 'organisation_id', 'last_post_at'])
    op.create_table('discussion_post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('opening', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('quoted_id', sa.Integer(), nullable=True),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('edited_at', MOMENT, nullable=True),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.Column('hidden_at', MOMENT, nullable=True),
    sa.CheckConstraint("language IN ('ar', 'en')", name=op.f('ck_discussion_post_known_language')),
    sa.CheckConstraint('(length(text) > 0) = (removed_at IS NULL)', name=op.f('ck_discussion_post_empty_when_removed')),
    sa.CheckConstraint('NOT opening OR quoted_id IS NULL', name=op.f('ck_discussion_post_opening_quotes_nothing')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_discussion_post_author_id_person')),
    sa.ForeignKeyConstraint(['quoted_id', 'thread_id'], ['discussion_post.id', 'discussion_post.thread_id'], name='fk_discussion_post_quoted_in_thread'),
    sa.ForeignKeyConstraint(['thread_id'], ['discussion_thread.id'], name=op.f('fk_discussion_post_thread_id_discussion_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_post')),
    sa.UniqueConstraint('author_id', 'token', name=op.f('uq_discussion_post_author_id_token')),
    sa.UniqueConstraint('id', 'author_id', name='uq_discussion_post_by_author'),
    sa.UniqueConstraint('id', 'thread_id', name='uq_discussion_post_in_thread')
    )
    op.create_index(op.f('ix_discussion_post_author_id'), 'discussion_post', ['author_id'])
    op.create_index(op.f('ix_discussion_post_quoted_id'), 'discussion_post', ['quoted_id'])
    op.create_index('ix_discussion_post_thread_id_created_at', 'discussion_post', ['thread_id', 'created_at'])
    op.create_index('uq_discussion_post_opening', 'discussion_post', ['thread_id'], unique=True, sqlite_where=sa.text('opening'), postgresql_where=sa.text('opening'))
    op.create_table('discussion_reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('subscribed', sa.Boolean(), nullable=False),
    sa.Column('seen_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_discussion_reader_course_id_course')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_discussion_reader_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['thread_id'], ['discussion_thread.id'], name=op.f('fk_discussion_reader_thread_id_discussion_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_reader')),
    sa.UniqueConstraint('person_id', 'thread_id', name=op.f('uq_discussion_reader_person_id_thread_id'))
    )
    op.create_index('ix_discussion_reader_course_id', 'discussion_reader', ['course_id'])
    op.create_index('ix_discussion_reader_thread_id', 'discussion_reader', ['thread_id'])
    op.create_index('uq_discussion_reader_whole', 'discussion_reader', ['person_id', 'course_id'], unique=True, sqlite_where=sa.text('thread_id IS NULL'), postgresql_where=sa.text('thread_id IS NULL'))
    op.create_table('discussion_answer',
    sa.Column('thread_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('marked_by_id', sa.Integer(), nullable=False),
    sa.Column('marked_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['marked_by_id'], ['person.id'], name=op.f('fk_discussion_answer_marked_by_id_person')),
    sa.ForeignKeyConstraint(['post_id', 'thread_id'], ['discussion_post.id', 'discussion_post.thread_id'], name='fk_discussion_answer_of_thread', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['thread_id'], ['discussion_thread.id'], name=op.f('fk_discussion_answer_thread_id_discussion_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('thread_id', name=op.f('pk_discussion_answer'))
    )
    op.create_index(op.f('ix_discussion_answer_post_id'), 'discussion_answer', ['post_id'])
    op.create_table('discussion_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('moderator_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=6), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.CheckConstraint("outcome IN ('hidden', 'kept', 'shown')", name=op.f('ck_discussion_decision_known_outcome')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_discussion_decision_with_a_reason')),
    sa.CheckConstraint('moderator_id <> author_id', name=op.f('ck_discussion_decision_decided_by_another')),
    sa.ForeignKeyConstraint(['moderator_id'], ['person.id'], name=op.f('fk_discussion_decision_moderator_id_person')),
    sa.ForeignKeyConstraint(['post_id', 'author_id'], ['discussion_post.id', 'discussion_post.author_id'], name='fk_discussion_decision_post', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_decision')),
    sa.UniqueConstraint('id', 'post_id', name='uq_discussion_decision_of_post')
    )
    op.create_index('ix_discussion_decision_post_id', 'discussion_decision', ['post_id'])
    op.create_table('discussion_former_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('until', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['discussion_post.id'], name=op.f('fk_discussion_former_text_post_id_discussion_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_former_text')),
    sa.UniqueConstraint('post_id', 'revision', name=op.f('uq_discussion_former_text_post_id_revision'))
    )
    op.create_table('discussion_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.CheckConstraint("reason IN ('insult', 'private', 'false', 'spam', 'other')", name=op.f('ck_discussion_report_known_reason')),
    sa.ForeignKeyConstraint(['decision_id', 'post_id'], ['discussion_decision.id', 'discussion_decision.post_id'], name='fk_discussion_report_decision', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['discussion_post.id'], name=op.f('fk_discussion_report_post_id_discussion_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reporter_id'], ['person.id'], name=op.f('fk_discussion_report_reporter_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_report')),
    sa.UniqueConstraint('post_id', 'reporter_id', name=op.f('uq_discussion_report_post_id_reporter_id'))
    )
    op.create_index(op.f('ix_discussion_report_reporter_id'), 'discussion_report', ['reporter_id'])
    op.create_index('ix_discussion_report_waiting', 'discussion_report', ['post_id'], sqlite_where=sa.text('decision_id IS NULL'), postgresql_where=sa.text('decision_id IS NULL'))


def downgrade():
    op.drop_table('discussion_report')
    op.drop_table('discussion_former_text')
    op.drop_table('discussion_decision')
    op.drop_table('discussion_answer')
    op.drop_table('discussion_reader')
    op.drop_table('discussion_post')
    op.drop_table('discussion_thread')
    op.drop_table('discussion_stop')
    op.drop_table('discussion_rule')
