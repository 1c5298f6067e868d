"""What market_calendar.py makes of sessions."""
import datetime
import unittest
import zoneinfo

import market_calendar as calendar

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def intervals(first, last, holidays=(), session="Sun 17:00 - Fri 17:00"):
    date = datetime.date.fromisoformat
    found = calendar.open_intervals([calendar.parse_session(session)], NEW_YORK, date(first), date(last),
                                    [date(day) for day in holidays])
    return [(a.strftime("%m-%d %H:%M"), b.strftime("%m-%d %H:%M")) for a, b in found]


class Hours(unittest.TestCase):
    def test_a_week_moves_with_daylight_saving(self):
        self.assertEqual(intervals("2026-03-01", "2026-03-14"),
                         [("03-01 22:00", "03-06 22:00"), ("03-08 21:00", "03-13 21:00")])

    def test_a_holiday_closes_its_local_day(self):
        self.assertEqual(intervals("2026-03-09", "2026-03-12", ["2026-03-11"]),
                         [("03-09 04:00", "03-11 04:00"), ("03-12 04:00", "03-13 04:00")])

    def test_days_of_a_stock_exchange(self):
        self.assertEqual(intervals("2026-07-06", "2026-07-06", session="Mon 09:30 - Mon 16:00"),
                         [("07-06 13:30", "07-06 20:00")])

    def test_what_is_printed_is_an_entry_of_calendars(self):
        start = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        self.assertEqual(calendar.emit("x", [(start, start + datetime.timedelta(hours=1))]),
                         '  - name: x\n    open:\n      - {from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z"}\n')


if __name__ == "__main__":
    unittest.main()
