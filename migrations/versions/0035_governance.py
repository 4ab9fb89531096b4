"""roles of auditors, credential officers and reviewers

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


def upgrade():
    roles(AFTER)


def roles(known):
    # The index over expressions is not seen when SQLite builds the table anew.
    op.drop_index('uq_role_grant_scope', 'role_grant')
    with op.batch_alter_table('role_grant') as batch_op:
        batch_op.drop_constraint(op.f('ck_role_grant_known_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_role_grant_known_role'), known)
    op.create_index('uq_role_grant_scope', 'role_grant', SCOPE, unique=True)


def downgrade():
    op.execute("DELETE FROM role_grant WHERE role IN ('auditor', 'officer', 'reviewer')")
    roles(BEFORE)
