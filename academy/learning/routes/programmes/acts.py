"""What the audit trail calls the sensitive acts about programmes."""

from academy.accounts.kinds import name_act
from academy.base.i18n import _l

name_act("learning:programme:create", _l("Programme added"))
name_act("learning:programme:edit", _l("Programme changed"))
name_act("learning:programme:publish", _l("Programme published"))
name_act("learning:programme:retire", _l("Programme retired or brought back"))
name_act("learning:undertaking:sign", _l("Undertaking signed"))
name_act("learning:identity:confirm", _l("Identity confirmed"))
name_act("learning:identity:withdraw", _l("Confirmation of an identity withdrawn"))
