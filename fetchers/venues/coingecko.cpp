#include "fetchers/venues/coingecko.hpp"

#include <algorithm>
#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

struct Coin {
  std::string_view id;
  std::string_view code;
};

/// Ids are names, not codes, and nothing but a list leads from one to the other.
constexpr std::array<Coin, 99> coins = {{
    {"aave", "AAVE"},
    {"algorand", "ALGO"},
    {"aptos", "APT"},
    {"arbitrum", "ARB"},
    {"avalanche-2", "AVAX"},
    {"axie-infinity", "AXS"},
    {"binance-usd", "BUSD"},
    {"binancecoin", "BNB"},
    {"bitcoin", "BTC"},
    {"bitcoin-cash", "BCH"},
    {"bittensor", "TAO"},
    {"bonk", "BONK"},
    {"cardano", "ADA"},
    {"celestia", "TIA"},
    {"chainlink", "LINK"},
    {"coinbase-wrapped-btc", "CBBTC"},
    {"compound-governance-token", "COMP"},
    {"cosmos", "ATOM"},
    {"crypto-com-chain", "CRO"},
    {"curve-dao-token", "CRV"},
    {"dai", "DAI"},
    {"dash", "DASH"},
    {"decentraland", "MANA"},
    {"dogecoin", "DOGE"},
    {"dogwifcoin", "WIF"},
    {"elrond-erd-2", "EGLD"},
    {"eos", "EOS"},
    {"ethena", "ENA"},
    {"ethena-usde", "USDE"},
    {"ethereum", "ETH"},
    {"ethereum-classic", "ETC"},
    {"euro-coin", "EURC"},
    {"fantom", "FTM"},
    {"filecoin", "FIL"},
    {"first-digital-usd", "FDUSD"},
    {"flow", "FLOW"},
    {"frax", "FRAX"},
    {"gala", "GALA"},
    {"gemini-dollar", "GUSD"},
    {"havven", "SNX"},
    {"hedera-hashgraph", "HBAR"},
    {"hyperliquid", "HYPE"},
    {"immutable-x", "IMX"},
    {"injective-protocol", "INJ"},
    {"internet-computer", "ICP"},
    {"iota", "IOTA"},
    {"jupiter-exchange-solana", "JUP"},
    {"kaspa", "KAS"},
    {"leo-token", "LEO"},
    {"lido-dao", "LDO"},
    {"liquity-usd", "LUSD"},
    {"litecoin", "LTC"},
    {"maker", "MKR"},
    {"mantle", "MNT"},
    {"matic-network", "MATIC"},
    {"monero", "XMR"},
    {"near", "NEAR"},
    {"neo", "NEO"},
    {"okb", "OKB"},
    {"ondo-finance", "ONDO"},
    {"optimism", "OP"},
    {"pax-gold", "PAXG"},
    {"paypal-usd", "PYUSD"},
    {"pepe", "PEPE"},
    {"polkadot", "DOT"},
    {"polygon-ecosystem-token", "POL"},
    {"pyth-network", "PYTH"},
    {"quant-network", "QNT"},
    {"render-token", "RENDER"},
    {"ripple", "XRP"},
    {"ripple-usd", "RLUSD"},
    {"rocket-pool-eth", "RETH"},
    {"sei-network", "SEI"},
    {"shiba-inu", "SHIB"},
    {"solana", "SOL"},
    {"staked-ether", "STETH"},
    {"starknet", "STRK"},
    {"stellar", "XLM"},
    {"sui", "SUI"},
    {"tether", "USDT"},
    {"tether-gold", "XAUT"},
    {"tezos", "XTZ"},
    {"the-graph", "GRT"},
    {"the-open-network", "TON"},
    {"the-sandbox", "SAND"},
    {"theta-token", "THETA"},
    {"thorchain", "RUNE"},
    {"tron", "TRX"},
    {"true-usd", "TUSD"},
    {"uniswap", "UNI"},
    {"usd-coin", "USDC"},
    {"usds", "USDS"},
    {"vechain", "VET"},
    {"weth", "WETH"},
    {"worldcoin-wld", "WLD"},
    {"wrapped-bitcoin", "WBTC"},
    {"wrapped-eeth", "WEETH"},
    {"wrapped-steth", "WSTETH"},
    {"zcash", "ZEC"},
}};

std::string code_of(std::string_view id) {
  const auto found = std::find_if(coins.begin(), coins.end(), [&](const Coin& coin) { return coin.id == id; });
  return found == coins.end() ? std::string{} : std::string(found->code);
}

Instrument coin_in(std::string_view id, std::string_view currency) {
  return {.symbol = std::string(id), .pair = {.base = code_of(id), .quote = upper_case(currency)}};
}

/// A currency, not "usd_market_cap", "usd_24h_vol", "usd_24h_change" or "last_updated_at".
bool is_currency(std::string_view key) {
  return !key.empty() && key.find('_') == std::string_view::npos;
}

/// {"usd":1.5,"usd_market_cap":2,"last_updated_at":seconds} of one coin.
void read_prices(std::string_view id, JsonValue prices, Parsed& out) {
  const auto time = time_from_epoch(prices["last_updated_at"].text(), TimeUnit::seconds);
  for (const JsonValue price : prices) {
    if (is_full(out)) {
      return;
    }
    if (is_currency(price.key()) && !price.is_null()) {
      add_item(out, make_quote(coin_in(id, price.key()), QuoteKind::rate, last_only(price), time));
    }
  }
}

ParsedItem read_market(JsonValue entry, std::string_view currency) {
  if (!entry["current_price"].exists()) {  // coins/list, search
    return entry["id"].exists() ? ParsedItem(Control{"instruments"}) : unsupported("a list");
  }
  Instrument instrument = coin_in(entry["id"].text(), currency);
  if (instrument.pair.base.empty()) {
    instrument.pair.base = upper_case(entry["symbol"].text());
  }
  return make_quote(instrument, QuoteKind::rate, last_only(entry["current_price"]),
                    time_from_iso(entry["last_updated"].text()));
}

ParsedItem read_ticker(JsonValue entry) {
  const std::string base(entry["base"].text());
  const std::string quote(entry["target"].text());
  const Instrument instrument{.symbol = base.empty() || quote.empty() ? "" : base + "/" + quote,
                              .pair = {.base = canonical_asset(base), .quote = canonical_asset(quote)}};
  const auto traded = time_from_iso(entry["last_traded_at"].text());
  return make_quote(instrument, QuoteKind::ticker,
                    {.bid = {}, .ask = {}, .last = entry["last"], .base_volume = entry["volume"]},
                    traded ? traded : time_from_iso(entry["timestamp"].text()));
}

/// {"rates":{"usd":{"name","unit","value","type"}}}: how much of each one bitcoin is.
ParsedItem read_rate(JsonValue rate) {
  const std::string code = upper_case(rate.key());
  return make_quote({.symbol = std::string(rate.key()), .pair = {.base = "BTC", .quote = code}}, QuoteKind::rate,
                    last_only(rate["value"]), std::nullopt);
}

/// market_chart {"prices":[[milliseconds, price],...]} and ohlc [[milliseconds, open, high, low, close],...], whose
/// coin only the endpoint names.
void read_rows(std::string_view id, std::string_view currency, JsonValue rows, Parsed& out) {
  read_each(rows, out, [&](JsonValue row) {
    const bool candle = row.size() >= 5;
    return make_quote(id.empty() ? Instrument{} : coin_in(id, currency), candle ? QuoteKind::candle : QuoteKind::rate,
                      last_only(row.at(candle ? 4 : 1)), time_from_epoch(row.at(0).text(), TimeUnit::by_size));
  });
}

/// Prices in dollars by the address of a token.
void read_token_prices(JsonValue prices, Parsed& out) {
  read_each(prices, out, [](JsonValue price) {
    return make_quote(coin_in(price.key(), "usd"), QuoteKind::rate, last_only(price), std::nullopt);
  });
}

ParsedItem read_error(JsonValue body) {
  const JsonValue status = body["error"]["status"].exists() ? body["error"]["status"] : body["status"];
  const std::string_view said =
      status["error_message"].exists() ? status["error_message"].text() : body["error"].text();
  Refusal refusal = venue_refusal(said);
  if (status["error_code"].text() == "429") {
    refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
  }
  return refusal;
}

void read_list(JsonValue list, std::string_view currency, Parsed& out) {
  if (list.at(0).is_string()) {  // supported_vs_currencies
    return add_item(out, Control{"instruments"});
  }
  const ParsedItem first = list.size() > 0 ? read_market(list.at(0), currency) : Control{"empty"};
  if (std::holds_alternative<Control>(first)) {
    return add_item(out, first);
  }
  read_each(list, out, [&](JsonValue entry) { return read_market(entry, currency); });
}

void read_body(JsonValue body, std::string_view id, std::string_view currency, Parsed& out) {
  if (body.is_array()) {
    return body.at(0).is_array() ? read_rows(id, currency, body, out) : read_list(body, currency, out);
  }
  if (!body.is_object()) {
    return add_item(out, missing("an object or a list was due"));
  }
  if (body["status"]["error_code"].exists() || body["error"].exists()) {
    return add_item(out, read_error(body));
  }
  if (body["gecko_says"].exists()) {
    return add_item(out, Control{"pong"});
  }
  if (body["prices"].is_array()) {
    return read_rows(id, currency, body["prices"], out);
  }
  if (const JsonValue prices = body["data"]["attributes"]["token_prices"]; prices.is_object()) {
    return read_token_prices(prices, out);
  }
  if (body["data"]["active_cryptocurrencies"].exists()) {
    return add_item(out, Control{"status"});
  }
  if (body["tickers"].is_array()) {
    return read_each(body["tickers"], out, read_ticker);
  }
  if (body["rates"].is_object()) {
    return read_each(body["rates"], out, read_rate);
  }
  if (const JsonValue prices = body["market_data"]["current_price"]; prices.is_object()) {
    read_prices(body["id"].text(), prices, out);
  } else {
    for (const JsonValue coin : body) {
      read_prices(coin.key(), coin, out);
    }
  }
  if (out.items.empty()) {
    const bool priceless = body.size() == 0 || (body.at(0).is_object() && body.at(0).size() == 0);  // no such currency
    add_item(out, priceless ? ParsedItem(Control{"empty"}) : unsupported(body.at(0).key()));
  }
}

/// "ETH/USD" is ethereum in usd, "some-id/eur" as it says; without a currency it is dollars.
std::pair<std::string, std::string> id_and_currency(std::string_view symbol) {
  const std::size_t slash = symbol.find('/');
  const std::string_view name = symbol.substr(0, slash);
  const auto found = std::find_if(coins.begin(), coins.end(), [&](const Coin& coin) { return coin.code == name; });
  return {std::string(found == coins.end() ? name : found->id),
          slash == std::string_view::npos ? "usd" : lower_case(symbol.substr(slash + 1))};
}

void add_once(std::vector<std::string>& list, std::string value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) {
    list.push_back(std::move(value));
  }
}

}  // namespace

bool coingecko_knows(std::string_view code) {
  return std::any_of(coins.begin(), coins.end(), [&](const Coin& coin) { return coin.code == code; });
}

void CoingeckoAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  const Endpoint asked = split_endpoint(endpoint);
  read_body(body, symbol.empty() ? segment_after(asked, "coins").value_or("") : std::string(symbol),
            query_value(asked, "vs_currency").value_or(""), out);
}

std::vector<std::string> CoingeckoAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  std::vector<std::string> ids;
  std::vector<std::string> currencies;
  for (const std::string& symbol : symbols) {
    auto [id, currency] = id_and_currency(symbol);
    add_once(ids, std::move(id));
    add_once(currencies, std::move(currency));
  }
  return {"/simple/price?ids=" + percent_encoded(ids) + "&vs_currencies=" + percent_encoded(currencies) +
          "&include_last_updated_at=true&precision=full"};
}

}  // namespace assay::fetchers
