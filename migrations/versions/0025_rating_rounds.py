"""rating rounds

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SINGLE = sa.text("voice <> 'peer'")
BEFORE = "'attempt', 'course', 'regrade', 'practice', 'observation', 'self', 'peer', 'prior', 'certificate'"


def recheck(kinds):
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_evidence_known_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_evidence_known_kind"), f"kind IN ({kinds})")


def upgrade():
    recheck(f"{BEFORE}, 'agreed'")
    op.create_table(
        "rating_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("self_rates", sa.Boolean(), nullable=False),
        sa.Column("manager_rates", sa.Boolean(), nullable=False),
        sa.Column("peers_rate", sa.Boolean(), nullable=False),
        sa.Column("proposes", sa.Boolean(), nullable=False),
        sa.Column("notes_shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_rating_round_has_title")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_rating_round_closes_after_opening")),
        sa.CheckConstraint("peers_rate OR NOT notes_shown", name=op.f("ck_rating_round_only_notes_of_peers_are_shown")),
        sa.CheckConstraint("peers_rate OR NOT proposes", name=op.f("ck_rating_round_only_peers_are_proposed")),
        sa.CheckConstraint("self_rates OR manager_rates OR peers_rate", name=op.f("ck_rating_round_somebody_rates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rating_round_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_rating_round_opened_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_round")),
    )
    with op.batch_alter_table("rating_round", schema=None) as batch_op:
        batch_op.create_index("ix_rating_round_closes_at", ["closes_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_round_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("objection", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state = 'agreed') = (agreed_at IS NOT NULL)", name=op.f("ck_rating_agreed_when_dated")),
        sa.CheckConstraint("(state = 'agreed') = (revision > 0)", name=op.f("ck_rating_agreed_when_counted")),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_rating_closed_when_dated")),
        sa.CheckConstraint("answer <> 'objected' OR objection <> ''", name=op.f("ck_rating_objection_has_reason")),
        sa.CheckConstraint("answer IN ('confirmed', 'objected', 'settled')", name=op.f("ck_rating_known_answer")),
        sa.CheckConstraint(
            "answer IS NULL OR state = 'agreed'", name=op.f("ck_rating_only_what_is_agreed_is_answered")
        ),
        sa.CheckConstraint("state IN ('open', 'closed', 'agreed')", name=op.f("ck_rating_known_state")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_rating_answered_when_dated")),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_rating_revisions_counted")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_rating_agreed_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rating_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rating_round.id"], name=op.f("fk_rating_round_id_rating_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("round_id", "person_id", name="uq_rating_person"),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_rating_state_agreed_at", ["state", "agreed_at"], unique=False)

    op.create_table(
        "rating_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("peers", sa.Integer(), nullable=True),
        sa.Column("peers_sum", sa.Integer(), nullable=True),
        sa.Column("peers_low", sa.Integer(), nullable=True),
        sa.Column("peers_high", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(peers IS NULL) = (peers_sum IS NULL) AND (peers IS NULL) = (peers_low IS NULL) AND (peers IS NULL) = (peers_high IS NULL)",
            name=op.f("ck_rating_line_figures_together"),
        ),
        sa.CheckConstraint("peers >= 3", name=op.f("ck_rating_line_enough_peers")),
        sa.CheckConstraint(
            "peers_low BETWEEN 0 AND peers_high AND peers_high <= 4", name=op.f("ck_rating_line_spread_in_range")
        ),
        sa.CheckConstraint(
            "peers_sum BETWEEN peers * peers_low AND peers * peers_high", name=op.f("ck_rating_line_sum_fits_spread")
        ),
        sa.CheckConstraint("target BETWEEN 0 AND 4", name=op.f("ck_rating_line_known_target")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_rating_line_competency_id_competency")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_rating_line_rating_id_rating"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_line")),
        sa.UniqueConstraint("id", "rating_id", name="uq_rating_line_rating"),
        sa.UniqueConstraint("rating_id", "competency_id", name="uq_rating_line_competency"),
    )
    with op.batch_alter_table("rating_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_line_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_line_rating_id"), ["rating_id"], unique=False)

    op.create_table(
        "rating_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.CheckConstraint("state = 'invited' OR voice = 'peer'", name=op.f("ck_rating_voice_only_peers_are_proposed")),
        sa.CheckConstraint("state IN ('proposed', 'invited')", name=op.f("ck_rating_voice_known_state")),
        sa.CheckConstraint(
            "submitted_at IS NULL OR state = 'invited'", name=op.f("ck_rating_voice_only_the_invited_hand_in")
        ),
        sa.CheckConstraint("voice IN ('self', 'manager', 'peer')", name=op.f("ck_rating_voice_known_voice")),
        sa.CheckConstraint("reminders >= 0", name=op.f("ck_rating_voice_reminders_counted")),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["person.id"], name=op.f("fk_rating_voice_rater_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_rating_voice_rating_id_rating"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_voice")),
        sa.UniqueConstraint("id", "rating_id", name="uq_rating_voice_rating"),
        sa.UniqueConstraint("rating_id", "rater_id", name="uq_rating_voice_rater"),
    )
    with op.batch_alter_table("rating_voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_voice_rater_id"), ["rater_id"], unique=False)
        batch_op.create_index(
            "uq_rating_voice_single", ["rating_id", "voice"], unique=True, sqlite_where=SINGLE, postgresql_where=SINGLE
        )

    op.create_table(
        "rating_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_rating_agreement_known_level")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_rating_agreement_revision_positive")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_rating_agreement_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["rating_line.id"], name=op.f("fk_rating_agreement_line_id_rating_line"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_agreement")),
        sa.UniqueConstraint("line_id", "revision", name="uq_rating_agreement_revision"),
    )
    op.create_table(
        "rating_answer",
        sa.Column("voice_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_rating_answer_known_level")),
        sa.ForeignKeyConstraint(
            ["line_id", "rating_id"],
            ["rating_line.id", "rating_line.rating_id"],
            name="fk_rating_answer_line",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["voice_id", "rating_id"],
            ["rating_voice.id", "rating_voice.rating_id"],
            name="fk_rating_answer_voice",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("voice_id", "line_id", name=op.f("pk_rating_answer")),
    )
    with op.batch_alter_table("rating_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_answer_line_id"), ["line_id"], unique=False)


def downgrade():
    for table in ("rating_answer", "rating_agreement", "rating_voice", "rating_line", "rating", "rating_round"):
        op.drop_table(table)
    op.execute("DELETE FROM evidence WHERE kind = 'agreed'")
    recheck(BEFORE)
