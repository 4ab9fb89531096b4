"""What reports add to the kinds of notices and to the acts of the trail."""

from academy.base.i18n import _l
from academy.notices import kinds

REPORT_READY = kinds.add(
    kinds.Kind(
        "report_ready",
        _l("Your report: %(report)s"),
        (
            _l("The report %(report)s is ready to be read, as of %(day)s."),
            _l("Rows in it: %(rows)s."),
            _l("It shows what you may see at the moment you open it."),
        ),
        _l("Open the report"),
        icon="file-text",
        label=_l("Reports that I ordered"),
    )
)
