#include "fetchers/json_adapter.hpp"

#include "fetchers/endpoint.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/symbols.hpp"

namespace assay::fetchers {

namespace {

/// What stands before a venue has errors of its own shapes, whatever the venue's are: {"message":"Forbidden"},
/// {"timestamp","status":404,"error":"Not Found","path"}. They count where the adapter found nothing to read.
void name_gateway_error(JsonValue root, Parsed& out) {
  auto* refusal = out.items.size() == 1 ? std::get_if<Refusal>(&out.items.front()) : nullptr;
  if (refusal == nullptr || (refusal->error.code != Errc::missing_field && refusal->error.code != Errc::unsupported)) {
    return;
  }
  for (const std::string_view name : {"message", "Message", "msg", "error", "error_msg", "errorMessage", "detail"}) {
    const std::string said = lower_case(root[name].text().substr(0, 8));
    if (root[name].is_string() && !said.empty() && said != "ok" && said != "success" && said != "suc") {
      *refusal = venue_refusal(root[name].text());
      return;
    }
  }
}

/// What `read` makes of a payload's root; the refusal of one that has none.
template <class Read>
Parsed read_root(ByteSpan payload, Read read) {
  const auto document = read_payload(payload);
  if (!document) return unreadable(document.error(), payload);
  Parsed parsed;
  read(document->root(), parsed);
  name_gateway_error(document->root(), parsed);
  return parsed;
}

}  // namespace

Parsed JsonAdapter::parse_ws(ByteSpan frame, std::string_view path) const {
  return parse_ws_with_symbol(frame, path, {});
}

Parsed JsonAdapter::parse_ws_with_symbol(ByteSpan frame, std::string_view path, std::string_view symbol) const {
  if (auto other = on_other_frame(frame)) return *std::move(other);
  return read_root(frame, [&](JsonValue root, Parsed& out) { on_message(root, path, symbol, out); });
}

Parsed JsonAdapter::parse_stream(ByteSpan frame, std::string_view path, StreamMemory& memory) const {
  if (auto other = on_other_frame(frame)) return *std::move(other);
  return read_root(frame, [&](JsonValue root, Parsed& out) {
    memory.missed = false;
    on_stream_message(root, path, memory, out);
    out.missed = memory.missed;
  });
}

Parsed JsonAdapter::parse_rest(std::string_view endpoint, ByteSpan body, std::string_view symbol) const {
  return read_root(body, [&](JsonValue root, Parsed& out) { on_body(root, endpoint, symbol, out); });
}

std::optional<Parsed> JsonAdapter::on_other_frame(ByteSpan /*frame*/) const {
  return std::nullopt;
}

void JsonAdapter::on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const {
  on_body(message, path, symbol, out);
}

void JsonAdapter::on_stream_message(JsonValue message, std::string_view path, StreamMemory& memory, Parsed& out) const {
  on_message(message, path, remember(message, memory), out);
}

std::string JsonAdapter::remember(JsonValue /*message*/, StreamMemory& /*memory*/) const {
  return {};
}

Subscription PolledAdapter::subscribe(std::span<const std::string> /*symbols*/) const {
  return {};
}

void expect_next(StreamMemory& memory, std::string_view counter, JsonValue number) {
  const auto value = whole_number(number.text());
  if (!value) return;
  const auto known = memory.counters.find(counter);
  if (known != memory.counters.end()) {
    memory.missed = memory.missed || *value > known->second + 1;
    known->second = *value;
  } else if (memory.counters.size() < channels_max) {
    memory.counters.emplace(counter, *value);
  }
}

std::string symbol_or_query(std::string_view symbol, std::string_view endpoint, std::string_view parameter) {
  return symbol.empty() ? query_value(split_endpoint(endpoint), parameter).value_or("") : std::string(symbol);
}

}  // namespace assay::fetchers
