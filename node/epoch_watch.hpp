#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/epoch_files.hpp"
#include "node/mailbox.hpp"
#include "node/node_keys.hpp"
#include "node/stage_state.hpp"
#include "node/venue_run.hpp"

namespace assay::node {

/// Looks after the next epoch while this one runs: reads what `assay epoch stage` puts there as soon as it is there,
/// judges it, again every two seconds while something is wrong with it, and reads the venues of an epoch that is
/// announced before it begins. And after the ones before: once this one has attested, it erases their shares.
class EpochWatch {
 public:
  /// changed  called on the watch's thread when the state is another one; `files` are null unless it is held
  using Changed = std::function<void(const StageState& state, const EpochFiles* files)>;

  /// current, keys and genesis outlive the watch.   gates  of this epoch's venues: the next one's share them
  EpochWatch(const EpochFiles& current, const NodeKeys& keys, const Header& genesis,
             std::shared_ptr<fetchers::HostGates> gates, Changed changed)
      : current_(current), keys_(keys), genesis_(genesis), gates_(std::move(gates)), changed_(std::move(changed)) {}

  void run();                                ///< on a lent thread, until stop()
  void stop() { stopping_ = true; }          ///< thread-safe; run() returns within a tenth of a second
  void announced(const Digest& next_epoch);  ///< headers name this epoch. Thread-safe
  StageState state() const { return state_.read(); }

  /// After run() has returned: what to go on with.
  std::optional<EpochFiles> take_files() { return std::exchange(files_, std::nullopt); }
  std::unique_ptr<VenueRun> take_venues() { return std::move(venues_); }

 private:
  void look();
  void read_ahead();
  void tell_old_share(const std::string& text);
  std::string key_problem(const EpochFiles& next) const;

  const EpochFiles& current_;
  const NodeKeys& keys_;
  const Header& genesis_;
  const std::shared_ptr<fetchers::HostGates> gates_;
  Changed changed_;
  std::atomic<bool> stopping_{false};
  Guarded<std::optional<Digest>> announced_;
  Guarded<StageState> state_;
  // the watch's thread
  std::string stamp_;  ///< of the file that was looked at last
  unsigned naps_ = 0;  ///< since something kept it from being held
  std::optional<EpochFiles> files_;
  std::unique_ptr<VenueRun> venues_;
};

}  // namespace assay::node
