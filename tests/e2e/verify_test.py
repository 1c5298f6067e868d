#!/usr/bin/env python3
"""Updates from the WebSocket, checked by `assay verify` and by an independent verifier; every changed byte is refused."""
import itertools
import json
import re
import unittest

import frames
from harness import UpTestCase, run

REFUSED = re.compile(r"refused: [a-z_0-9]+ .*")


class Verification(UpTestCase):
    def some(self, count, feeds=("*",)):
        return [json.loads(text) for text in itertools.islice(self.up.frames(0, feeds), count)]

    def an_update(self):
        return self.some(1, ("BTC/USD",))[0]

    def verify(self, texts):
        code, out, error = run("verify", "--group-key", self.up.info["group_key"], "--network-id", self.up.info["network_id"],
                               text="\n".join(texts) + "\n")
        return code, out.splitlines(), error

    def both_accept(self, frame):
        text = json.dumps(frame)
        code, lines, error = self.verify([text])
        self.assertEqual((code, error), (0, ""), lines)
        self.assertTrue(all(line.startswith("ok ") for line in lines) and lines, lines)
        said = frames.independent([text], self.up.info["group_key"], self.up.info["network_id"])
        self.assertTrue(said[0].startswith("ok "), said)

    def both_refuse(self, cases, independent=True):
        texts = [text for _, text in cases]
        code, lines, _ = self.verify(texts)
        self.assertEqual(code, 1)
        self.assertEqual(len(lines), len(cases), "one verdict a line")
        self.assertEqual([what for (what, _), line in zip(cases, lines) if not REFUSED.fullmatch(line)], [])
        if independent:
            said = frames.independent(texts, self.up.info["group_key"], self.up.info["network_id"])
            self.assertEqual(len(said), len(cases))
            self.assertEqual([what for (what, _), line in zip(cases, said) if not line.startswith("refused")], [])

    def test_every_frame_of_every_node_verifies(self):
        texts = [text for node in range(4) for text in itertools.islice(self.up.frames(node), 5)]
        code, lines, error = self.verify(texts)
        self.assertEqual((code, error), (0, ""), lines)
        self.assertTrue(all(line.startswith("ok ") for line in lines), lines)
        said = frames.independent(texts, self.up.info["group_key"], self.up.info["network_id"])
        self.assertEqual([line.split()[0] for line in said], ["ok"] * len(texts))

    def test_one_feed_comes_with_a_path_that_verifies(self):
        frame = self.an_update()
        self.assertEqual(frame["feed"], "BTC/USD")
        self.assertGreater(len(frame["path"]), 0)
        self.both_accept(frame)

    def test_every_flipped_byte_of_leaf_path_header_and_signature_is_refused(self):
        frame = self.an_update()
        cases = list(frames.damaged(frame))
        self.assertEqual(len(cases), 140 + 272 + 64 + 32 * len(frame["path"]))
        self.both_refuse(cases)

    def test_other_shapes_are_refused(self):
        self.both_refuse(list(frames.reshaped(self.an_update())))

    def test_a_view_that_differs_from_the_bytes_is_refused(self):
        frame = self.an_update()
        cases = [(name, json.dumps(frame | {"view": frame["view"] | {name: "1"}})) for name in ("price", "bid", "ask", "status")]
        self.both_refuse(cases, independent=False)
        self.assertTrue(all(line.startswith("refused: view_differs") for line in self.verify([text for _, text in cases])[1]))

    def test_another_group_key_and_another_network_are_refused(self):
        text = json.dumps(self.an_update())
        code, out, _ = run("verify", "--group-key", "11" * 32, text=text)
        self.assertEqual((code, out.split()[:1]), (1, ["refused:"]))
        code, out, _ = run("verify", "--group-key", self.up.info["group_key"], "--network-id", "11" * 32, text=text)
        self.assertEqual((code, out.split()[:2]), (1, ["refused:", "wrong_network"]))

    def test_good_and_bad_lines_are_told_apart(self):
        frame = self.an_update()
        code, lines, _ = self.verify([json.dumps(frame), next(frames.damaged(frame))[1], json.dumps(frame)])
        self.assertEqual(code, 1)
        self.assertEqual([line.split()[0] for line in lines], ["ok", "refused:", "ok"])

    def test_what_is_no_frame_is_refused_and_no_input_is_wrong_usage(self):
        self.both_refuse([("not JSON", "x"), ("a number", "1"), ("an empty object", "{}")], independent=False)
        self.assertEqual(run("verify", "--group-key", self.up.info["group_key"], text="")[0], 2)
        self.assertEqual(run("verify", "--group-key", "zz", text="{}")[0], 2)
        self.assertEqual(run("verify", "--group-key", self.up.info["group_key"], "/nonexistent.json")[0], 2)

    def test_heights_follow_one_another_and_prices_are_positive(self):
        heights = [int(frame["height"]) for frame in self.some(8, ("BTC/USD",))]
        self.assertEqual(heights, sorted(set(heights)))
        self.assertGreater(float(self.an_update()["view"]["price"]), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
