#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fetchers/io/reach.hpp"
#include "fetchers/io/shared_gate.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "node/mailbox.hpp"
#include "node/system.hpp"

namespace assay::node {

/// What became of one road to a venue: its REST host, or its streams. Times count from the start of the trial.
struct RoadCheck {
  std::string url;                           ///< without key or token
  std::vector<fetchers::ReachStep> steps{};  ///< empty while they are being made
  std::optional<Micros> answered{};          ///< the first body with status 200; the opening of the first stream
  std::optional<Micros> quoted{};            ///< the first quote
  std::size_t told = 0;                      ///< instruments of which a quote came
  std::uint32_t failures = 0;
  std::string failure{};  ///< the newest, in the fetchers' words
};

struct InstrumentCheck {
  std::string symbol;  ///< as the network file has it
  std::optional<Micros> by_rest{};
  std::optional<Micros> by_stream{};
  std::string bid{};  ///< of the first quote; empty: none
  std::string ask{};
  std::string last{};
  bool halted = false;           ///< the venue says that it is not traded now
  std::optional<bool> listed{};  ///< in the venue's own list, where that is the problem
  std::string problem{};         ///< not listed and what the nearest one is, or not traded; empty: nothing
};

struct VenueCheck {
  std::string venue;
  std::optional<RoadCheck> rest;    ///< none: this road is not used
  std::optional<RoadCheck> stream;  ///< likewise
  std::vector<InstrumentCheck> instruments;
  std::optional<Micros> clock_offset;  ///< as /v1/status has it
  std::vector<std::string> problems;   ///< of the settings: nothing can be read then
  std::vector<std::string> remarks;    ///< what does not keep it from working
  bool done = false;
};

/// Each instrument is listed and was quoted, and each road that is used quoted something.
bool works(const VenueCheck& check);
/// The first thing that keeps it from working, in a line; empty when it works.
std::string why_not(const VenueCheck& check);

/// One venue read as a node reads it, with the node's own limits and proxies, until it is known what works; and beside
/// that each of its hosts reached step by step. Threads of its own from the construction on.
class VenueTrial {
 public:
  VenueTrial(fetchers::VenueFeedSettings settings, std::shared_ptr<fetchers::HostGates> gates);
  ~VenueTrial();  ///< waits for its threads: see ended()
  VenueTrial(const VenueTrial&) = delete;
  VenueTrial& operator=(const VenueTrial&) = delete;

  /// What is known now; once it is `done` nothing more is asked of the venue. One thread.
  VenueCheck look();
  /// It is over: who has not answered is silent.   patience  what it had, for the words
  VenueCheck end(Micros patience);
  /// All threads have returned. The look-up of a name cannot be cut: until it ends, they have not.
  bool ended() const { return busy_ == 0; }

 private:
  enum class Road : std::uint8_t { rest, stream };

  static VenueCheck blank(const fetchers::VenueFeedSettings& settings, const fetchers::Adapter* adapter);
  static std::optional<RoadCheck>& road_of(VenueCheck& check, Road road);
  void lend(std::function<void()> work);
  void reach_host(Road road);
  void recorded(const fetchers::TapeEvent& event);
  void quoted(const Quote& quote);
  void noted(const fetchers::VenueNote& note);
  bool lists_due() const;
  bool settled(const VenueCheck& check, const fetchers::VenueState& state) const;
  Micros since() const { return mono_now() - start_; }

  const fetchers::VenueFeedSettings settings_;
  const fetchers::Adapter* const adapter_;  ///< null: nobody speaks for it
  const MonoTime start_ = mono_now();
  SystemEntropy entropy_;
  Guarded<VenueCheck> found_;
  std::atomic<Road> newest_ = Road::rest;  ///< by which road came what is being read
  std::atomic<bool> lists_failed_ = false;
  std::atomic<int> busy_ = 0;
  std::unique_ptr<fetchers::VenueFeeds> feeds_;
  std::vector<std::thread> threads_;
};

}  // namespace assay::node
