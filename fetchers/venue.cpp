#include "fetchers/venue.hpp"

namespace assay::fetchers {

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
