"""evidence of every kind

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
KINDS = "kind IN ('attempt', 'course', 'regrade', 'practice', 'observation', 'self', 'peer', 'prior', 'certificate')"


def upgrade():
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('expires_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_evidence_by_id_person'), 'person', ['by_id'], ['id'], ondelete='SET NULL')
        batch_op.drop_constraint(op.f('ck_evidence_known_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_evidence_known_kind'), KINDS)
        batch_op.create_check_constraint(op.f('ck_evidence_items_counted'), 'items >= 0')
        batch_op.create_check_constraint(op.f('ck_evidence_self_adds_nothing'), "kind <> 'self' OR items = 0")

    op.create_table('recomputation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('model_version', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('applied_by_id', sa.Integer(), nullable=True),
    sa.Column('finished_at', MOMENT, nullable=True),
    sa.Column('after_person', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('moves', JSON, nullable=False),
    sa.Column('movers', JSON, nullable=False),
    sa.CheckConstraint("state IN ('previewing', 'previewed', 'applying', 'applied')", name=op.f('ck_recomputation_known_state')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_recomputation_asked_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['applied_by_id'], ['person.id'], name=op.f('fk_recomputation_applied_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recomputation'))
    )

    op.create_table('observation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('observer_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('observed_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('cases', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.Column('answered_at', MOMENT, nullable=True),
    sa.Column('answer', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'sent', 'confirmed', 'objected', 'settled')", name=op.f('ck_observation_known_state')),
    sa.CheckConstraint('person_id <> observer_id', name=op.f('ck_observation_of_somebody_else')),
    sa.CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name=op.f('ck_observation_sent_unless_draft')),
    sa.CheckConstraint("state <> 'objected' OR answer <> ''", name=op.f('ck_observation_objection_has_reason')),
    sa.CheckConstraint('cases BETWEEN 1 AND 20', name=op.f('ck_observation_cases_in_range')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_observation_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['observer_id'], ['person.id'], name=op.f('fk_observation_observer_id_person')),
    sa.ForeignKeyConstraint(['photo_id'], ['stored_file.id'], name=op.f('fk_observation_photo_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation'))
    )
    with op.batch_alter_table('observation', schema=None) as batch_op:
        for column in ('person_id', 'observer_id', 'sent_at'):
            batch_op.create_index(batch_op.f(f'ix_observation_{column}'), [column], unique=False)

    op.create_table('observation_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('observation_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=10), nullable=True),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_observation_line_known_level')),
    sa.CheckConstraint("mark IN ('always', 'sometimes', 'never')", name=op.f('ck_observation_line_known_mark')),
    sa.ForeignKeyConstraint(['observation_id'], ['observation.id'], name=op.f('fk_observation_line_observation_id_observation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_observation_line_competency_id_competency')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation_line')),
    sa.UniqueConstraint('observation_id', 'competency_id', name='uq_observation_line_competency')
    )
    with op.batch_alter_table('observation_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_observation_line_observation_id'), ['observation_id'], unique=False)

    op.create_table('claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_level', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("kind IN ('prior', 'certificate')", name=op.f('ck_claim_known_kind')),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name=op.f('ck_claim_known_state')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_claim_known_level')),
    sa.CheckConstraint("(state = 'accepted') = (decided_level IS NOT NULL)", name=op.f('ck_claim_accepted_has_level')),
    sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f('ck_claim_decided_unless_waiting')),
    sa.CheckConstraint("state = 'waiting' OR reason <> ''", name=op.f('ck_claim_decision_has_reason')),
    sa.CheckConstraint('person_id <> decided_by_id', name=op.f('ck_claim_decided_by_another')),
    sa.CheckConstraint('valid_until > issued_on', name=op.f('ck_claim_valid_after_issue')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_claim_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_claim_competency_id_competency')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_claim_file_id_stored_file')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_claim_decided_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim'))
    )
    with op.batch_alter_table('claim', schema=None) as batch_op:
        for column in ('person_id', 'state'):
            batch_op.create_index(batch_op.f(f'ix_claim_{column}'), [column], unique=False)


def downgrade():
    op.drop_table('claim')
    op.drop_table('observation_line')
    op.drop_table('observation')
    op.drop_table('recomputation')
    op.execute("DELETE FROM evidence WHERE kind NOT IN ('attempt', 'course', 'regrade')")
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_evidence_self_adds_nothing'), type_='check')
        batch_op.drop_constraint(op.f('ck_evidence_items_counted'), type_='check')
        batch_op.drop_constraint(op.f('ck_evidence_known_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_evidence_known_kind'), "kind IN ('attempt', 'course', 'regrade')")
        batch_op.drop_constraint(op.f('fk_evidence_by_id_person'), type_='foreignkey')
        batch_op.drop_column('by_id')
        batch_op.drop_column('expires_on')
