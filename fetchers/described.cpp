#include "fetchers/described.hpp"

#include <algorithm>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

namespace {

constexpr std::string_view one_symbol = "{symbol}";
constexpr std::string_view all_symbols = "{symbols}";
constexpr std::string_view own_key = "@key";

/// One reference token of a pointer with "~1" and "~0" undone.
std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    out += !escape ? token[i] : token[++i] == '1' ? '/' : '~';
  }
  return out;
}

/// A place in a list: digits without leading zero.
std::optional<std::size_t> place_of(std::string_view token) {
  if (token.empty() || token.size() > 7 || (token.size() > 1 && token.front() == '0')) {
    return std::nullopt;
  }
  std::size_t place = 0;
  for (const char c : token) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    place = place * 10 + static_cast<std::size_t>(c - '0');
  }
  return place;
}

std::string replaced(std::string text, std::string_view mark, std::string_view value) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size()) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

bool has(std::string_view text, std::string_view mark) {
  return text.find(mark) != std::string_view::npos;
}

std::optional<WallTime> time_of(const PayloadShape& shape, JsonValue entry) {
  const std::string_view text = resolve(entry, shape.time).text();
  const auto moment = time_from_iso(text);
  return moment ? moment : time_from_epoch(text, shape.time_unit);
}

/// A field by its pointer; absent where the payload has no such field.
JsonValue field(JsonValue entry, std::string_view pointer) {
  return pointer.empty() ? JsonValue{} : resolve(entry, pointer);
}

void scale(std::optional<std::string>& price, int exponent) {
  if (price && exponent != 0) {
    *price += "e" + std::to_string(exponent);
  }
}

ParsedItem read_entry(const PayloadShape& shape, JsonValue entry, std::string_view asked) {
  const PriceFields fields{.bid = field(entry, shape.bid),
                           .ask = field(entry, shape.ask),
                           .last = field(entry, shape.last),
                           .base_volume = field(entry, shape.base_volume)};
  if (!fields.bid.exists() && !fields.ask.exists() && !fields.last.exists()) {
    return Control{"other"};
  }
  const std::string_view symbol = shape.symbol == own_key ? entry.key()
                                  : shape.symbol.empty()  ? asked
                                                          : resolve(entry, shape.symbol).text();
  ParsedItem item = make_quote({.symbol = std::string(symbol), .pair = split_delimited(symbol)}, QuoteKind::ticker,
                               fields, time_of(shape, entry));
  if (auto* quote = std::get_if<ParsedQuote>(&item)) {
    scale(quote->bid, shape.price_exponent);
    scale(quote->ask, shape.price_exponent);
    scale(quote->last, shape.price_exponent);
  }
  return item;
}

void read_entries(const PayloadShape& shape, JsonValue root, std::string_view asked, Parsed& out) {
  const JsonValue entries = resolve(root, shape.entries);
  if (entries.is_array() || (entries.is_object() && shape.symbol == own_key)) {
    return read_each(entries, out, [&](JsonValue entry) { return read_entry(shape, entry, asked); });
  }
  add_item(out, entries.is_object() ? read_entry(shape, entries, asked) : Control{"other"});
}

}  // namespace

bool is_json_pointer(std::string_view pointer) {
  if (pointer.size() > pointer_length_max || (!pointer.empty() && pointer.front() != '/')) {
    return false;
  }
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char next = i + 1 < pointer.size() ? pointer[i + 1] : ' ';
    if (pointer[i] == '~' && next != '0' && next != '1') {
      return false;
    }
  }
  return true;
}

JsonValue resolve(JsonValue value, std::string_view pointer) {
  if (!is_json_pointer(pointer)) {
    return {};
  }
  while (!pointer.empty() && value.exists()) {
    pointer.remove_prefix(1);
    const std::string token = unescaped(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(std::min(pointer.size(), pointer.find('/')));
    if (value.is_array()) {
      const auto place = place_of(token);
      value = place ? value.at(*place) : JsonValue{};
    } else {
      value = value[token];
    }
  }
  return value;
}

Subscription DescribedAdapter::subscribe(std::span<const std::string> symbols) const {
  Subscription subscription{.target = "", .frames = {}};
  const std::string& frame = description_.subscribe;
  if (frame.empty() || symbols.empty()) {
    return subscription;
  }
  if (has(frame, one_symbol)) {
    for (const std::string& symbol : symbols) {
      const std::string quoted = json_string(symbol);
      subscription.frames.push_back(replaced(frame, one_symbol, quoted.substr(1, quoted.size() - 2)));
    }
    return subscription;
  }
  const std::string list = json_list(symbols);
  subscription.frames.push_back(replaced(frame, all_symbols, std::string_view(list).substr(1, list.size() - 2)));
  return subscription;
}

std::vector<std::string> DescribedAdapter::rest_targets(std::span<const std::string> symbols) const {
  const std::string& target = description_.rest_target;
  if (description_.rest_base.empty() || !description_.calls.empty() || symbols.empty()) {
    return {};
  }
  std::vector<std::string> targets;
  if (has(target, one_symbol)) {
    for (const std::string& symbol : symbols) {
      targets.push_back(replaced(target, one_symbol, percent_encoded(symbol)));
    }
    return targets;
  }
  targets.push_back(replaced(target, all_symbols, percent_encoded(symbols)));
  return targets;
}

std::vector<RestPost> DescribedAdapter::rest_posts(std::span<const std::string> symbols) const {
  std::string body = contract_batch(description_.calls, description_.block, symbols);
  return body.empty() ? std::vector<RestPost>{} : std::vector<RestPost>{{.target = "", .body = std::move(body)}};
}

KeyRule DescribedAdapter::key_rule() const {
  if (description_.key_header.empty()) {
    return {};
  }
  return {.place = KeyRule::Place::header, .name = description_.key_header, .prefix = description_.key_prefix};
}

std::string DescribedAdapter::asked_symbol(std::string_view endpoint) const {
  const std::string_view target = description_.rest_target;
  const std::size_t mark = target.find(one_symbol);
  if (mark == std::string_view::npos || has(target.substr(mark + one_symbol.size()), one_symbol)) {
    return {};
  }
  const std::string_view before = target.substr(0, mark);
  const std::string_view after = target.substr(mark + one_symbol.size());
  if (endpoint.size() <= before.size() + after.size() || !endpoint.starts_with(before) || !endpoint.ends_with(after)) {
    return {};
  }
  const std::string_view encoded = endpoint.substr(before.size(), endpoint.size() - before.size() - after.size());
  const std::string query = "s=" + std::string(encoded);
  return query_value({.host = {}, .path = {}, .query = query}, "s").value_or("");
}

void DescribedAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol,
                                  Parsed& out) const {
  read_entries(description_.ws, message, symbol, out);
}

void DescribedAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  if (!description_.calls.empty()) {
    return read_contract_answers(body, description_.calls, out);
  }
  read_entries(description_.rest, body, symbol.empty() ? asked_symbol(endpoint) : std::string(symbol), out);
}

}  // namespace assay::fetchers
