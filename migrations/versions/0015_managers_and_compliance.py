"""matrix managers, deputies, where people stood

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
PERSON_CHECKS = {
    'known_state': "state IN ('invited', 'active', 'suspended')",
    'email_in_lower_case': 'email = lower(email)',
    'known_language': "language IN ('ar', 'en')",
    'known_digits': "digits IN ('latn', 'arab')",
    'known_calendar': "calendar IN ('hijri', 'gregorian', 'both')",
}

# What is known of the time before: where people stood when they were added as they stand now, suspensions from the trail;
# duties from the day of their assignment with the due day they have now, completions and withdrawals from their day.
KNOWN = (
    """INSERT INTO person_place (person_id, at, organisation_id, org_unit_id, manager_id, state)
       SELECT id, created_at, organisation_id, org_unit_id, manager_id, CASE WHEN state = 'suspended' THEN 'active' ELSE state END FROM person""",
    """INSERT INTO person_place (person_id, at, organisation_id, org_unit_id, manager_id, state)
       SELECT p.id, a.at, p.organisation_id, p.org_unit_id, p.manager_id,
              CASE WHEN a.act = 'accounts:person:suspend' THEN 'suspended' ELSE 'active' END
       FROM audit_entry a JOIN person p ON p.id = a.subject_id
       WHERE a.subject_type = 'person' AND a.act IN ('accounts:person:suspend', 'accounts:person:revive') ORDER BY a.id""",
    """INSERT INTO person_place (person_id, at, organisation_id, org_unit_id, manager_id, state)
       SELECT p.id, p.created_at, p.organisation_id, p.org_unit_id, p.manager_id, 'suspended' FROM person p
       WHERE p.state = 'suspended' AND NOT EXISTS (SELECT 1 FROM person_place q WHERE q.person_id = p.id AND q.state = 'suspended')""",
    """INSERT INTO duty_event (enrolment_id, learner_id, course_id, at, state, asked, due_on)
       SELECT e.id, e.learner_id, e.course_id, a.assigned_at, 'active', TRUE, e.due_on
       FROM enrolment e JOIN assignment a ON a.id = e.assignment_id ORDER BY a.assigned_at""",
    """INSERT INTO duty_event (enrolment_id, learner_id, course_id, at, state, asked, due_on)
       SELECT id, learner_id, course_id, completed_at, state, assignment_id IS NOT NULL, due_on
       FROM enrolment WHERE state = 'completed'""",
    """INSERT INTO duty_event (enrolment_id, learner_id, course_id, at, state, asked, due_on)
       SELECT id, learner_id, course_id, coalesce(last_activity_at, enrolled_at), state, assignment_id IS NOT NULL, due_on
       FROM enrolment WHERE state = 'withdrawn'""",
)


def upgrade():
    op.execute('UPDATE person SET manager_id = NULL WHERE manager_id = id')
    recheck_person(lambda batch_op: batch_op.create_check_constraint(op.f('ck_person_not_their_own_manager'), 'manager_id <> id'))

    op.create_table('matrix_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('manager_id', sa.Integer(), nullable=False),
    sa.Column('label', JSON, nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.CheckConstraint('person_id <> manager_id', name=op.f('ck_matrix_line_two_people')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_matrix_line_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['manager_id'], ['person.id'], name=op.f('fk_matrix_line_manager_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matrix_line')),
    sa.UniqueConstraint('person_id', 'manager_id', name='uq_matrix_line_pair')
    )
    op.create_index(op.f('ix_matrix_line_manager_id'), 'matrix_line', ['manager_id'])

    op.create_table('deputyship',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('manager_id', sa.Integer(), nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('manager_id <> deputy_id', name=op.f('ck_deputyship_two_people')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_deputyship_ends_after_start')),
    sa.CheckConstraint('(ended_at IS NULL) OR (ended_by_id IS NOT NULL)', name=op.f('ck_deputyship_ended_by_somebody')),
    sa.ForeignKeyConstraint(['manager_id'], ['person.id'], name=op.f('fk_deputyship_manager_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deputy_id'], ['person.id'], name=op.f('fk_deputyship_deputy_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deputyship'))
    )
    op.create_index(op.f('ix_deputyship_manager_id'), 'deputyship', ['manager_id'])
    op.create_index('ix_deputyship_deputy_ends', 'deputyship', ['deputy_id', 'ends_on'])

    op.create_table('person_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('manager_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.CheckConstraint("state IN ('invited', 'active', 'suspended')", name=op.f('ck_person_place_known_state')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_place_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_person_place_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_person_place_org_unit_id_org_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_place'))
    )
    op.create_index('ix_person_place_person_at', 'person_place', ['person_id', 'at'])

    op.create_table('duty_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('learner_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked', sa.Boolean(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.CheckConstraint("state IN ('active', 'completed', 'withdrawn')", name=op.f('ck_duty_event_known_state')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_duty_event_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['learner_id'], ['person.id'], name=op.f('fk_duty_event_learner_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_duty_event_course_id_course')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_event'))
    )
    op.create_index('ix_duty_event_learner_at', 'duty_event', ['learner_id', 'at'])
    op.create_index('ix_duty_event_enrolment_at', 'duty_event', ['enrolment_id', 'at'])
    for statement in KNOWN:
        op.execute(statement)


def recheck_person(change):
    """Change the table of people; where SQLite rebuilds it, its other checks are named again."""
    with op.batch_alter_table('person', schema=None) as batch_op:
        if op.get_bind().dialect.name == 'sqlite':
            for name, rule in PERSON_CHECKS.items():
                batch_op.drop_constraint(op.f(f'ck_person_{name}'), type_='check')
                batch_op.create_check_constraint(op.f(f'ck_person_{name}'), rule)
        change(batch_op)


def downgrade():
    op.drop_table('duty_event')
    op.drop_table('person_place')
    op.drop_table('deputyship')
    op.drop_table('matrix_line')
    recheck_person(lambda batch_op: batch_op.drop_constraint(op.f('ck_person_not_their_own_manager'), type_='check'))
