"""pictures that belong to a question bank, and which picture a version of a question shows

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None

ONE_OWNER = 'course_id IS NULL OR organisation_id IS NULL'
PICTURED = ('hotspot', 'drag_on_image')
VERSIONS = sa.table(
    'question_version',
    sa.column('id', sa.Integer), sa.column('type', sa.String), sa.column('content', sa.JSON), sa.column('picture_key', sa.String),
)


def upgrade():
    with op.batch_alter_table('stored_file') as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_stored_file_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id']
        )
        batch_op.create_check_constraint(op.f('ck_stored_file_one_owner'), ONE_OWNER)
        batch_op.create_index(batch_op.f('ix_stored_file_organisation_id'), ['organisation_id'])
    with op.batch_alter_table('question_version') as batch_op:
        batch_op.add_column(sa.Column('picture_key', sa.String(length=60), nullable=True))
        batch_op.create_index(batch_op.f('ix_question_version_picture_key'), ['picture_key'])
    note_pictures()


def note_pictures():
    """Write down the picture of every version that shows one."""
    connection = op.get_bind()
    found = connection.execute(
        sa.select(VERSIONS.c.id, VERSIONS.c.content).where(VERSIONS.c.type.in_(PICTURED))
    ).all()
    rows = [
        {'version': row.id, 'key': key}
        for row in found
        if (key := ((row.content or {}).get('image') or {}).get('key'))
    ]
    if rows:
        connection.execute(
            sa.update(VERSIONS).where(VERSIONS.c.id == sa.bindparam('version')).values(picture_key=sa.bindparam('key')), rows
        )


def downgrade():
    with op.batch_alter_table('question_version') as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_version_picture_key'))
        batch_op.drop_column('picture_key')
    with op.batch_alter_table('stored_file') as batch_op:
        batch_op.drop_index(batch_op.f('ix_stored_file_organisation_id'))
        batch_op.drop_constraint(op.f('ck_stored_file_one_owner'), type_='check')
        batch_op.drop_constraint(op.f('fk_stored_file_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_column('organisation_id')
