#include "publisher/requests.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace assay::publisher {
namespace {

namespace json = boost::json;

Result<std::int64_t> read_integer(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  if (value == nullptr) return std::int64_t{0};
  if (!value->is_int64()) return Error{Errc::missing_field, "id and t are integers"};
  if (value->get_int64() < 0) return Error{Errc::out_of_range, "id and t are not negative"};
  return value->get_int64();
}

Result<Request> read_subscribe(const json::object& from, std::int64_t id) {
  const auto* feeds = from.if_contains("feeds");
  const auto* list = feeds != nullptr ? feeds->if_array() : nullptr;
  if (list == nullptr || list->empty()) return Error{Errc::missing_field, "feeds: an array of symbols, or [\"*\"]"};
  if (list->size() > requested_feeds_max) return Error{Errc::too_large, "feeds: at most 4096"};
  Subscribe out{id, {}};
  out.feeds.reserve(list->size());
  for (const auto& item : *list) {
    if (!item.is_string()) return Error{Errc::missing_field, "feeds: an array of symbols, or [\"*\"]"};
    if (item.get_string().size() > symbol_bytes_max) return Error{Errc::too_large, "feeds: symbols of 64 bytes"};
    out.feeds.emplace_back(item.get_string());
  }
  return Request{std::move(out)};
}

}  // namespace

Result<Request> parse_request(std::string_view text) {
  if (text.size() > request_bytes_max) return Error{Errc::too_large, "a message of at most 64 KiB"};
  json::error_code failed;
  json::parse_options options;
  options.max_depth = 4;
  const json::value document = json::parse(text, failed, {}, options);
  if (failed || !document.is_object()) return Error{Errc::malformed, "one JSON object"};
  const json::object& from = document.get_object();
  const auto* op = from.if_contains("op");
  if (op == nullptr || !op->is_string()) return Error{Errc::missing_field, "op: subscribe, unsubscribe or ping"};
  const auto id = read_integer(from, "id");
  if (!id) return id.error();
  if (op->get_string() == "subscribe") return read_subscribe(from, *id);
  if (op->get_string() == "unsubscribe") return Request{Unsubscribe{*id}};
  if (op->get_string() != "ping") return Error{Errc::unsupported, "op: subscribe, unsubscribe or ping"};
  const auto time = read_integer(from, "t");
  if (!time) return time.error();
  return Request{Ping{*time}};
}

}  // namespace assay::publisher
