#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

/// What one euro is worth; other pairs are not listed.
std::string currency(const Pair& pair) {
  return pair.base == "EUR" ? pair.quote : "";
}

constexpr std::array routes{
    Route{.path = "/stats/eurofxref/eurofxref-daily.xml",
          .head = R"(<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube><Cube time='$day'>
)",
          .entry = "<Cube currency='$symbol' rate='$mid'/>\n",
          .tail = "</Cube></Cube>\n</gesmes:Envelope>\n"},
};

}  // namespace

const Dialect& ecb_dialect() {
  static const Dialect dialect{.venue = "ecb",
                               .spell = currency,
                               .separator = "",
                               .content_type = "text/xml",
                               .routes = routes,
                               .unknown = {404, "<html><body>Not found</body></html>"}};
  return dialect;
}

}  // namespace assay::fetchers::market
