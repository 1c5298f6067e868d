#!/usr/bin/env python3
"""Every tidy rule is broken once, in a small tree of its own, and must be found; the unbroken tree must be clean."""
import pathlib
import tempfile
import unittest

from tidy import findings

CLEAN = {
    "docs/architecture.md": """# Map
<!-- tidy:arrows -->
| folder | may include |
|---|---|
| `core/` | `core/` |
| `fetchers/` | `core/` `fetchers/` |
| `fetchers/market/` | `core/` `fetchers/market/` |
| `node/` | `core/` `fetchers/` `node/` |
| `tests/` | `**` |

<!-- tidy:third-party -->
| library | headers | homes |
|---|---|---|
| Beast | `boost/beast/` | `**/io/*.cpp` |
| OpenSSL | `openssl/` | `**/io/*.cpp` |
| SHA-256 | `openssl/evp.h` | `core/digest.cpp` `**/io/*.cpp` |

<!-- tidy:invariants -->
| # | always | tests |
|---|---|---|
| 1 | sums are right | `Sum.is_right` |
""",
    "docs/agreement.md": """# Rules
<!-- tidy:mutants -->
| rule | the bug |
|---|---|
| two and two are four | `five` |
| one and one are two | `three` `eleven` |
""",
    "core/mutants.hpp": "#pragma once\nenum class Mutant {\n  none,\n  five,  ///< 2 + 2\n  three,\n  eleven,\n};\n",
    "core/sum.hpp": "#pragma once\nint sum(int a, int b);\n",
    "core/sum.cpp": '#include "core/mutants.hpp"\n#include "core/sum.hpp"\n// the double of now() is not code\nint sum(int a, int b) { return a + b; }\n',
    "core/CMakeLists.txt": "assay_library(assay_core PURE SOURCES sum.cpp USES x)\n",
    "fetchers/io/socket.hpp": "#pragma once\n",
    "fetchers/io/socket.cpp": '#include "fetchers/io/socket.hpp"\n#include <boost/beast/core.hpp>\n#include "core/sum.hpp"\n',
    "fetchers/CMakeLists.txt": "foreach(name socket)\n  add_library(${name} STATIC io/${name}.cpp)\nendforeach()\n",
    "node/system.cpp": "#include <chrono>\nauto wall() { return std::chrono::system_clock::now(); }\n",
    "node/CMakeLists.txt": "assay_library(assay_node SOURCES system.cpp USES x)\n",
    "tests/sum_test.cpp": '#include "core/sum.hpp"\nTEST(Sum, is_right) { }\n',
    "tests/fuzz/sum_fuzz.cpp": '#include "core/sum.hpp"\n',
    "tests/fuzz/CMakeLists.txt": "foreach(name sum)\n  assay_fuzz(${name} USES assay_core)\nendforeach()\n",
    "tests/CMakeLists.txt": "assay_test(sum_test SOURCES sum_test.cpp USES assay_core)\n",
    "README.md": "[map](docs/architecture.md#map)\n",
}
TO_DO = "TO" + "DO"


class TidyRules(unittest.TestCase):
    def found(self, changes):
        """Findings of the clean tree with these files replaced (None: removed), as 'path rule' texts."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in (CLEAN | changes).items():
                if text is not None:
                    (root / path).parent.mkdir(parents=True, exist_ok=True)
                    (root / path).write_text(text)
            return [f"{finding.path} {finding.rule}" for finding in findings(root)]

    def broken(self, path, line, rule):
        """`line` appended to `path` is found, as `rule`, and nothing else is."""
        self.assertEqual(self.found({path: CLEAN.get(path, "") + line + "\n"}), [f"{path} {rule}"])

    def test_a_clean_tree_is_clean(self):
        self.assertEqual(self.found({}), [])

    def test_an_arrow_upwards_is_found(self):
        self.assertIn("core/sum.cpp arrow", self.found({"core/sum.cpp": '#include "fetchers/io/socket.hpp"\n'}))

    def test_the_longest_folder_decides(self):
        changes = {
            "fetchers/venue.hpp": "#pragma once\n",
            "fetchers/venue.cpp": '#include "fetchers/venue.hpp"\n',
            "fetchers/market/kraken.cpp": '#include "fetchers/venue.hpp"\n',
            "fetchers/CMakeLists.txt": "add_library(a io/socket.cpp venue.cpp market/kraken.cpp)\n",
        }
        self.assertEqual(self.found(changes), ["fetchers/market/kraken.cpp arrow"])

    def test_a_folder_without_arrows_is_found(self):
        changes = {"clients/a.cpp": '#include "core/sum.hpp"\n', "clients/CMakeLists.txt": "add_library(a a.cpp)\n"}
        self.assertEqual(self.found(changes), ["clients/a.cpp arrow"])

    def test_an_io_header_in_pure_code_is_found(self):
        changes = {
            "fetchers/venue.cpp": '#include "fetchers/io/socket.hpp"\n',
            "fetchers/CMakeLists.txt": "add_library(a io/socket.cpp venue.cpp)\n",
        }
        self.assertEqual(self.found(changes), ["fetchers/venue.cpp arrow"])

    def test_an_include_from_tests_is_found(self):
        self.assertIn("core/sum.cpp arrow", self.found({"core/sum.cpp": '#include "tests/support.hpp"\n',
                                                        "tests/support.hpp": "#pragma once\n"}))

    def test_a_relative_include_is_found(self):
        self.broken("core/sum.cpp", '#include "sum.hpp"', "arrow")

    def test_an_include_of_nothing_is_found(self):
        self.broken("core/sum.cpp", '#include "core/gone.hpp"', "arrow")

    def test_a_foreign_header_outside_its_home_is_found(self):
        self.broken("core/sum.cpp", "#include <boost/beast/core.hpp>", "third-party")

    def test_a_foreign_header_in_an_io_header_is_found(self):
        self.broken("fetchers/io/socket.hpp", "#include <boost/beast/core.hpp>", "third-party")

    def test_an_unlisted_foreign_header_is_found_in_tests_too(self):
        self.broken("core/sum.cpp", "#include <zlib.h>", "third-party")
        self.broken("tests/sum_test.cpp", "#include <zlib.h>", "third-party")

    def test_the_longest_header_row_decides(self):
        changes = {"core/digest.cpp": "#include <openssl/evp.h>\n#include <openssl/ssl.h>\n",
                   "core/CMakeLists.txt": "add_library(core sum.cpp digest.cpp)\n"}
        self.assertEqual(self.found(changes), ["core/digest.cpp third-party"])

    def test_files_and_threads_of_std_in_pure_code_are_found(self):
        for header in ("fstream", "thread", "mutex", "random", "filesystem", "iostream"):
            self.broken("core/sum.cpp", f"#include <{header}>", "third-party")

    def test_calls_outside_their_home_are_found(self):
        for call, rule in [
            ("auto t = std::chrono::steady_clock::now();", "clock"),
            ("auto t = time(nullptr);", "clock"),
            ("int r = rand();", "random"),
            ("std::random_device d;", "random"),
            ("randombytes_buf(p, 32);", "entropy"),
            ('auto e = std::getenv("X");', "getenv"),
            ("std::jthread t;", "thread"),
            ("std::thread t;", "thread"),
            ("std::mutex m;", "mutex"),
            ("std::condition_variable c;", "mutex"),
            ("std::this_thread::sleep_for(s);", "sleep"),
            ('system("ls");', "process"),
            ("std::abort();", "exit"),
            ("assert(a > b);", "assert"),
            ('std::cout << "x";', "output"),
            ('printf("x");', "output"),
            ("#define MAX 3", "macro"),
            ("double price = 0;", "float"),
            ("float price = 0;", "float"),
        ]:
            with self.subTest(call=call):
                self.broken("core/sum.cpp", call, rule)

    def test_a_sleep_in_a_test_is_found(self):
        self.broken("tests/sum_test.cpp", "std::this_thread::sleep_for(s);", "sleep")

    def test_tests_may_start_threads_and_read_clocks(self):
        calls = "std::jthread t;\nstd::mutex m;\nauto t = std::chrono::steady_clock::now();\ndouble d = 0;\n"
        self.assertEqual(self.found({"tests/sum_test.cpp": CLEAN["tests/sum_test.cpp"] + calls}), [])

    def test_io_may_lock_but_not_read_the_wall_clock(self):
        self.broken("fetchers/io/socket.cpp", "std::mutex m; auto t = std::chrono::system_clock::now();", "clock")

    def test_words_in_comments_and_literals_are_not_calls(self):
        quiet = 'const char* x = "double now()"; // rand() and double\n/* std::thread */\nauto r = R"(getenv("X"))";\n' \
                "const int big = 1'000'000; const char c = '\"'; // std::mutex \"\n"
        self.assertEqual(self.found({"core/sum.cpp": CLEAN["core/sum.cpp"] + quiet}), [])

    def test_an_exception_needs_a_reason(self):
        self.broken("core/sum.cpp", "int r = rand();  // tidy: allow(random)", "random")
        self.broken("core/sum.cpp", "int r = rand();  // tidy: allow(clock) of another rule", "random")
        allowed = CLEAN["core/sum.cpp"] + "int r = rand();  // tidy: allow(random) a die in an example\n"
        self.assertEqual(self.found({"core/sum.cpp": allowed}), [])

    def test_a_long_file_is_found(self):
        self.broken("core/sum.cpp", "\n" * 500, "size")

    def test_a_header_without_pragma_once_is_found(self):
        self.assertEqual(self.found({"core/sum.hpp": "int sum(int a, int b);\n"}), ["core/sum.hpp pragma"])

    def test_a_tab_is_found(self):
        self.broken("core/sum.cpp", "\tint x;", "tab")

    def test_unfinished_work_needs_an_issue(self):
        self.broken("core/sum.cpp", f"// {TO_DO}: later", "unfinished")
        self.assertEqual(self.found({"core/sum.cpp": CLEAN["core/sum.cpp"] + f"// {TO_DO}: later, #4\n"}), [])

    def test_a_path_of_one_machine_is_found(self):
        self.broken("README.md", "see /ho" + "me/somebody/assay", "path")

    def test_a_source_in_no_target_is_found(self):
        self.broken("core/lost.cpp", "int lost;", "target")

    def test_a_fuzz_target_that_is_not_registered_is_found(self):
        self.broken("tests/fuzz/lost_fuzz.cpp", "int lost;", "target")

    def test_a_header_that_nobody_includes_is_found(self):
        self.broken("core/lost.hpp", "#pragma once", "target")

    def test_a_dead_link_is_found(self):
        self.broken("README.md", "[gone](docs/gone.md)", "link")

    def test_a_dead_fragment_is_found(self):
        self.broken("README.md", "[gone](docs/architecture.md#gone)", "link")

    def test_an_invariant_whose_test_is_gone_is_found(self):
        self.assertEqual(self.found({"tests/sum_test.cpp": '#include "core/sum.hpp"\n'}), ["docs/architecture.md invariant"])

    def test_an_invariant_without_a_test_is_found(self):
        text = CLEAN["docs/architecture.md"].replace("`Sum.is_right`", "some day")
        self.assertEqual(self.found({"docs/architecture.md": text}), ["docs/architecture.md invariant"])

    def test_missing_tables_are_found(self):
        rules = sorted(self.found({"docs/architecture.md": "# Map\n"}))
        self.assertEqual(rules, [f"docs/architecture.md {rule}" for rule in ("arrow", "invariant", "third-party")])

    def test_the_table_of_planted_bugs_has_each_of_them_once(self):
        table = CLEAN["docs/agreement.md"]
        for changed in (table.replace("`eleven`", ""), table.replace("`five`", "`six` `five`"),
                        table.replace("`three`", "`three` `five`"), "# Rules\n"):
            self.assertEqual(self.found({"docs/agreement.md": changed}), ["docs/agreement.md mutant"])

    def test_a_python_test_can_stand_for_an_invariant(self):
        changes = {"docs/architecture.md": CLEAN["docs/architecture.md"].replace("Sum.is_right", "Sums.test_right"),
                   "tests/sums.py": "class Sums:\n    def test_right(self):\n        pass\n"}
        self.assertEqual(self.found(changes), [])


if __name__ == "__main__":
    unittest.main()
