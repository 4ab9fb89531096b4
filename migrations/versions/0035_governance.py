"""roles of auditors, credential officers and reviewers, keys replaced by two

Revision ID: 0035
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0033'
branch_labels = None
depends_on = None

SCOPE = ['person_id', 'role', sa.text('coalesce(organisation_id, 0)'), sa.text('coalesce(org_unit_id, 0)')]
BEFORE = "role IN ('administrator', 'trainer', 'manager', 'committee')"
AFTER = "role IN ('administrator', 'trainer', 'manager', 'committee', 'auditor', 'officer', 'reviewer')"


MOMENT = sa.DateTime(timezone=True)


def upgrade():
    roles(AFTER)
    keys()


def keys():
    op.create_table('key_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seen', sa.String(length=60), nullable=False),
    sa.Column('brings', sa.String(length=60), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Boolean(), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.CheckConstraint('waits IS NULL OR waits', name=op.f('ck_key_proposal_waits_or_null')),
    sa.CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn')", name=op.f('ck_key_proposal_known_outcome')),
    sa.CheckConstraint('(waits IS NULL) = (outcome IS NOT NULL)', name=op.f('ck_key_proposal_waits_until_decided')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name=op.f('ck_key_proposal_decided_when_dated')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_key_proposal_decided_by_somebody')),
    sa.CheckConstraint("outcome = 'withdrawn' OR decided_by_id <> proposed_by_id", name=op.f('ck_key_proposal_decided_by_another')),
    sa.CheckConstraint("outcome = 'confirmed' OR outcome IS NULL OR length(answer) > 0", name=op.f('ck_key_proposal_declined_with_reason')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_key_proposal_proposed_with_reason')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_proposal')),
    sa.UniqueConstraint('waits', name=op.f('uq_key_proposal_waits'))
    )
    with op.batch_alter_table('signing_key') as batch_op:
        batch_op.add_column(sa.Column('proposal_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_signing_key_proposal_id_key_proposal', 'key_proposal', ['proposal_id'], ['id'])
        batch_op.create_unique_constraint('uq_signing_key_proposal_id', ['proposal_id'])


def roles(known):
    # The index over expressions is not seen when SQLite builds the table anew.
    op.drop_index('uq_role_grant_scope', 'role_grant')
    with op.batch_alter_table('role_grant') as batch_op:
        batch_op.drop_constraint(op.f('ck_role_grant_known_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_role_grant_known_role'), known)
    op.create_index('uq_role_grant_scope', 'role_grant', SCOPE, unique=True)


def downgrade():
    with op.batch_alter_table('signing_key') as batch_op:
        batch_op.drop_constraint('uq_signing_key_proposal_id', type_='unique')
        batch_op.drop_constraint('fk_signing_key_proposal_id_key_proposal', type_='foreignkey')
        batch_op.drop_column('proposal_id')
    op.drop_table('key_proposal')
    op.execute("DELETE FROM role_grant WHERE role IN ('auditor', 'officer', 'reviewer')")
    roles(BEFORE)
