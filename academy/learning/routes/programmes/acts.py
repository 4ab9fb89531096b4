"""What the audit trail calls the sensitive acts about programmes."""

from collections.abc import Collection, Mapping

from academy.accounts.kinds import name_act, name_ids
from academy.base.access import Actor
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.learning.queries.announcing import programme_titles
from academy.learning.queries.enrolments import titles_of_places

name_act("learning:programme:create", _l("Programme added"))
name_act("learning:programme:edit", _l("Programme changed"))
name_act("learning:programme:publish", _l("Programme published"))
name_act("learning:programme:retire", _l("Programme retired or brought back"))
name_act("learning:undertaking:sign", _l("Undertaking signed"))
name_act("learning:identity:confirm", _l("Identity confirmed"))
name_act("learning:identity:withdraw", _l("Confirmation of an identity withdrawn"))


def _programmes(ids: Collection[int], _reader: Actor) -> Mapping[int, LocalizedText]:
    return programme_titles(ids)


def _places(ids: Collection[int], _reader: Actor) -> Mapping[int, LocalizedText]:
    return titles_of_places(ids)


name_ids(("programme", "programmes"), _programmes)
name_ids(("enrolment", "enrolment_id"), _places)
