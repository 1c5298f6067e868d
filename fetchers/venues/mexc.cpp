#include "fetchers/venues/mexc.hpp"

#include <algorithm>
#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/venues/binance_messages.hpp"
#include "fetchers/venues/mexc_messages.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 12> mexc_quotes = {"USDT", "USDC", "USDE", "USD1", "TUSD", "USDF",
                                                          "USD",  "EUR",  "BRL",  "BTC",  "ETH",  "MX"};

constexpr BinanceSite site{
    .venue = "mexc", .rest_base = "https://api.mexc.com", .ws_base = "wss://wbs-api.mexc.com", .quotes = mexc_quotes};

/// A wrapper starts with its channel's name: field 1, length-delimited. In JSON that byte is white space, which the
/// venue does not send.
bool is_protobuf(ByteSpan frame) {
  return !frame.empty() && frame.front() == 0x0a;
}

Parsed read_protobuf(ByteSpan frame) {
  const auto text = protobuf_to_json(frame, mexc_wrapper());
  if (!text) {
    return unreadable(text.error(), frame);
  }
  const auto document = JsonDocument::parse(as_bytes(*text));
  if (!document) {
    return unreadable(document.error(), frame);
  }
  Parsed parsed;
  read_mexc_wrapper(document->root(), parsed);
  return parsed;
}

/// A wrapper in JSON whose body had nothing in it is left without one.
bool is_bare(JsonValue message) {
  if (!message["sendTime"].exists() || !message["symbol"].exists()) {
    return false;
  }
  constexpr std::array<std::string_view, 4> names = {"channel", "symbol", "sendTime", "createTime"};
  return std::all_of(message.begin(), message.end(), [&](JsonValue field) {
    return std::find(names.begin(), names.end(), field.key()) != names.end();
  });
}

/// {"code":200,"data":{...}} of the API before v3, where v3 answers with the data alone.
bool is_open_api(JsonValue body) {
  return body["code"].exists() && body["data"].exists() && !body["symbol"].exists();
}

}  // namespace

Instrument mexc_instrument(std::string_view symbol) {
  const bool delimited = symbol.find_first_of("_-") != std::string_view::npos;
  return {.symbol = std::string(symbol),
          .pair = delimited ? split_delimited(symbol) : split_concatenated(symbol, mexc_quotes)};
}

std::optional<Parsed> MexcAdapter::on_other_frame(ByteSpan frame) const {
  return is_protobuf(frame) ? std::optional(read_protobuf(frame)) : std::nullopt;
}

void MexcAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol, Parsed& out) const {
  if (is_bare(message)) {
    add_item(out, Control{"empty"});
  } else if (message["sendTime"].exists() || message["channel"].text().starts_with("spot@")) {
    read_mexc_wrapper(message, out);
  } else {
    read_mexc_json(message, symbol, out);
  }
}

void MexcAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  std::string named = symbol_or_query(symbol, endpoint, "symbol");
  for (const std::string_view kind : {"depth", "deals", "kline", "index_price", "fair_price"}) {  // contracts
    if (named.empty()) {
      named = segment_after(split_endpoint(endpoint), kind).value_or("");
    }
  }
  if (is_open_api(body)) {
    read_mexc_open_api(body, named, out);
  } else {
    read_binance_rest({.site = site, .symbol = named, .stream = {}}, body, out);
  }
}

Subscription MexcAdapter::subscribe(std::span<const std::string> symbols) const {
  std::vector<std::string> streams;
  for (const std::string& symbol : symbols) {
    streams.push_back("spot@public.aggre.bookTicker.v3.api.pb@100ms@" + upper_case(symbol));
  }
  return {.target = "/ws", .frames = {R"({"method":"SUBSCRIPTION","params":)" + json_list(streams) + "}"}};
}

std::vector<std::string> MexcAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  const std::string all = "/api/v3/ticker/bookTicker";
  return {symbols.size() == 1 ? all + "?symbol=" + percent_encoded(upper_case(symbols.front())) : all};
}

}  // namespace assay::fetchers
