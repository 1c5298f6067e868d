#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/quote.hpp"

namespace assay::fetchers {

/// What the streams of a venue said last and have not taken back. Where a venue tells every change of bid and ask, each
/// later message on the connection, be it a heartbeat or of another instrument, says that the rest still stands:
/// silence is no age. Pure; a quote for each instrument of a connection, of those that are configured. Owned by one
/// thread.
class Standing {
 public:
  void opened(std::uint64_t connection) { said_[connection] = {}; }
  void closed(std::uint64_t connection) { said_.erase(connection); }

  /// A quote has come. One without both sides takes back what was said of them.
  void said(std::uint64_t connection, const Quote& quote);
  /// Something came that may have been about this instrument, or about any of them, and was not understood.
  void doubt(std::uint64_t connection, std::string_view symbol);
  void doubt(std::uint64_t connection);
  /// The instrument's trading has begun or ended, or another road does not know it: what was said stands for nothing.
  void forget(std::string_view symbol);
  void forget();  ///< likewise of every instrument

  /// A message has come: what stands by it, as quotes repeated at this moment. Each instrument no more often than once
  /// in repeat_after.   cost  O(1) in between, then O(instruments of the connection)
  std::vector<Quote> due(std::uint64_t connection, WallTime wall, MonoTime mono);

  static constexpr Micros repeat_after = millis(1000);

 private:
  struct Said {
    MonoTime looked;
    std::map<std::string, Quote, std::less<>> quotes;  ///< by symbol
  };
  std::map<std::uint64_t, Said> said_;  ///< by connection that was opened
};

}  // namespace assay::fetchers
