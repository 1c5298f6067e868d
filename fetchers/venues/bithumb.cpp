#include "fetchers/venues/bithumb.hpp"

#include "fetchers/venues/bithumb_old.hpp"
#include "fetchers/venues/upbit_messages.hpp"

namespace assay::fetchers {

void BithumbAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view /*symbol*/,
                                Parsed& out) const {
  if (is_upbit_message(message)) {
    read_upbit(message, out);
  } else if (message["code"].exists()) {
    read_bithumb_global(message, out);
  } else {
    read_bithumb_old_stream(message, out);
  }
}

void BithumbAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  if (is_upbit_message(body)) {
    read_upbit(body, out);
  } else if (body["data"].is_array() && body["data"].at(0)["market"].exists()) {
    read_upbit(body["data"], out);
  } else {
    read_bithumb_old_rest(split_endpoint(endpoint), body, symbol, out);
  }
}

Subscription BithumbAdapter::subscribe(std::span<const std::string> symbols) const {
  return {.target = "/websocket/v1", .frames = {upbit_subscription(symbols)}};
}

std::vector<std::string> BithumbAdapter::rest_targets(std::span<const std::string> symbols) const {
  return upbit_targets(symbols);
}

}  // namespace assay::fetchers
