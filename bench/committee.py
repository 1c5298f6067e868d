"""A committee of real processes for the benches: `assay up` with its members ended, changed and started again."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from harness import Up, eventually  # noqa: E402
from machine import busy, cpu_seconds, machine_times  # noqa: E402
from relay import Relay, put_between  # noqa: E402

__all__ = ["ROOT", "Reading", "Relay", "Up", "eventually", "put_between", "set_tick", "start_afresh", "wait_until_voting", "with_feeds"]


class Reading:
    """CPU, heights and the machine's idleness from its making to end()."""

    def __init__(self, up):
        self._up = up
        self._machine = machine_times()
        self._cpu = [cpu_seconds(node["pid"]) for node in up.nodes]
        self._tip = self._lowest_tip()

    def _lowest_tip(self):
        return min(self._up.ledger(member).tip() for member in range(len(self._up.nodes)))

    def end(self):
        """(heights, CPU seconds a member, share of the machine that was busy)."""
        used = [cpu_seconds(node["pid"]) - before for node, before in zip(self._up.nodes, self._cpu)]
        return self._lowest_tip() - self._tip, sum(used) / len(used), busy(self._machine, machine_times())


def wait_until_voting(up, heights=3, seconds=90):
    """Every member attests, and none is silent behind its fence."""
    members = range(len(up.nodes))
    target = max(up.ledger(member).tip() for member in members) + heights
    eventually(lambda: min(up.ledger(member).tip() for member in members) >= target, seconds, f"height {target} everywhere")
    eventually(lambda: all(up.status(member).get("fenced") is False for member in members), seconds, "all members vote")


def start_afresh(up, network_text):
    """Another network file: the members are ended, forget chain and log, and start again."""
    for member in range(len(up.nodes)):
        up.kill(member)
    pathlib.Path(up.info["network_file"]).write_text(network_text, encoding="utf-8")
    for member, node in enumerate(up.nodes):
        for kind in ("ledger.sqlite*", "safety.log*"):
            for file in pathlib.Path(node["dir"]).glob(kind):
                file.unlink()
        up.restart(member)


def with_feeds(network_text, count):
    """The network file with `count` feeds: those of the demonstration again and again, under other names. What all their
    sources have in common becomes a profile, or a thousand feeds would be longer than a file may be."""
    head, _, feeds = network_text.partition("\nfeeds:\n")
    common = re.search(r"group: \"[a-z]+\", (tier: .*)}", feeds)[1]
    head = head.replace("source_profiles: []", "source_profiles:\n  - {name: bench, " + common + "}")
    feeds = re.sub(r"(?m)^(      - \{)(venue: .*), tier: .*}$", r"\1profile: bench, \2}", feeds)
    sections = re.split(r"(?m)^(?=  - symbol: )", feeds)[1:]
    made = []
    for number in range(count):
        section = sections[number % len(sections)]
        symbol = re.match(r"  - symbol: (\S+)", section)[1]
        base, quote = symbol.split("/")
        renamed = f"{base}{number // len(sections)}/{quote}"
        made.append(section.replace(f"symbol: {symbol}", f"symbol: {renamed}").replace(f"pair: {symbol}", f"pair: {renamed}"))
    return head + "\nfeeds:\n" + "".join(made)


def set_tick(network_text, tick_ms):
    return re.sub(r"(?m)^  tick_ms: \d+$", f"  tick_ms: {tick_ms}", network_text)
