#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"

struct pg_conn;

namespace assay::publisher {

/// One connection to PostgreSQL, with Result instead of libpq's codes. Every error is connect_failed (the connection
/// is gone), or database_failed (the server refused); message() has the server's own words.
///   threads  one, but interrupt() comes from any
class PgConnection {
 public:
  PgConnection() = default;
  PgConnection(const PgConnection&) = delete;
  PgConnection& operator=(const PgConnection&) = delete;
  ~PgConnection();

  struct Timeouts {
    std::uint32_t connect_ms{};
    std::uint32_t statement_ms{};
  };
  /// Replaces what was open before. `stop` is looked at several times a second while connecting.
  Done open(const std::string& url, Timeouts timeouts, const std::atomic<bool>& stop);
  void close();
  [[nodiscard]] bool alive() const;
  /// alive(), after looking at what the server may have said meanwhile. Does not block.
  [[nodiscard]] bool look();

  /// Statements without a result that matters; several may be given in one text, as one transaction.
  Done execute(const std::string& sql);
  /// The one value of the first row of a query, as text (bytea as lower-case hex); nothing when there is no row or it
  /// is NULL. `parameter` becomes $1, binary.
  Result<std::optional<std::string>> ask(const char* sql, ByteSpan parameter = {});
  /// Streams `data` into a COPY ... FROM STDIN.
  Done copy(const char* sql, ByteSpan data);

  /// Breaks a call that another thread is blocked in: it fails with connect_failed.
  void interrupt();
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

 private:
  Error failure(const char* what);

  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  std::unique_ptr<pg_conn, Finish> connection_;
  std::mutex socket_guard_;  ///< so that interrupt() never meets a number that was reused
  int socket_ = -1;
  std::string message_;
};

}  // namespace assay::publisher
