"""The people whom visitors of the demonstration academy can be: one account a role, all with the same passphrase.

Beside them some colleagues of the manager sign in with their own addresses (seeding/ratings.py).
"""

from dataclasses import dataclass

from academy.base.i18n import _l
from academy.base.text import LocalizedText

PASSPHRASE = "nakhla-safina-qamar-7"
DOMAIN = "academy.example"


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account: who they are, how they sign in, what they show."""

    key: str
    name: LocalizedText
    gender: str
    shows: object

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.key}@{DOMAIN}"

    @property
    def password(self) -> str:
        """The passphrase, the same for all of them."""
        return PASSPHRASE


def _account(key: str, ar: str, en: str, gender: str, shows: object) -> Account:
    return Account(key, LocalizedText(ar, en), gender, shows)


EMPLOYEE = _account(
    "employee",
    "نورة عبدالعزيز العتيبي",
    "Noura Abdulaziz Al-Otaibi",
    "female",
    _l("Employee in the middle of a course"),
)
NEWCOMER = _account("newcomer", "سلمان فهد الحربي", "Salman Fahd Al-Harbi", "male", _l("Newcomer with nothing yet"))
PARTNER = _account("partner", "هند خالد الزهراني", "Hind Khalid Al-Zahrani", "female", _l("Partner's person"))
TRAINER = _account("trainer", "ريم سعود القحطاني", "Reem Saud Al-Qahtani", "female", _l("Trainer"))
MANAGER = _account(
    "manager", "محمد ناصر الشهري", "Mohammed Nasser Al-Shehri", "male", _l("Manager of a unit with sub-units")
)
DIRECTOR = _account(
    "director", "سارة عبدالله الغامدي", "Sarah Abdullah Al-Ghamdi", "female", _l("Senior manager of the whole agency")
)
DEPUTY = _account(
    "deputy", "ليان يوسف المالكي", "Layan Yousef Al-Malki", "female", _l("Manager who stands in for another")
)
ADMINISTRATOR = _account(
    "admin", "عبدالرحمن علي الدوسري", "Abdulrahman Ali Al-Dosari", "male", _l("Administrator of the academy")
)
PARTNER_ADMINISTRATOR = _account(
    "partner-admin", "ماجد حسن العمري", "Majed Hassan Al-Amri", "male", _l("Administrator of a partner")
)
BOTH = _account(
    "both", "جواهر إبراهيم الرشيد", "Jawaher Ibrahim Al-Rashid", "female", _l("Person of the agency and of a partner")
)
OFFICER = _account("officer", "أمل إبراهيم الشمري", "Amal Ibrahim Al-Shammari", "female", _l("Credential officer"))
REVIEWER = _account("reviewer", "خلود فيصل العنزي", "Khulood Faisal Al-Enezi", "female", _l("Content reviewer"))
AUDITOR = _account("auditor", "عبدالله سعد المطيري", "Abdullah Saad Al-Mutairi", "male", _l("Auditor"))

ALL = (
    EMPLOYEE, NEWCOMER, PARTNER, TRAINER, MANAGER, DEPUTY, DIRECTOR, ADMINISTRATOR, PARTNER_ADMINISTRATOR, BOTH, OFFICER,
    REVIEWER, AUDITOR,
)  # fmt: skip
