// Any bytes as the answer of an Ethereum node to two calls: quotes of these two alone, or refusals.
#include "fetchers/described.hpp"
#include "tests/fuzz/venue_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::fetchers;
  Description described;
  described.venue = "reader";
  described.calls = {{"A_B", "0x" + std::string(40, '1'), "0x12345678", 0, 18},
                     {"C_D", "0x" + std::string(40, '2'), "0x12345678", 1, 0}};
  const DescribedAdapter adapter(std::move(described));
  const std::string_view sent(reinterpret_cast<const char*>(data), size);
  const Parsed parsed = adapter.parse_rest("POST  []", assay::as_bytes(sent), {});
  fuzz::check_answer("reader", parsed);
  for (const ParsedItem& item : parsed.items) {
    const auto* quote = std::get_if<ParsedQuote>(&item);
    fuzz::must(quote == nullptr || quote->symbol == "A_B" || quote->symbol == "C_D");
  }
  return 0;
}
