#pragma once
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/feed.hpp"
#include "fetchers/io/ws_client.hpp"
#include "node/mailbox.hpp"
#include "node/price_table.hpp"
#include "node/system.hpp"
#include "publisher/consumer.hpp"

namespace assay::node {

/// A verifying subscriber of one or several nodes at once: what `assay watch` and `assay up` look through. Every frame
/// goes through one Consumer, so that the same batch from another node counts once and a fork between nodes is seen.
class StreamWatch {
 public:
  struct Counters {
    std::uint64_t heights{};  ///< distinct batches accepted
    std::uint64_t leaves{};   ///< distinct (feed, height) accepted
    std::uint64_t refused{};  ///< frames that did not verify
    std::string last_refusal;
    std::vector<Height> newest;     ///< by endpoint: newest accepted height that came from it
    std::vector<std::string> link;  ///< by endpoint: "open" or why not
    bool forked{};
  };
  /// An accepted frame, the first time its leaves are seen; on the run() thread.
  using OnFrame = std::function<void(const publisher::VerifiedFrame& frame, WallTime now)>;

  /// urls   ws://host:port/v1/stream each;  feeds  symbols, or {"*"}
  StreamWatch(publisher::Pinned pinned, std::vector<FeedTerms> expected, std::vector<std::string> urls,
              const std::vector<std::string>& feeds, OnFrame on_frame);

  void run() { clients_.run(); }    ///< on a lent thread, until stop()
  void stop() { clients_.stop(); }  ///< thread-safe

  Counters counters() const { return counters_.read(); }
  std::vector<std::string> table(WallTime now) const { return table_.read().lines(now); }

 private:
  void add(std::size_t endpoint, const std::string& url, const std::string& subscribe);
  void message(std::size_t endpoint, std::string_view text);

  OnFrame on_frame_;
  SystemEntropy entropy_;
  fetchers::WsClients clients_;
  publisher::Consumer consumer_;               ///< run() thread only
  std::map<std::string, Height> newest_leaf_;  ///< run() thread only: what was counted
  Guarded<Counters> counters_;
  Guarded<PriceTable> table_;
};

/// "http://host:port", "host:port" or a full WebSocket URL -> the URL of /v1/stream.
std::string stream_url(const std::string& text);

}  // namespace assay::node
