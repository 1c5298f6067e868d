#!/usr/bin/env python3
"""Model checking of the agreement protocol with spin: attest.pml and nonce.pml say what is modelled, and which function
each rule stands for.

    model_test.py             one height and two views, with every mutation that they can find out, and the nonces
    model_test.py --nightly   two heights, three views with recovery, four views with the mutation that needs them

A model that must hold is searched completely (exact states, no hashing), within 6 GB; a mutation must be violated.
"""
import dataclasses
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
MEMORY_MAX = 6 << 30
HOLDS, VIOLATED = "holds", "is violated"


@dataclasses.dataclass(frozen=True)
class Run:
    model: str
    flags: str
    verdict: str
    states_min: int = 1  # of a model that holds: a search that sees less has lost part of the model
    table_bits: int = 22  # log2 of the hash table's slots


SMALL = "-DNH=1 -DMAXV=2"
FAST = [
    Run("attest", SMALL, HOLDS, 150_000),
    Run("attest", f"{SMALL} -DGST", HOLDS, 150_000),
    Run("attest", f"{SMALL} -DT_SIG=2", VIOLATED),
    Run("attest", f"{SMALL} -DNOLOCKRULE", VIOLATED),
    Run("attest", f"{SMALL} -DAMNESIA", VIOLATED),
    Run("attest", f"{SMALL} -DDOUBLEPREP", VIOLATED),
    Run("attest", f"{SMALL} -DSINGLEPHASE", VIOLATED),
    Run("attest", f"{SMALL} -DQ_PREP=2", VIOLATED),
    Run("nonce", "", HOLDS, 100),
    Run("nonce", "-DCACHE", HOLDS, 100),
    Run("nonce", "-DRESEND", VIOLATED),
    Run("nonce", "-DPERSIST", VIOLATED),
]
NIGHTLY = [
    Run("attest", "-DNH=2 -DMAXV=2", HOLDS, 14_000_000, 26),
    Run("attest", "-DNH=2 -DMAXV=2 -DGST", HOLDS, 14_000_000, 26),
    Run("attest", "-DNH=1 -DMAXV=3 -DGST", HOLDS, 22_000_000, 26),
    Run("attest", "-DNH=1 -DMAXV=3 -DCROSSVIEW", HOLDS, 26_000_000, 26),
    Run("attest", "-DNH=1 -DMAXV=4 -DSCRIPT", HOLDS, 3_000_000, 24),
    Run("attest", "-DNH=1 -DMAXV=4 -DSCRIPT -DCROSSVIEW", VIOLATED, 1, 24),
]


def built(run, folder):
    subprocess.run(["spin", "-a", *run.flags.split(), FOLDER / f"{run.model}.pml"], cwd=folder, check=True,
                   capture_output=True)
    # pan.c is spin's, not ours: its warnings are not interesting.
    subprocess.run(["gcc", "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-DVECTORSZ=2048", "-o", "pan", "pan.c"], cwd=folder,
                   check=True, capture_output=True)
    return folder / "pan"


def searched(run):
    """(errors, states, seconds, whole output) of a search that went to its end or to the first violation."""
    with tempfile.TemporaryDirectory(prefix="assay-model-") as folder:
        program = built(run, pathlib.Path(folder))
        started = time.monotonic()
        done = subprocess.run([program, "-m200000", "-n", f"-w{run.table_bits}"], cwd=folder, capture_output=True,
                              text=True, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX)))
        errors = re.search(r"errors: (\d+)", done.stdout)
        states = re.search(r"^\s*(\S+)\s+states, stored", done.stdout, re.M)
        complete = "Search not completed" not in done.stdout and "max search depth too small" not in done.stdout
        if not errors or not states or (int(errors[1]) == 0 and not complete):
            raise AssertionError(f"the search did not end\n{done.stdout}{done.stderr}")
        if int(errors[1]) > 0 and "assertion violated" not in done.stdout:
            raise AssertionError(f"an error that is no violation\n{done.stdout}")
        return int(errors[1]), int(float(states[1])), time.monotonic() - started, done.stdout


def defines(text, name):
    """A definition of the function starts a line of the source (or stands in a class of the header)."""
    call = re.escape(name) + ("" if "(" in name else r"\(")
    return re.search(rf"^\S.*\b{call}|^  bool {call}", text, re.M) is not None


class Models(unittest.TestCase):
    runs = FAST

    def test_rules_hold_and_every_mutation_is_found_out(self):
        for tool in ("spin", "gcc"):
            self.assertTrue(shutil.which(tool), f"{tool} is missing; ./dev install test brings it")
        for run in self.runs:
            with self.subTest(run.model, flags=run.flags):
                errors, states, seconds, output = searched(run)
                found = VIOLATED if errors else HOLDS
                print(f"{run.model} {run.flags or '(as it is)'}: {found}, {states:,} states, {seconds:.1f} s", flush=True)
                self.assertEqual(found, run.verdict, output)
                if run.verdict == HOLDS:
                    self.assertGreaterEqual(states, run.states_min, "the search saw too little")

    def test_every_rule_names_a_function_that_exists(self):
        for model in ("attest", "nonce"):
            rules = re.findall(r"@code +(\S+) (.+)", (FOLDER / f"{model}.pml").read_text())
            self.assertGreater(len(rules), 3, model)
            for file, name in rules:
                self.assertTrue(defines((ROOT / file).read_text(), name), f"{model}.pml: no {name} in {file}")


if __name__ == "__main__":
    if "--nightly" in sys.argv:
        sys.argv.remove("--nightly")
        Models.runs = NIGHTLY
    unittest.main(verbosity=2)
