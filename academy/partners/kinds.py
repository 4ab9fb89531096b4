"""What partners' pages and letters say: reasons for leaving, purposes of contacts, notices."""

from typing import Any

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices.kinds import ADMINISTRATORS, HOLDING, Kind, add, add_value, belong_to

LEAVING_REASONS: dict[str, Any] = {
    "resigned": _l("Resignation"),
    "contract": _l("End of the contract"),
    "conduct": _l("Conduct"),
    "other": _l("Another reason"),
}
PURPOSES: dict[str, Any] = {
    "service": _l("For the service"),
    "incidents": _l("For incidents, at any hour"),
}

add_value("partner", _l("Name of the partner"), LocalizedText("شركة الضيافة", "Hospitality Company"))

SERVING_ENDS = add(
    Kind(
        "serving_ends",
        _l("You may serve until %(until)s"),
        (
            _l("You may serve customers in the name of %(partner)s until %(until)s."),
            _l("Renew your certificate for %(course)s before that day, so that you can go on serving."),
        ),
        _l("Open my certificates"),
        icon="calendar-clock",
        label=_l("When I may not serve any more soon"),
    )
)
PEOPLE_STOP_SERVING = add(
    Kind(
        "people_stop_serving",
        _l("People who may not serve any more soon: %(count)s"),
        (
            _l("By the records of today, these people of %(partner)s may serve only a short time longer: %(people)s."),
            _l("More of them: %(more)s."),
        ),
        _l("Open the roster"),
        icon="calendar-clock",
        label=_l("People of mine who may not serve any more soon"),
    )
)
MEMBERSHIP_ENDED = add(
    Kind(
        "membership_ended",
        _l("Your membership of %(partner)s has ended"),
        (
            _l("From now on you may not serve customers in the name of %(partner)s."),
            _l(
                "Certificates that depended on it are suspended. They count again when you join another partner, unless they have expired by then."
            ),
        ),
        _l("Open the academy"),
        icon="log-out",
        label=_l("The end of my membership of a partner"),
        needed=_l("Whoever may not serve any more must learn of it at once."),
    )
)

MAY_NAMES: dict[str, Any] = {
    "serve": _l("May serve"),
    "accompanied": _l("May serve accompanied"),
    "not": _l("Must not serve"),
}
belong_to(HOLDING, SERVING_ENDS)
belong_to(ADMINISTRATORS, PEOPLE_STOP_SERVING)
