#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/ceremony_file.hpp"
#include "node/ceremony/keys.hpp"
#include "node/failure.hpp"
#include "node/signals.hpp"
#include "threshold/ceremony/machine.hpp"

namespace assay::node {

/// One party's side of a key ceremony, as a process runs it.
struct CeremonySettings {
  config::CeremonyPlan plan;
  std::string listen;                ///< "host:port"; empty: this party's address in the plan
  std::filesystem::path folder;      ///< the ceremony's log and evidence; made when it is not there
  std::filesystem::path share_file;  ///< written when all members support the deals; not used by one that leaves
  std::filesystem::path group_file;  ///< the epoch record, written when it is over and well
  Micros stage_timeout;
  Micros resend = millis(1000);
  Micros linger;  ///< how long a party that is through stays for those that are not
};

enum class CeremonyEnd : std::uint8_t {
  activated,    ///< the record and the share are written
  cancelled,    ///< for good: propose another ceremony
  open,         ///< this party confirmed, or only deals, and cannot cancel: run it again
  interrupted,  ///< Ctrl-C or SIGTERM: run it again
};

struct CeremonyBlame {
  std::uint16_t party{};  ///< place in Terms::parties
  threshold::ceremony::Offence offence{};
  std::filesystem::path evidence;  ///< the file that proves it to anybody; empty where nothing can be shown
};

struct CeremonyReport {
  CeremonyEnd end = CeremonyEnd::interrupted;
  std::optional<threshold::EpochRecord> record;
  bool holds_share{};  ///< this party has a place in the new committee
  std::vector<CeremonyBlame> blames;
};

/// Runs a ceremony machine between real processes: peers over mutual TLS with the identities of the proposal, an
/// append-only log of what must not be forgotten, key files. Whatever happens to the process, the same settings go on
/// where it was; another process with the same folder is refused.
class CeremonyParty {
 public:
  /// tell  gets a line of progress at a time, on a thread of run().
  static std::variant<std::unique_ptr<CeremonyParty>, Failure> open(CeremonySettings settings, CeremonyKeys keys,
                                                                    std::function<void(const std::string&)> tell);
  ~CeremonyParty();
  CeremonyParty(const CeremonyParty&) = delete;
  CeremonyParty& operator=(const CeremonyParty&) = delete;

  /// Until it is over for this party and the others had their time, or a signal arrives; from the thread that made
  /// `signals`. A Failure is this machine's: disk, port, a share file that holds another share.
  std::variant<CeremonyReport, Failure> run(const StopSignals& signals);

 private:
  struct Parts;
  explicit CeremonyParty(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::node
