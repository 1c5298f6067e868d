#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.hpp"
#include "core/time.hpp"
#include "publisher/frames.hpp"
#include "publisher/requests.hpp"

namespace assay::publisher {

using ClientId = Strong<struct ClientIdTag, std::uint64_t>;

/// Bounds on what subscribers may cost, each with what happens beyond it.
struct HubLimits {
  std::size_t clients_max = 1000;                         ///< connect() answers nothing
  std::size_t subscriptions_max = 8;                      ///< per client: an error reply
  std::size_t replies_max = 32;                           ///< unread replies per client: closed as too fast
  std::size_t reply_bytes_max = std::size_t{256} << 10U;  ///< of unread replies, at the next request: likewise
  std::size_t rejected_max = 16;           ///< feeds that a reply names as rejected; the others are counted
  std::uint32_t requests_per_second = 10;  ///< sustained; beyond it closed as too fast
  std::uint32_t requests_burst = 40;       ///< at once
  std::uint32_t faults_max = 8;            ///< messages that do not parse: then closed
};

/// WebSocket close codes of ours (docs/wire.md).
enum class CloseCode : std::uint16_t {
  bad_message = 4400,  ///< too many messages that do not parse
  too_fast = 4429,     ///< requests beyond the rate, or replies that are not read
};
struct Close {
  CloseCode code{};
  const char* why = "";
};

struct HubCounters {
  std::uint64_t frames_built{};      ///< one per feed set and batch, however many share it
  std::uint64_t frames_taken{};      ///< frames handed to sockets
  std::uint64_t frames_conflated{};  ///< batches that subscribers did not get, counted when they are told
};

/// Who gets what, without a socket: subscribers ask for their next text when their socket is free (take). A subscriber
/// that is not free when a batch comes keeps no queue: it gets the newest batch when it next asks, after a
/// "conflated" notice that names the heights it missed, through its own doing or the node's. One text is built per
/// batch and set of feeds and shared by all who want that set. Memory per subscriber: its replies (reply_bytes_max and
/// one more reply) and one frame.   One thread.
class Hub {
 public:
  /// hello  the first text every client gets
  Hub(std::shared_ptr<const FeedList> feeds, HubLimits limits, std::string hello);

  /// A new subscriber, or nothing when clients_max are connected.
  std::optional<ClientId> connect(MonoTime now);
  void disconnect(ClientId client);

  /// One message of a client.   returns  why the connection must end, if it must. Unknown client: nothing happens.
  std::optional<Close> receive(ClientId client, std::string_view text, MonoTime now);

  /// A newer batch for everybody. One whose height is not above the last one, or with other feeds, is ignored.
  void publish(std::shared_ptr<const Batch> batch);

  /// The next text for this client, or null when there is none for now. Replies first, then the newest batch.
  SharedText take(ClientId client);

  [[nodiscard]] bool subscribed(ClientId client) const;
  [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }
  [[nodiscard]] const HubCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const BatchFrames* latest() const noexcept { return latest_ ? &*latest_ : nullptr; }

 private:
  using FeedSet = std::vector<std::uint32_t>;  ///< ascending indices
  struct SharedSet {
    std::size_t users = 0;
    std::uint64_t sequence = 0;  ///< of the batch that `frame` shows
    SharedText frame;
  };
  using SetRef = std::map<FeedSet, SharedSet>::iterator;
  struct Client {
    std::map<std::int64_t, SetRef> subscriptions;
    std::optional<SetRef> wanted;  ///< union of the subscriptions; none: not subscribed
    std::deque<SharedText> replies;
    std::size_t reply_bytes = 0;  ///< of replies
    SharedText held;              ///< the frame that follows a conflated notice
    std::uint64_t sequence = 0;   ///< of the last batch it got
    std::optional<Height> sent;   ///< height of the last frame since it subscribed
    std::int64_t tokens_us = 0;   ///< request allowance, in microseconds of refill
    MonoTime refilled;
    std::uint32_t faults = 0;
  };

  static void reply(Client& client, SharedText text);
  bool spend_token(Client& client, MonoTime now) const;
  void subscribe(Client& client, const Subscribe& request);
  void unsubscribe(Client& client, const Unsubscribe& request);
  void rebuild_wanted(Client& client);
  SetRef share(FeedSet set);
  void release(SetRef set);
  SharedText frame_of(SetRef set);

  // configuration
  std::shared_ptr<const FeedList> feeds_;
  std::map<std::string, std::uint32_t, std::less<>> index_of_;
  HubLimits limits_;
  SharedText hello_;
  // volatile
  std::map<FeedSet, SharedSet> sets_;
  std::map<ClientId, Client> clients_;
  std::uint64_t last_client_ = 0;
  std::optional<BatchFrames> latest_;
  std::uint64_t sequence_ = 0;  ///< batches published so far
  HubCounters counters_;
};

}  // namespace assay::publisher
