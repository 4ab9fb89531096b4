"""The cities that an organisation can be in, with the method that is followed there, and what prayers and methods are called."""

from typing import Any

from academy.base.i18n import _l
from academy.base.prayers import ASR, DHUHR, FAJR, ISHA, MAGHRIB, Spot

OTHER = ""
CITIES: dict[str, Spot] = {
    "riyadh": Spot(24.6877, 46.7219),
    "makkah": Spot(21.4225, 39.8262),
    "madinah": Spot(24.4686, 39.6142),
    "jeddah": Spot(21.5433, 39.1728),
    "dammam": Spot(26.4207, 50.0888),
    "abha": Spot(18.2164, 42.5053),
    "tabuk": Spot(28.3835, 36.5662),
    "buraydah": Spot(26.3260, 43.9750),
    "hail": Spot(27.5219, 41.6907),
    "jazan": Spot(16.8892, 42.5511),
    "kuwait": Spot(29.3759, 47.9774, "kuwait"),
    "doha": Spot(25.2854, 51.5310, "qatar"),
    "manama": Spot(26.2285, 50.5860),
    "cairo": Spot(30.0444, 31.2357, "egypt"),
}
CITY_NAMES: dict[str, Any] = {
    "riyadh": _l("Riyadh"),
    "makkah": _l("Makkah"),
    "madinah": _l("Madinah"),
    "jeddah": _l("Jeddah"),
    "dammam": _l("Dammam"),
    "abha": _l("Abha"),
    "tabuk": _l("Tabuk"),
    "buraydah": _l("Buraydah"),
    "hail": _l("Hail"),
    "jazan": _l("Jazan"),
    "kuwait": _l("Kuwait City"),
    "doha": _l("Doha"),
    "manama": _l("Manama"),
    "cairo": _l("Cairo"),
    OTHER: _l("Another place, by its coordinates"),
}
METHOD_NAMES: dict[str, Any] = {
    "umm_al_qura": _l("Umm al-Qura (Saudi Arabia, Bahrain)"),
    "kuwait": _l("Kuwait"),
    "qatar": _l("Qatar"),
    "egypt": _l("Egyptian survey authority"),
    "league": _l("Muslim World League"),
}
PRAYER_NAMES: dict[str, Any] = {
    FAJR: _l("Fajr"),
    DHUHR: _l("Dhuhr"),
    ASR: _l("Asr"),
    MAGHRIB: _l("Maghrib"),
    ISHA: _l("Isha"),
}
