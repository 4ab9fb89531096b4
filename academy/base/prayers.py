"""The times of the five prayers at a place, and the windows around them in which nobody wants to be disturbed.

The sun's declination and the equation of time are those of the U.S. Naval Observatory's "Approximate Solar Coordinates"
(good to about an arc minute until 2050); how times follow from them, and the angles of each method, are as the authorities
publish them and as the Prayer Times Calculation page of praytimes.org collects them. Asr is when a shadow is as long as its
thing (Shafi'i, Maliki, Hanbali). Where a sun never sinks deep enough for Fajr or Isha, that prayer has no time here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import acos, asin, atan, atan2, cos, degrees, radians, sin, tan

from academy.base.dates import RIYADH, in_ramadan

FAJR, DHUHR, ASR, MAGHRIB, ISHA = PRAYERS = ("fajr", "dhuhr", "asr", "maghrib", "isha")
SUNSET = 0.833
FARTHEST_NORTH = 60


@dataclass(frozen=True, slots=True)
class Method:
    """How a country reckons Fajr and Isha: the sun's angle below the horizon, or so many minutes after Maghrib."""

    fajr: float
    isha: float | None = None
    isha_minutes: int = 90
    isha_minutes_in_ramadan: int = 90


METHODS = {
    "umm_al_qura": Method(18.5, isha_minutes_in_ramadan=120),
    "kuwait": Method(18.0, 17.5),
    "qatar": Method(18.0),
    "egypt": Method(19.5, 17.5),
    "league": Method(18.0, 17.0),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on earth, in degrees north and east, and the method that is followed there."""

    latitude: float
    longitude: float
    method: str = "umm_al_qura"


@dataclass(frozen=True, slots=True)
class Window:
    """The time around a prayer in which letters wait; `at` is the prayer itself."""

    prayer: str
    at: datetime
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Pauses:
    """That letters wait from so many minutes before each prayer of a place until so many after it."""

    spot: Spot
    before: int
    after: int

    def on(self, day: date) -> list[Window]:
        """Return the windows of a day, in order."""
        before, after = timedelta(minutes=self.before), timedelta(minutes=self.after)
        return [Window(name, at, at - before, at + after) for name, at in prayer_times(self.spot, day).items()]

    def after_pause(self, moment: datetime) -> datetime:
        """Return the end of the window that a moment lies in, else the moment itself."""
        day = moment.astimezone(RIYADH).date()
        near = [window for step in (-1, 0, 1) for window in self.on(day + timedelta(days=step))]
        return next((each.ends for each in near if each.begins <= moment < each.ends), moment)


def prayer_times(spot: Spot, day: date) -> dict[str, datetime]:
    """Return the prayers of a day at a place, to the minute, in order."""
    method, noon = METHODS[spot.method], _noon(spot, day)
    found = {FAJR: _at(spot, day, -method.fajr, before_noon=True), DHUHR: noon}
    found |= {ASR: _asr(spot, day), MAGHRIB: _at(spot, day, -SUNSET)}
    sunset = found[MAGHRIB]
    if method.isha is not None:
        found[ISHA] = _at(spot, day, -method.isha)
    elif sunset is not None:
        minutes = method.isha_minutes_in_ramadan if in_ramadan(day) else method.isha_minutes
        found[ISHA] = sunset + timedelta(minutes=minutes)
    return {name: _to_the_minute(moment) for name, moment in found.items() if moment is not None}


def _to_the_minute(moment: datetime) -> datetime:
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _sun(moment: datetime) -> tuple[float, float]:
    """Return the sun's declination in radians and the equation of time in hours."""
    days = (moment - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400
    anomaly, mean = radians(357.529 + 0.98560028 * days), 280.459 + 0.98564736 * days
    longitude = radians(mean + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    obliquity = radians(23.439 - 0.00000036 * days)
    ascension = degrees(atan2(cos(obliquity) * sin(longitude), cos(longitude)))
    equation = (mean - ascension + 180) % 360 - 180
    return asin(sin(obliquity) * sin(longitude)), equation / 15


def _noon(spot: Spot, day: date) -> datetime:
    """Return when the sun stands highest at a place."""
    mean = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(hours=spot.longitude / 15)
    return mean - timedelta(hours=_sun(mean)[1])


def _at(spot: Spot, day: date, altitude: float, *, before_noon: bool = False) -> datetime | None:
    """Return when the sun stands at an altitude before or after noon; None when it never does. Twice, as it moves meanwhile."""
    noon = moment = _noon(spot, day)
    for _round in range(2):
        hours = _hours_from_noon(spot, altitude, _sun(moment)[0])
        if hours is None:
            return None
        moment = noon + timedelta(hours=-hours if before_noon else hours)
    return moment


def _hours_from_noon(spot: Spot, altitude: float, declination: float) -> float | None:
    latitude = radians(spot.latitude)
    cosine = (sin(radians(altitude)) - sin(latitude) * sin(declination)) / (cos(latitude) * cos(declination))
    return degrees(acos(cosine)) / 15 if -1 <= cosine <= 1 else None


def _asr(spot: Spot, day: date) -> datetime | None:
    declination = _sun(_noon(spot, day))[0]
    shadow = 1 + tan(abs(radians(spot.latitude) - declination))
    return _at(spot, day, degrees(atan(1 / shadow)))
