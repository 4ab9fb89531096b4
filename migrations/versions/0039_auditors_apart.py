"""an auditor holds no other role, by the database

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

SCOPE = ['person_id', 'role', sa.text('coalesce(organisation_id, 0)'), sa.text('coalesce(org_unit_id, 0)')]
CHECKS = {
    'known_role': "role IN ('administrator', 'trainer', 'manager', 'committee', 'auditor', 'officer', 'reviewer')",
    'committee_everywhere': "role <> 'committee' OR (organisation_id IS NULL AND org_unit_id IS NULL)",
}


def upgrade():
    op.add_column('person', sa.Column('audits', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('uq_person_id_audits', 'person', ['id', 'audits'], unique=True)
    # Two grants at once could have made an auditor who holds another role: the role that decides stays, reading goes.
    op.execute(
        "DELETE FROM role_grant WHERE role = 'auditor' AND EXISTS (SELECT 1 FROM role_grant AS other "
        "WHERE other.person_id = role_grant.person_id AND other.role <> 'auditor')"
    )
    op.execute("UPDATE person SET audits = true WHERE id IN (SELECT person_id FROM role_grant WHERE role = 'auditor')")
    rebuild(add_side)
    op.execute("UPDATE role_grant SET audits = true WHERE role = 'auditor'")
    rebuild(bind_side)


def add_side(batch_op):
    batch_op.add_column(sa.Column('audits', sa.Boolean(), server_default=sa.false(), nullable=False))


def bind_side(batch_op):
    batch_op.alter_column('audits', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    batch_op.create_check_constraint(op.f('ck_role_grant_auditors_audit'), "audits = (role = 'auditor')")
    batch_op.create_foreign_key(
        'fk_role_grant_side_person', 'person', ['person_id', 'audits'], ['id', 'audits'], ondelete='CASCADE'
    )


def rebuild(change):
    """Change the table of grants. SQLite rebuilds it, and forgets its checks and the index over expressions."""
    op.drop_index('uq_role_grant_scope', 'role_grant')
    with op.batch_alter_table('role_grant') as batch_op:
        if op.get_bind().dialect.name == 'sqlite':
            for name, rule in CHECKS.items():
                batch_op.drop_constraint(op.f(f'ck_role_grant_{name}'), type_='check')
                batch_op.create_check_constraint(op.f(f'ck_role_grant_{name}'), rule)
        change(batch_op)
    op.create_index('uq_role_grant_scope', 'role_grant', SCOPE, unique=True)


def downgrade():
    rebuild(unbind_side)
    op.drop_index('uq_person_id_audits', 'person')
    op.drop_column('person', 'audits')


def unbind_side(batch_op):
    batch_op.drop_constraint('fk_role_grant_side_person', type_='foreignkey')
    batch_op.drop_constraint(op.f('ck_role_grant_auditors_audit'), type_='check')
    batch_op.drop_column('audits')
