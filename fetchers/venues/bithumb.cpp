#include "fetchers/venues/bithumb.hpp"

#include "fetchers/venues/bithumb_old.hpp"
#include "fetchers/venues/upbit_messages.hpp"

namespace assay::fetchers {

Parsed BithumbAdapter::parse_ws(ByteSpan frame, std::string_view /*path*/) const {
  auto document = read_payload(frame);
  if (!document) {
    return unreadable(document.error(), frame);
  }
  const JsonValue message = document->root();
  Parsed parsed;
  if (is_upbit_message(message)) {
    read_upbit(message, parsed);
  } else if (message["code"].exists()) {
    read_bithumb_global(message, parsed);
  } else {
    read_bithumb_old_stream(message, parsed);
  }
  return parsed;
}

Parsed BithumbAdapter::parse_rest(std::string_view endpoint, ByteSpan body, std::string_view symbol) const {
  auto document = read_payload(body);
  if (!document) {
    return unreadable(document.error(), body);
  }
  const JsonValue root = document->root();
  Parsed parsed;
  if (is_upbit_message(root)) {
    read_upbit(root, parsed);
  } else if (root["data"].is_array() && root["data"].at(0)["market"].exists()) {
    read_upbit(root["data"], parsed);
  } else {
    read_bithumb_old_rest(split_endpoint(endpoint), root, symbol, parsed);
  }
  return parsed;
}

Subscription BithumbAdapter::subscribe(std::span<const std::string> symbols) const {
  return {.target = "/websocket/v1", .frames = {upbit_subscription(symbols)}};
}

std::vector<std::string> BithumbAdapter::rest_targets(std::span<const std::string> symbols) const {
  return upbit_targets(symbols);
}

}  // namespace assay::fetchers
