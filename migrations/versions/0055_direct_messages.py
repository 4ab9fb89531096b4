"""direct messages of two people, and reports about them

Revision ID: 0055
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = "('direct_message', 'message_reported', 'report_decided', 'message_decided')"


def upgrade():
    op.create_table('message_rules',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('trainers', sa.Boolean(), nullable=False),
    sa.Column('managers', sa.Boolean(), nullable=False),
    sa.Column('administrators', sa.Boolean(), nullable=False),
    sa.Column('unit', sa.Boolean(), nullable=False),
    sa.Column('organisation', sa.Boolean(), nullable=False),
    sa.Column('shows_read', sa.Boolean(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.CheckConstraint('months BETWEEN 1 AND 120', name=op.f('ck_message_rules_months_in_range')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_message_rules_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_message_rules'))
    )
    op.create_table('conversation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('last_at', MOMENT, nullable=False),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_conversation_two_people_in_order')),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_conversation_first_id_person')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_conversation_second_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sa.UniqueConstraint('first_id', 'second_id', name='uq_conversation_pair')
    )
    op.create_index(op.f('ix_conversation_second_id'), 'conversation', ['second_id'])
    op.create_index('ix_conversation_last_at', 'conversation', ['last_at'])
    op.create_table('conversation_side',
    sa.Column('conversation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('read_to', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('muted', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.CheckConstraint('person_id <> other_id', name=op.f('ck_conversation_side_two_people')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_conversation_side_conversation_id_conversation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_conversation_side_person_id_person')),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_conversation_side_other_id_person')),
    sa.PrimaryKeyConstraint('conversation_id', 'person_id', name=op.f('pk_conversation_side'))
    )
    op.create_index('ix_conversation_side_person', 'conversation_side', ['person_id'])
    op.create_table('direct_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', MOMENT, nullable=False),
    sa.Column('hidden_at', MOMENT, nullable=True),
    sa.CheckConstraint('length(text) BETWEEN 1 AND 20000', name=op.f('ck_direct_message_text_in_range')),
    sa.ForeignKeyConstraint(['conversation_id', 'author_id'], ['conversation_side.conversation_id', 'conversation_side.person_id'], name='fk_direct_message_author_side', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_direct_message_course_id_course')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_direct_message')),
    sa.UniqueConstraint('author_id', 'token', name='uq_direct_message_once'),
    sa.UniqueConstraint('id', 'author_id', name='uq_direct_message_id_author')
    )
    op.create_index('ix_direct_message_conversation', 'direct_message', ['conversation_id', 'id'])
    op.create_table('message_block',
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('blocked_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.CheckConstraint('person_id <> blocked_id', name=op.f('ck_message_block_two_people')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_block_person_id_person')),
    sa.ForeignKeyConstraint(['blocked_id'], ['person.id'], name=op.f('fk_message_block_blocked_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'blocked_id', name=op.f('pk_message_block'))
    )
    op.create_index(op.f('ix_message_block_blocked_id'), 'message_block', ['blocked_id'])
    op.create_table('message_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('reporter_id <> author_id', name=op.f('ck_message_report_of_another')),
    sa.CheckConstraint("reason IN ('offensive', 'harassing', 'confidential', 'unwanted', 'other')", name=op.f('ck_message_report_known_reason')),
    sa.CheckConstraint("outcome IN ('kept', 'hidden', 'stopped')", name=op.f('ck_message_report_known_outcome')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_message_report_decided_by_somebody')),
    sa.CheckConstraint('decided_by_id <> author_id AND decided_by_id <> reporter_id', name=op.f('ck_message_report_decided_by_a_third')),
    sa.ForeignKeyConstraint(['message_id', 'author_id'], ['direct_message.id', 'direct_message.author_id'], name='fk_message_report_message', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reporter_id'], ['person.id'], name=op.f('fk_message_report_reporter_id_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_message_report_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_message_report_decided_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_report')),
    sa.UniqueConstraint('message_id', 'reporter_id', name='uq_message_report_once')
    )
    op.create_index('ix_message_report_organisation_outcome', 'message_report', ['organisation_id', 'outcome'])
    op.create_table('message_stop',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('lifted_at', MOMENT, nullable=True),
    sa.Column('lifted_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(lifted_at IS NULL) = (lifted_by_id IS NULL)', name=op.f('ck_message_stop_lifted_by_somebody')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_stop_person_id_person')),
    sa.ForeignKeyConstraint(['report_id'], ['message_report.id'], name=op.f('fk_message_stop_report_id_message_report'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_message_stop_made_by_id_person')),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['person.id'], name=op.f('fk_message_stop_lifted_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_stop'))
    )
    op.create_index(op.f('ix_message_stop_person_id'), 'message_stop', ['person_id'])


def downgrade():
    # Before, nobody was told of messages.
    op.execute(f"DELETE FROM notice WHERE kind IN {KINDS}")
    op.execute(f"DELETE FROM letter WHERE kind IN {KINDS}")
    op.execute(f"DELETE FROM letter_choice WHERE kind IN {KINDS}")
    for table in ('message_stop', 'message_report', 'message_block', 'direct_message', 'conversation_side', 'conversation', 'message_rules'):
        op.drop_table(table)
