#include "fetchers/intake.hpp"

#include <bit>
#include <utility>

#include "fetchers/symbol_match.hpp"

namespace assay::fetchers {

Intake::Intake(std::string venue, std::vector<std::string> symbols, const Adapter& adapter,
               std::function<void(Quote)> sink, std::function<void(VenueNote)> note)
    : venue_(std::move(venue)),
      symbols_(std::move(symbols)),
      adapter_(adapter),
      sink_(std::move(sink)),
      note_(std::move(note)) {}

Parsed Intake::read_message(ByteSpan frame, std::string_view target) {
  return adapter_.parse_stream(frame, target, memory_);
}

Parsed Intake::read_body(std::string_view endpoint, ByteSpan body) const {
  return adapter_.parse_rest(endpoint, body, symbols_.size() == 1 ? std::string_view(symbols_.front()) : "");
}

std::optional<ParsedQuote> Intake::listed(const ParsedQuote& parsed) const {
  auto symbol = parsed.kind == QuoteKind::candle ? std::nullopt : configured_symbol(parsed, symbols_);
  if (!symbol) return std::nullopt;
  ParsedQuote ours = parsed;
  ours.symbol = *std::move(symbol);
  return ours;
}

void Intake::take(const Parsed& parsed, Moment now) {
  ++messages_;
  last_message_ = now.mono;
  for (const ParsedItem& item : parsed.items) {
    if (const auto* refusal = std::get_if<Refusal>(&item)) refuse(refusal->error, refusal->text);
    if (const auto* quote = std::get_if<ParsedQuote>(&item)) take_quote(*quote, now);
  }
}

void Intake::take_quote(const ParsedQuote& parsed, Moment now) {
  if (parsed.kind == QuoteKind::candle) return;
  const auto ours = listed(parsed);
  if (!ours) return pass_over(parsed.symbol);
  auto quote = to_quote(venue_, *ours, now.wall, now.mono);
  if (!quote) return refuse(quote.error(), parsed.symbol);
  ++quotes_;
  sink_(*std::move(quote));
}

void Intake::refuse(Error error, std::string_view text) {
  if (std::has_single_bit(++refusals_) && note_) note_({venue_, "parse", error, std::string(text)});
}

void Intake::pass_over(std::string_view symbol) {
  constexpr std::size_t shown_max = 64;
  if (!std::has_single_bit(++unlisted_) || !note_) return;
  note_({venue_, "unlisted", {Errc::symbol_unknown, "a configured symbol"}, std::string(symbol.substr(0, shown_max))});
}

}  // namespace assay::fetchers
