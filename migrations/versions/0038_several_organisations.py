"""one account for somebody who belongs to several organisations

Revision ID: 0038
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

PERSON_CHECKS = {
    'known_calendar': "calendar IN ('hijri', 'gregorian', 'both')",
    'known_digits': "digits IN ('latn', 'arab')",
    'known_language': "language IN ('ar', 'en')",
    'known_state': "state IN ('invited', 'active', 'suspended')",
    'email_in_lower_case': 'email = lower(email)',
    'not_their_own_manager': 'manager_id <> id',
}
LINK_CHECKS = {'known_purpose': "purpose IN ('invitation', 'password_reset')"}


def rebuild(table, checks, change):
    """Change a table. SQLite rebuilds it, and forgets the checks that are not named again."""
    with op.batch_alter_table(table) as batch_op:
        if op.get_bind().dialect.name == 'sqlite':
            for name, rule in checks.items():
                batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
                batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), rule)
        change(batch_op)


def upgrade():
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_account_email_in_lower_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email'))
    )
    op.execute(
        'INSERT INTO account (email, password_hash) '
        'SELECT email, password_hash FROM person WHERE password_hash IS NOT NULL ORDER BY id'
    )
    rebuild('person', PERSON_CHECKS, bind_people)
    op.execute(
        'UPDATE person SET account_id = (SELECT account.id FROM account WHERE account.email = person.email) '
        'WHERE password_hash IS NOT NULL'
    )
    rebuild('person', PERSON_CHECKS, lambda batch_op: batch_op.drop_column('password_hash'))
    rebuild('one_time_link', LINK_CHECKS, bind_links)
    op.execute(
        'UPDATE one_time_link SET account_id = (SELECT account_id FROM person WHERE person.id = one_time_link.person_id) '
        "WHERE purpose = 'password_reset'"
    )
    op.execute("DELETE FROM one_time_link WHERE purpose = 'password_reset' AND account_id IS NULL")
    op.execute("UPDATE one_time_link SET person_id = NULL WHERE purpose = 'password_reset'")
    rebuild('one_time_link', LINK_CHECKS, check_links)


def bind_people(batch_op):
    batch_op.add_column(sa.Column('account_id', sa.Integer(), nullable=True))
    batch_op.create_foreign_key(op.f('fk_person_account_id_account'), 'account', ['account_id'], ['id'])
    batch_op.drop_constraint(op.f('uq_person_email'), type_='unique')
    batch_op.create_unique_constraint('uq_person_email_organisation', ['email', 'organisation_id'])
    batch_op.create_unique_constraint('uq_person_account_organisation', ['account_id', 'organisation_id'])


def bind_links(batch_op):
    batch_op.add_column(sa.Column('account_id', sa.Integer(), nullable=True))
    batch_op.create_foreign_key(
        op.f('fk_one_time_link_account_id_account'), 'account', ['account_id'], ['id'], ondelete='CASCADE'
    )
    batch_op.alter_column('person_id', existing_type=sa.Integer(), nullable=True)
    batch_op.create_index(batch_op.f('ix_one_time_link_account_id'), ['account_id'])


def check_links(batch_op):
    batch_op.create_check_constraint(
        op.f('ck_one_time_link_invitation_of_person'), "(purpose = 'invitation') = (person_id IS NOT NULL)"
    )
    batch_op.create_check_constraint(
        op.f('ck_one_time_link_password_of_account'), "(purpose = 'password_reset') = (account_id IS NOT NULL)"
    )


def downgrade():
    """Go back to one organisation a person. Whoever belongs to several keeps the first membership's sign-in only.

    E-mail addresses were unique before: those of the later memberships get their number in front.
    """
    op.execute("DELETE FROM one_time_link WHERE purpose = 'password_reset'")
    rebuild('one_time_link', LINK_CHECKS, unbind_links)
    rebuild('person', PERSON_CHECKS, lambda batch_op: batch_op.add_column(sa.Column('password_hash', sa.String(200))))
    op.execute(
        "UPDATE person SET email = id || '+' || email "
        'WHERE EXISTS (SELECT 1 FROM person AS other WHERE other.email = person.email AND other.id < person.id)'
    )
    op.execute(
        'UPDATE person SET password_hash = (SELECT password_hash FROM account WHERE account.id = person.account_id) '
        'WHERE NOT EXISTS '
        '(SELECT 1 FROM person AS other WHERE other.account_id = person.account_id AND other.id < person.id)'
    )
    rebuild('person', PERSON_CHECKS, unbind_people)
    op.drop_table('account')


def unbind_links(batch_op):
    batch_op.drop_constraint(op.f('ck_one_time_link_invitation_of_person'), type_='check')
    batch_op.drop_constraint(op.f('ck_one_time_link_password_of_account'), type_='check')
    batch_op.drop_index(batch_op.f('ix_one_time_link_account_id'))
    batch_op.drop_constraint(op.f('fk_one_time_link_account_id_account'), type_='foreignkey')
    batch_op.drop_column('account_id')
    batch_op.alter_column('person_id', existing_type=sa.Integer(), nullable=False)


def unbind_people(batch_op):
    batch_op.drop_constraint('uq_person_account_organisation', type_='unique')
    batch_op.drop_constraint('uq_person_email_organisation', type_='unique')
    batch_op.create_unique_constraint(op.f('uq_person_email'), ['email'])
    batch_op.drop_constraint(op.f('fk_person_account_id_account'), type_='foreignkey')
    batch_op.drop_column('account_id')
