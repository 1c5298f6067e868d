"""Faults of real processes, drawn from a seed: members killed, frozen, out of disk; links slowed, frozen and cut."""
import ctypes
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import time

from harness import eventually, is_running

DISK_SIZE = "256m"
DISK_FULL_EXIT = 3  # docs: the environment failed


def own_mounts():
    """True when mounts of this process are nobody else's (and go with it): then a full disk is a real one."""
    new_namespace = 0x00020000
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0 or libc.unshare(new_namespace) != 0:
        return False
    private = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, check=False)
    return private.returncode == 0


class Monkey:
    """Does things to members and links of `up`. A member has one fault at a time; `seed` decides everything but time."""

    def __init__(self, up, relay, pairs, seed, disks):
        self.up, self.relay, self.pairs, self.disks = up, relay, pairs, disks
        self.random = random.Random(seed)
        self.sick = {}  # member -> (when it heals, how)
        self.count = {}
        self.deaths = []  # what nobody did

    def storm(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.heal_due(time.monotonic())
            self.look()
            self.random.choice([self.harm_member, self.harm_link, self.harm_link])()
            time.sleep(self.random.uniform(0.1, 0.8))

    def calm(self):
        self.relay.heal()
        self.heal_due(float("inf"))
        self.look()

    def look(self):
        """A member that died unasked is a failure; it is started again all the same."""
        for member, node in enumerate(self.up.nodes):
            if member not in self.sick and not is_running(node["pid"]):
                self.deaths.append(f"member {member} ended by itself: {self.exit_code(member)}")
                self.up.restart(member)

    def exit_code(self, member):
        """Of the member's last process, negative: the signal that ended it."""
        process = next(one for one in self.up.restarted if one.pid == self.up.nodes[member]["pid"])
        return process.wait(10)

    def did(self, what):
        self.count[what] = self.count.get(what, 0) + 1

    # ---- members
    def harm_member(self):
        well = [member for member in range(len(self.up.nodes)) if member not in self.sick]
        # Mostly the committee keeps its quorum; at times it loses it and must come back.
        faulty_max = (len(self.up.nodes) - 1) // 3
        if not well or (len(self.sick) >= faulty_max and self.random.random() < 0.8):
            return
        member = self.random.choice(well)
        how = self.random.choice([self.kill, self.kill, self.freeze, self.fill_disk])
        healing = how(member)
        self.sick[member] = (time.monotonic() + self.random.uniform(0.05, 4), healing)
        self.did(how.__name__)

    def heal_due(self, now):
        for member, (due, healing) in list(self.sick.items()):
            if due <= now:
                healing(member)
                del self.sick[member]

    def kill(self, member):
        self.up.kill(member)
        return self.up.restart

    def freeze(self, member):
        os.kill(self.up.nodes[member]["pid"], signal.SIGSTOP)
        return lambda one: os.kill(self.up.nodes[one]["pid"], signal.SIGCONT)

    def fill_disk(self, member):
        folder = pathlib.Path(self.up.nodes[member]["dir"])
        pid = self.up.nodes[member]["pid"]
        if self.disks:
            ballast = folder / "ballast"
            with open(ballast, "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(1 << 20))
                except OSError:
                    pass
                try:
                    while True:
                        file.write(bytes(512))
                except OSError:
                    pass
        else:
            ballast = folder / "none"
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        return lambda one: self.empty_disk(one, ballast)

    def empty_disk(self, member, ballast):
        """A member whose disk refused has ended and said so; one that had nothing to write is still there."""
        pid = self.up.nodes[member]["pid"]
        ballast.unlink(missing_ok=True)
        if is_running(pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        # It may be on its way out.
        time.sleep(0.3)
        if not is_running(pid):
            code = self.exit_code(member)
            if code != DISK_FULL_EXIT:
                self.deaths.append(f"member {member} ended with {code} on a full disk")
            self.did("ended on a full disk")
            self.up.restart(member)

    # ---- links
    def harm_link(self):
        pair, way = self.random.choice(self.pairs), self.random.choice(["there", "back", "both"])
        what = self.random.choice(["delay", "delay", "hold", "cut", "mend", "mend"])
        if what == "delay":
            self.relay.tell("delay", pair, way, int(1000 * self.random.choice([1, 5, 20, 50, 200])))
        elif what == "mend":
            for word in ("mend", "flow"):
                self.relay.tell(word, pair, "both")
        else:
            self.relay.tell(what, pair, way)
        self.did(what)


def give_disks(up):
    """Moves each (ended) member's folder onto a small disk of its own."""
    for node in up.nodes:
        folder = pathlib.Path(node["dir"])
        aside = folder.with_name(folder.name + "-aside")
        shutil.copytree(folder, aside)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE},mode=700", "tmpfs", folder], check=True)
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        shutil.rmtree(aside)


def take_disks(up):
    for node in up.nodes:
        subprocess.run(["umount", "-l", node["dir"]], check=False, capture_output=True)


def caught_up(up, seconds, beyond):
    """Every member attests `beyond` more heights than the best has now: healed, the committee goes on."""
    target = max(up.ledger(member).tip() for member in range(len(up.nodes))) + beyond
    eventually(lambda: min(up.ledger(member).tip() for member in range(len(up.nodes))) >= target, seconds,
               f"every member reaches height {target}")
    return target
