// `planted MUTANT sim ...` is `assay sim` with one deliberate bug, to see what a failing run leaves: of the mutants'
// build only. `./dev sim --mutants` finds out which seed kills which mutant.
#include <cstdio>
#include <cstring>

#include "node/commands/commands.hpp"
#include "tests/sim/mutant_names.hpp"

int main(int argc, char** argv) {
  CLI::App app("assay sim with a deliberate bug");
  app.name("planted");
  app.require_subcommand(1);
  std::string name;
  app.add_option("MUTANT", name, "which, as ./dev sim --mutants names it")->required();
  assay::node::Chosen chosen;
  assay::node::add_sim(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(assay::node::Exit::usage);
  }
  for (std::size_t i = 0; i < assay::mutant_names.size(); ++i) {
    if (name != assay::mutant_names[i]) continue;
    assay::planted_everywhere = static_cast<assay::Mutant>(i);
    assay::planted_mutant = assay::planted_everywhere;
    return static_cast<int>(chosen());
  }
  std::fprintf(stderr, "planted: no mutant '%s'\n", name.c_str());
  return static_cast<int>(assay::node::Exit::usage);
}
