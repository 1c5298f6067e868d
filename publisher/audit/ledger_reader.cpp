#include "publisher/audit/ledger_reader.hpp"

#include <algorithm>
#include <utility>

#include "publisher/audit/ledger_schema.hpp"
#include "publisher/audit/sqlite.hpp"

namespace assay::publisher {

using sqlite::Statement;

struct LedgerReader::Parts {
  sqlite::Database database;
  Statement newest;
  Statement batch;
  Statement leaves;
  Statement observations;
  Statement meta;
};

namespace {

constexpr Error corrupt{Errc::log_corrupt, "a ledger row that does not decode"};

Result<Signature> read_signature(ByteSpan bytes) {
  Signature out;
  if (bytes.size() != out.bytes.size()) return corrupt;
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

/// Heights live in SQLite's signed 64 bits; a larger one is simply not there.
bool storable(Height height) {
  return height.value <= static_cast<std::uint64_t>(INT64_MAX);
}
std::int64_t stored(Height height) {
  return static_cast<std::int64_t>(height.value);
}

std::size_t encoded_size(const Batch& batch) {
  std::size_t size = header_size + sizeof(Signature) + 8 + batch.leaves.size() * leaf_size;
  for (const auto& body : batch.observations) size += 4 + body.size();
  return size;
}

Result<std::vector<Leaf>> read_leaves(Statement& leaves, const Header& header) {
  leaves.reset();
  leaves.bind(1, stored(header.height));
  std::vector<Leaf> out;
  auto row = leaves.step();
  for (; row && *row; row = leaves.step()) {
    const auto leaf = decode_leaf(leaves.blob(0));
    if (!leaf) return corrupt;
    out.push_back(*leaf);
  }
  if (!row) return row.error();
  if (out.size() != header.feed_count) return Error{Errc::log_corrupt, "a batch of the ledger without all its leaves"};
  return out;
}

Result<std::vector<Bytes>> read_observations(Statement& observations, Height height) {
  observations.reset();
  observations.bind(1, stored(height));
  std::vector<Bytes> out;
  auto row = observations.step();
  for (; row && *row; row = observations.step()) {
    const auto body = observations.blob(0);
    out.emplace_back(body.begin(), body.end());
  }
  if (!row) return row.error();
  return out;
}

}  // namespace

LedgerReader::LedgerReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LedgerReader::~LedgerReader() = default;

Result<std::unique_ptr<LedgerReader>> LedgerReader::open(const std::string& path) {
  auto database = sqlite::open_reader(path);
  if (!database) return database.error();
  const auto version = ledger_schema::version(database->get());
  if (!version) return version.error();
  if (*version != ledger_schema::current) return Error{Errc::bad_version, "ledger schema 1"};
  sqlite3* raw = database->get();
  auto newest = Statement::prepare(raw, "SELECT coalesce(max(height), 0) FROM batches");
  auto batch = Statement::prepare(raw, "SELECT header, signature, frontier FROM batches WHERE height = ?1");
  auto leaves = Statement::prepare(raw, "SELECT leaf FROM leaves WHERE height = ?1 ORDER BY idx");
  auto bodies = Statement::prepare(raw, "SELECT body FROM observations WHERE height = ?1 ORDER BY member_order");
  auto meta = Statement::prepare(raw, "SELECT value FROM meta WHERE key = 'genesis'");
  for (const auto* statement : {&newest, &batch, &leaves, &bodies, &meta}) {
    if (!*statement) return statement->error();
  }
  auto parts =
      std::unique_ptr<Parts>(new Parts{std::move(database).value(), std::move(newest).value(), std::move(batch).value(),
                                       std::move(leaves).value(), std::move(bodies).value(), std::move(meta).value()});
  return std::unique_ptr<LedgerReader>(new LedgerReader(std::move(parts)));
}

Result<Header> LedgerReader::genesis() {
  auto& meta = parts_->meta;
  meta.reset();
  const auto row = meta.step();
  if (!row) return row.error();
  if (!*row) return corrupt;
  const auto header = decode_header(meta.blob(0));
  meta.reset();
  if (!header) return corrupt;
  return header;
}

Result<Height> LedgerReader::tip_height() {
  auto& newest = parts_->newest;
  newest.reset();
  const auto row = newest.step();
  if (!row) return row.error();
  const Height height{static_cast<std::uint64_t>(newest.integer(0))};
  newest.reset();
  return height;
}

Result<std::optional<Header>> LedgerReader::header_at(Height height) {
  if (!storable(height)) return std::optional<Header>{};
  auto& batch = parts_->batch;
  batch.reset();
  const auto row = batch.bind(1, stored(height)).step();
  if (!row) return row.error();
  if (!*row) return std::optional<Header>{};
  const auto header = decode_header(batch.blob(0));
  batch.reset();
  if (!header || header->height != height) return corrupt;
  return std::optional<Header>{*header};
}

Result<std::optional<Batch>> LedgerReader::at(Height height) {
  const auto header = header_at(height);
  if (!header) return header.error();
  if (!*header) return std::optional<Batch>{};
  auto& row = parts_->batch;
  if (const auto again = row.bind(1, stored(height)).step(); !again || !*again) return corrupt;
  const auto signature = read_signature(row.blob(1));
  row.reset();
  if (!signature) return signature.error();
  auto leaves = read_leaves(parts_->leaves, **header);
  parts_->leaves.reset();
  if (!leaves) return leaves.error();
  auto bodies = read_observations(parts_->observations, height);
  parts_->observations.reset();
  if (!bodies) return bodies.error();
  return std::optional<Batch>{Batch{**header, *signature, std::move(leaves).value(), std::move(bodies).value()}};
}

Result<std::vector<Batch>> LedgerReader::read(Height from, std::uint32_t count_max, std::size_t bytes_max) {
  std::vector<Batch> out;
  std::size_t bytes = 0;
  for (Height height = from; out.size() < count_max; height = next(height)) {
    auto batch = at(height);
    if (!batch) return batch.error();
    if (!*batch) break;
    bytes += encoded_size(**batch);
    if (!out.empty() && bytes > bytes_max) break;
    out.push_back(*std::move(batch).value());
  }
  return out;
}

Result<Tip> LedgerReader::tip() {
  const auto height = tip_height();
  if (!height) return height.error();
  if (height->value == 0) {
    const auto first = genesis();
    if (!first) return first.error();
    Tip tip{*first, {}, {}, {}};
    tip.history.append(merkle_leaf(header_hash(*first).bytes));
    return tip;
  }
  auto batch = at(*height);
  if (!batch) return batch.error();
  if (!*batch) return corrupt;
  auto& row = parts_->batch;
  if (const auto again = row.bind(1, stored(*height)).step(); !again || !*again) return corrupt;
  const auto history = Frontier::decode(row.blob(2));
  row.reset();
  if (!history || history->size() != height->value + 1) return corrupt;
  return Tip{(*batch)->header, (*batch)->signature, std::move((*batch)->leaves), *history};
}

}  // namespace assay::publisher
