#include <fmt/format.h>

#include <memory>

#include "node/commands/commands.hpp"
#include "node/input.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/vectors.hpp"

namespace assay::node {

namespace {

constexpr std::size_t vectors_size_max = 16U << 20U;

Exit self_test(const std::string& file) {
  if (const auto done = threshold::frost::self_test(); !done) {
    fmt::print(stderr, "assay: this libsodium must not be used: {}\n", done.error().detail);
    return Exit::environment;
  }
  if (file.empty()) {
    fmt::print("built-in self-test passed\n");
    return Exit::yes;
  }
  const auto text = read_input(file, vectors_size_max);
  if (!text) {
    return Exit::usage;
  }
  const auto report = threshold::check_vectors(*text);
  for (const auto& failure : report.failures) {
    fmt::print("{}\n", failure);
  }
  if (report.suite_unknown) {
    fmt::print(stderr, "assay: {}: a ciphersuite that is not built in; known: ed25519-sha512\n", file);
    return Exit::usage;
  }
  fmt::print("{} checks, {} failed\n", report.checks, report.failed);
  return report.failed == 0 && report.checks > 0 ? Exit::yes : Exit::no;
}

}  // namespace

void add_selftest(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("selftest", "check the cryptography of this build and machine");
  auto file = std::make_shared<std::string>();
  command->add_option("--vectors", *file, "JSON file in the layout of tests/vectors/rfc9591-ed25519.json")
      ->type_name("FILE");
  command->callback([&chosen, file] { chosen = [file] { return self_test(*file); }; });
}

}  // namespace assay::node
