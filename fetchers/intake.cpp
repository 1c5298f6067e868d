#include "fetchers/intake.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "fetchers/quote_lines.hpp"
#include "fetchers/symbol_match.hpp"

namespace assay::fetchers {

Intake::Intake(IntakeSettings settings, const Adapter& adapter, std::function<void(Quote)> sink,
               std::function<void(VenueNote)> note)
    : settings_(std::move(settings)), adapter_(adapter), sink_(std::move(sink)), note_(std::move(note)) {}

void Intake::opened(std::uint64_t connection) {
  memories_[connection] = {};
  if (adapter_.tells_every_change()) standing_.opened(connection);
  if (memories_.size() <= connections_max) return;
  standing_.closed(memories_.begin()->first);
  memories_.erase(memories_.begin());
}

void Intake::closed(std::uint64_t connection) {
  memories_.erase(connection);
  standing_.closed(connection);
  halts_.end(connection);
}

Parsed Intake::read_message(std::uint64_t connection, ByteSpan frame, std::string_view target) {
  if (!memories_.contains(connection)) opened(connection);  // a tape may begin in the middle
  return adapter_.parse_stream(frame, target, memories_[connection]);
}

Parsed Intake::read_body(std::string_view endpoint, ByteSpan body) const {
  const auto& symbols = settings_.symbols;
  return adapter_.parse_rest(endpoint, body, symbols.size() == 1 ? std::string_view(symbols.front()) : "");
}

std::optional<ParsedQuote> Intake::listed(const ParsedQuote& parsed) const {
  auto symbol = parsed.kind == QuoteKind::candle ? std::nullopt : configured_symbol(parsed, settings_.symbols);
  if (!symbol) return std::nullopt;
  ParsedQuote ours = parsed;
  ours.symbol = name_in(settings_.names, *symbol);
  return ours;
}

void Intake::take(const Parsed& parsed, Moment now, std::uint64_t connection) {
  ++messages_;
  last_message_ = now.mono;
  if (!first_message_) first_message_ = now.mono;
  for (const TradingNote& note : parsed.trading) take_note(note, now, connection);
  for (const ParsedItem& item : parsed.items) {
    if (const auto* refusal = std::get_if<Refusal>(&item)) refuse(refusal->error, refusal->text);
    if (const auto* quote = std::get_if<ParsedQuote>(&item)) take_quote(*quote, now, connection);
  }
  weigh(parsed, connection);
  for (Quote& quote : standing_.due(connection, now.wall, now.mono)) {
    quote.trading = halts_.of(quote.symbol);
    sink_(std::move(quote));
  }
}

void Intake::take_quote(const ParsedQuote& parsed, Moment now, std::uint64_t connection) {
  if (parsed.kind == QuoteKind::candle) return;
  const auto ours = listed(parsed);
  if (!ours) return pass_over(parsed.symbol);
  if (!is_timely(*ours, now)) return standing_.doubt(connection, ours->symbol);
  auto quote = to_quote(settings_.venue, *ours, now.wall, now.mono);
  if (!quote) {
    standing_.doubt(connection, ours->symbol);
    refuse(quote.error(), parsed.symbol);
    if (parsed.kind == QuoteKind::trade) return;
    return sink_(no_price(settings_.venue, ours->symbol, quote.error(), now.wall, now.mono));
  }
  if (ours->time_of == TimeOf::aside && quote->bid && quote->ask) quote->venue_time.reset();
  if (quote->venue_time) quote->venue_time = clock_.by_our_clock(now.mono, *quote->venue_time);
  if (connection != Halts::answers && halts_.say(quote->symbol, Halts::ended, Trading::trading))
    tell_trading(quote->symbol, now);
  quote->trading = halts_.of(quote->symbol);
  if (parsed.kind != QuoteKind::trade) standing_.said(connection, *quote);
  ++quotes_;
  sink_(*std::move(quote));
}

/// A message that we did not understand, a change that we do not apply and one that never came may have been about
/// anything: no more is known to stand.
void Intake::weigh(const Parsed& parsed, std::uint64_t connection) {
  const bool doubtful = std::any_of(parsed.items.begin(), parsed.items.end(), [](const ParsedItem& item) {
    const auto* control = std::get_if<Control>(&item);
    return std::holds_alternative<Refusal>(item) ||
           (control != nullptr && (control->name == "delta" || control->name == "empty"));
  });
  if (doubtful || parsed.missed) standing_.doubt(connection);
}

void Intake::take_note(const TradingNote& note, Moment now, std::uint64_t connection) {
  if (note.symbol.empty()) {
    for (const std::string& symbol : settings_.symbols) take_trading(symbol, connection, note.said, now);
    return;
  }
  ParsedQuote named;
  named.symbol = note.symbol;
  named.base = note.base;
  named.quote = note.quote;
  const auto symbol = configured_symbol(named, settings_.symbols);
  if (symbol) take_trading(*symbol, connection, note.said, now);
}

void Intake::take_trading(const std::string& symbol, Halts::Road road, Trading said, Moment now) {
  const std::string& name = name_in(settings_.names, symbol);
  if (halts_.say(name, road, said)) tell_trading(name, now);
}

void Intake::tell_trading(const std::string& name, Moment now) {
  standing_.forget(name);
  Quote word;
  word.venue = settings_.venue;
  word.symbol = name;
  word.recv_time = now.wall;
  word.recv_mono = now.mono;
  word.trading = halts_.of(name);
  sink_(std::move(word));
}

bool Intake::is_timely(const ParsedQuote& parsed, Moment now) {
  if (!parsed.venue_time || parsed.kind == QuoteKind::rate) return true;
  const bool aside = parsed.time_of == TimeOf::aside;
  if (aside && now.wall - *parsed.venue_time > VenueClock::future_max) return true;  // of then, not of a clock
  const auto verdict = clock_.judge(now.mono, now.wall, *parsed.venue_time);
  if (verdict == VenueClock::Verdict::believable) return true;
  if (verdict == VenueClock::Verdict::stale && (parsed.kind == QuoteKind::trade || aside)) return true;
  const bool future = verdict == VenueClock::Verdict::from_future;
  const Error error{Errc::untimely,
                    future ? "a time that is not ahead of ours" : "a time near that of the venue's other messages"};
  const Micros lag = now.wall - *parsed.venue_time;
  if (std::has_single_bit(++untimely_) && note_) {
    note_({settings_.venue, "clock", error,
           parsed.symbol + ": " + std::to_string((future ? -lag.value : lag.value) / 1000) +
               (future ? " ms ahead" : " ms old")});
  }
  return false;
}

void Intake::refuse(Error error, std::string_view text) {
  if (std::has_single_bit(++refusals_) && note_) note_({settings_.venue, "parse", error, std::string(text)});
}

void Intake::pass_over(std::string_view symbol) {
  constexpr std::size_t shown_max = 64;
  if (!std::has_single_bit(++unlisted_) || !note_) return;
  note_({settings_.venue,
         "unlisted",
         {Errc::symbol_unknown, "a configured symbol"},
         std::string(symbol.substr(0, shown_max))});
}

}  // namespace assay::fetchers
