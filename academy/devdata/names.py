"""Names of invented people, units and partners for the demo, in Arabic with matching Latin letters; nobody is meant."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from academy.base.text import LocalizedText

Gender = Literal["female", "male"]


def _pairs(block: str) -> tuple[tuple[str, str], ...]:
    """Read pairs of a name in Arabic and in Latin letters, divided by bars and line ends."""
    entries = block.strip().replace("|", "\n").splitlines()
    return tuple((ar, en) for ar, en in (entry.split(" ") for entry in entries))


# Each pair is written "Arabic Latin".
_FEMALE = _pairs("""
نورة Noura|سارة Sarah|ريم Reem|لطيفة Latifah|هند Hind|منيرة Munirah
العنود Alanoud|الجوهرة Aljawharah|شهد Shahad|رغد Raghad|لمى Lama|دانة Danah
غادة Ghadah|أمل Amal|عبير Abeer|مها Maha|وجدان Wejdan|أفنان Afnan
بشاير Bashayer|جواهر Jawaher|حصة Hessah|خلود Kholoud|دلال Dalal|رنا Rana
روان Rawan|زينب Zainab|سمية Sumayyah|شروق Shorouq|صفية Safiyyah|ضحى Duha
طيف Taif|عائشة Aishah|فاطمة Fatimah|فوزية Fawziyyah|كوثر Kawthar|لينا Lina
مريم Maryam|ميساء Maysa|نجلاء Najla|نوف Nouf|هيفاء Haifa|وفاء Wafa
يسرى Yusra|أسماء Asma|إيمان Iman|بدرية Badriyyah|تهاني Tahani|جود Joud
حنان Hanan|خديجة Khadijah|رهف Rahaf|سلوى Salwa|سديم Sadeem|شيماء Shaima
غيداء Ghaida|مشاعل Mashael|مي Mai|ملاك Malak|هديل Hadeel|أروى Arwa
""")
_MALE = _pairs("""
أحمد Ahmed|خالد Khalid|سعد Saad|فهد Fahad|ماجد Majed|ناصر Nasser
تركي Turki|بندر Bandar|سلطان Sultan|عبدالله Abdullah|عبدالرحمن Abdulrahman|عبدالعزيز Abdulaziz
محمد Mohammed|علي Ali|حسن Hassan|حسين Hussain|إبراهيم Ibrahim|يوسف Yousef
عمر Omar|عثمان Othman|صالح Saleh|سليمان Sulaiman|راشد Rashed|زياد Ziyad
طارق Tariq|طلال Talal|عادل Adel|عامر Amer|فارس Faris|فيصل Faisal
فواز Fawaz|قاسم Qasim|مازن Mazen|مشاري Meshari|مشعل Meshal|منصور Mansour
مهند Muhannad|نايف Naif|نواف Nawaf|هاني Hani|هشام Hisham|وليد Waleed
ياسر Yasser|يحيى Yahya|أنس Anas|أسامة Osamah|باسم Basem|بدر Badr
ثامر Thamer|جابر Jaber|حاتم Hatem|حمد Hamad|رائد Raed|ريان Rayan
سامي Sami|سعود Saud|شاكر Shaker|عبدالإله Abdulelah|عبدالمجيد Abdulmajeed|موسى Mousa
""")
_FAMILY = _pairs("""
الحربي Al-Harbi|العتيبي Al-Otaibi|القحطاني Al-Qahtani|الغامدي Al-Ghamdi|الزهراني Al-Zahrani|الشهري Al-Shehri
الدوسري Al-Dosari|المطيري Al-Mutairi|الشمري Al-Shammari|العنزي Al-Anazi|السبيعي Al-Subaie|البقمي Al-Buqami
الجهني Al-Juhani|البلوي Al-Balawi|الرشيدي Al-Rashidi|العسيري Al-Asiri|الأحمري Al-Ahmari|المالكي Al-Malki
الثقفي Al-Thaqafi|السلمي Al-Sulami|اليامي Al-Yami|الخالدي Al-Khaldi|الهاجري Al-Hajri|العجمي Al-Ajmi
المري Al-Marri|التميمي Al-Tamimi|السهلي Al-Sahli|الفيفي Al-Faifi|الحازمي Al-Hazmi|القرني Al-Qarni
الشهراني Al-Shahrani|العمري Al-Amri|البيشي Al-Bishi|الخثعمي Al-Khathami|الصاعدي Al-Saedi|اللحياني Al-Lihyani
الهذلي Al-Hudhali|العوفي Al-Oufi|المزيني Al-Muzaini|الحجيلي Al-Hujaili|الأنصاري Al-Ansari|البخاري Bukhari
الخياط Al-Khayyat|النجار Al-Najjar|الصائغ Al-Sayegh|العطار Al-Attar|الحداد Al-Haddad|الصباغ Al-Sabbagh
القطان Al-Qattan|المدني Al-Madani|اليماني Al-Yamani|الأحسائي Al-Ahsai|القطيفي Al-Qatifi|الحساوي Al-Hasawi
النجدي Al-Najdi|الدرعان Al-Daraan|السويلم Al-Suwailem|الخضير Al-Khudair|العمير Al-Omair|الفوزان Al-Fawzan
الحميد Al-Humaid|المنيع Al-Manea|الجاسر Al-Jasser|العيسى Al-Eisa|الصقير Al-Suqair|الدخيل Al-Dakhil
البراك Al-Barrak|الشايع Al-Shaya|النصار Al-Nassar|الحمدان Al-Hamdan|السالم Al-Salem|العثمان Al-Othman
المبارك Al-Mubarak|الهلال Al-Hilal|برناوي Barnawi|هوساوي Hawsawi|فلاته Fallatah|صعيدي Saidi
مغربي Maghrabi|كردي Kurdi|تركستاني Turkistani|حكمي Hakami|مدخلي Madkhali|عقيلي Aqili
جبران Jubran
""")
_ALL_DIFFERENT = 5_000  # so many people share no full name; beyond that a large house has namesakes, as in life

_TITLES = {
    "frontline": (
        ("موظف خدمة مستفيدين", "موظفة خدمة مستفيدين", "Customer service officer"),
        ("موظف استقبال وإرشاد", "موظفة استقبال وإرشاد", "Reception and guidance officer"),
        ("موظف مركز اتصال", "موظفة مركز اتصال", "Contact centre officer"),
    ),
    "supervisor": (
        ("مشرف وحدة خدمة", "مشرفة وحدة خدمة", "Service unit supervisor"),
        ("مشرف وردية", "مشرفة وردية", "Shift supervisor"),
    ),
    "cx_specialist": (
        ("أخصائي تجربة العميل", "أخصائية تجربة العميل", "CX specialist"),
        ("محلل صوت المستفيد", "محللة صوت المستفيد", "Voice-of-customer analyst"),
    ),
    "service_owner": (
        ("مالك خدمة", "مالكة خدمة", "Service owner"),
        ("مدير منتج رقمي", "مديرة منتج رقمي", "Digital product manager"),
    ),
    "leader": (
        ("مدير عام", "مديرة عامة", "Director general"),
        ("مدير إدارة", "مديرة إدارة", "Department director"),
    ),
    "partner_frontline": (
        ("ممثل خدمة لدى الشريك", "ممثلة خدمة لدى الشريك", "Partner service agent"),
        ("ممثل مركز اتصال لدى الشريك", "ممثلة مركز اتصال لدى الشريك", "Partner contact centre agent"),
    ),
}


@dataclass(frozen=True, slots=True)
class DemoName:
    """An invented person: full name in both scripts, and an ASCII local part of an e-mail address nobody else has."""

    ar: str
    en: str
    gender: Gender
    email_local: str

    @property
    def name(self) -> LocalizedText:
        """The full name as text in two languages."""
        return LocalizedText(ar=self.ar, en=self.en)


@dataclass(frozen=True)
class DemoUnit:
    """An invented organisational unit with its sub-units; `key` is ASCII and unique among all of them."""

    key: str
    name: LocalizedText
    parts: tuple["DemoUnit", ...] = ()


@dataclass(frozen=True)
class DemoOrganisation:
    """An invented organisation with its units; `key` is ASCII and also the domain of its e-mail under `.example`."""

    key: str
    name: LocalizedText
    units: tuple[DemoUnit, ...] = ()


def people(seed: int, count: int) -> Iterator[DemoName]:
    """Invent people; the same seed gives the same people, and a shorter list is the beginning of a longer one."""
    rng = random.Random(seed)
    taken: set[str] = set()
    bearers: Counter[str] = Counter()
    for _ in range(count):
        person = _draw(rng)
        while person.ar in taken and len(taken) < _ALL_DIFFERENT:
            person = _draw(rng)
        taken.add(person.ar)
        bearers[person.email_local] += 1
        number = bearers[person.email_local]
        yield person if number == 1 else replace(person, email_local=f"{person.email_local}{number}")


def job_titles(role: str, gender: Gender) -> tuple[LocalizedText, ...]:
    """Return a role profile's job titles, the commonest first, as said of a woman or a man; KeyError if unknown."""
    return tuple(LocalizedText(ar=his if gender == "male" else hers, en=en) for his, hers, en in _TITLES[role])


def _draw(rng: random.Random) -> DemoName:
    """Draw given name, father's name and family name; the father never has his son's name."""
    gender: Gender = "female" if rng.random() < 0.5 else "male"
    given = _one(rng, _FEMALE if gender == "female" else _MALE)
    father = _one(rng, _MALE)
    while father == given:
        father = _one(rng, _MALE)
    family = _one(rng, _FAMILY)
    return DemoName(
        ar=f"{given[0]} {father[0]} {family[0]}",
        en=f"{given[1]} {father[1]} {family[1]}",
        gender=gender,
        email_local=f"{given[1]}.{family[1]}".lower().replace("-", ""),
    )


def _one(rng: random.Random, options: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Choose by `random()` alone, the one method whose sequence Python keeps from version to version."""
    return options[int(rng.random() * len(options))]


def _unit(key: str, ar: str, en: str, *parts: DemoUnit) -> DemoUnit:
    return DemoUnit(key, LocalizedText(ar=ar, en=en), parts)


AGENCY = DemoOrganisation(
    "agency",
    LocalizedText(ar="هيئة خدمات المجتمع", en="Community Services Authority"),
    (
        _unit(
            "service-centres",
            "الإدارة العامة لمراكز الخدمة",
            "General Directorate of Service Centres",
            _unit("centre-north", "مركز الخدمة الشمالي", "North Service Centre"),
            _unit("centre-coast", "مركز خدمة الساحل", "Coast Service Centre"),
        ),
        _unit(
            "contact-centre",
            "إدارة مركز الاتصال",
            "Contact Centre Department",
            _unit("labour-line", "مسار خدمات العمل", "Labour Services Line"),
            _unit("family-line", "مسار خدمات الأسرة", "Family Services Line"),
        ),
        _unit("digital-services", "إدارة الخدمات الرقمية", "Digital Services Department"),
        _unit("customer-experience", "إدارة تجربة العميل", "Customer Experience Department"),
        _unit("social-care", "إدارة الرعاية والدعم الاجتماعي", "Social Care and Support Department"),
        _unit("partnerships", "إدارة الشراكات وإسناد الخدمات", "Partnerships and Outsourcing Department"),
    ),
)
PARTNERS = (
    DemoOrganisation(
        "jusoor",
        LocalizedText(ar="شركة جسور الميدان لتشغيل مراكز الخدمة", en="Jusoor Al-Maydan Service Centres Company"),
        (
            _unit("jusoor-counters", "تشغيل نوافذ الخدمة", "Counter Operations"),
            _unit("jusoor-quality", "الجودة والتدريب", "Quality and Training"),
        ),
    ),
    DemoOrganisation(
        "sada",
        LocalizedText(ar="شركة صدى الواحة لحلول الاتصال", en="Sada Al-Waha Contact Solutions Company"),
        (
            _unit("sada-calls", "الاتصال والمحادثة", "Calls and Chat"),
            _unit("sada-quality", "الجودة والتدريب", "Quality and Training"),
        ),
    ),
)
