#pragma once
#include <CLI/CLI.hpp>

#include "node/commands/commands.hpp"

namespace assay::node {

/// `assay venues check`: each venue of a network file read once, and what works.
void add_check(CLI::App& venues, Chosen& chosen);

}  // namespace assay::node
