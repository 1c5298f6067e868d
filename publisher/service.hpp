#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "publisher/frames.hpp"

namespace assay::publisher {

/// One condition of readiness, with the number that decided.
struct ReadyCheck {
  std::string name;  ///< "last_batch_age_ms"
  bool ok = false;
  std::string value;  ///< "5210"
  std::string limit;  ///< "2000"
};
/// Ready when every check is ok; an empty list is not ready: nothing was looked at.
struct Readiness {
  std::vector<ReadyCheck> checks;
  [[nodiscard]] bool ready() const;
};

/// What the HTTP side asks of the node. Called on the publisher's thread, so each must be quick and thread-safe.
/// An empty function: the route answers 404.
struct ServerHooks {
  std::function<Readiness()> readiness;
  std::function<std::string()> metrics_text;                     ///< Prometheus text format 0.0.4
  std::function<Result<std::optional<Batch>>(Height)> batch_at;  ///< from the ledger
  /// Why this node last said what it said of a feed or leg, one JSON document; none for an unknown symbol.
  std::function<std::optional<std::string>(std::string_view symbol)> explain_json;
  std::function<std::string()> status_json;       ///< one JSON document
  std::function<std::string()> venues_json = {};  ///< what each source says and why it counts: one JSON document
  FeedList earlier_feeds = {};  ///< of epochs before this one: what their sealed batches hold, in any order
};

/// What a request asks for, already bounded by the transport.
struct HttpRequest {
  std::string_view method;
  std::string_view target;         ///< path and query as sent
  std::string_view if_none_match;  ///< empty: absent
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string cache_control = "no-store";
  std::string etag;   ///< quoted; empty: none
  std::string allow;  ///< with 405
  std::string body;   ///< already left out for HEAD and 304: see content_length
  std::size_t content_length = 0;
};

/// The REST side of the publisher, without a socket: routes, cache rules, problem+json (RFC 9457).
///   GET /v1/latest?feeds=BTC-USD,ETH-USD   newest batch, as a "batch" frame; all feeds without `feeds`
///   GET /v1/latest/BTC-USD                 newest leaf, as an "update" frame
///   GET /v1/batch/{height}                 a sealed batch, all leaves: immutable
///   GET /v1/explain/BTC-USD                what this node's venues say of it, and why each counts or not
///   GET /v1/venues                         what every source says now, and for which feeds it counts
///   GET /v1/feeds  /v1/status  /healthz  /readyz (503 with reasons)  /metrics
/// One thread.
class Service {
 public:
  struct Identity {
    NetworkId network;
    PublicKey group_key;
  };
  Service(std::shared_ptr<const FeedList> feeds, Identity identity, ServerHooks hooks);

  /// Total on any method and target.   latest  the newest batch, or null when there is none yet
  [[nodiscard]] HttpResponse answer(const HttpRequest& request, const BatchFrames* latest) const;

  /// The first text of a subscriber: {"type":"hello","network_id","group_key","feeds","limits"}.
  [[nodiscard]] std::string hello() const;

 private:
  [[nodiscard]] HttpResponse route(std::string_view path, std::string_view query, const BatchFrames* latest) const;
  [[nodiscard]] HttpResponse latest_of(std::string_view query, const BatchFrames* latest) const;
  [[nodiscard]] HttpResponse latest_feed(std::string_view symbol, const BatchFrames* latest) const;
  [[nodiscard]] HttpResponse explained(std::string_view symbol) const;
  [[nodiscard]] HttpResponse sealed(std::string_view height) const;
  /// The feeds of a batch of any epoch; null where one is not known here.
  [[nodiscard]] std::shared_ptr<const FeedList> feeds_of(const Batch& batch) const;
  [[nodiscard]] HttpResponse feed_list() const;
  [[nodiscard]] HttpResponse readiness() const;

  std::shared_ptr<const FeedList> feeds_;
  Identity identity_;
  ServerHooks hooks_;
};

/// RFC 9457: {"type":"about:blank","title","status","detail"}, never cached.
HttpResponse problem(unsigned status, std::string_view detail);

}  // namespace assay::publisher
