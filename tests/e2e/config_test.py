#!/usr/bin/env python3
"""A broken file is refused with its name, the line, the key and what was expected; exit code 2, nothing started."""
import pathlib
import re
import unittest

from harness import UpTestCase, run


class BrokenConfiguration(UpTestCase):
    def refused(self, name, text, line, key):
        """`assay run` with this text in place of one of node 0's files."""
        original = pathlib.Path(self.up.info["network_file"] if name == "network" else self.up.nodes[0]["node_file"])
        broken = original.with_name(f"broken-{name}.yaml")
        broken.write_text(text)
        argv = [str(broken) if argument == str(original) else argument for argument in self.up.nodes[0]["argv"][1:]]
        self.assertIn(str(broken), argv, "argv names the file")
        code, _, error = run(*argv)
        self.assertEqual(code, 2, error)
        self.assertRegex(error, rf"{re.escape(broken.name)}:{line}:\d+: .*{re.escape(key)}")
        return error

    def lines(self, name):
        path = self.up.info["network_file"] if name == "network" else self.up.nodes[0]["node_file"]
        return pathlib.Path(path).read_text().splitlines()

    def changed(self, name, key, value):
        """The file with the first `key: ...` changed, and the number of that line."""
        lines = self.lines(name)
        at = next(i for i, line in enumerate(lines) if re.match(rf"[\s\-{{]*{key}:", line))
        lines[at] = re.sub(rf"({key}:\s*)[^,}}]*", rf"\g<1>{value}", lines[at], count=1)
        return "\n".join(lines) + "\n", at + 1

    def test_a_value_of_the_wrong_type(self):
        text, line = self.changed("network", "exponent", "minus eight")
        self.assertIn("expected", self.refused("network", text, line, "exponent"))

    def test_an_unknown_key(self):
        lines = self.lines("network")
        self.refused("network", "\n".join([*lines, "surprise: 1"]) + "\n", len(lines) + 1, "surprise")

    def test_a_missing_key_is_named(self):
        lines = [line for line in self.lines("network") if not line.startswith("name:")]
        self.refused("network", "\n".join(lines) + "\n", r"\d+", "name")

    def test_a_node_file_with_a_member_that_is_none(self):
        text, line = self.changed("node", "member", "99")
        self.refused("node", text, rf"(?:{line}|\d+)", "member")

    def test_what_is_no_yaml(self):
        lines = self.lines("network")
        self.refused("network", "\n".join([*lines, "feeds: [unclosed"]) + "\n", r"\d+", "")

    def test_a_file_that_is_not_there(self):
        code, _, error = run("run", "--network", "/nonexistent.yaml", "--node", self.up.nodes[0]["node_file"])
        self.assertEqual(code, 2)
        self.assertIn("/nonexistent.yaml", error)

    def test_symbols_that_are_left_out_are_shown_as_the_venues_call_them(self):
        text = re.sub(r"(venue: (?:kraken|coinbase_exchange)), symbol: [^,}]+", r"\1", "\n".join(self.lines("network")))
        short = pathlib.Path(self.up.info["network_file"]).with_name("short-network.yaml")
        short.write_text(text)
        code, shown, error = run("config", "show", "--network", str(short))
        self.assertEqual(code, 0, error)
        self.assertRegex(shown, r'venue: kraken, symbol: "?BTC/USD"?,')
        self.assertRegex(shown, r'venue: coinbase_exchange, symbol: "?BTC-USDT"?,')
        self.assertEqual(shown, run("config", "show", "--network", self.up.info["network_file"])[1])

    def test_the_unbroken_files_pass_the_check(self):
        code, _, error = run("config", "check", "--network", self.up.info["network_file"])
        self.assertEqual((code, error), (0, ""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
