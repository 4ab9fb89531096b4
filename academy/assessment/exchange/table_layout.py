"""The layout of our spreadsheet of questions: its columns and the words in its cells, in both languages.

A question begins with a row that has a type. Its choices, items, pairs or accepted answers stand one a row, the first
of them on that row, the others on rows below whose type is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from academy.base.arabic import normalise


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name here and its heading in both languages; all three are understood.

    One that is not `usual` is written only when some question uses it.
    """

    name: str
    ar: str
    en: str
    usual: bool = True


COLUMNS = (
    Column("key", "المفتاح", "Key"),
    Column("type", "النوع", "Type"),
    Column("stem_ar", "السؤال (بالعربية)", "Question (Arabic)"),
    Column("stem_en", "السؤال (بالإنجليزية)", "Question (English)"),
    Column("entry_ar", "الخيار أو العنصر (بالعربية)", "Choice or item (Arabic)"),
    Column("entry_en", "الخيار أو العنصر (بالإنجليزية)", "Choice or item (English)"),
    Column("right", "إجابة صحيحة", "Right"),
    Column("partner_ar", "القرين (بالعربية)", "Partner (Arabic)"),
    Column("partner_en", "القرين (بالإنجليزية)", "Partner (English)"),
    Column("feedback_ar", "التغذية الراجعة (بالعربية)", "Feedback (Arabic)"),
    Column("feedback_en", "التغذية الراجعة (بالإنجليزية)", "Feedback (English)"),
    Column("answer", "الجواب", "Answer"),
    Column("tolerance", "هامش القبول", "Tolerance"),
    Column("unit_ar", "وحدة القياس (بالعربية)", "Unit of measure (Arabic)"),
    Column("unit_en", "وحدة القياس (بالإنجليزية)", "Unit of measure (English)"),
    Column("explanation_ar", "الشرح (بالعربية)", "Explanation (Arabic)"),
    Column("explanation_en", "الشرح (بالإنجليزية)", "Explanation (English)"),
    Column("scoring", "طريقة الاحتساب", "Scoring"),
    Column("shuffle", "ترتيب عشوائي", "Shuffle"),
    Column("competency", "الكفاية", "Competency"),
    Column("objective", "الهدف", "Objective"),
    Column("difficulty", "مستوى الصعوبة", "Difficulty"),
    Column("points", "الدرجات", "Points"),
    Column("tags", "الوسوم", "Tags", usual=False),
    Column("category_ar", "تصنيف البنك (بالعربية)", "Bank category (Arabic)", usual=False),
    Column("category_en", "تصنيف البنك (بالإنجليزية)", "Bank category (English)", usual=False),
    Column("text_ar", "النص ذو الفراغات (بالعربية)", "Text with gaps (Arabic)", usual=False),
    Column("text_en", "النص ذو الفراغات (بالإنجليزية)", "Text with gaps (English)", usual=False),
    Column("gap", "الفراغ", "Gap", usual=False),
    Column("gap_kind", "طريقة ملء الفراغ", "How the gap is filled", usual=False),
    Column("reuse", "تكرار الكلمات", "Words may repeat", usual=False),
    Column("typos", "هفوات إملائية مقبولة", "Spelling slips forgiven", usual=False),
    Column("tolerance_kind", "نوع هامش القبول", "Kind of tolerance", usual=False),
    Column("factor", "معامل الوحدة", "Factor of the unit", usual=False),
    Column("unit_rule", "قاعدة الوحدة", "Rule for the unit", usual=False),
    Column("unit_cost", "خصم الوحدة (%)", "Cost of the unit (%)", usual=False),
    Column("needed", "التذكير بالعبارات", "All statements wanted", usual=False),
    Column("hint_ar", "التلميح (بالعربية)", "Hint (Arabic)", usual=False),
    Column("hint_en", "التلميح (بالإنجليزية)", "Hint (English)", usual=False),
    Column("picture", "ملف الصورة", "Picture file", usual=False),
    Column("picture_words_ar", "وصف الصورة (بالعربية)", "Picture in words (Arabic)", usual=False),
    Column("picture_words_en", "وصف الصورة (بالإنجليزية)", "Picture in words (English)", usual=False),
    Column("shape", "شكل المنطقة", "Shape of the area", usual=False),
    Column("place", "الموضع على الصورة (%)", "Place on the picture (%)", usual=False),
    Column("named", "إظهار قائمة الأسماء", "List of names shown", usual=False),
    Column("most", "الحد الأقصى للعدد", "Most allowed", usual=False),
    Column("formula", "الصيغة", "Formula", usual=False),
    Column("decimals", "المنازل العشرية", "Decimal places", usual=False),
    Column("variable", "المتغير", "Variable", usual=False),
    Column("low", "أقل قيمة", "Lowest value", usual=False),
    Column("high", "أعلى قيمة", "Highest value", usual=False),
    Column("step", "مقدار الخطوة", "Step", usual=False),
    Column("rubric_points", "درجات المعيار", "Points of the criterion", usual=False),
    Column("notes_ar", "ملاحظات للمصححين (بالعربية)", "Notes for markers (Arabic)", usual=False),
    Column("notes_en", "ملاحظات للمصححين (بالإنجليزية)", "Notes for markers (English)", usual=False),
    Column("least_words", "أقل عدد للكلمات", "Fewest words", usual=False),
    Column("most_words", "أكبر عدد للكلمات", "Most words", usual=False),
    Column("file_kinds", "أنواع الملفات", "Kinds of files", usual=False),
    Column("megabytes", "حجم الملف (م.ب)", "Size of a file (MB)", usual=False),
    Column("item", "ملف عنصر QTI", "File of the QTI item", usual=False),
    Column("item_language", "لغة عنصر QTI", "Language of the QTI item", usual=False),
    Column("item_most", "أعلى درجة في عنصر QTI", "Most points of the QTI item", usual=False),
)
NEEDED = {"type", "entry_ar", "entry_en", "stem_ar", "stem_en"}

# What a cell may say, by what it means: Arabic, English, then other words that are understood.
TYPES = {
    "single": ("اختيار من متعدد (إجابة واحدة)", "Single choice"),
    "multiple": ("اختيار من متعدد (عدة إجابات)", "Multiple choice"),
    "true_false": ("صواب أو خطأ", "True or false"),
    "numeric": ("إجابة عددية", "Numeric answer"),
    "ordering": ("ترتيب", "Putting in order"),
    "matching": ("مطابقة", "Matching pairs"),
    "short_text": ("نص قصير", "Short text"),
    "categories": ("تصنيف في فئات", "Sorting into categories"),
    "gap_fill": ("نص ذو فراغات", "Text with gaps"),
    "matrix": ("آراء على مقياس", "Opinions on a scale"),
    "ranking": ("ترتيب حسب الرأي", "Ranking"),
    "hotspot": ("مواضع على صورة", "Places on a picture"),
    "drag_on_image": ("تسميات على صورة", "Labels on a picture"),
    "calculated": ("عدد بقيم خاصة بكل متدرب", "Number with values of each learner's own", "عدد بقيم خاصة بكل متعلم"),
    "essay": ("مقال", "Essay"),
    "file": ("رفع ملف", "File upload"),
    "qti": ("عنصر QTI", "QTI item"),
}
TRUTHS = {
    "true": ("صواب", "True", "yes", "نعم", "صح", "x", "✓", "✔", "1", "صحيح"),
    "false": ("خطأ", "False", "no", "لا", "0", "خاطئ"),
}
SCORINGS = {
    "partial": ("درجات جزئية", "Part of the points"),
    "all_or_nothing": ("الكل أو لا شيء", "All or nothing"),
    "each": ("كل خيار على حدة", "Each choice by itself"),
    "capped": ("الصحيح دون خصم مع حد أقصى", "Right ones without penalty, capped"),
}
HALVES = {"half": ("نصف", "Half", "½", "50%")}
GAP_KINDS = {
    "typed": ("كتابة", "Typed"),
    "choice": ("اختيار من قائمة", "Chosen"),
    "drag": ("كلمة من البنك", "Word of the bank", "drag"),
}
TOLERANCE_KINDS = {
    "absolute": ("مطلق", "Absolute"),
    "relative": ("نسبة مئوية", "Percent"),
    "figures": ("أرقام معنوية", "Significant figures"),
}
UNIT_RULES = {
    "optional": ("اختيارية", "Optional"),
    "required": ("إلزامية", "Required"),
    "penalty": ("بخصم", "Penalty"),
}
SHAPES = {
    "rectangle": ("مستطيل", "Rectangle"),
    "circle": ("دائرة", "Circle"),
    "polygon": ("مضلع", "Polygon"),
}
FILE_KINDS = {
    "pdf": ("PDF", "PDF"),
    "document": ("مستند", "Document"),
    "sheet": ("جدول", "Spreadsheet"),
    "slides": ("عرض تقديمي", "Slides"),
    "image": ("صورة", "Picture", "image"),
    "text": ("نص", "Text"),
    "audio": ("صوت", "Audio"),
    "video": ("مقطع مرئي", "Video"),
}
LANGUAGES = {"ar": ("العربية", "Arabic"), "en": ("الإنجليزية", "English")}
DIFFICULTIES = {"1": ("سهل", "Easy"), "2": ("متوسط", "Medium"), "3": ("صعب", "Hard")}
Words = Mapping[str, tuple[str, ...]]


def word(words: Words, meaning: str, language: str) -> str:
    """Return the word for a meaning in a language."""
    return words[meaning][0 if language == "ar" else 1]


def meaning(words: Words, typed: str) -> str | None:
    """Return what a typed word means; None when it is none of them."""
    wanted = _folded(typed)
    for name, faces in words.items():
        if wanted and wanted in {_folded(face) for face in (*faces, name)}:
            return name
    return None


def _folded(text: str) -> str:
    return normalise(text).replace("_", " ").strip() or text.strip().casefold()


def column_named(heading: str) -> str | None:
    """Return the name of the column with this heading; None for a heading that is not known."""
    wanted = _folded(heading)
    for column in COLUMNS:
        if wanted and wanted in (_folded(column.ar), _folded(column.en), _folded(column.name)):
            return column.name
    return None
