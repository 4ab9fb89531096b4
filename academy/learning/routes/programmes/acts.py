"""What the audit trail calls the sensitive acts about programmes."""

from collections.abc import Collection

from sqlalchemy import Select

from academy.accounts.kinds import name_act, name_ids
from academy.base.access import Actor
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.learning.queries.announcing import titled_programmes
from academy.learning.queries.enrolments import titled_places

name_act("learning:programme:create", _l("Programme added"))
name_act("learning:programme:edit", _l("Programme changed"))
name_act("learning:programme:publish", _l("Programme published"))
name_act("learning:programme:retire", _l("Programme retired or brought back"))
name_act("learning:undertaking:sign", _l("Undertaking signed"))
name_act("learning:identity:confirm", _l("Identity confirmed"))
name_act("learning:identity:withdraw", _l("Confirmation of an identity withdrawn"))


def _programmes(ids: Collection[int], _reader: Actor) -> Select[int, LocalizedText]:
    return titled_programmes(ids)


def _places(ids: Collection[int], _reader: Actor) -> Select[int, LocalizedText]:
    return titled_places(ids)


name_ids(("programme", "programmes"), _programmes)
name_ids(("enrolment", "enrolment_id"), _places)
