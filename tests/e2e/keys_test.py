#!/usr/bin/env python3
"""Key files of real nodes: protected, locked, checked against the group file, and never to be seen outside of them."""
import base64
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from harness import ASSAY, UpTestCase, eventually, run

PASSPHRASE = "correct horse battery staple"
SECRET_AT, SECRET_SIZE = 142, 32  # docs/wire.md, Key files


def on_a_terminal(arguments, answers):
    """Runs `assay` on a terminal of its own and types each answer when it is asked: (exit code, what was shown)."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(ASSAY, [ASSAY, *arguments])
    shown = b""
    waiting = list(answers)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.1)[0]:
            if waiting and shown.endswith(b": "):
                os.write(terminal, waiting.pop(0))
                shown += b"\n"
            continue
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # the program has ended
            break
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return code, shown.decode()


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-keys-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.passphrase = self.private("passphrase", PASSPHRASE.encode() + b"\n")
        self.key = self.private("kek", os.urandom(32))

    def private(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        return path


class Keygen(Scratch):
    def test_without_a_terminal_it_asks_for_one_of_the_options(self):
        code, _, error = run("keygen", "--out", str(self.folder / "id"))
        self.assertEqual(code, 2)
        for option in ("--passphrase-file", "--key-file", "--plain"):
            self.assertIn(option, error)
        self.assertFalse((self.folder / "id").exists())

    def test_each_protection_says_so_in_the_file_and_nothing_is_overwritten(self):
        for number, options in enumerate((["--plain"], ["--passphrase-file", str(self.passphrase), "--quick"],
                                          ["--key-file", str(self.key)])):
            path = self.folder / f"id{number}"
            code, out, error = run("keygen", "--out", str(path), *options)
            self.assertEqual(code, 0, error)
            self.assertEqual(path.read_bytes()[18], number)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            self.assertNotIn(PASSPHRASE, out + error)
            before = path.read_bytes()
            self.assertEqual(run("keygen", "--out", str(path), *options)[0], 3)
            self.assertEqual(path.read_bytes(), before)

    def test_two_protections_at_once_are_refused(self):
        code, _, _ = run("keygen", "--out", str(self.folder / "id"), "--plain", "--key-file", str(self.key))
        self.assertEqual(code, 2)

    def test_a_passphrase_file_that_others_may_read_is_refused(self):
        self.passphrase.chmod(0o644)
        code, _, error = run("keygen", "--out", str(self.folder / "id"), "--passphrase-file", str(self.passphrase))
        self.assertEqual(code, 2)
        self.assertIn("chmod 600", error)

    def test_a_systemd_credential_is_used_unasked(self):
        credentials = self.folder / "credentials"
        credentials.mkdir()
        shutil.copy(self.key, credentials / "assay-key")
        (credentials / "assay-key").chmod(0o440)  # as systemd delivers them
        done = subprocess.run([ASSAY, "keygen", "--out", str(self.folder / "id")], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env={**os.environ, "CREDENTIALS_DIRECTORY": str(credentials)},
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.folder / "id").read_bytes()[18], 2)

    def test_a_terminal_is_asked_twice_and_shows_nothing(self):
        typed = PASSPHRASE.encode()
        code, shown = on_a_terminal(["keygen", "--out", str(self.folder / "id"), "--quick"], [typed + b"\n"] * 2)
        self.assertEqual(code, 0, shown)
        self.assertNotIn("horse", shown)
        self.assertEqual((self.folder / "id").read_bytes()[18], 1)

        corrected = b"wrong\x15correct hoXX\x7f\x7frse battery staple\n"  # kill the line, rub out two
        code, shown = on_a_terminal(["keygen", "--out", str(self.folder / "same"), "--quick"], [typed + b"\n", corrected])
        self.assertEqual(code, 0, shown)

        code, shown = on_a_terminal(["keygen", "--out", str(self.folder / "no"), "--quick"], [typed + b"\n", typed + b"x\n"])
        self.assertEqual(code, 2)
        self.assertIn("differ", shown)
        code, shown = on_a_terminal(["keygen", "--out", str(self.folder / "no"), "--quick"], [b"short\n"])
        self.assertEqual(code, 2)
        self.assertIn("8", shown)
        code, _ = on_a_terminal(["keygen", "--out", str(self.folder / "no"), "--quick"], [b"\x03"])
        self.assertEqual(code, 2)
        self.assertFalse((self.folder / "no").exists())


class ProtectedNode(Scratch):
    """One node of a committee whose key files are protected; the others are away."""

    def setUp(self):
        super().setUp()
        self.net = self.folder / "net"

    def deal(self, *options):
        code, _, error = run("keygen", "--dealer", "--out", str(self.net), *options)
        self.assertEqual(code, 0, error)

    def node_file(self, name="node.yaml", member=0, extra="", identity=0, share=0):
        path = self.net / name
        peers = ", ".join(f'{{member: {i}, address: "127.0.0.1:9"}}' for i in range(4) if i != member)
        path.write_text(f"member: {member}\nidentity_key_file: node-{identity}/identity.key\n"
                        f"share_file: node-{share}/share.key\ndata_dir: data-{name}\npeer_listen: 127.0.0.1:0\n"
                        f"http_listen: 127.0.0.1:0\npeers: [{peers}]\n{extra}")
        return path

    def refused(self, node_file, code, *words, network=None):
        got, out, error = run("run", "--network", str(network or self.net / "network.yaml"), "--node", str(node_file))
        self.assertEqual(got, code, out + error)
        for word in words:
            self.assertIn(word, out + error)
        self.assertNotIn(PASSPHRASE, out + error)

    def start(self, node_file, user=None):
        log = self.folder / "log"
        with open(log, "w", encoding="utf-8") as out:
            process = subprocess.Popen([ASSAY, "run", "--network", str(self.net / "network.yaml"), "--node", str(node_file)],
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=out, user=user)

        def stop():
            process.terminate()
            process.wait(20)

        self.addCleanup(stop)

        def up():
            self.assertIsNone(process.poll(), log.read_text())
            return "peers on" in log.read_text()

        eventually(up, 30, "the node runs")
        return process, log

    def test_with_a_passphrase_file(self):
        self.deal("--passphrase-file", str(self.passphrase), "--quick")
        _, log = self.start(self.node_file(extra=f"key_passphrase_file: {self.passphrase}\n"))
        self.assertRegex(log.read_text(), "secret memory is (not )?locked")
        self.assertNotIn(PASSPHRASE, log.read_text())
        self.refused(self.node_file("bare.yaml", member=1, identity=1, share=1), 2, "key_passphrase_file")
        wrong = self.private("wrong", b"incorrect horse\n")
        self.refused(self.node_file("wrong.yaml", 1, f"key_passphrase_file: {wrong}\n", 1, 1), 2, "identity.key",
                     "key_wrong_secret", "passphrase")

    def test_a_running_node_dumps_no_core(self):
        self.deal("--plain")
        node_file = self.node_file()
        user = os.getuid() or 65534  # root may look into any process: then another user shows the difference
        if os.getuid() == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, user, -1)
        process, _ = self.start(node_file, user=user if os.getuid() == 0 else None)
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size\s+0\s+0\s")
        # In /proc, a process that is not dumpable belongs to root, and nobody else may look into it.
        self.assertEqual(os.stat(f"/proc/{process.pid}/maps").st_uid, 0)
        control = subprocess.Popen(["sleep", "60"], user=user if os.getuid() == 0 else None)
        self.addCleanup(control.wait)
        self.addCleanup(control.kill)
        self.assertEqual(os.stat(f"/proc/{control.pid}/maps").st_uid, user, "positive control: a dumpable process")

    def test_with_a_key_and_one_process_at_a_time(self):
        self.deal("--key-file", str(self.key))
        extra = f"key_file: {self.key}\n"
        process, _ = self.start(self.node_file(extra=extra))
        self.refused(self.node_file("twin.yaml", extra=extra), 3, "share.key", "key_in_use", "stop it first")
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        self.start(self.node_file("again.yaml", extra=extra))  # a lock dies with its process

    def test_what_does_not_fit_is_named(self):
        self.deal("--key-file", str(self.key))
        extra = f"key_file: {self.key}\n"
        self.refused(self.node_file("member.yaml", extra=extra, share=1), 2, "share.key", "key_wrong_member", "name the share file")
        self.refused(self.node_file("identity.yaml", extra=extra, identity=1), 2, "identity.key")
        group = self.net / "group.yaml"
        text = group.read_text()
        group.write_text(re.sub(r"share_generation: 1", "share_generation: 2", text))
        self.refused(self.node_file("generation.yaml", extra=extra), 2, "share.key", "key_wrong_generation", "group file")
        group.write_text(text)
        share = self.net / "node-0" / "share.key"
        content = bytearray(share.read_bytes())
        content[150] ^= 1
        share.write_bytes(content)
        self.refused(self.node_file("rot.yaml", extra=extra), 2, "share.key", "key_damaged", "backup")

    def test_a_group_file_that_lies_is_named(self):
        self.deal("--plain")
        group = self.net / "group.yaml"
        text = group.read_text()
        shares = re.search(r"verifying_shares:\n((?:  - \w+\n)+)", text)[1].split()[1::2]
        group.write_text(text.replace(shares[2], "58" + 31 * "66"))  # the base point: sound, yet another
        self.refused(self.node_file(), 2, "group.yaml", "bad_share")
        group.write_text(text.replace(shares[2], "01" + 62 * "0"))
        self.refused(self.node_file(), 2, "group.yaml", "bad_element")


class Keys(UpTestCase):
    def test_no_file_of_a_node_shows_a_secret(self):
        eventually(lambda: self.up.ledger(0).tip() >= 8, 30, "some batches are attested")
        secrets = []
        for node in self.up.nodes:
            for name in ("identity.key", "share.key"):
                content = (pathlib.Path(node["dir"]) / name).read_bytes()
                self.assertEqual(content[18], 0, "a demonstration's key files are plain")
                secrets.append(content[SECRET_AT:SECRET_AT + SECRET_SIZE])
        forms = [form for secret in secrets for form in
                 (secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret)[:42])]
        looked_at, found = 0, set()
        for path in pathlib.Path(self.up.description).parent.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                looked_at += 1
                if any(form in content for form in forms):
                    found.add(path.name)
        self.assertGreater(looked_at, 20)
        self.assertEqual(found, {"identity.key", "share.key"}, "found in their own files, and nowhere else")


if __name__ == "__main__":
    unittest.main(verbosity=2)
