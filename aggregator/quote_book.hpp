#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/average_window.hpp"
#include "aggregator/candidate.hpp"
#include "aggregator/derived.hpp"
#include "aggregator/guards.hpp"
#include "aggregator/opinion.hpp"
#include "aggregator/plan.hpp"
#include "aggregator/policy.hpp"
#include "core/observation.hpp"
#include "core/quote.hpp"

namespace assay::aggregator {

struct SourceReport {
  std::size_t source{};  ///< index into FeedPolicy::sources
  Verdict verdict{};
  Number own;                   ///< the venue's middle in its own pair; none when none
  std::int64_t price{};         ///< the same in the feed's pair, at its exponent; 0 when none
  std::uint64_t uncertainty{};  ///< 0 unless it passed the gates
  std::uint32_t weight_ppm{};   ///< after caps; 0 unless counted
  std::uint64_t depth{};        ///< within 1 %, in units of the feed's quote; 0: unknown
};

/// What one node concludes of one feed or leg, with the reasons.
struct FeedReport {
  std::optional<ObservationEntry> entry;  ///< absent: nothing to say
  Absence absence = Absence::no_sources;
  bool usable{};                   ///< its status is ok: others may convert by it
  std::uint32_t volatility_ppm{};  ///< of the entries so far, per root second; 0 of legs
  std::vector<SourceReport> sources;
};

/// The state of an opinion in one word.
enum class State : std::uint8_t { ok, degraded, divergent, absent };
State state_of(const FeedReport& report) noexcept;
std::string_view name(State state) noexcept;

/// The node step: quotes in, this node's observation out. The state machine that `assay explain` replays: it has no
/// clock, so the same quotes and moments give the same observations. Pure; owned by one thread.
class QuoteBook {
 public:
  /// A policy that make_plan() accepts (check()): loading a network file sees to that.
  explicit QuoteBook(AggregationPolicy policy);

  /// Keeps what hold() keeps, for every feed and leg that lists this venue's symbol.
  /// Returns false for a quote that none lists (ignored).   cost  O(log sources), no allocation
  bool accept(const Quote& quote);

  /// This node's opinion of every feed at one moment, later than the last. Steps all that is remembered: outliers on
  /// their way back, averages, rate limits, volatility.
  ///   cost  O(sources log sources) a feed; allocates the observation alone
  Observation observe(MonoTime mono, WallTime wall);

  /// What the last observe() concluded of a feed or leg, with a verdict per source.   node < node_count(policy())
  const FeedReport& report(std::size_t node) const;

  /// What is held of a source, whether it counted or not.   source < feed.sources.size() (check())
  const HeldQuote& held(std::size_t node, std::size_t source) const;

  /// An amount of the node's quote currency in US dollars, at its rate of the last observe(); 0: not known.
  std::uint64_t in_dollars(std::size_t node, std::uint64_t amount) const;

  const AggregationPolicy& policy() const noexcept { return policy_; }
  const Plan& plan() const noexcept { return plan_; }

 private:
  /// Where a venue's symbol is listed.
  struct Listing {
    std::string venue;
    std::string symbol;
    std::size_t node{};
    std::size_t source{};
  };

  /// All that is kept of one feed or leg.
  struct Desk {
    std::vector<HeldQuote> held;  ///< parallel to the sources
    std::vector<Exile> exiles;    ///< likewise
    Blocks blocks;
    RateAnchor anchor;
    Volatility volatility;
    std::optional<AverageWindow> window;
    FeedReport report;
  };

  void conclude(std::size_t node, MonoTime mono, WallTime wall);
  /// What passed the gates.
  struct Admitted {
    Bounded<Candidate, sources_max> candidates;
    std::uint64_t settled{};    ///< set of sources
    std::uint64_t unsettled{};  ///< likewise
    bool venue_down{};
  };

  void follow_market(std::size_t node);
  Admitted admit_sources(std::size_t node, MonoTime mono, Jumps jumps);
  void pool_sources(std::size_t node, MonoTime mono);
  void derive_from_parts(std::size_t node, MonoTime mono);
  void judge(std::size_t node, MonoTime mono, WallTime wall);

  AggregationPolicy policy_;
  Plan plan_;
  std::vector<Listing> listings_;  ///< ascending by (venue, symbol)
  std::vector<Desk> desks_;        ///< by node
  std::vector<Rate> rates_;        ///< by node, as of the last observe()
  std::vector<PartView> views_;    ///< likewise
};

}  // namespace assay::aggregator
