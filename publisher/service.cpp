#include "publisher/service.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <numeric>
#include <set>
#include <utility>

#include "core/bytes.hpp"
#include "core/header.hpp"
#include "publisher/requests.hpp"

namespace assay::publisher {
namespace {

namespace json = boost::json;

constexpr std::string_view ever = "public, max-age=604800, immutable";

std::string_view title_of(unsigned status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

HttpResponse document(std::string body) {
  HttpResponse out;
  out.body = std::move(body);
  return out;
}

/// "BTC-USD" of a URL as the symbol "BTC/USD": the first dash is the slash.
std::string symbol_of(std::string_view text) {
  std::string symbol(text);
  if (const auto dash = symbol.find('-'); dash != std::string::npos) symbol[dash] = '/';
  return symbol;
}

std::optional<std::uint32_t> index_of(const FeedList& feeds, std::string_view text) {
  const auto symbol = symbol_of(text);
  const auto found = std::find_if(feeds.begin(), feeds.end(), [&](const auto& feed) { return feed.symbol == symbol; });
  if (found == feeds.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - feeds.begin());
}

/// The value of `name` in a query, as sent; empty when absent.
std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    if (item.size() > name.size() && item.starts_with(name) && item[name.size()] == '=') {
      return item.substr(name.size() + 1);
    }
  }
  return {};
}

std::vector<std::uint32_t> all_of(const FeedList& feeds) {
  std::vector<std::uint32_t> out(feeds.size());
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

/// The batch's own name: the same for as long as this batch is the newest, another for the next.
std::string etag_of(const BatchFrames& frames) {
  return "\"" + to_hex(header_hash(frames.source().header).bytes) + "\"";
}

/// The newest batch changes several times a second: caches must ask each time, and are told when nothing has changed.
HttpResponse newest(std::string body, const BatchFrames& frames) {
  auto out = document(std::move(body));
  out.cache_control = "no-cache";
  out.etag = etag_of(frames);
  return out;
}

}  // namespace

bool Readiness::ready() const {
  return !checks.empty() && std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.ok; });
}

HttpResponse problem(unsigned status, std::string_view detail) {
  HttpResponse out;
  out.status = status;
  out.content_type = "application/problem+json";
  out.body = json::serialize(
      json::object{{"type", "about:blank"}, {"title", title_of(status)}, {"status", status}, {"detail", detail}});
  out.content_length = out.body.size();
  return out;
}

Service::Service(std::shared_ptr<const FeedList> feeds, Identity identity, ServerHooks hooks)
    : feeds_(std::move(feeds)), identity_(identity), hooks_(std::move(hooks)) {}

HttpResponse Service::answer(const HttpRequest& request, const BatchFrames* latest) const {
  const bool head = request.method == "HEAD";
  HttpResponse out;
  if (!head && request.method != "GET") {
    out = problem(405, "only GET and HEAD");
    out.allow = "GET, HEAD";
  } else if (const auto target = boost::urls::parse_origin_form(request.target); !target) {
    out = problem(400, "the target is not a path");
  } else {
    const boost::urls::string_view path = target->encoded_path();
    const boost::urls::string_view query = target->encoded_query();
    out = route({path.data(), path.size()}, {query.data(), query.size()}, latest);
  }
  if (!out.etag.empty() && request.if_none_match == out.etag) {
    out.status = 304;
    out.body.clear();
  }
  out.content_length = out.body.size();
  if (head) out.body.clear();
  return out;
}

HttpResponse Service::route(std::string_view path, std::string_view query, const BatchFrames* latest) const {
  constexpr std::string_view latest_prefix = "/v1/latest/";
  constexpr std::string_view explain_prefix = "/v1/explain/";
  constexpr std::string_view batch_prefix = "/v1/batch/";
  if (path == "/v1/latest") return latest_of(query, latest);
  if (path.starts_with(latest_prefix)) return latest_feed(path.substr(latest_prefix.size()), latest);
  if (path.starts_with(explain_prefix)) return explained(path.substr(explain_prefix.size()));
  if (path.starts_with(batch_prefix)) return sealed(path.substr(batch_prefix.size()));
  if (path == "/v1/feeds") return feed_list();
  if (path == "/v1/stream") return problem(400, "a WebSocket: send an upgrade");
  if (path == "/v1/venues" && hooks_.venues_json) return document(hooks_.venues_json());
  if (path == "/v1/status" && hooks_.status_json) return document(hooks_.status_json());
  if (path == "/healthz") return document("{\"alive\":true}");
  if (path == "/readyz" && hooks_.readiness) return readiness();
  if (path == "/metrics" && hooks_.metrics_text) {
    auto out = document(hooks_.metrics_text());
    out.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return out;
  }
  return problem(404, "no such resource");
}

HttpResponse Service::latest_of(std::string_view query, const BatchFrames* latest) const {
  std::set<std::uint32_t> wanted;
  std::string_view rest = parameter(query, "feeds");
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto index = index_of(*feeds_, rest.substr(0, comma));
    if (!index) return problem(404, "no such feed");
    wanted.insert(*index);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  if (latest == nullptr) return problem(503, "nothing is attested yet");
  const auto indices = wanted.empty() ? all_of(*feeds_) : std::vector<std::uint32_t>(wanted.begin(), wanted.end());
  return newest(latest->batch(indices), *latest);
}

HttpResponse Service::latest_feed(std::string_view symbol, const BatchFrames* latest) const {
  const auto index = index_of(*feeds_, symbol);
  if (!index) return problem(404, "no such feed");
  if (latest == nullptr) return problem(503, "nothing is attested yet");
  return newest(latest->update(*index), *latest);
}

HttpResponse Service::explained(std::string_view symbol) const {
  auto found = hooks_.explain_json ? hooks_.explain_json(symbol_of(symbol)) : std::nullopt;
  return found ? document(*std::move(found)) : problem(404, "no such feed");
}

HttpResponse Service::sealed(std::string_view text) const {
  Height height;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), height.value);
  if (failed != std::errc{} || end != text.data() + text.size()) return problem(400, "a height is a decimal number");
  if (!hooks_.batch_at) return problem(404, "no history here");
  auto found = hooks_.batch_at(height);
  if (!found) return problem(503, name(found.error().code));
  if (!*found) return problem(404, "not attested, or not held here");
  const auto batch = std::make_shared<const Batch>(*std::move(found).value());
  const auto feeds = feeds_of(*batch);
  if (!feeds) return problem(404, "a batch of an epoch whose feeds are not known here");
  const auto frames = BatchFrames::make(batch, feeds);
  if (!frames) return problem(500, "the batch has no feeds");
  auto out = document(frames->batch(all_of(*feeds)));
  out.cache_control = ever;
  out.etag = etag_of(*frames);
  return out;
}

std::shared_ptr<const FeedList> Service::feeds_of(const Batch& batch) const {
  const auto same = [](const Leaf& leaf, const FeedTerms& feed) { return leaf.feed == feed.id; };
  if (std::equal(batch.leaves.begin(), batch.leaves.end(), feeds_->begin(), feeds_->end(), same)) return feeds_;
  auto out = std::make_shared<FeedList>();
  for (const Leaf& leaf : batch.leaves) {
    for (const FeedList* list : {feeds_.get(), &hooks_.earlier_feeds}) {
      const auto known = std::find_if(list->begin(), list->end(), [&](const auto& feed) { return same(leaf, feed); });
      if (known == list->end()) continue;
      out->push_back(*known);
      break;
    }
  }
  return out->size() == batch.leaves.size() ? out : nullptr;
}

HttpResponse Service::feed_list() const {
  json::array list;
  for (const auto& feed : *feeds_) {
    list.push_back(json::object{{"feed", feed.symbol},
                                {"feed_id", to_hex(feed.id.value.bytes)},
                                {"exponent", feed.exponent},
                                {"ttl_us", std::to_string(feed.ttl.value)}});
  }
  auto out = document(json::serialize(json::object{{"feeds", std::move(list)}}));
  out.cache_control = "public, max-age=60";
  return out;
}

HttpResponse Service::readiness() const {
  const auto state = hooks_.readiness();
  json::array checks;
  for (const auto& check : state.checks) {
    checks.push_back(
        json::object{{"check", check.name}, {"ok", check.ok}, {"value", check.value}, {"limit", check.limit}});
  }
  auto out = document(json::serialize(json::object{{"ready", state.ready()}, {"checks", std::move(checks)}}));
  if (!state.ready()) out.status = 503;
  return out;
}

std::string Service::hello() const {
  return json::serialize(json::object{{"type", "hello"},
                                      {"network_id", to_hex(identity_.network.value.bytes)},
                                      {"group_key", to_hex(identity_.group_key.bytes)},
                                      {"feeds", feeds_->size()},
                                      {"limits", {{"request_bytes", request_bytes_max}}}});
}

}  // namespace assay::publisher
