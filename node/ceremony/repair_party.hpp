#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "config/ceremony_file.hpp"
#include "node/ceremony/keys.hpp"
#include "node/ceremony/party.hpp"

namespace assay::node {

/// One party's side of a repair.
struct RepairSettings {
  config::CeremonyPlan plan;
  std::string listen;                ///< "host:port"; empty: this party's address in the plan
  std::filesystem::path share_file;  ///< of the member that lost its share: where it goes
  Micros timeout;
  Micros resend = millis(1000);
  Micros linger;  ///< how long the member, when through, stays to tell the helpers
};

/// Runs a repair machine between real processes, as CeremonyParty does for the other ceremonies. Nothing but the share
/// is durable: the same settings begin anew, or find the share in its place.
class RepairParty {
 public:
  /// keys.old_share is a helper's share. tell  gets a line of progress at a time, on a thread of run().
  static std::variant<std::unique_ptr<RepairParty>, Failure> open(RepairSettings settings, CeremonyKeys keys,
                                                                  std::function<void(const std::string&)> tell);
  ~RepairParty();
  RepairParty(const RepairParty&) = delete;
  RepairParty& operator=(const RepairParty&) = delete;

  /// Until it is over, or a signal arrives. activated: the share is on its owner's disk.
  std::variant<CeremonyReport, Failure> run(const StopSignals& signals);

 private:
  struct Parts;
  explicit RepairParty(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::node
