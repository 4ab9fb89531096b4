"""What the audit trail calls the sensitive acts of the catalogue."""

from collections.abc import Collection

from sqlalchemy import Select

from academy.accounts.kinds import name_act, name_ids
from academy.base.access import Actor
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue import queries

name_act("catalogue:course:edit", _l("Course changed"))
name_act("catalogue:course:publish", _l("Course published"))
name_act("catalogue:course:retire", _l("Course retired or brought back"))
name_act("catalogue:course:trainers", _l("Trainers of a course changed"))
name_act("catalogue:review:ask", _l("Review of a draft asked for or taken back"))
name_act("catalogue:review:decide", _l("Draft approved or returned by a reviewer"))
name_act("catalogue:term:add", _l("Term added to the glossary"))
name_act("catalogue:term:edit", _l("Term of the glossary changed"))
name_act("catalogue:term:remove", _l("Term removed from the glossary"))


def _titles(ids: Collection[int], _reader: Actor) -> Select[int, LocalizedText]:
    return queries.titled(ids)


name_ids(("course", "course_id", "courses", "path_course_id"), _titles)
