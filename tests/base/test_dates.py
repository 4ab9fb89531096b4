"""Days in two calendars, and Riyadh's clock."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base import dates

EID = date(2026, 3, 20)


class TestShowDay:
    @pytest.mark.parametrize(
        ("language", "calendar", "shown"),
        [
            ("ar", "hijri", "1 شوال 1447هـ"),
            ("ar", "gregorian", "20 مارس 2026"),
            ("ar", "both", "1 شوال 1447هـ (20 مارس 2026م)"),
            ("en", "hijri", "1 Shawwal 1447 AH"),
            ("en", "gregorian", "20 March 2026"),
            ("en", "both", "20 March 2026 (1 Shawwal 1447 AH)"),
        ],
    )
    def test_each_calendar_in_each_language(self, language, calendar, shown):
        assert dates.show_day(EID, language=language, digits="latn", calendar=calendar) == shown

    def test_digits_follow_the_reader(self):
        assert dates.show_day(EID, language="ar", digits="arab", calendar="both") == "١ شوال ١٤٤٧هـ (٢٠ مارس ٢٠٢٦م)"

    @pytest.mark.parametrize(
        ("day", "shown"),
        [
            (date(2026, 3, 19), "30 رمضان 1447هـ"),
            (date(2026, 6, 16), "1 محرم 1448هـ"),
            (date(2026, 6, 15), "29 ذو الحجة 1447هـ"),
            (date(1924, 8, 1), "1 محرم 1343هـ"),
            (date(2077, 11, 16), "30 ذو الحجة 1500هـ"),
        ],
    )
    def test_months_end_where_umm_al_qura_says(self, day, shown):
        assert dates.show_day(day, language="ar", digits="latn", calendar="hijri") == shown

    @pytest.mark.parametrize("day", [date(1924, 7, 31), date(2077, 11, 17), date.min, date.max])
    @pytest.mark.parametrize("calendar", ["hijri", "both"])
    def test_days_the_table_does_not_reach_are_gregorian(self, day, calendar):
        gregorian = dates.show_day(day, language="ar", digits="latn", calendar="gregorian")
        assert dates.show_day(day, language="ar", digits="latn", calendar=calendar) == gregorian

    def test_a_moment_is_shown_as_its_day_in_riyadh(self):
        late = datetime(2026, 3, 19, 21, 0, tzinfo=UTC)
        assert dates.show_day(late, language="en", digits="latn", calendar="gregorian") == "20 March 2026"

    @given(st.dates(), st.sampled_from(["ar", "en"]), st.sampled_from(["hijri", "gregorian", "both"]))
    def test_any_day_can_be_shown(self, day, language, calendar):
        assert dates.show_day(day, language=language, digits="arab", calendar=calendar)


class TestMonths:
    def test_a_month_is_called_by_its_gregorian_name_for_everybody(self):
        """Figures are kept by these months: no Hijri one is the same days."""
        assert dates.show_month(EID, language="ar", digits="arab") == "مارس ٢٠٢٦م"
        assert dates.show_month(EID, language="en", digits="latn") == "March 2026"

    def test_at_the_foot_of_a_chart_it_is_short_and_its_year_apart(self):
        assert dates.month_and_year(EID, language="ar", digits="arab") == ("مارس", "٢٠٢٦م")
        assert dates.month_and_year(EID, language="en", digits="latn") == ("Mar", "2026")


class TestShowMoment:
    def test_time_is_riyadhs_on_24_hours(self):
        moment = datetime(2026, 3, 20, 11, 5, tzinfo=UTC)
        shown = dates.show_moment(moment, language="ar", digits="latn", calendar="gregorian")
        assert shown == "20 مارس 2026، 14:05"
        assert dates.show_moment(moment, language="en", digits="latn", calendar="gregorian") == "20 March 2026, 14:05"

    def test_day_and_time_agree_across_midnight(self):
        moment = datetime(2026, 3, 19, 21, 30, tzinfo=timezone(timedelta(0)))
        assert dates.show_moment(moment, language="ar", digits="arab", calendar="hijri") == "١ شوال ١٤٤٧هـ، ٠٠:٣٠"

    def test_a_moment_without_time_zone_is_refused(self):
        with pytest.raises(ValueError, match="time zone"):
            dates.show_moment(datetime(2026, 3, 20, 12), language="ar", digits="latn", calendar="hijri")


class TestDaysInRiyadh:
    def test_the_day_begins_three_hours_before_utc(self):
        assert dates.riyadh_day(datetime(2026, 3, 19, 20, 59, 59, tzinfo=UTC)) == date(2026, 3, 19)
        assert dates.riyadh_day(datetime(2026, 3, 19, 21, 0, tzinfo=UTC)) == date(2026, 3, 20)

    @pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25)])
    def test_a_day_ends_at_the_same_time_all_year(self, day):
        """R30: no hour is lost over daylight saving."""
        assert dates.end_of_day(day) == datetime(day.year, day.month, day.day, 20, 59, 59, tzinfo=UTC)
        assert dates.end_of_day(day).tzinfo is UTC

    @given(st.dates())
    def test_the_end_of_a_day_is_on_that_day(self, day):
        assert dates.riyadh_day(dates.end_of_day(day)) == day

    def test_distance_counts_days_from_today(self):
        assert dates.day_distance(date(2026, 3, 20), date(2026, 3, 18)) == 2
        assert dates.day_distance(date(2026, 3, 18), date(2026, 3, 20)) == -2
        assert dates.day_distance(EID, EID) == 0


class TestParseDay:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-03-20",
            "2026/3/20",
            "20/3/2026",
            "20-03-2026",
            "20.3.2026",
            " ٢٠/٠٣/٢٠٢٦ ",
            "۲۰/۳/۲۰۲۶",
            "\u200f٢٠ / ٣ / ٢٠٢٦م",
            "1/10/1447",
            "١/١٠/١٤٤٧هـ",
            "1447-10-01",
            "1447/10/1 هـ",
            "1/10/1447 AH",
        ],
    )
    def test_all_ways_to_type_the_day_of_eid(self, text):
        assert dates.parse_day(text) == EID

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", "20/3/26", "31/2/2026", "2026-13-01", "20 مارس 2026", "2026", "20/3", "2026/3/2026", "1/1/0001"),
            *("30/9/1446", "1/13/1447", "1/1/1342", "1/1/1501", "1/1/1600", "1/1/1899", "1/1/2200", "0/1/2026"),
            *("123/1/2026", "2026-03-20-1", "null", "\ud800", "\x00", "1" * 100_000, "20/3/20260"),
        ],
    )
    def test_what_is_no_day_is_refused(self, text):
        assert dates.parse_day(text) is None

    @given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
    def test_a_written_day_is_read_back(self, day):
        assert dates.parse_day(day.isoformat()) == day
        assert dates.parse_day(f"{day.day}/{day.month}/{day.year}") == day

    @given(st.text())
    def test_any_text_can_be_tried(self, text):
        assert dates.parse_day(text) is None or isinstance(dates.parse_day(text), date)
