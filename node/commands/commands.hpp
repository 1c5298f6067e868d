#pragma once
#include <CLI/CLI.hpp>
#include <functional>

#include "node/exit_code.hpp"

namespace assay::node {

/// What main() runs once the command line is understood. Empty when no command was chosen.
using Chosen = std::function<Exit()>;

/// Each adds one command with its options and help to `app`, and sets `chosen` when it is the one.
void add_up(CLI::App& app, Chosen& chosen);
void add_run(CLI::App& app, Chosen& chosen);
void add_keygen(CLI::App& app, Chosen& chosen);
void add_dkg(CLI::App& app, Chosen& chosen);
void add_reshare(CLI::App& app, Chosen& chosen);
void add_repair(CLI::App& app, Chosen& chosen);
void add_watch(CLI::App& app, Chosen& chosen);
void add_verify(CLI::App& app, Chosen& chosen);
void add_venues(CLI::App& app, Chosen& chosen);
void add_selftest(CLI::App& app, Chosen& chosen);
void add_epoch(CLI::App& app, Chosen& chosen);
void add_share(CLI::App& app, Chosen& chosen);
void add_config(CLI::App& app, Chosen& chosen);
void add_evidence(CLI::App& app, Chosen& chosen);
void add_sim(CLI::App& app, Chosen& chosen);
void add_explain(CLI::App& app, Chosen& chosen);
void add_risk(CLI::App& app, Chosen& chosen);
void add_record(CLI::App& app, Chosen& chosen);
void add_replay(CLI::App& app, Chosen& chosen);
void add_market(CLI::App& app, Chosen& chosen);

}  // namespace assay::node
