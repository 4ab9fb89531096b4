"""agreements with partners ask for certificates of courses and of programmes; files of rosters that were given out

Revision ID: 0056
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('partner_agreement_certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(course_id IS NULL) <> (programme_id IS NULL)', name=op.f('ck_partner_agreement_certificate_of_course_or_programme')),
    sa.ForeignKeyConstraint(['agreement_id'], ['partner_agreement.id'], name=op.f('fk_partner_agreement_certificate_agreement_id_partner_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_partner_agreement_certificate_course_id_course')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_partner_agreement_certificate_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_agreement_certificate')),
    sa.UniqueConstraint('agreement_id', 'course_id', name='uq_partner_agreement_certificate_course'),
    sa.UniqueConstraint('agreement_id', 'programme_id', name='uq_partner_agreement_certificate_programme')
    )
    op.create_index(op.f('ix_partner_agreement_certificate_course_id'), 'partner_agreement_certificate', ['course_id'])
    op.create_index(op.f('ix_partner_agreement_certificate_programme_id'), 'partner_agreement_certificate', ['programme_id'])
    op.execute(
        'INSERT INTO partner_agreement_certificate (agreement_id, course_id)'
        ' SELECT agreement_id, course_id FROM partner_agreement_course ORDER BY agreement_id, course_id'
    )
    op.drop_table('partner_agreement_course')
    # Of rosters from before, nobody noted which files were given out.
    op.add_column('serving_roster', sa.Column('papers_noted', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table('serving_roster_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('roster_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['roster_id'], ['serving_roster.id'], name=op.f('fk_serving_roster_paper_roster_id_serving_roster'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_serving_roster_paper')),
    sa.UniqueConstraint('roster_id', 'sha256', name='uq_serving_roster_paper_once')
    )
    op.create_index(op.f('ix_serving_roster_paper_sha256'), 'serving_roster_paper', ['sha256'])


def downgrade():
    op.drop_table('serving_roster_paper')
    with op.batch_alter_table('serving_roster') as batch_op:
        batch_op.drop_column('papers_noted')
    # What asks for programmes has no place there. An agreement that asks for nothing else is left asking for nothing: under it nobody serves.
    op.create_table('partner_agreement_course',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['partner_agreement.id'], name=op.f('fk_partner_agreement_course_agreement_id_partner_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_partner_agreement_course_course_id_course')),
    sa.PrimaryKeyConstraint('agreement_id', 'course_id', name=op.f('pk_partner_agreement_course'))
    )
    op.create_index(op.f('ix_partner_agreement_course_course_id'), 'partner_agreement_course', ['course_id'])
    op.execute(
        'INSERT INTO partner_agreement_course (agreement_id, course_id)'
        ' SELECT agreement_id, course_id FROM partner_agreement_certificate WHERE course_id IS NOT NULL'
    )
    op.drop_table('partner_agreement_certificate')
