#!/usr/bin/env python3
"""The project's own rules that no compiler checks: tidy.py [ROOT]   Exit 1 and one line for each finding.

An exception stands on its line, with a reason:   // tidy: allow(clock) the kernel wants a deadline here
"""
import pathlib
import sys

import rules
from tree import Tree


def findings(root):
    tree = Tree(root)
    return sorted({str(finding): finding for rule in rules.RULES for finding in rule(tree)}.values(),
                  key=lambda finding: (finding.path, finding.line, finding.rule))


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    found = findings(root)
    for finding in found:
        print(finding)
    print(f"tidy: {len(found)} findings" if found else "tidy: clean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
