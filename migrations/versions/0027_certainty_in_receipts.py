"""certainty in receipts

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = "0026"
branch_labels = None
depends_on = None

# Each save wrote the certainty of its question, so the latest receipt of a question has the one that is kept with it.
# What was said before is not known; those receipts stay without one.
LATEST = """
    UPDATE save_receipt SET confidence = (
        SELECT attempt_item.confidence FROM attempt_item WHERE attempt_item.id = save_receipt.item_id
    ) WHERE EXISTS (
        SELECT 1 FROM attempt_item WHERE attempt_item.id = save_receipt.item_id
        AND attempt_item.saved_sequence = save_receipt.sequence AND attempt_item.confidence IS NOT NULL
    )
"""


def upgrade():
    with op.batch_alter_table('save_receipt', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confidence', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f('ck_save_receipt_known_confidence'), 'confidence IS NULL OR confidence BETWEEN 1 AND 3'
        )
    op.execute(LATEST)


def downgrade():
    with op.batch_alter_table('save_receipt', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_save_receipt_known_confidence'), type_='check')
        batch_op.drop_column('confidence')
