#include "fetchers/intake.hpp"

#include <bit>
#include <utility>

#include "fetchers/symbol_match.hpp"

namespace assay::fetchers {

Intake::Intake(IntakeSettings settings, const Adapter& adapter, std::function<void(Quote)> sink,
               std::function<void(VenueNote)> note)
    : settings_(std::move(settings)), adapter_(adapter), sink_(std::move(sink)), note_(std::move(note)) {}

void Intake::opened(std::uint64_t connection) {
  memories_[connection] = {};
  if (memories_.size() > connections_max) memories_.erase(memories_.begin());
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
  const auto named = settings_.names.find(*symbol);
  ours.symbol = named == settings_.names.end() ? *std::move(symbol) : named->second;
  return ours;
}

void Intake::take(const Parsed& parsed, Moment now) {
  ++messages_;
  last_message_ = now.mono;
  if (!first_message_) first_message_ = now.mono;
  for (const ParsedItem& item : parsed.items) {
    if (const auto* refusal = std::get_if<Refusal>(&item)) refuse(refusal->error, refusal->text);
    if (const auto* quote = std::get_if<ParsedQuote>(&item)) take_quote(*quote, now);
  }
}

void Intake::take_quote(const ParsedQuote& parsed, Moment now) {
  if (parsed.kind == QuoteKind::candle) return;
  const auto ours = listed(parsed);
  if (!ours) return pass_over(parsed.symbol);
  if (!is_timely(*ours, now)) return;
  auto quote = to_quote(settings_.venue, *ours, now.wall, now.mono);
  if (!quote) return refuse(quote.error(), parsed.symbol);
  if (quote->venue_time) quote->venue_time = clock_.by_our_clock(now.mono, *quote->venue_time);
  ++quotes_;
  sink_(*std::move(quote));
}

bool Intake::is_timely(const ParsedQuote& parsed, Moment now) {
  if (!parsed.venue_time || parsed.kind == QuoteKind::rate) return true;
  const auto verdict = clock_.judge(now.mono, now.wall, *parsed.venue_time);
  if (verdict == VenueClock::Verdict::believable) return true;
  if (verdict == VenueClock::Verdict::stale && parsed.kind == QuoteKind::trade) return true;
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
