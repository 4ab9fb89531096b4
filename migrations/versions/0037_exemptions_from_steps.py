"""letters in working hours, exemptions from steps of programmes

Revision ID: 0037
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

WAITING, IN_FORCE = sa.text("state = 'waiting'"), sa.text("state = 'active'")
WAITING_FOR_PLACE = sa.text("state = 'waiting' AND step_id IS NULL")
FROM_A_COURSE = "about = 'place' OR course_id IS NOT NULL"
FROM_SOMETHING = "about = 'place' OR course_id IS NOT NULL OR step_id IS NOT NULL"
OF_A_PROGRAMME = "step_id IS NULL OR (about = 'exemption' AND programme_id IS NOT NULL)"
ONE_OF_TWO = '(course_enrolment_id IS NULL) <> (attempt_id IS NULL)'
ONE_OF_THREE = (
    '(course_enrolment_id IS NOT NULL AND attempt_id IS NULL AND exemption_id IS NULL)'
    ' OR (course_enrolment_id IS NULL AND attempt_id IS NOT NULL AND exemption_id IS NULL)'
    ' OR (course_enrolment_id IS NULL AND attempt_id IS NULL AND exemption_id IS NOT NULL)'
)
OF_EXEMPTIONS = {
    'from_course_or_step': '(enrolment_id IS NULL) <> (step_id IS NULL)',
    'place_on_the_course': '(enrolment_id IS NULL) = (course_id IS NULL)',
    'place_in_the_programme': '(step_id IS NULL) = (programme_enrolment_id IS NULL)',
}


def upgrade():
    with op.batch_alter_table('letter_rules') as batch_op:
        batch_op.add_column(sa.Column('working_hours', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('letter_rules') as batch_op:
        batch_op.alter_column('working_hours', existing_type=sa.Boolean(), server_default=None)
    op.add_column('place_request', sa.Column('step_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('place_request') as batch_op:
        batch_op.drop_constraint(op.f('ck_place_request_exemption_from_a_course'), type_='check')
        batch_op.create_check_constraint(op.f('ck_place_request_exemption_from_something'), FROM_SOMETHING)
        batch_op.create_check_constraint(op.f('ck_place_request_step_of_a_programme'), OF_A_PROGRAMME)
        batch_op.create_foreign_key(
            op.f('fk_place_request_step_id_programme_step'), 'programme_step', ['step_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_index(op.f('ix_place_request_step_id'), ['step_id'], unique=False)
        batch_op.drop_index('uq_place_request_programme')
        one_waiting(batch_op, 'programme', WAITING_FOR_PLACE)
        one_waiting(batch_op, 'step', WAITING)
    op.add_column('exemption', sa.Column('programme_enrolment_id', sa.Integer(), nullable=True))
    op.add_column('exemption', sa.Column('step_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('exemption') as batch_op:
        for name in ('enrolment_id', 'course_id'):
            batch_op.alter_column(name, existing_type=sa.Integer(), nullable=True)
        for name, rule in OF_EXEMPTIONS.items():
            batch_op.create_check_constraint(op.f(f'ck_exemption_{name}'), rule)
        batch_op.create_foreign_key(
            op.f('fk_exemption_programme_enrolment_id_programme_enrolment'), 'programme_enrolment', ['programme_enrolment_id'], ['id'],
            ondelete='CASCADE',
        )
        batch_op.create_foreign_key(op.f('fk_exemption_step_id_programme_step'), 'programme_step', ['step_id'], ['id'])
        batch_op.create_index(op.f('ix_exemption_step_id'), ['step_id'], unique=False)
        batch_op.create_index(
            'uq_exemption_step', ['programme_enrolment_id', 'step_id'], unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
        )
    op.add_column('programme_step_done', sa.Column('exemption_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('programme_step_done') as batch_op:
        batch_op.drop_constraint(op.f('ck_programme_step_done_done_by_one_thing'), type_='check')
        batch_op.create_check_constraint(op.f('ck_programme_step_done_done_by_one_thing'), ONE_OF_THREE)
        batch_op.create_foreign_key(op.f('fk_programme_step_done_exemption_id_exemption'), 'exemption', ['exemption_id'], ['id'])


def one_waiting(batch_op, thing, where):
    batch_op.create_index(
        f'uq_place_request_{thing}', ['learner_id', f'{thing}_id', 'about'], unique=True, sqlite_where=where, postgresql_where=where
    )


def downgrade():
    op.execute('DELETE FROM programme_step_done WHERE exemption_id IS NOT NULL')
    op.execute('DELETE FROM exemption WHERE step_id IS NOT NULL')
    for table in ('request_turn', 'decision_link'):
        op.execute(f'DELETE FROM {table} WHERE request_id IN (SELECT id FROM place_request WHERE step_id IS NOT NULL)')
    op.execute('DELETE FROM place_request WHERE step_id IS NOT NULL')
    with op.batch_alter_table('programme_step_done') as batch_op:
        batch_op.drop_constraint(op.f('fk_programme_step_done_exemption_id_exemption'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_programme_step_done_done_by_one_thing'), type_='check')
        batch_op.drop_column('exemption_id')
        batch_op.create_check_constraint(op.f('ck_programme_step_done_done_by_one_thing'), ONE_OF_TWO)
    with op.batch_alter_table('exemption') as batch_op:
        batch_op.drop_index('uq_exemption_step')
        batch_op.drop_index(op.f('ix_exemption_step_id'))
        for name in OF_EXEMPTIONS:
            batch_op.drop_constraint(op.f(f'ck_exemption_{name}'), type_='check')
        for name in ('step_id_programme_step', 'programme_enrolment_id_programme_enrolment'):
            batch_op.drop_constraint(op.f(f'fk_exemption_{name}'), type_='foreignkey')
        for name in ('step_id', 'programme_enrolment_id'):
            batch_op.drop_column(name)
        for name in ('enrolment_id', 'course_id'):
            batch_op.alter_column(name, existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table('place_request') as batch_op:
        for thing in ('step', 'programme'):
            batch_op.drop_index(f'uq_place_request_{thing}')
        batch_op.drop_index(op.f('ix_place_request_step_id'))
        batch_op.drop_constraint(op.f('fk_place_request_step_id_programme_step'), type_='foreignkey')
        for name in ('step_of_a_programme', 'exemption_from_something'):
            batch_op.drop_constraint(op.f(f'ck_place_request_{name}'), type_='check')
        batch_op.drop_column('step_id')
        batch_op.create_check_constraint(op.f('ck_place_request_exemption_from_a_course'), FROM_A_COURSE)
        one_waiting(batch_op, 'programme', WAITING)
    with op.batch_alter_table('letter_rules') as batch_op:
        batch_op.drop_column('working_hours')
