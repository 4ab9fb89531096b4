"""What answers and is no page, each with its reason."""

# Addresses that answer a GET without being a page, or that only lead on to one.
NOT_PAGES = {
    "files.serve": "a file that somebody uploaded",
    "accounts.theme": "a stylesheet",
    "assessment.answer_file": "a file that somebody uploaded",
    "health.live": "a sign of life for machines",
    "health.ready": "a sign of life for machines",
    "competencies.claim_proof": "a file that somebody uploaded",
    "competencies.observation_photo": "a picture",
    "credentials.download": "a PDF",
    "credentials.picture": "a picture",
    "insights.export": "a file for spreadsheets",
    "insights.export_compliance": "a file for spreadsheets",
    "reports.fetch": "a file that was made of a report",
    "learning.export_roster": "a file for spreadsheets",
    "learning.calendar_feed": "a calendar",
    "assessment.export_results": "a file for spreadsheets",
    "assessment.export_log": "a file",
    "assessment.receipts_proof": "a file",
    "assessment.time_left": "what an attempt's page asks",
    "administration.export_audit": "a file for spreadsheets",
    "administration.import_template": "a file for spreadsheets",
    "administration.start": "leads on to the first page of the administration",
    "learning.go_on": "leads on to the next activity",
    "competencies.export_framework": "a file",
    "catalogue.preview": "leads on to the first activity",
}
