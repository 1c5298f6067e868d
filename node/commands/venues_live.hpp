#pragma once
#include <cstdint>
#include <string>

#include "node/exit_code.hpp"

namespace assay::node {

struct VenuesOptions {
  std::string node;           ///< "http://127.0.0.1:8080"
  std::uint32_t seconds = 0;  ///< 0: once; on a terminal until Ctrl-C
  std::string venue;          ///< only this one; "" is all; not with json
  bool json = false;
};

/// `assay venues --node URL`: what each source says now and for which feeds it counts, each second anew on a terminal.
Exit venues_live(const VenuesOptions& options);

}  // namespace assay::node
