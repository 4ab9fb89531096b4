"""What must hold in the database at every moment (trust.md, I1 to I6): each line counts the rows that break it."""

from sqlalchemy import select, text

from academy.assessment.models import Attempt
from academy.assessment.queries_of_log import attempt_log
from academy.base.db import db

BROKEN = {
    "I1 a graded attempt has a score within its range": """
        SELECT count(*) FROM attempt WHERE state = 'graded' AND (score IS NULL OR score < 0 OR score > max_score)""",
    "I1 the score is the sum of its parts": """
        SELECT count(*) FROM attempt a WHERE state = 'graded' AND abs(score - (
            SELECT coalesce(sum(i.points * i.share), 0) FROM attempt_item i
            WHERE i.attempt_id = a.id AND NOT i.voided)) > 0.0001""",
    "I1 the maximum is the sum of the points that count": """
        SELECT count(*) FROM attempt a WHERE state = 'graded' AND abs(max_score - (
            SELECT coalesce(sum(i.points), 0) FROM attempt_item i
            WHERE i.attempt_id = a.id AND NOT i.voided)) > 0.0001""",
    "I2 attempts stay within their limit": """
        SELECT count(*) FROM attempt a JOIN quiz_version v ON v.id = a.quiz_version_id
        WHERE v.attempts_allowed IS NOT NULL AND a.number > v.attempts_allowed""",
    "I3 a certificate of a present person has a completed enrolment": """
        SELECT count(*) FROM certificate c LEFT JOIN enrolment e ON e.id = c.enrolment_id
        WHERE c.holder_id IS NOT NULL AND c.enrolment_id IS NOT NULL AND e.state <> 'completed'""",
    "I3 one certificate a person, credential and cycle": """
        SELECT count(*) FROM (SELECT 1 FROM certificate WHERE holder_id IS NOT NULL AND NOT replaced
        GROUP BY holder_id, credential, cycle HAVING count(*) > 1) AS doubled""",
    "I5 an answer that was acknowledged is stored": """
        SELECT count(*) FROM attempt_item i WHERE i.saved_sequence > 0 AND NOT EXISTS (
            SELECT 1 FROM save_receipt r WHERE r.item_id = i.id AND r.sequence = i.saved_sequence)""",
    "I6 nobody completed a course with something required left": """
        SELECT count(*) FROM enrolment WHERE state = 'completed' AND done < required""",
    "I6 the counters agree with the states": """
        SELECT count(*) FROM enrolment e WHERE e.done <> (
            SELECT count(*) FROM activity_state s JOIN activity a ON a.id = s.activity_id
            JOIN course_unit u ON u.id = a.unit_id
            WHERE s.enrolment_id = e.id AND s.state = 'completed' AND a.required
            AND a.removed_at IS NULL AND u.removed_at IS NULL)""",
}


def unfaithful() -> list[int]:
    """Return the attempts whose kept answers or score are not what their receipts, played through, give (P1, P2, I5)."""
    logs = ((attempt.id, attempt_log(attempt, "ar")) for attempt in db.session.scalars(select(Attempt)))
    return [attempt_id for attempt_id, log in logs if not log.whole or log.scored_alike is False]


def broken() -> dict[str, int]:
    """Return the invariants that do not hold, with the number of rows that break them."""
    counted = {name: db.session.scalar(text(query)) for name, query in BROKEN.items()}
    return {name: count for name, count in counted.items() if count}
