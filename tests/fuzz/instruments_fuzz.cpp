// Any bytes as a venue's list of instruments; the first two choose which venue's, and what is configured.
#include "fetchers/instruments.hpp"

#include "fetchers/symbol_rule.hpp"
#include "tests/fuzz/fuzz_bytes.hpp"
#include "tests/fuzz/venue_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::fetchers;
  assay::FuzzBytes in({data, size});
  const auto venues = venue_names();
  const std::string_view venue = venues[in.below(venues.size())];
  const std::uint8_t which = in.u8();
  const std::vector<std::string> ours = {"BTCUSDT",       "BTC-USDT-SWAP", "btc_usd",
                                         "BTC-PERP-INTX", "tBTCF0:USTF0",  "@107"};
  const auto questions = instrument_questions(venue, ours);
  if (questions.empty()) return 0;
  const InstrumentQuestion& question = questions[which % questions.size()];
  const auto listed = read_instruments(question, in.raw(size));
  if (!listed) return 0;
  fuzz::must(!listed->empty() && listed->size() <= instruments_max);
  for (const ListedInstrument& one : *listed) {
    fuzz::must(!one.symbol.empty() && one.symbol.size() <= 65 && one.status.size() <= 32);
    const auto named = symbol_by_rule(venue, one.pair);
    fuzz::must(!named || !named->empty());
  }
  if (listed->size() > 100) return 0;  // nearness is quadratic: enough of it above
  for (const InstrumentProblem& problem : instrument_problems(question.symbols, {}, *listed)) {
    fuzz::must(!problem.text.empty());
  }
  return 0;
}
