"""NO5: the times of prayer agree with what the authorities of a place published, and letters wait around them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from academy.base.dates import RIYADH, in_ramadan
from academy.base.prayers import Pauses, Spot, prayer_times

MAKKAH = Spot(21.427009, 39.828685)
KUWAIT = Spot(29.370865, 47.979139, "kuwait")
DOHA = Spot(25.283897, 51.528770, "qatar")
# Makkah: the Umm al-Qura calendar (ummulqura.org.sa), 2016. Kuwait: the ministry's yearly table. Doha: islam.gov.qa, 2016.
PUBLISHED = [
    (MAKKAH, "2016-01-05", "05:39 12:26 15:32 17:53 19:23"),
    (MAKKAH, "2016-03-05", "05:22 12:33 15:55 18:27 19:57"),
    (MAKKAH, "2016-05-02", "04:27 12:18 15:39 18:47 20:17"),
    (MAKKAH, "2016-07-08", "04:18 12:26 15:43 19:07 20:37"),
    (MAKKAH, "2016-09-04", "04:48 12:20 15:45 18:34 20:04"),
    (MAKKAH, "2016-12-04", "05:24 12:12 15:17 17:38 19:08"),
    (KUWAIT, "2016-01-01", "05:18 11:51 14:42 17:01 18:23"),
    (KUWAIT, "2016-06-01", "03:15 11:46 15:20 18:43 20:13"),
    (KUWAIT, "2016-10-01", "04:22 11:38 15:02 17:34 18:51"),
    (DOHA, "2016-04-01", "04:09 11:38 15:06 17:51 19:21"),
    (DOHA, "2016-11-01", "04:24 11:17 14:29 16:54 18:24"),
]


@pytest.mark.parametrize(("spot", "day", "times"), PUBLISHED)
def test_times_are_within_two_minutes_of_those_published(spot, day, times):
    found = prayer_times(spot, date.fromisoformat(day))
    assert list(found) == ["fajr", "dhuhr", "asr", "maghrib", "isha"]
    for moment, said in zip(found.values(), times.split(), strict=True):
        published = datetime.fromisoformat(f"{day}T{said}:00+03:00")
        assert abs(moment - published) <= timedelta(minutes=2), (moment.astimezone(RIYADH), said)


def test_isha_is_two_hours_after_maghrib_in_ramadan_alone():
    for day, minutes in ((date(2026, 2, 17), 90), (date(2026, 2, 18), 120), (date(2026, 3, 20), 90)):
        assert in_ramadan(day) is (minutes == 120)
        found = prayer_times(MAKKAH, day)
        assert found["isha"] - found["maghrib"] == timedelta(minutes=minutes)


def test_where_night_never_falls_deep_the_prayers_without_a_time_are_left_out():
    assert list(prayer_times(Spot(59.9, 10.7, "league"), date(2026, 6, 21))) == ["dhuhr", "asr", "maghrib"]


def test_a_moment_in_a_window_waits_for_its_end_and_any_other_does_not():
    pauses = Pauses(MAKKAH, before=10, after=20)
    noon = prayer_times(MAKKAH, date(2026, 11, 23))["dhuhr"]
    assert pauses.after_pause(noon - timedelta(minutes=10)) == noon + timedelta(minutes=20)
    assert pauses.after_pause(noon + timedelta(minutes=20)) == noon + timedelta(minutes=20)
    before = noon - timedelta(minutes=10, seconds=1)
    assert pauses.after_pause(before) == before
    midnight = datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert pauses.after_pause(midnight) == midnight
