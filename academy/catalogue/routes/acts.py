"""What the audit trail calls the sensitive acts of the catalogue."""

from academy.accounts.kinds import name_act
from academy.base.i18n import _l

name_act("catalogue:course:edit", _l("Course changed"))
name_act("catalogue:course:publish", _l("Course published"))
name_act("catalogue:course:retire", _l("Course retired or brought back"))
name_act("catalogue:course:trainers", _l("Trainers of a course changed"))
name_act("catalogue:review:ask", _l("Review of a draft asked for or taken back"))
name_act("catalogue:review:decide", _l("Draft approved or returned by a reviewer"))
name_act("catalogue:term:add", _l("Term added to the glossary"))
name_act("catalogue:term:edit", _l("Term of the glossary changed"))
name_act("catalogue:term:remove", _l("Term removed from the glossary"))
