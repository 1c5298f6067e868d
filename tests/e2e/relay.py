"""The relay of TCP connections that lies between members (tests/tools/relay/relay.cpp), driven from Python."""
import os
import re
import subprocess

from harness import ROOT

RELAY = os.environ.get("ASSAY_RELAY", str(ROOT / "build" / "release" / "tests" / "e2e" / "assay_relay"))


class Relay:
    """Pairs of members: "3-1" is what member 3 dials to reach member 1; "there" is the way of what 3 says."""

    def __init__(self):
        self._process = subprocess.Popen([RELAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                         start_new_session=True)

    def tell(self, *words):
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer:
            raise AssertionError("the relay is gone")
        return answer

    def pair(self, name, port):
        return int(self.tell("pair", name, port).split()[1])

    def carried(self):
        """Bytes so far, over all pairs."""
        return int(self.tell("count"))

    def heal(self):
        self.tell("mend", "*")
        self.tell("flow", "*", "both")
        self.tell("delay", "*", "both", 0)

    def end(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def put_between(relay, up, meanwhile=None):
    """Ends the running members and starts them again with a relay between each two; returns the names of the pairs.
    `meanwhile(up)` is called while none runs."""
    ports = [int(node["peer"].rpartition(":")[2]) for node in up.nodes]
    names = []
    for node in range(len(ports)):
        up.kill(node)
        with open(up.nodes[node]["node_file"], encoding="utf-8") as file:
            text = file.read()
        # The higher index dials the lower, so a node's file needs relays for the members below it only.
        for peer in range(node):
            names.append(f"{node}-{peer}")
            port = relay.pair(names[-1], ports[peer])
            text, found = re.subn(rf"(member: {peer}, address: \"127\.0\.0\.1:)\d+", rf"\g<1>{port}", text)
            assert found == 1, f"{node} has an address for {peer}"
        with open(up.nodes[node]["node_file"], "w", encoding="utf-8") as file:
            file.write(text)
    if meanwhile:
        meanwhile(up)
    for node in range(len(ports)):
        up.restart(node)
    return names

