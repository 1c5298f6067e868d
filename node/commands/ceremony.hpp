#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>

#include "node/ceremony/keys.hpp"
#include "node/commands/commands.hpp"

namespace assay::node {

/// Which of the three commands of key ceremonies.
enum class CeremonyOf : std::uint8_t {
  fresh_key,    ///< `assay dkg`
  running_key,  ///< `assay reshare`
  lost_share,   ///< `assay repair`
};

/// --identity, and what opens it.
void add_key_options(CLI::App& command, CeremonyKeyFiles& files);
/// `propose`: cards in, a ceremony file out.
void add_propose(CLI::App& parent, Chosen& chosen, CeremonyOf what);
/// `join`: takes part until it is over.
void add_join(CLI::App& parent, Chosen& chosen, CeremonyOf what);
/// `card`: what a member tells the others about itself.
void add_card(CLI::App& parent, Chosen& chosen);

}  // namespace assay::node
