"""reports that people build: sharing, schedules and their deliveries, files, the smallest group that is shown

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('dataset', sa.String(length=20), nullable=False),
    sa.Column('definition', JSON, nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_report_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_report_owner_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report'))
    )
    op.create_index(op.f('ix_report_owner_id'), 'report', ['owner_id'], unique=False)
    op.create_index(op.f('ix_report_organisation_id'), 'report', ['organisation_id'], unique=False)

    op.create_table('report_share',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=20), nullable=True),
    sa.Column('shared_at', MOMENT, nullable=False),
    sa.CheckConstraint('(person_id IS NULL) <> (role IS NULL)', name=op.f('ck_report_share_person_or_role')),
    sa.CheckConstraint("role IN ('administrator', 'manager')", name=op.f('ck_report_share_known_role')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_report_share_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_share_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_share')),
    sa.UniqueConstraint('report_id', 'person_id', name='uq_report_share_person'),
    sa.UniqueConstraint('report_id', 'role', name='uq_report_share_role')
    )
    op.create_index(op.f('ix_report_share_person_id'), 'report_share', ['person_id'], unique=False)

    op.create_table('report_schedule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('rhythm', sa.String(length=10), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.CheckConstraint("rhythm IN ('daily', 'weekly', 'monthly')", name=op.f('ck_report_schedule_known_rhythm')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_report_schedule_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_schedule_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_schedule')),
    sa.UniqueConstraint('report_id', 'person_id', name='uq_report_schedule')
    )
    op.create_index(op.f('ix_report_schedule_person_id'), 'report_schedule', ['person_id'], unique=False)

    op.create_table('report_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('schedule_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.Date(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('queued_at', MOMENT, nullable=False),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.CheckConstraint("outcome IN ('queued', 'sent', 'empty', 'refused')", name=op.f('ck_report_delivery_known_outcome')),
    sa.CheckConstraint("(outcome = 'queued') = (settled_at IS NULL)", name=op.f('ck_report_delivery_settled_when_done')),
    sa.ForeignKeyConstraint(['schedule_id'], ['report_schedule.id'], name=op.f('fk_report_delivery_schedule_id_report_schedule'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_delivery')),
    sa.UniqueConstraint('schedule_id', 'period', name='uq_report_delivery_period')
    )

    op.create_table('report_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('dataset', sa.String(length=20), nullable=False),
    sa.Column('definition', JSON, nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('rights', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('as_of', MOMENT, nullable=True),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'running', 'ready', 'failed')", name=op.f('ck_report_file_known_state')),
    sa.CheckConstraint("kind IN ('csv', 'xlsx', 'pdf')", name=op.f('ck_report_file_known_kind')),
    sa.CheckConstraint('done >= 0 AND total >= 0', name=op.f('ck_report_file_counts_not_negative')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_report_file_owner_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_file'))
    )
    op.create_index(op.f('ix_report_file_owner_id'), 'report_file', ['owner_id'], unique=False)

    op.create_table('small_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('threshold', sa.Integer(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.CheckConstraint('threshold BETWEEN 5 AND 100', name=op.f('ck_small_group_never_below_five')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_small_group_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_small_group'))
    )
    op.create_index('uq_small_group_organisation', 'small_group', [sa.text('coalesce(organisation_id, 0)')], unique=True)


def downgrade():
    for table in ('small_group', 'report_file', 'report_delivery', 'report_schedule', 'report_share', 'report'):
        op.drop_table(table)
