#include "fetchers/venue.hpp"

#include <algorithm>
#include <span>

#include "core/decimal.hpp"
#include "fetchers/venues/binance.hpp"
#include "fetchers/venues/bitfinex.hpp"
#include "fetchers/venues/bitget.hpp"
#include "fetchers/venues/bithumb.hpp"
#include "fetchers/venues/bitstamp.hpp"
#include "fetchers/venues/bybit.hpp"
#include "fetchers/venues/coinbase_advanced.hpp"
#include "fetchers/venues/coinbase_exchange.hpp"
#include "fetchers/venues/coingecko.hpp"
#include "fetchers/venues/crypto_com.hpp"
#include "fetchers/venues/deribit.hpp"
#include "fetchers/venues/dydx.hpp"
#include "fetchers/venues/ecb.hpp"
#include "fetchers/venues/exchangerate_host.hpp"
#include "fetchers/venues/gateio.hpp"
#include "fetchers/venues/gemini.hpp"
#include "fetchers/venues/htx.hpp"
#include "fetchers/venues/hyperliquid.hpp"
#include "fetchers/venues/kraken.hpp"
#include "fetchers/venues/kucoin.hpp"
#include "fetchers/venues/mexc.hpp"
#include "fetchers/venues/oanda.hpp"
#include "fetchers/venues/okx.hpp"
#include "fetchers/venues/polygon.hpp"
#include "fetchers/venues/twelvedata.hpp"
#include "fetchers/venues/uniswap.hpp"
#include "fetchers/venues/upbit.hpp"

namespace assay::fetchers {

namespace {

/// Every adapter, ascending by name. They hold no state, so one of each serves all threads.
std::span<const Adapter* const> adapters() {
  static const BinanceAdapter binance(binance_site());
  static const BinanceAdapter binance_us(binance_us_site());
  static const BitfinexAdapter bitfinex;
  static const BitgetAdapter bitget;
  static const BithumbAdapter bithumb;
  static const BitstampAdapter bitstamp;
  static const BybitAdapter bybit;
  static const CoinbaseAdvancedAdapter coinbase_advanced;
  static const CoinbaseExchangeAdapter coinbase_exchange;
  static const CoingeckoAdapter coingecko;
  static const CryptoComAdapter crypto_com;
  static const DeribitAdapter deribit;
  static const DydxAdapter dydx;
  static const EcbAdapter ecb;
  static const ExchangerateHostAdapter exchangerate_host;
  static const GateioAdapter gateio;
  static const GeminiAdapter gemini;
  static const HtxAdapter htx;
  static const HyperliquidAdapter hyperliquid;
  static const KrakenAdapter kraken;
  static const KucoinAdapter kucoin;
  static const MexcAdapter mexc;
  static const OandaAdapter oanda;
  static const OkxAdapter okx;
  static const PolygonAdapter polygon;
  static const TwelvedataAdapter twelvedata;
  static const UniswapAdapter uniswap;
  static const UpbitAdapter upbit;
  static const Adapter* const all[] = {
      &binance,
      &binance_us,
      &bitfinex,
      &bitget,
      &bithumb,
      &bitstamp,
      &bybit,
      &coinbase_advanced,
      &coinbase_exchange,
      &coingecko,
      &crypto_com,
      &deribit,
      &dydx,
      &ecb,
      &exchangerate_host,
      &gateio,
      &gemini,
      &htx,
      &hyperliquid,
      &kraken,
      &kucoin,
      &mexc,
      &oanda,
      &okx,
      &polygon,
      &twelvedata,
      &uniswap,
      &upbit,
  };
  return all;
}

}  // namespace

bool Adapter::tells_every_change() const {
  return false;
}

Parsed Adapter::parse_ws_with_symbol(ByteSpan frame, std::string_view path, std::string_view /*symbol*/) const {
  return parse_ws(frame, path);
}

Parsed Adapter::parse_stream(ByteSpan frame, std::string_view path, StreamMemory& /*memory*/) const {
  return parse_ws(frame, path);
}

std::vector<RestPost> Adapter::rest_posts(std::span<const std::string> /*symbols*/) const {
  return {};
}

std::optional<TokenRule> Adapter::token_rule() const {
  return std::nullopt;
}

std::string Adapter::token_of(ByteSpan /*body*/) const {
  return {};
}

KeyRule Adapter::key_rule() const {
  return {};
}

const Adapter* find_adapter(std::string_view venue) {
  const auto found = std::find_if(adapters().begin(), adapters().end(),
                                  [&](const Adapter* adapter) { return adapter->venue() == venue; });
  return found == adapters().end() ? nullptr : *found;
}

std::vector<std::string_view> venue_names() {
  std::vector<std::string_view> names;
  for (const Adapter* adapter : adapters()) {
    names.push_back(adapter->venue());
  }
  return names;
}

Result<Quote> to_quote(std::string_view venue, const ParsedQuote& parsed, WallTime recv_time, MonoTime recv_mono) {
  Quote quote{.venue = std::string(venue),
              .symbol = parsed.symbol,
              .bid = {},
              .ask = {},
              .last = {},
              .bids = parsed.bids,
              .asks = parsed.asks,
              .venue_time = parsed.venue_time,
              .recv_time = recv_time,
              .recv_mono = recv_mono};
  const std::pair<const std::optional<std::string>*, std::optional<Decimal>*> fields[] = {
      {&parsed.bid, &quote.bid}, {&parsed.ask, &quote.ask}, {&parsed.last, &quote.last}};
  for (const auto& [text, place] : fields) {
    if (!*text) {
      continue;
    }
    auto price = parse_price(**text);
    if (!price) {
      return price.error();
    }
    *place = *price;
  }
  if (!has_price(quote)) {
    return Error{Errc::missing_field, "neither bid nor ask nor last"};
  }
  if (quote.bid && quote.ask && compare(*quote.bid, *quote.ask) > 0) {
    return Error{Errc::crossed_book, "bid above ask"};
  }
  return quote;
}

std::string_view name(QuoteKind kind) noexcept {
  switch (kind) {
    case QuoteKind::ticker:
      return "ticker";
    case QuoteKind::bbo:
      return "bbo";
    case QuoteKind::book:
      return "book";
    case QuoteKind::trade:
      return "trade";
    case QuoteKind::index:
      return "index";
    case QuoteKind::pool:
      return "pool";
    case QuoteKind::rate:
      return "rate";
    case QuoteKind::candle:
      return "candle";
  }
  return "unknown";
}

}  // namespace assay::fetchers
