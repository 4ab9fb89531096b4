"""certificates of programmes and their renewal, letters around the prayers

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_ONE = 'course_id IS NULL OR programme_id IS NULL'


def upgrade():
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.add_column(sa.Column('programme_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('programme_enrolment_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_certificate_programme_id', 'programme', ['programme_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(
            'fk_certificate_programme_enrolment_id', 'programme_enrolment', ['programme_enrolment_id'], ['id'], ondelete='SET NULL'
        )
        batch_op.create_check_constraint(op.f('ck_certificate_of_course_or_programme'), OF_ONE)
        batch_op.create_index(batch_op.f('ix_certificate_programme_id'), ['programme_id'])
        batch_op.create_index(batch_op.f('ix_certificate_programme_enrolment_id'), ['programme_enrolment_id'])
    renewals()
    op.create_table('prayer_pause',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kept', sa.Boolean(), nullable=False),
    sa.Column('place', sa.String(length=20), nullable=False),
    sa.Column('latitude', sa.Numeric(precision=8, scale=5), nullable=False),
    sa.Column('longitude', sa.Numeric(precision=8, scale=5), nullable=False),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('minutes_before', sa.Integer(), nullable=False),
    sa.Column('minutes_after', sa.Integer(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.CheckConstraint('latitude BETWEEN -60 AND 60', name=op.f('ck_prayer_pause_latitude_in_range')),
    sa.CheckConstraint('longitude BETWEEN -180 AND 180', name=op.f('ck_prayer_pause_longitude_in_range')),
    sa.CheckConstraint("method IN ('umm_al_qura', 'kuwait', 'qatar', 'egypt', 'league')", name=op.f('ck_prayer_pause_known_method')),
    sa.CheckConstraint('minutes_before BETWEEN 0 AND 60 AND minutes_after BETWEEN 0 AND 60', name=op.f('ck_prayer_pause_minutes_in_range')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_prayer_pause_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_prayer_pause'))
    )


def renewals():
    op.create_table('programme_renewal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('learner_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('programme_enrolment_id', sa.Integer(), nullable=True),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('continues_from', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('hours', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('since', MOMENT, nullable=False),
    sa.Column('begun_at', MOMENT, nullable=False),
    sa.Column('begun_by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.CheckConstraint("state IN ('open', 'completed', 'lapsed')", name=op.f('ck_programme_renewal_known_state')),
    sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f('ck_programme_renewal_ended_when_dated')),
    sa.CheckConstraint('cycle > 1', name=op.f('ck_programme_renewal_after_the_first')),
    sa.CheckConstraint('(programme_enrolment_id IS NULL) <> (enrolment_id IS NULL)', name=op.f('ck_programme_renewal_in_one_place')),
    sa.CheckConstraint('(until IS NULL) = (enrolment_id IS NULL)', name=op.f('ck_programme_renewal_until_when_shorter')),
    sa.CheckConstraint('until IS NULL OR until >= continues_from', name=op.f('ck_programme_renewal_until_after_expiry')),
    sa.CheckConstraint('hours IS NULL OR hours > 0', name=op.f('ck_programme_renewal_hours_positive')),
    sa.ForeignKeyConstraint(['learner_id'], ['person.id'], name=op.f('fk_programme_renewal_learner_id_person')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_renewal_programme_id_programme')),
    sa.ForeignKeyConstraint(['programme_enrolment_id'], ['programme_enrolment.id'], name=op.f('fk_programme_renewal_programme_enrolment_id_programme_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_programme_renewal_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['begun_by_id'], ['person.id'], name=op.f('fk_programme_renewal_begun_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_renewal'))
    )
    for column in ('learner_id', 'programme_id', 'programme_enrolment_id', 'enrolment_id'):
        op.create_index(op.f(f'ix_programme_renewal_{column}'), 'programme_renewal', [column])
    for name, columns, state in (
        ('open', ['learner_id', 'programme_id'], 'open'), ('completed', ['learner_id', 'programme_id', 'cycle'], 'completed')
    ):
        where = sa.text(f"state = '{state}'")
        op.create_index(f'uq_programme_renewal_{name}', 'programme_renewal', columns, unique=True,
            sqlite_where=where, postgresql_where=where)


def downgrade():
    op.drop_table('prayer_pause')
    op.drop_table('programme_renewal')
    with op.batch_alter_table('certificate') as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_programme_enrolment_id'))
        batch_op.drop_index(batch_op.f('ix_certificate_programme_id'))
        batch_op.drop_constraint(op.f('ck_certificate_of_course_or_programme'), type_='check')
        batch_op.drop_constraint('fk_certificate_programme_enrolment_id', type_='foreignkey')
        batch_op.drop_constraint('fk_certificate_programme_id', type_='foreignkey')
        batch_op.drop_column('programme_enrolment_id')
        batch_op.drop_column('programme_id')
