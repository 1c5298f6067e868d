#include "publisher/audit/pg_connection.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace assay::publisher {
namespace {

constexpr std::size_t message_max = 200;
constexpr int look_at_stop_every_ms = 100;

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, ClearResult>;

bool succeeded(const PgResult& result) {
  const auto status = PQresultStatus(result.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

void PgConnection::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

PgConnection::~PgConnection() {
  close();
}

void PgConnection::close() {
  {
    const std::lock_guard lock(socket_guard_);
    socket_ = -1;
  }
  connection_.reset();
}

bool PgConnection::alive() const {
  return connection_ && PQstatus(connection_.get()) == CONNECTION_OK;
}

bool PgConnection::look() {
  return alive() && PQconsumeInput(connection_.get()) == 1 && alive();
}

void PgConnection::interrupt() {
  const std::lock_guard lock(socket_guard_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

Error PgConnection::failure(const char* what) {
  message_ = std::string(PQerrorMessage(connection_.get())).substr(0, message_max);
  while (!message_.empty() && message_.back() == '\n') message_.pop_back();
  return {alive() ? Errc::database_failed : Errc::connect_failed, what};
}

Done PgConnection::open(const std::string& url, Timeouts timeouts, const std::atomic<bool>& stop) {
  close();
  // What stands before dbname gives way to what the URL says.
  const char* keywords[] = {"application_name", "keepalives_idle", "tcp_user_timeout", "dbname", nullptr};
  const char* values[] = {"assay-audit", "10", "20000", url.c_str(), nullptr};
  connection_.reset(PQconnectStartParams(keywords, values, 1));
  if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD) return failure("postgres: the URL");
  auto state = PGRES_POLLING_WRITING;
  for (std::uint32_t waited_ms = 0; state != PGRES_POLLING_OK; state = PQconnectPoll(connection_.get())) {
    if (state == PGRES_POLLING_FAILED) return failure("postgres: no connection");
    pollfd wait{PQsocket(connection_.get()), static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    while (::poll(&wait, 1, look_at_stop_every_ms) == 0) {
      waited_ms += look_at_stop_every_ms;
      if (stop || waited_ms >= timeouts.connect_ms) return Error{Errc::timed_out, "postgres: no connection in time"};
    }
  }
  {
    const std::lock_guard lock(socket_guard_);
    socket_ = PQsocket(connection_.get());
  }
  // Who stopped before the socket could be seen had nothing to interrupt.
  if (stop) return Error{Errc::timed_out, "postgres: stopped while connecting"};
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  return execute("SET statement_timeout = " + std::to_string(timeouts.statement_ms) + "; SET bytea_output = hex");
}

Done PgConnection::execute(const std::string& sql) {
  const PgResult result(PQexec(connection_.get(), sql.c_str()));
  if (!succeeded(result)) return failure("postgres: a statement failed");
  return Ok{};
}

Result<std::optional<std::string>> PgConnection::ask(const char* sql, ByteSpan parameter) {
  const char* values[] = {reinterpret_cast<const char*>(parameter.data())};
  const int lengths[] = {static_cast<int>(parameter.size())};
  const int formats[] = {1};
  const int count = parameter.empty() ? 0 : 1;
  const PgResult result(PQexecParams(connection_.get(), sql, count, nullptr, values, lengths, formats, 0));
  if (!succeeded(result)) return failure("postgres: a query failed");
  if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0 || PQgetisnull(result.get(), 0, 0) != 0) {
    return std::optional<std::string>{};
  }
  std::string text = PQgetvalue(result.get(), 0, 0);
  if (text.starts_with("\\x")) text.erase(0, 2);
  return std::optional<std::string>{std::move(text)};
}

Done PgConnection::copy(const char* sql, ByteSpan data) {
  const PgResult begun(PQexec(connection_.get(), sql));
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return failure("postgres: COPY was refused");
  constexpr std::size_t piece_max = std::size_t{64} << 10U;
  bool sent = true;
  while (sent && !data.empty()) {
    const auto piece = data.first(std::min(piece_max, data.size()));
    data = data.subspan(piece.size());
    const auto* bytes = reinterpret_cast<const char*>(piece.data());
    sent = PQputCopyData(connection_.get(), bytes, static_cast<int>(piece.size())) == 1;
  }
  sent = PQputCopyEnd(connection_.get(), sent ? nullptr : "the sender failed") == 1 && sent;
  Done done = Ok{};
  for (PgResult result(PQgetResult(connection_.get())); result; result.reset(PQgetResult(connection_.get()))) {
    if (!succeeded(result)) done = failure("postgres: COPY failed");
    if (!alive()) break;  // a dead connection would answer for ever
  }
  return sent ? done : Done(failure("postgres: COPY broke off"));
}

}  // namespace assay::publisher
