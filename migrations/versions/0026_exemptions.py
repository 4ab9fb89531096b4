"""exemptions and targeted letters

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0026'
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
WAITING, IN_FORCE = sa.text("state = 'waiting'"), sa.text("state = 'active'")
COUNTS = "NOT exempted OR state = 'completed'"
OF_REQUESTS = {
    'known_about': "about IN ('place', 'exemption')",
    'exemption_from_a_course': "about = 'place' OR course_id IS NOT NULL",
    'exemption_asked_with_reason': "about = 'place' OR length(note) > 0",
    'exemption_decided_with_reason': "about = 'place' OR decided_by_id IS NULL OR length(reason) > 0",
    'proposed_by_another': 'by_id <> learner_id',
    'proposer_does_not_decide': 'decided_by_id <> by_id',
}


def add(table, *columns):
    """Add columns with what they hold so far, which the model gives from then on."""
    for column in columns:
        op.add_column(table, column)


def upgrade():
    for table in ('enrolment', 'duty_event'):
        add(table, sa.Column('exempted', sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column('exempted', existing_type=sa.Boolean(), server_default=None)
            batch_op.create_check_constraint(op.f(f'ck_{table}_exempted_counts_as_completed'), COUNTS)
    add('entry_rule', sa.Column('exempted_by', sa.String(length=14), nullable=False, server_default='administrators'))
    with op.batch_alter_table('entry_rule') as batch_op:
        batch_op.alter_column('exempted_by', existing_type=sa.String(length=14), server_default=None)
        batch_op.create_check_constraint(op.f('ck_entry_rule_known_exempted_by'), "exempted_by IN ('administrators', 'managers')")
    add(
        'place_request',
        sa.Column('about', sa.String(length=10), nullable=False, server_default='place'),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('proof_id', sa.Integer(), nullable=True),
    )
    with op.batch_alter_table('place_request') as batch_op:
        batch_op.alter_column('about', existing_type=sa.String(length=10), server_default=None)
        batch_op.create_foreign_key(op.f('fk_place_request_by_id_person'), 'person', ['by_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(op.f('fk_place_request_proof_id_stored_file'), 'stored_file', ['proof_id'], ['id'])
        for name, rule in OF_REQUESTS.items():
            batch_op.create_check_constraint(op.f(f'ck_place_request_{name}'), rule)
        batch_op.create_index(op.f('ix_place_request_by_id'), ['by_id'], unique=False)
        for thing in ('course', 'programme'):
            batch_op.drop_index(f'uq_place_request_{thing}')
            batch_op.create_index(
                f'uq_place_request_{thing}', ['learner_id', f'{thing}_id', 'about'], unique=True,
                sqlite_where=WAITING, postgresql_where=WAITING,
            )
    op.create_table('exemption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('learner_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('held_place', sa.Boolean(), nullable=False),
    sa.Column('days_left', sa.Integer(), nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('end_reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint("state IN ('active', 'ended', 'revoked', 'overtaken')", name=op.f('ck_exemption_known_state')),
    sa.CheckConstraint("(state = 'active') = (ended_at IS NULL)", name=op.f('ck_exemption_ended_when_dated')),
    sa.CheckConstraint("(state = 'revoked') = (ended_by_id IS NOT NULL)", name=op.f('ck_exemption_revoked_by_somebody')),
    sa.CheckConstraint("state <> 'revoked' OR length(end_reason) > 0", name=op.f('ck_exemption_revoked_with_reason')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_exemption_granted_with_reason')),
    sa.CheckConstraint('by_id <> learner_id', name=op.f('ck_exemption_granted_by_another')),
    sa.CheckConstraint("state <> 'ended' OR ends_on IS NOT NULL", name=op.f('ck_exemption_ended_by_its_day')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_exemption_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_exemption_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ended_by_id'], ['person.id'], name=op.f('fk_exemption_ended_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_exemption_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['learner_id'], ['person.id'], name=op.f('fk_exemption_learner_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['request_id'], ['place_request.id'], name=op.f('fk_exemption_request_id_place_request'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exemption')),
    sa.UniqueConstraint('request_id', name=op.f('uq_exemption_request_id'))
    )
    op.create_index(op.f('ix_exemption_course_id'), 'exemption', ['course_id'], unique=False)
    op.create_index(op.f('ix_exemption_learner_id'), 'exemption', ['learner_id'], unique=False)
    op.create_index('ix_exemption_state_ends_on', 'exemption', ['state', 'ends_on'], unique=False)
    op.create_index('uq_exemption_enrolment', 'exemption', ['enrolment_id'], unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)
    op.create_table('mailing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('whom', sa.String(length=12), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('title', JSON, nullable=False),
    sa.Column('text', JSON, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('begun_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.CheckConstraint("state IN ('draft', 'sending', 'stopped', 'finished')", name=op.f('ck_mailing_known_state')),
    sa.CheckConstraint("whom IN ('not_started', 'idle', 'failed', 'below', 'overdue', 'completed', 'ending')", name=op.f('ck_mailing_known_whom')),
    sa.CheckConstraint("(whom IN ('idle', 'below', 'ending')) = (number IS NOT NULL)", name=op.f('ck_mailing_number_where_asked')),
    sa.CheckConstraint('number IS NULL OR number BETWEEN 1 AND 365', name=op.f('ck_mailing_number_in_range')),
    sa.CheckConstraint("(state = 'draft') = (begun_at IS NULL)", name=op.f('ck_mailing_begun_when_dated')),
    sa.CheckConstraint("(state IN ('stopped', 'finished')) = (ended_at IS NOT NULL)", name=op.f('ck_mailing_ended_when_dated')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_mailing_by_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_mailing_course_id_course'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailing'))
    )
    op.create_index(op.f('ix_mailing_by_id'), 'mailing', ['by_id'], unique=False)
    op.create_index(op.f('ix_mailing_course_id'), 'mailing', ['course_id'], unique=False)
    op.create_table('mailing_person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mailing_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.CheckConstraint("outcome IN ('waiting', 'told', 'no_address', 'opted_out', 'left', 'stopped')", name=op.f('ck_mailing_person_known_outcome')),
    sa.ForeignKeyConstraint(['mailing_id'], ['mailing.id'], name=op.f('fk_mailing_person_mailing_id_mailing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mailing_person_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailing_person')),
    sa.UniqueConstraint('mailing_id', 'person_id', name='uq_mailing_person_once')
    )
    op.create_index(op.f('ix_mailing_person_person_id'), 'mailing_person', ['person_id'], unique=False)
    op.create_index('ix_mailing_person_mailing_outcome', 'mailing_person', ['mailing_id', 'outcome', 'id'], unique=False)


def downgrade():
    op.drop_table('mailing_person')
    op.drop_table('mailing')
    # What was exempted was not learned: before there were exemptions it was simply open.
    op.execute("UPDATE enrolment SET state = 'active', completed_at = NULL WHERE exempted")
    op.execute('DELETE FROM duty_event WHERE exempted')
    op.execute("DELETE FROM request_turn WHERE request_id IN (SELECT id FROM place_request WHERE about = 'exemption')")
    op.execute("DELETE FROM decision_link WHERE request_id IN (SELECT id FROM place_request WHERE about = 'exemption')")
    op.drop_table('exemption')
    op.execute("DELETE FROM place_request WHERE about = 'exemption'")
    with op.batch_alter_table('place_request') as batch_op:
        for thing in ('course', 'programme'):
            batch_op.drop_index(f'uq_place_request_{thing}')
        batch_op.drop_index(op.f('ix_place_request_by_id'))
        for name in OF_REQUESTS:
            batch_op.drop_constraint(op.f(f'ck_place_request_{name}'), type_='check')
        for name in ('by_id_person', 'proof_id_stored_file'):
            batch_op.drop_constraint(op.f(f'fk_place_request_{name}'), type_='foreignkey')
        for name in ('about', 'by_id', 'proof_id'):
            batch_op.drop_column(name)
        for thing in ('course', 'programme'):
            batch_op.create_index(
                f'uq_place_request_{thing}', ['learner_id', f'{thing}_id'], unique=True, sqlite_where=WAITING, postgresql_where=WAITING
            )
    with op.batch_alter_table('entry_rule') as batch_op:
        batch_op.drop_constraint(op.f('ck_entry_rule_known_exempted_by'), type_='check')
        batch_op.drop_column('exempted_by')
    for table in ('duty_event', 'enrolment'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_exempted_counts_as_completed'), type_='check')
            batch_op.drop_column('exempted')
