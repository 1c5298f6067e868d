#pragma once
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>

namespace assay::threshold {

/// The independent FROST implementation of tests/tools/frost-peer (noble-curves, under node): a line of JSON out, a
/// line of JSON back. Blocking.
class FrostPeer {
 public:
  /// Nothing, with the reason in `why`, when node or its package is not there.
  static std::unique_ptr<FrostPeer> start(std::string& why);
  ~FrostPeer();
  FrostPeer(const FrostPeer&) = delete;
  FrostPeer& operator=(const FrostPeer&) = delete;

  /// The answer's object; a failure of the peer shows as a member `error`.
  boost::json::object ask(const boost::json::object& question);

 private:
  FrostPeer(int process, int to, int from) : process_(process), to_(to), from_(from) {}
  int process_;
  int to_;
  int from_;
  std::string pending_;
};

}  // namespace assay::threshold
