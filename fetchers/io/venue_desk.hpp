#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fetchers/instruments.hpp"
#include "fetchers/io/http_poller.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "fetchers/io/ws_client.hpp"
#include "fetchers/stream_cover.hpp"
#include "fetchers/venue_limits.hpp"

namespace assay::fetchers {

/// Everything that is known of one venue while it is read, and what follows from each event. Opens no socket itself.
/// Guarded by its owner's mutex, but for what is const.
class VenueDesk {
 public:
  /// `sink` and `note` as VenueFeeds has them.
  VenueDesk(VenueFeedSettings settings, std::function<void(Quote)> sink, std::function<void(VenueNote)> note);

  const VenueFeedSettings settings;
  const Adapter* const adapter;  ///< null: nobody speaks for it
  const VenueLimits limits;
  std::shared_ptr<SharedGate> rest_gate;    ///< set by the owner
  std::shared_ptr<SharedGate> stream_gate;  ///< likewise
  std::vector<std::size_t> clients;         ///< of each stream its index at WsClients
  std::optional<Intake> intake;             ///< none without an adapter
  VenueState state;

  // Polling. A slot is one of the venue's requests; fewer symbols may leave some without any.
  std::size_t slots() const { return requests_.size(); }
  /// What may be asked of its host: the venue's own limits with care, or what the settings have instead.
  std::vector<RateRule> allowances() const;
  /// From one request of a slot to the next: as configured, or as slow as the allowances make a round of all slots.
  Micros poll_interval() const;
  /// What a request takes of the allowances.
  std::uint32_t weight(const HttpRequest& request) const;
  /// What to ask in that slot now; none while the streams tell it all, but for a look every check_interval.
  std::optional<PollRequest> next_poll(std::size_t slot, MonoTime now);
  /// What was asked in that slot has been answered, one way or another.
  void polled(std::size_t slot, MonoTime at) { polled_at_[slot] = at; }
  /// A body has come and was read. What it was asked for and does not tell stands by no stream any more.
  ///   returns  what it was worth
  Condition take_body(const Parsed& parsed, Moment at);
  /// Whether several such answers in a row disagreed with the streams since this was asked last.
  bool distrusts_streams() { return std::exchange(distrusts_streams_, false); }

  // Streams: each for a part of the symbols.
  std::size_t streams() const { return streams_.size(); }
  WsPlan plan(std::size_t stream) const;
  std::string target_of(std::size_t stream) const;
  void opened(std::size_t stream, WsConnectionId connection);
  void closed(std::size_t stream, WsConnectionId connection);
  void down(std::size_t stream);
  /// A message has come on a connection of that stream.
  WsReaction take_message(std::size_t stream, WsConnectionId connection, const Parsed& parsed, Moment at);
  /// One number for each connection of the venue, as tapes have it.
  static std::uint64_t tape_number(std::size_t stream, WsConnectionId connection);

  // Instruments.
  const std::vector<InstrumentQuestion>& questions() const { return questions_; }
  /// Holds an answer against what is configured. Reads nothing but what is const: without the owner's mutex.
  std::vector<InstrumentProblem> judge(std::size_t question, std::span<const ListedInstrument> listed) const;
  /// What that found: what is listed and not traded is halted.
  ///   returns  whether the set of symbols that are asked for has changed
  bool take_problems(std::size_t question, std::vector<InstrumentProblem> problems, Moment at);

  VenueState state_at(MonoTime now) const;
  void tell(std::string_view what, Error error, std::string_view text) const;

  static constexpr Micros check_interval = millis(30'000);
  static constexpr Micros mute_after = millis(60'000);  ///< a symbol without any quote for so long is pointed at

 private:
  struct Stream {
    std::vector<std::string> symbols;
    std::set<std::string> told;                               ///< symbols that it gave a quote of
    std::map<WsConnectionId, std::set<std::string>> talking;  ///< the same by open connection
    bool up = false;
  };
  enum class Road : std::uint8_t { none, stream, poll };

  enum class News : std::uint8_t { fresh, repeated };
  void take_quote(Quote quote);
  bool counts_by_stream(const Quote& quote, News news);
  std::vector<std::string> asked_of(const std::vector<std::string>& symbols) const;
  void build_requests();
  void point_at_unasked();
  void list_problems();
  bool is_overtaken(const Stream& stream, WsConnectionId connection, const std::string& symbol) const;
  void doubt(Quote& polled);

  const std::function<void(Quote)> sink_;
  const std::function<void(VenueNote)> note_;
  std::vector<InstrumentQuestion> questions_;                            ///< const once made
  std::vector<std::optional<std::vector<InstrumentProblem>>> problems_;  ///< by question, of its newest answer
  std::set<std::string> unlisted_;                                       ///< symbols that are not asked for
  std::vector<std::string> asked_names_;                                 ///< what quotes of the others are called
  std::vector<HttpRequest> requests_;                                    ///< by slot; empty: nothing
  std::vector<std::optional<MonoTime>> polled_at_;                       ///< by slot
  std::vector<Stream> streams_;
  StreamCover cover_;
  std::set<std::string> heard_;   ///< symbols of which any quote came
  Road road_ = Road::none;        ///< of the payload that is being taken
  std::set<std::string> polled_;  ///< symbols that it told, of an answer
  Stream* stream_ = nullptr;      ///< that it came by
  WsConnectionId connection_{};   ///< likewise
  bool distrusts_streams_ = false;
};

}  // namespace assay::fetchers
