#include "publisher/audit/audit_store.hpp"

#include "core/bytes.hpp"
#include "publisher/audit/audit_rows.hpp"
#include "publisher/audit/audit_schema.hpp"

namespace assay::publisher {

Result<bool> AuditStore::become_writer() {
  // The key is "assay_au" in ASCII; the lock lives as long as the session.
  const auto got = connection_.ask("SELECT pg_try_advisory_lock(x'61737361795f6175'::bigint)::int");
  if (!got) return got.error();
  return *got == "1";
}

Done AuditStore::prepare(const NetworkId& network, std::span<const FeedTerms> feeds) {
  const auto exists = connection_.ask("SELECT (to_regclass('assay.schema_version') IS NOT NULL)::int");
  if (!exists) return exists.error();
  std::string version = "0";
  if (*exists == "1") {
    const auto held = connection_.ask("SELECT max(version) FROM assay.schema_version");
    if (!held) return held.error();
    version = held->value_or("");
  }
  for (std::size_t i = 0; i < audit_schema_sql.size(); ++i) {
    if (version != std::to_string(i)) continue;
    const auto made = connection_.execute(std::string("BEGIN;\n") + audit_schema_sql[i] + "\nCOMMIT;");
    if (!made) return made;
    version = std::to_string(i + 1);
  }
  if (version != std::to_string(audit_schema_sql.size())) return Error{Errc::bad_version, "an audit schema we know"};

  const auto inserted = connection_.ask(
      "INSERT INTO assay.network (network_id) VALUES ($1::bytea) ON CONFLICT DO NOTHING", network.value.bytes);
  if (!inserted) return inserted.error();
  const auto held = connection_.ask("SELECT network_id FROM assay.network");
  if (!held) return held.error();
  if (*held != to_hex(network.value.bytes)) return Error{Errc::wrong_network, "the audit store of another network"};

  for (const auto& feed : feeds) {
    // The symbol is a parameter: text from a file never becomes SQL.
    const std::string sql = "INSERT INTO assay.feeds (feed, symbol, exponent) VALUES ('\\x" +
                            to_hex(feed.id.value.bytes) + "', convert_from($1::bytea, 'UTF8'), " +
                            std::to_string(feed.exponent) + ") ON CONFLICT DO NOTHING";
    const auto row = connection_.ask(sql.c_str(), as_bytes(feed.symbol));
    if (!row) return row.error();
  }
  return Ok{};
}

Result<std::optional<Header>> AuditStore::newest() {
  const auto text = connection_.ask("SELECT header FROM assay.batches ORDER BY height DESC LIMIT 1");
  if (!text) return text.error();
  if (!*text) return std::optional<Header>{};
  const auto bytes = from_hex(**text);
  const auto header = bytes ? decode_header(*bytes) : Result<Header>(bytes.error());
  if (!header) return Error{Errc::log_corrupt, "an audit row that does not decode"};
  return std::optional<Header>{*header};
}

Done AuditStore::add(std::span<const Batch> batches) {
  if (const auto begun = connection_.execute("BEGIN"); !begun) return begun;
  for (const auto& rows : {batch_rows(batches), leaf_rows(batches), observation_rows(batches)}) {
    if (const auto copied = connection_.copy(rows.sql, rows.data); !copied) return copied;
  }
  return connection_.execute("COMMIT");
}

Done AuditStore::add(const EvidenceLabel& label, ByteSpan bytes) {
  // The kind has letters and underscores only: parse_evidence_name() lets nothing else through.
  const std::string sql =
      "INSERT INTO assay.evidence (digest, kind, epoch, member, body) VALUES (sha256($1::bytea), '" + label.kind +
      "', " + std::to_string(label.epoch.value) + ", " + std::to_string(label.member.value) +
      ", $1::bytea) ON CONFLICT DO NOTHING";
  const auto row = connection_.ask(sql.c_str(), bytes);
  if (!row) return row.error();
  return Ok{};
}

}  // namespace assay::publisher
