#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <variant>

#include "core/bytes.hpp"
#include "node/commands/commands.hpp"
#include "node/demo.hpp"
#include "node/failure.hpp"
#include "node/key_source.hpp"
#include "node/system.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

namespace {

struct KeygenOptions {
  bool dealer = false;
  std::uint16_t members = 4;
  std::string name = "demo";
  std::uint32_t tick_ms = 250;
  std::string out;
  KeySource guard;
  bool plain = false;
  bool quick = false;
  bool json = false;
};

/// A committee for demonstrations stays plain unless a guard is named.
std::variant<threshold::KeyGuard, Failure> guard_of(const KeygenOptions& options) {
  const bool named = !options.guard.passphrase_file.empty() || !options.guard.key_file.empty();
  if (options.plain || (options.dealer && !named)) {
    return threshold::KeyGuard();
  }
  return guard_to_make(options.guard, options.quick ? threshold::argon2_interactive : threshold::argon2_moderate);
}

Exit failed(const std::string& path, Error error) {
  return complain(error_text(path, error), error.code == Errc::out_of_range ? Exit::usage : Exit::environment);
}

Exit deal(const KeygenOptions& options, const threshold::KeyGuard& guard) {
  SystemEntropy entropy;
  const auto dealt = deal_network(options.out, options.members, options.name, millis(options.tick_ms), guard, entropy);
  if (!dealt) {
    return failed(options.out, dealt.error());
  }
  const auto key = to_hex(dealt->record.group_key.bytes);
  const auto network = to_hex(threshold::network_id(dealt->record.group_key, options.name).value.bytes);
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"demo_only", true}, {"group_key", key}, {"network_id", network}, {"folder", options.out}}));
  } else {
    fmt::print(
        "DEMO ONLY: a trusted dealer made these shares and has seen all of them\n"
        "group key   {}\nnetwork id  {}\nfiles       {}\n",
        key, network, options.out);
  }
  return Exit::yes;
}

Exit make_identity(const KeygenOptions& options, const threshold::KeyGuard& guard) {
  SystemEntropy entropy;
  const auto identity = threshold::IdentityKey::generate(entropy);
  if (const auto done = threshold::store_identity(options.out, identity, guard, entropy); !done) {
    return failed(options.out, done.error());
  }
  const auto key = to_hex(identity.public_key().bytes);
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"identity", key}, {"file", options.out}}));
  } else {
    fmt::print("identity    {}\nfile        {}\n", key, options.out);
  }
  return Exit::yes;
}

Exit keygen(const KeygenOptions& options) {
  forbid_core_dumps();
  const auto guard = guard_of(options);
  if (const auto* failure = std::get_if<Failure>(&guard)) {
    return complain(*failure);
  }
  const auto& with = std::get<threshold::KeyGuard>(guard);
  return options.dealer ? deal(options, with) : make_identity(options, with);
}

}  // namespace

void add_keygen(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("keygen", "make a member's identity key; with --dealer a whole demo committee");
  auto options = std::make_shared<KeygenOptions>();
  command->add_option("--out", options->out, "the identity file; with --dealer a folder. Never overwritten")
      ->required()
      ->type_name("PATH");
  auto* passphrase =
      command->add_option("--passphrase-file", options->guard.passphrase_file, "the passphrase in it protects the key")
          ->type_name("FILE");
  auto* key = command->add_option("--key-file", options->guard.key_file, "32 random bytes that protect the key")
                  ->type_name("FILE")
                  ->excludes(passphrase);
  command->add_flag("--plain", options->plain, "do not protect the key; the file's mode guards it")
      ->excludes(passphrase)
      ->excludes(key);
  command->add_flag("--quick", options->quick, "a passphrase that is cheap to try, 60 ms a guess: demonstrations");
  command->add_flag("--dealer", options->dealer, "DEMO ONLY: deal the shares of a whole committee in one place");
  command->add_option("--members", options->members, "with --dealer: 4, 7, ... 31");
  command->add_option("--name", options->name, "with --dealer: the network's name");
  command->add_option("--tick-ms", options->tick_ms, "with --dealer: time between batches");
  command->add_flag("--json", options->json, "print one JSON document");
  command->footer(
      "Without --passphrase-file, --key-file and --plain: the systemd credential assay-key or assay-passphrase, else "
      "a\n"
      "question on the terminal. With --dealer the files stay plain unless one of the two is given.");
  command->callback([&chosen, options] { chosen = [options] { return keygen(*options); }; });
}

}  // namespace assay::node
