"""templates of development plans, reviews of the competencies of a plan

Revision ID: 0048
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade():
    op.add_column('development_item', sa.Column('practice', JSON, nullable=True))
    op.create_table('plan_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('profile_id', sa.Integer(), nullable=True),
    sa.Column('title', JSON, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.Column('retired_at', MOMENT, nullable=True),
    sa.CheckConstraint('revision > 0', name=op.f('ck_plan_template_revision_positive')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_plan_template_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_plan_template_owner_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['profile_id'], ['role_profile.id'], name=op.f('fk_plan_template_profile_id_role_profile')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_template'))
    )
    for column in ('organisation_id', 'owner_id', 'profile_id'):
        op.create_index(f'ix_plan_template_{column}', 'plan_template', [column])
    op.create_table('plan_template_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('competency_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('practice', JSON, nullable=True),
    sa.CheckConstraint("kind IN ('course', 'observation', 'claim')", name=op.f('ck_plan_template_line_known_kind')),
    sa.CheckConstraint("(kind = 'course') = (course_id IS NOT NULL)", name=op.f('ck_plan_template_line_course_of_a_course')),
    sa.CheckConstraint("(kind = 'course') = (competency_id IS NULL)", name=op.f('ck_plan_template_line_evidence_of_a_competency')),
    sa.CheckConstraint("(kind = 'course') = (level IS NULL)", name=op.f('ck_plan_template_line_evidence_of_a_level')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_plan_template_line_known_level')),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_plan_template_line_competency_id_competency')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_plan_template_line_course_id_course')),
    sa.ForeignKeyConstraint(['template_id'], ['plan_template.id'], name=op.f('fk_plan_template_line_template_id_plan_template'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_template_line')),
    sa.UniqueConstraint('template_id', 'competency_id', 'kind', name='uq_plan_template_line_evidence'),
    sa.UniqueConstraint('template_id', 'course_id', name='uq_plan_template_line_course')
    )
    for column in ('template_id', 'course_id', 'competency_id'):
        op.create_index(f'ix_plan_template_line_{column}', 'plan_template_line', [column])
    op.create_table('plan_origin',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=True),
    sa.Column('title', JSON, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['development_plan.id'], name=op.f('fk_plan_origin_plan_id_development_plan'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['template_id'], ['plan_template.id'], name=op.f('fk_plan_origin_template_id_plan_template'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('plan_id', name=op.f('pk_plan_origin'))
    )
    op.create_index('ix_plan_origin_template_id', 'plan_origin', ['template_id'])
    reviews()


def reviews():
    op.create_table('plan_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=True),
    sa.Column('observation_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('told_at', MOMENT, nullable=False),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("state IN ('asked', 'rated', 'declined', 'withdrawn')", name=op.f('ck_plan_review_known_state')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_plan_review_known_level')),
    sa.CheckConstraint("state <> 'rated' OR observation_id IS NOT NULL", name=op.f('ck_plan_review_rated_by_an_observation')),
    sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f('ck_plan_review_declined_with_reason')),
    sa.CheckConstraint("(state = 'asked') = (settled_at IS NULL)", name=op.f('ck_plan_review_settled_when_dated')),
    sa.CheckConstraint('reminders >= 0', name=op.f('ck_plan_review_reminders_counted')),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_plan_review_competency_id_competency')),
    sa.ForeignKeyConstraint(['observation_id'], ['observation.id'], name=op.f('fk_plan_review_observation_id_observation')),
    sa.ForeignKeyConstraint(['plan_id'], ['development_plan.id'], name=op.f('fk_plan_review_plan_id_development_plan'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_plan_review_reviewer_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_plan_review_settled_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_review')),
    sa.UniqueConstraint('observation_id', name=op.f('uq_plan_review_observation_id'))
    )
    for column in ('plan_id', 'competency_id', 'reviewer_id'):
        op.create_index(f'ix_plan_review_{column}', 'plan_review', [column])
    op.create_index('ix_plan_review_state_told_at', 'plan_review', ['state', 'told_at'])
    op.create_index('uq_plan_review_open', 'plan_review', ['plan_id', 'competency_id'], unique=True,
        sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))


def downgrade():
    op.drop_table('plan_review')
    op.drop_table('plan_origin')
    op.drop_table('plan_template_line')
    op.drop_table('plan_template')
    op.drop_column('development_item', 'practice')
