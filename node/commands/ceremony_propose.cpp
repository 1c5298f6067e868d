#include <fmt/format.h>

#include <memory>
#include <optional>

#include "config/load.hpp"
#include "config/scalars.hpp"
#include "core/bytes.hpp"
#include "node/ceremony/keys.hpp"
#include "node/ceremony/plan.hpp"
#include "node/commands/ceremony.hpp"
#include "node/config_files.hpp"
#include "node/failure.hpp"
#include "node/system.hpp"

namespace assay::node {

namespace {

struct ProposeOptions {
  CeremonyKeyFiles keys;
  std::string network;
  std::string group;
  std::vector<std::string> cards;
  std::vector<std::string> leaving;
  std::vector<std::string> helpers;
  std::vector<std::uint16_t> excluded;
  std::string out;
};

struct CardOptions {
  CeremonyKeyFiles keys;
  std::string address;
};

std::optional<std::vector<config::MemberCard>> read_cards(const std::vector<std::string>& files) {
  std::vector<config::MemberCard> cards;
  for (const auto& file : files) {
    auto card = read_card(file);
    if (!card) {
      return std::nullopt;
    }
    cards.push_back(std::move(*card));
  }
  return cards;
}

std::variant<config::CeremonyPlan, Failure> plan_of(CeremonyOf what, CeremonyWish wish,
                                                    std::vector<config::MemberCard> helpers,
                                                    const threshold::IdentityKey& proposer) {
  SystemEntropy entropy;
  if (what != CeremonyOf::lost_share) {
    return plan_ceremony(wish, proposer, entropy);
  }
  if (wish.members.size() != 1) {
    return Failure{Exit::usage, "one card is that of the member whose share is lost; the others are helpers"};
  }
  return plan_repair(wish.network, *wish.old, wish.members.front(), std::move(helpers), proposer, entropy);
}

Exit propose(const ProposeOptions& options, CeremonyOf what) {
  forbid_core_dumps();
  auto members = read_cards(options.cards);
  auto leaving = read_cards(options.leaving);
  auto helpers = read_cards(options.helpers);
  CeremonyWish wish;
  if (what != CeremonyOf::fresh_key) {
    wish.old = read_group(options.group);
  }
  if (!members || !leaving || !helpers || (what != CeremonyOf::fresh_key && !wish.old)) {
    return Exit::usage;
  }
  auto keys = open_ceremony_keys(options.keys);
  if (const auto* failure = std::get_if<Failure>(&keys)) {
    return complain(*failure);
  }
  wish.network = options.network;
  wish.members = std::move(*members);
  wish.leaving = std::move(*leaving);
  for (const auto index : options.excluded) {
    wish.excluded.emplace_back(index);
  }
  const auto planned = plan_of(what, std::move(wish), std::move(*helpers), std::get<CeremonyKeys>(keys).identity);
  if (const auto* failure = std::get_if<Failure>(&planned)) {
    return complain(*failure);
  }
  const auto& plan = std::get<config::CeremonyPlan>(planned);
  if (const auto done = config::write_text(options.out, config::emit_ceremony(plan)); !done) {
    return complain(fmt::format("{}: {}", options.out, done.error().detail), Exit::environment);
  }
  fmt::print("ceremony    {}\nfile        {}\n", to_hex(plan.terms.id.bytes), options.out);
  return Exit::yes;
}

Exit print_card(const CardOptions& options) {
  forbid_core_dumps();
  const auto keys = open_ceremony_keys(options.keys);
  if (const auto* failure = std::get_if<Failure>(&keys)) {
    return complain(*failure);
  }
  const config::MemberCard card{threshold::ceremony::recipient_of(std::get<CeremonyKeys>(keys).identity),
                                options.address};
  fmt::print("{}", config::emit_card(card));
  return Exit::yes;
}

}  // namespace

void add_key_options(CLI::App& command, CeremonyKeyFiles& files) {
  command.add_option("--identity", files.identity, "this member's identity key file")->required()->type_name("FILE");
  auto* passphrase =
      command.add_option("--passphrase-file", files.source.passphrase_file, "the passphrase that opens the key files")
          ->type_name("FILE");
  command.add_option("--key-file", files.source.key_file, "32 bytes that open the key files")
      ->type_name("FILE")
      ->excludes(passphrase);
}

void add_card(CLI::App& parent, Chosen& chosen) {
  auto* command = parent.add_subcommand("card", "print what this member tells the others before a ceremony");
  auto options = std::make_shared<CardOptions>();
  add_key_options(*command, options->keys);
  command->add_option("--address", options->address, "HOST:PORT where this member listens during ceremonies")
      ->required()
      ->check([](const std::string& text) {
        return config::is_address(text) ? std::string() : "expected host:port, got " + text;
      });
  command->callback([&chosen, options] { chosen = [options] { return print_card(*options); }; });
}

void add_propose(CLI::App& parent, Chosen& chosen, CeremonyOf what) {
  auto* command =
      parent.add_subcommand("propose", "sign a proposal and write the ceremony file that goes to everybody");
  auto options = std::make_shared<ProposeOptions>();
  add_key_options(*command, options->keys);
  command->add_option("--network", options->network, "the network's name, as in the network file")->required();
  command
      ->add_option("--card", options->cards,
                   what == CeremonyOf::lost_share ? "the member whose share is lost"
                                                  : "a member of the new committee; in order, 4, 7, ... 31 of them")
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  if (what != CeremonyOf::fresh_key) {
    command->add_option("--group", options->group, "the running epoch's group file")->required()->type_name("FILE");
  }
  if (what == CeremonyOf::running_key) {
    command->add_option("--leaving", options->leaving, "a holder of the key that deals and is no member any more")
        ->type_name("FILE")
        ->allow_extra_args(false);
  }
  if (what == CeremonyOf::lost_share) {
    command->add_option("--helper", options->helpers, "a member that helps; as many as must sign, 2f+1")
        ->required()
        ->type_name("FILE")
        ->allow_extra_args(false);
  } else {
    command
        ->add_option("--exclude", options->excluded,
                     what == CeremonyOf::running_key ? "a member of the running committee that shall not deal"
                                                     : "a member that shall not deal, counted from 0")
        ->type_name("MEMBER")
        ->allow_extra_args(false);
  }
  command->add_option("--out", options->out, "the ceremony file")->required()->type_name("FILE");
  command->callback([&chosen, options, what] { chosen = [options, what] { return propose(*options, what); }; });
}

}  // namespace assay::node
