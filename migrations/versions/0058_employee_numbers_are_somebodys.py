"""an employee number is one person's in an organisation

Revision ID: 0058
Revises: 0057
"""

import sqlalchemy as sa
from alembic import op

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None

# Nobody can say whose it is: all keep what stood there, told apart by their number in the database, until somebody sets it right.
SEVERAL = """
SELECT DISTINCT person.id FROM person JOIN person AS another
ON another.organisation_id = person.organisation_id AND lower(another.employee_number) = lower(person.employee_number)
WHERE another.id <> person.id
"""
TELL_APART = "UPDATE person SET employee_number = substr(employee_number, 1, 26) || ' (' || id || ')' WHERE id = :id"


def upgrade():
    op.execute("UPDATE person SET employee_number = NULL WHERE trim(employee_number) = ''")
    run = op.get_bind().execute
    for (id_,) in run(sa.text(SEVERAL)).all():
        run(sa.text(TELL_APART), {'id': id_})
    op.create_index(
        'uq_person_employee_number', 'person', ['organisation_id', sa.text('lower(employee_number)')], unique=True
    )


def downgrade():
    op.drop_index('uq_person_employee_number', table_name='person')
