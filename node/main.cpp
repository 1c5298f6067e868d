#include <cstdio>

#include "node/commands/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app("assay: an oracle node whose prices anybody can verify");
  app.name("assay");
  app.set_version_flag("--version", ASSAY_VERSION);
  app.require_subcommand(1);
  app.footer(
      "exit codes: 0 yes, 1 the answer is no, 2 wrong usage or unreadable input, 3 network, disk or database failed\n"
      "start here: assay up --help");

  assay::node::Chosen chosen;
  assay::node::add_up(app, chosen);
  assay::node::add_run(app, chosen);
  assay::node::add_keygen(app, chosen);
  assay::node::add_dkg(app, chosen);
  assay::node::add_reshare(app, chosen);
  assay::node::add_repair(app, chosen);
  assay::node::add_watch(app, chosen);
  assay::node::add_verify(app, chosen);
  assay::node::add_venues(app, chosen);
  assay::node::add_explain(app, chosen);
  assay::node::add_risk(app, chosen);
  assay::node::add_record(app, chosen);
  assay::node::add_replay(app, chosen);
  assay::node::add_selftest(app, chosen);
  assay::node::add_sim(app, chosen);
  assay::node::add_epoch(app, chosen);
  assay::node::add_share(app, chosen);
  assay::node::add_config(app, chosen);
  assay::node::add_evidence(app, chosen);
  assay::node::add_market(app, chosen);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int shown = app.exit(error);
    return shown == 0 ? 0 : static_cast<int>(assay::node::Exit::usage);
  }
  return static_cast<int>(chosen());
}
