#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace assay::fetchers::market {

/// What the throw-away certificate says.
struct PkiSettings {
  std::string folder;                                  ///< created when absent
  std::vector<std::string> names = {"localhost"};      ///< DNS names
  std::vector<std::string> addresses = {"127.0.0.1"};  ///< IP addresses
  std::int64_t valid_from_s = -3600;                   ///< relative to now
  std::int64_t valid_until_s = 30 * 86'400;
};

struct PkiFiles {
  std::string ca_file;           ///< the certificate authority: what clients trust
  std::string certificate_file;  ///< the server's
  std::string key_file;          ///< the server's, mode 0600
};

/// A fresh P-256 authority and one server certificate under it: ca.pem, server.pem, server.key. The authority's key is
/// never stored. For loopback only.   errors  io_failed
Result<PkiFiles> make_demo_pki(const PkiSettings& settings);

}  // namespace assay::fetchers::market
