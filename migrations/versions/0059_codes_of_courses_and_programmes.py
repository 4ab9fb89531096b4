"""the code of a course or a programme is one's in an organisation

Revision ID: 0059
Revises: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None

# The oldest keeps the code by which people know it; what came later has its number in the database behind it.
LATER = """
SELECT DISTINCT later.id FROM {table} AS later JOIN {table} AS first
ON first.organisation_id = later.organisation_id AND lower(first.code) = lower(later.code) AND first.id < later.id
WHERE later.code <> ''
"""
TELL_APART = "UPDATE {table} SET code = substr(code, 1, 26) || ' (' || id || ')' WHERE id = :id"


def upgrade():
    run = op.get_bind().execute
    for table in ('course', 'programme'):
        op.execute(f"UPDATE {table} SET code = trim(code)")
        for (id_,) in run(sa.text(LATER.format(table=table))).all():
            run(sa.text(TELL_APART.format(table=table)), {'id': id_})
        op.create_index(
            f'uq_{table}_code', table, ['organisation_id', sa.text('lower(code)')], unique=True,
            sqlite_where=sa.text("code <> ''"), postgresql_where=sa.text("code <> ''"),
        )


def downgrade():
    for table in ('programme', 'course'):
        op.drop_index(f'uq_{table}_code', table_name=table)
