#!/usr/bin/env python3
"""Adds up ctest's JUnit files: summary.py [--broken N] FILE...   Last line: N passed, N failed.

A program that prints GoogleTest's or unittest's own summary counts by its cases, any other as one. A program that
failed without a failed case (a crash, a time-out) is one failure. What was skipped is listed with its reason: it counts
as neither. --broken N adds N steps that failed before there was anything to count, such as a build.
"""
import argparse
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

GTEST_PASSED = re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.M)
GTEST_FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below:", re.M)
GTEST_SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) tests?, listed below:", re.M)
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_PART = re.compile(r"(failures|errors|skipped)=(\d+)")
SKIPPED_NAME = re.compile(r"^\[  SKIPPED \] ([\w/]+\.[\w/]+)|^(\w+ .*\.\.\. skipped .*)$", re.M)


def total(pattern, text):
    return sum(int(number) for number in pattern.findall(text))


def count(status, output):
    """(passed, failed) of one ctest entry, from its status and what it printed."""
    passed, failed = total(GTEST_PASSED, output), total(GTEST_FAILED, output)
    ran = total(UNITTEST_RAN, output)
    if ran:
        parts = {"failures": 0, "errors": 0, "skipped": 0}
        for kind, number in UNITTEST_PART.findall(output):
            parts[kind] += int(number)
        unlucky = parts["failures"] + parts["errors"]
        passed, failed = passed + ran - unlucky - parts["skipped"], failed + unlucky
    if status == "run":
        nothing_counted = passed + failed == 0 and not total(GTEST_SKIPPED, output) and not ran
        return (passed + 1 if nothing_counted else passed), failed
    return passed, max(failed, 1)


def read(path):
    """(passed, failed, skipped names) of one JUnit file; a file that is missing or broken is one failure."""
    passed, failed, skipped = 0, 0, []
    try:
        cases = ElementTree.parse(path).getroot().iter("testcase")
    except (OSError, ElementTree.ParseError) as error:
        print(f"no results in {path}: {error}")
        return 0, 1, []
    for case in cases:
        status, output = case.get("status"), case.findtext("system-out") or ""
        why = case.find("skipped").get("message", "") if case.find("skipped") is not None else ""
        if status == "disabled" or (status == "notrun" and why.startswith("SKIP_")):
            skipped.append(f"{case.get('name')}: {why or status}")
            continue
        more_passed, more_failed = count(status, output)
        passed, failed = passed + more_passed, failed + more_failed
        if more_failed:
            print(f"failed: {case.get('name')}")
        names = dict.fromkeys(one or other for one, other in SKIPPED_NAME.findall(output))
        skipped += [f"{case.get('name')}: {name}" for name in names]
    return passed, failed, skipped


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", type=int, default=0)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    passed, failed = 0, options.broken
    for file in options.files:
        more_passed, more_failed, skipped = read(file)
        passed, failed = passed + more_passed, failed + more_failed
        for name in skipped:
            print(f"skipped: {name}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
