"""What reports add to the kinds of notices and to the acts of the trail."""

from academy.base.i18n import _l, ngettext
from academy.base.text import LocalizedText
from academy.notices import kinds

kinds.add_value("report", _l("Name of the report"), LocalizedText("المتأخرون في الرياض", "Late in Riyadh"))
kinds.add_value("rows", _l("How many rows, as a bare number"), 12)
kinds.add_phrase(
    "count_rows", _l("How many rows, as a phrase: 12 rows"), "rows",
    lambda number, shown: ngettext("%(count)s row", "%(count)s rows", number, count=shown),
)  # fmt: skip
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
kinds.belong_to(kinds.LEADERS, REPORT_READY)
