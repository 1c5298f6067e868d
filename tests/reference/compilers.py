#!/usr/bin/env python3
"""Whatever compiled it, the committee step gives the same bytes: gcc and clang at -O0 and -O3 against the reference.

    compilers.py [CASES]

Builds aggregate_tool four times in a temporary folder and lets aggregate.py compare every leaf of every case: all four equal
the Python implementation, so they equal each other. Compilers that are not installed are named and skipped.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = [*sorted((ROOT / "core").glob("*.cpp")), *sorted((ROOT / "aggregator").glob("*.cpp")),
           ROOT / "tests/unit/aggregator/aggregate_tool.cpp"]
LIBRARIES = ("-lboost_json", "-lsodium", "-lcrypto")


def build(compiler, level, folder):
    """The tool, of the same sources as in the build."""
    tool = folder / f"{compiler}{level}"
    for at, source in enumerate(SOURCES):
        subprocess.run([compiler, "-std=c++20", level, "-I", ROOT, "-c", source, "-o", folder / f"{tool.name}.{at}.o"],
                       check=True)
    objects = sorted(folder.glob(f"{tool.name}.*.o"))
    subprocess.run([compiler, *objects, *LIBRARIES, "-o", tool], check=True)
    return tool


def main():
    cases = sys.argv[1] if len(sys.argv) > 1 else "20000"
    failed = []
    with tempfile.TemporaryDirectory() as name:
        for compiler in ("g++", "clang++"):
            if not shutil.which(compiler):
                print(f"skipped: {compiler} is not installed")
                continue
            for level in ("-O0", "-O3"):
                tool = build(compiler, level, pathlib.Path(name))
                reference = ROOT / "tests/reference/aggregate.py"
                if subprocess.run([sys.executable, reference, tool, cases], check=False).returncode:
                    failed.append(tool.name)
    print("failed: " + ", ".join(failed) if failed else "the same bytes everywhere")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
