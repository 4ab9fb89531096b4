"""What the audit trail calls the sensitive acts about frameworks and role profiles."""

from academy.accounts.kinds import name_act
from academy.base.i18n import _l

name_act("competencies:framework:create", _l("Competency framework added"))
name_act("competencies:framework:publish", _l("Competency framework published"))
name_act("competencies:framework:discard", _l("Draft of a competency framework discarded"))
name_act("competencies:framework:import", _l("Competency framework read from a file"))
name_act("competencies:profile:create", _l("Role profile added"))
name_act("competencies:profile:publish", _l("Role profile published"))
name_act("competencies:job:profile", _l("Role profile of a job given or taken"))
name_act("competencies:person:profiles", _l("Role profiles of a person changed"))
name_act("competencies:person:level", _l("Level asked of a person changed"))
