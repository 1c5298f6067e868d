#include "fetchers/venues/exchangerate_host.hpp"

#include <map>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> midnight(std::string_view day) {
  return day.size() == 10 ? time_from_iso(std::string(day) + "T00:00:00Z") : std::nullopt;
}

std::optional<WallTime> time_of(JsonValue body) {
  const auto exact = time_from_epoch(body["timestamp"].text(), TimeUnit::seconds);
  return exact ? exact : midnight(body["date"].text());
}

/// {"EUR":0.9,...}
void read_rates(std::string_view base, JsonValue rates, std::optional<WallTime> time, Parsed& out) {
  read_each(rates, out, [&](JsonValue rate) {
    return make_quote({.symbol = std::string(rate.key()),
                       .pair = {.base = canonical_asset(base), .quote = canonical_asset(rate.key())}},
                      QuoteKind::rate, last_only(rate), time);
  });
}

/// {"USDEUR":0.9,...}, each key starting with the source.
void read_quotes(std::string_view source, JsonValue quotes, std::optional<WallTime> time, Parsed& out) {
  read_each(quotes, out, [&](JsonValue rate) {
    Instrument instrument{.symbol = std::string(rate.key()), .pair = {}};
    if (!source.empty() && rate.key().starts_with(source) && rate.key().size() > source.size()) {
      instrument.pair = {.base = canonical_asset(source), .quote = canonical_asset(rate.key().substr(source.size()))};
    }
    return make_quote(instrument, QuoteKind::rate, last_only(rate), time);
  });
}

/// {"2022-01-01":{"EUR":0.9},...}
template <class Read>
void read_days(JsonValue days, Parsed& out, Read read) {
  for (const JsonValue day : days) {
    if (is_full(out)) {
      return;
    }
    read(day, midnight(day.key()));
  }
}

/// {"EUR":{"start_rate","end_rate","change"}} between two days: the rate of the later.
void read_changes(JsonValue body, std::string_view base, JsonValue changes, Parsed& out) {
  read_each(changes, out, [&](JsonValue change) {
    std::string_view quote = change.key();
    quote.remove_prefix(body["quotes"].is_object() && quote.starts_with(base) ? base.size() : 0);
    return make_quote(
        {.symbol = std::string(change.key()), .pair = {.base = canonical_asset(base), .quote = canonical_asset(quote)}},
        QuoteKind::rate, last_only(change["end_rate"]), midnight(body["end_date"].text()));
  });
}

ParsedItem read_conversion(JsonValue body) {
  const JsonValue query = body["query"];
  const JsonValue info = body["info"];
  const std::string_view base = query["from"].text();
  const std::string_view quote = query["to"].text();
  Instrument instrument;
  if (!base.empty() && !quote.empty()) {
    instrument = {.symbol = std::string(base) + "/" + std::string(quote),
                  .pair = {.base = canonical_asset(base), .quote = canonical_asset(quote)}};
  }
  const auto exact = time_of(info);
  return make_quote(instrument, QuoteKind::rate, last_only(info["quote"].exists() ? info["quote"] : info["rate"]),
                    exact ? exact : time_of(body));
}

/// {"success":false,"error":{"code":104,"type","info"}}; 104 and 106 say that the plan's share is used up.
ParsedItem read_error(JsonValue error) {
  const std::string_view info = error["info"].text();
  const std::string_view type = error["type"].text();
  Refusal refusal = venue_refusal(!info.empty() ? info : !type.empty() ? type : error.text());
  if (error["code"].text() == "104" || error["code"].text() == "106" || error["code"].text() == "429") {
    refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
  }
  return refusal;
}

void read_body(JsonValue body, Parsed& out) {
  if (body["success"].is_false() || body["error"].exists()) {
    return add_item(out, read_error(body["error"]));
  }
  const JsonValue rates = body["rates"];
  if (body["info"].is_object()) {
    return add_item(out, read_conversion(body));
  }
  const JsonValue quotes = body["quotes"];
  const std::string_view base = first_text({body["base"].text(), body["source"].text()});
  if (rates.at(0)["end_rate"].exists() || quotes.at(0)["end_rate"].exists()) {
    return read_changes(body, base, rates.is_object() ? rates : quotes, out);
  }
  if (rates.at(0)["country_name"].exists()) {  // value-added tax
    return add_item(out, Control{"other"});
  }
  if (rates.is_object()) {
    return rates.at(0).is_object()
               ? read_days(rates, out, [&](JsonValue day, auto time) { read_rates(base, day, time, out); })
               : read_rates(base, rates, time_of(body), out);
  }
  if (quotes.is_object()) {
    return quotes.at(0).is_object()
               ? read_days(quotes, out, [&](JsonValue day, auto time) { read_quotes(base, day, time, out); })
               : read_quotes(base, quotes, time_of(body), out);
  }
  if (body["symbols"].is_object() || body["currencies"].is_object()) {
    return add_item(out, Control{"instruments"});
  }
  if (body["message"].is_string()) {
    return add_item(out, venue_refusal(body["message"].text()));
  }
  add_item(out, missing("an answer has rates or quotes"));
}

/// "EUR/USD", "EURUSD".
Pair sides_of(std::string_view symbol) {
  if (symbol.size() == 6) {
    return {.base = upper_case(symbol.substr(0, 3)), .quote = upper_case(symbol.substr(3))};
  }
  return split_delimited(symbol);
}

}  // namespace

void ExchangerateHostAdapter::on_body(JsonValue body, std::string_view /*endpoint*/, std::string_view /*symbol*/,
                                      Parsed& out) const {
  read_body(body, out);
}

std::vector<std::string> ExchangerateHostAdapter::rest_targets(std::span<const std::string> symbols) const {
  std::map<std::string, std::string> currencies;  // by source: one request each
  for (const std::string& symbol : symbols) {
    const Pair pair = sides_of(symbol);
    std::string& list = currencies[pair.base];
    list += (list.empty() ? "" : ",") + percent_encoded(pair.quote);
  }
  std::vector<std::string> targets;
  for (const auto& [source, list] : currencies) {
    targets.push_back("/live?source=" + percent_encoded(source) + "&currencies=" + list);
  }
  return targets;
}

}  // namespace assay::fetchers
