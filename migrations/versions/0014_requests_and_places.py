"""requests for a place, seats and waiting lists

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")


def upgrade():
    op.create_table('entry_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.Column('waits', sa.Boolean(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=True),
    sa.Column('closes_on', sa.Date(), nullable=True),
    sa.Column('answer_days', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("way IN ('open', 'request', 'assignment')", name=op.f('ck_entry_rule_known_way')),
    sa.CheckConstraint('(course_id IS NULL) <> (programme_id IS NULL)', name=op.f('ck_entry_rule_of_one_thing')),
    sa.CheckConstraint('answer_days > 0', name=op.f('ck_entry_rule_answer_days_positive')),
    sa.CheckConstraint('opens_on IS NULL OR closes_on IS NULL OR opens_on <= closes_on', name=op.f('ck_entry_rule_opens_before_it_closes')),
    sa.CheckConstraint('seats IS NULL OR (seats > 0 AND course_id IS NOT NULL)', name=op.f('ck_entry_rule_seats_of_courses')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_entry_rule_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_entry_rule_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_rule')),
    sa.UniqueConstraint('course_id', name=op.f('uq_entry_rule_course_id')),
    sa.UniqueConstraint('programme_id', name=op.f('uq_entry_rule_programme_id'))
    )
    op.create_table('place_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('learner_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f('ck_place_request_ended_when_dated')),
    sa.CheckConstraint("(state IN ('approved', 'refused')) = (decided_by_id IS NOT NULL)", name=op.f('ck_place_request_decided_by_somebody')),
    sa.CheckConstraint("state <> 'refused' OR length(reason) > 0", name=op.f('ck_place_request_refused_with_reason')),
    sa.CheckConstraint("state IN ('waiting', 'approved', 'refused', 'withdrawn')", name=op.f('ck_place_request_known_state')),
    sa.CheckConstraint('(course_id IS NULL) <> (programme_id IS NULL)', name=op.f('ck_place_request_for_one_thing')),
    sa.CheckConstraint('decided_by_id <> learner_id', name=op.f('ck_place_request_decided_by_another')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_place_request_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_place_request_decided_by_id_person')),
    sa.ForeignKeyConstraint(['learner_id'], ['person.id'], name=op.f('fk_place_request_learner_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_place_request_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place_request'))
    )
    with op.batch_alter_table('place_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_place_request_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_place_request_learner_id'), ['learner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_place_request_programme_id'), ['programme_id'], unique=False)
        batch_op.create_index('ix_place_request_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_place_request_course', ['learner_id', 'course_id'], unique=True, sqlite_where=WAITING, postgresql_where=WAITING)
        batch_op.create_index('uq_place_request_programme', ['learner_id', 'programme_id'], unique=True, sqlite_where=WAITING, postgresql_where=WAITING)

    op.create_table('decision_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('decider_id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('used_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['decider_id'], ['person.id'], name=op.f('fk_decision_link_decider_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['request_id'], ['place_request.id'], name=op.f('fk_decision_link_request_id_place_request'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_link')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_decision_link_token_digest'))
    )
    with op.batch_alter_table('decision_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_link_decider_id'), ['decider_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_link_request_id'), ['request_id'], unique=False)

    op.create_table('request_turn',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('decider_id', sa.Integer(), nullable=True),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('ends_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['decider_id'], ['person.id'], name=op.f('fk_request_turn_decider_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['request_id'], ['place_request.id'], name=op.f('fk_request_turn_request_id_place_request'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_turn')),
    sa.UniqueConstraint('request_id', 'decider_id', name='uq_request_turn_decider'),
    sa.UniqueConstraint('request_id', 'number', name='uq_request_turn_number')
    )
    with op.batch_alter_table('request_turn', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_request_turn_decider_id'), ['decider_id'], unique=False)
        batch_op.create_index('uq_request_turn_administrators', ['request_id'], unique=True, sqlite_where=sa.text('decider_id IS NULL'), postgresql_where=sa.text('decider_id IS NULL'))

    op.create_table('course_seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('taken_at', MOMENT, nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_course_seat_number_positive')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_seat_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_course_seat_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_seat')),
    sa.UniqueConstraint('course_id', 'number', name='uq_course_seat_number'),
    sa.UniqueConstraint('enrolment_id', name=op.f('uq_course_seat_enrolment_id'))
    )
    op.create_table('waiting_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('learner_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('joined_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'promoted') = (enrolment_id IS NOT NULL)", name=op.f('ck_waiting_place_promoted_to_a_place')),
    sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f('ck_waiting_place_ended_when_dated')),
    sa.CheckConstraint("state IN ('waiting', 'promoted', 'left')", name=op.f('ck_waiting_place_known_state')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_waiting_place_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_waiting_place_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['learner_id'], ['person.id'], name=op.f('fk_waiting_place_learner_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_place'))
    )
    with op.batch_alter_table('waiting_place', schema=None) as batch_op:
        batch_op.create_index('ix_waiting_place_course_state', ['course_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiting_place_learner_id'), ['learner_id'], unique=False)
        batch_op.create_index('uq_waiting_place_learner', ['course_id', 'learner_id'], unique=True, sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade():
    op.drop_table('waiting_place')
    op.drop_table('course_seat')
    op.drop_table('request_turn')
    op.drop_table('decision_link')
    op.drop_table('place_request')
    op.drop_table('entry_rule')
