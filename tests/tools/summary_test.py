#!/usr/bin/env python3
"""What `./dev test` counts, and that nothing that failed can look green."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def entry(status, output, failure=""):
    text = output.replace("&", "&amp;").replace("<", "&lt;")
    return f'<testcase name="t" status="{status}">{failure}<system-out>{text}</system-out></testcase>'


def summarise(*entries, broken=0, more=()):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "junit.xml"
        file.write_text(f"<testsuite>{''.join(entries)}</testsuite>")
        command = [sys.executable, HERE / "summary.py", "--broken", str(broken), file, *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.splitlines(), done.returncode


class Summary(unittest.TestCase):
    def test_counts_the_cases_of_a_gtest_program(self):
        lines, code = summarise(entry("run", "[==========] 31 tests ran.\n[  PASSED  ] 31 tests.\n"))
        self.assertEqual((lines[-1], code), ("31 passed, 0 failed", 0))

    def test_counts_one_case_in_the_singular(self):
        lines, code = summarise(entry("run", "[  PASSED  ] 1 test.\n"))
        self.assertEqual((lines[-1], code), ("1 passed, 0 failed", 0))

    def test_counts_failed_cases_and_exits_with_1(self):
        lines, code = summarise(
            entry("fail", "[  PASSED  ] 29 tests.\n[  FAILED  ] 2 tests, listed below:\n", '<failure message=""/>')
        )
        self.assertEqual((lines[-1], code), ("29 passed, 2 failed", 1))

    def test_a_crash_after_passing_cases_is_a_failure(self):
        lines, code = summarise(entry("fail", "Segmentation fault"))
        self.assertEqual((lines[-1], code), ("0 passed, 1 failed", 1))

    def test_a_program_without_a_summary_counts_as_one(self):
        lines, code = summarise(entry("run", "12 files replayed\n"))
        self.assertEqual((lines[-1], code), ("1 passed, 0 failed", 0))

    def test_unittest_programs_count_by_their_cases(self):
        lines, _ = summarise(entry("fail", "Ran 9 tests in 3.1s\n\nFAILED (failures=1, errors=1, skipped=2)\n"))
        self.assertEqual(lines[-1], "5 passed, 2 failed")

    def test_a_skip_is_named_and_is_no_pass(self):
        lines, _ = summarise(
            entry("run", "[  PASSED  ] 3 tests.\n[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] Suite.name\n")
        )
        self.assertEqual(lines, ["skipped: t: Suite.name", "3 passed, 0 failed"])

    def test_a_missing_file_is_a_failure(self):
        lines, code = summarise(entry("run", ""), more=["/nonexistent/junit.xml"])
        self.assertEqual((lines[-1], code), ("1 passed, 1 failed", 1))

    def test_a_broken_build_is_a_failure(self):
        lines, code = summarise(entry("run", ""), broken=1)
        self.assertEqual((lines[-1], code), ("1 passed, 1 failed", 1))

    def test_a_test_that_could_not_be_run_is_a_failure(self):
        missing = '<failure message="not found"/>'
        lines, code = summarise(entry("notrun", "", missing))
        self.assertEqual((lines[-1], code), ("0 passed, 1 failed", 1))

    def test_a_program_that_was_not_built_is_a_failure(self):
        lines, code = summarise(entry("notrun", "", '<skipped message="Unable to find executable"/>'))
        self.assertEqual((lines, code), (["failed: t", "0 passed, 1 failed"], 1))

    def test_a_test_that_skips_itself_as_a_whole_is_named(self):
        lines, _ = summarise(entry("run", ""), entry("notrun", "", '<skipped message="SKIP_RETURN_CODE=77"/>'))
        self.assertEqual(lines, ["skipped: t: SKIP_RETURN_CODE=77", "1 passed, 0 failed"])

    def test_nothing_at_all_is_not_green(self):
        lines, code = summarise()
        self.assertEqual((lines[-1], code), ("0 passed, 0 failed", 1))


if __name__ == "__main__":
    unittest.main()
