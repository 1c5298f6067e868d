// Any bytes as what an HTTP server says beside its body: dates, Retry-After, counts, pages; and as a page behind a
// status.
#include "fetchers/condition.hpp"
#include "fetchers/venue_time.hpp"
#include "tests/fuzz/fuzz_bytes.hpp"
#include "tests/fuzz/venue_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  using namespace assay::fetchers;
  FuzzBytes in({data, size});
  const WallTime now{in.u64() % 4'000'000'000'000'000U};
  const int status = static_cast<int>(in.below(256)) * 3;
  const ByteSpan rest = in.raw(size);
  const std::string_view text(reinterpret_cast<const char*>(rest.data()), rest.size());
  if (const auto wait = retry_after(text, now)) fuzz::must(wait->value >= 0 && *wait <= retry_after_max);
  time_from_http_date(text, now);
  time_from_iso(text);
  if (const auto used = used_weight(text)) fuzz::must(text.size() >= std::to_string(*used).size());
  fuzz::must(!name(condition_of(status, text)).empty());
  if (is_html_page(text)) fuzz::must(condition_of(200, text) == Condition::html_page);
  return 0;
}
