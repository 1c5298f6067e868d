#include "publisher/audit/ledger.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "publisher/audit/ledger_schema.hpp"
#include "publisher/audit/sqlite.hpp"

namespace assay::publisher {

using sqlite::Statement;

struct Ledger::Parts {
  sqlite::Database database;
  Statement held;
  Statement newest;
  Statement insert_batch;
  Statement insert_leaf;
  Statement insert_observation;
  Header tip;
  Digest tip_hash;
  Frontier history;  ///< over header hashes 0..tip
  std::mutex reading;
  std::unique_ptr<LedgerReader> reader;  ///< guarded by `reading`
};

namespace {

/// Where the chain would stand after the batches accepted so far; becomes the ledger's own only after the commit.
struct Chain {
  Header tip;
  Digest tip_hash;
  Frontier history;
};

Done check_follows(const Chain& chain, const Batch& batch) {
  const Header& header = batch.header;
  if (header.network != chain.tip.network) return Error{Errc::wrong_network, "a batch of this ledger's network"};
  if (header.height.value > static_cast<std::uint64_t>(INT64_MAX)) return Error{Errc::out_of_range, "height"};
  if (header.height != next(chain.tip.height)) return Error{Errc::wrong_tip, "the height after the tip"};
  if (header.prev_header_hash != chain.tip_hash) return Error{Errc::wrong_tip, "prev_header_hash is the tip's hash"};
  if (header.history_root != chain.history.root()) return Error{Errc::wrong_tip, "history_root covers the ledger"};
  if (batch.leaves.size() != header.feed_count) return Error{Errc::bad_proof, "one leaf a feed"};
  if (merkle_root(leaf_hashes(batch.leaves)) != header.feeds_root)
    return Error{Errc::bad_proof, "leaves of the header"};
  return Ok{};
}

Done run(Statement& statement) {
  const auto row = statement.step();
  statement.reset();
  if (!row) return row.error();
  return Ok{};
}

/// Done when the ledger holds exactly this header at its height.
Done check_held(Statement& held, const Header& header) {
  const auto row = held.bind(1, static_cast<std::int64_t>(header.height.value)).step();
  if (!row) return row.error();
  const auto bytes = encode(header);
  const auto stored = *row ? held.blob(0) : ByteSpan{};
  const bool same = std::equal(stored.begin(), stored.end(), bytes.begin(), bytes.end());
  held.reset();
  if (!same) return Error{Errc::equivocation, "another header is held at this height"};
  return Ok{};
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& path, const Header& genesis) {
  auto database = sqlite::open_writer(path);
  if (!database) return database.error();
  sqlite3* raw = database->get();
  if (const auto done = ledger_schema::create(raw, genesis); !done) return done.error();
  auto reader = LedgerReader::open(path);
  if (!reader) return reader.error();
  const auto found = (*reader)->genesis();
  if (!found) return found.error();
  if (found->network != genesis.network) return Error{Errc::wrong_network, "the ledger of another network"};
  if (*found != genesis) return Error{Errc::not_canonical, "the ledger starts at another genesis"};
  const auto tip = (*reader)->tip();
  if (!tip) return tip.error();

  auto held = Statement::prepare(raw, "SELECT header FROM batches WHERE height = ?1");
  auto newest = Statement::prepare(raw, "SELECT coalesce(max(height), 0) FROM batches");
  auto batch = Statement::prepare(raw,
                                  "INSERT INTO batches (height, header, signature, hash, time_us, frontier) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  auto leaf = Statement::prepare(raw, "INSERT INTO leaves (height, idx, leaf) VALUES (?1, ?2, ?3)");
  auto body = Statement::prepare(raw, "INSERT INTO observations (height, member_order, body) VALUES (?1, ?2, ?3)");
  for (const auto* statement : {&held, &newest, &batch, &leaf, &body}) {
    if (!*statement) return statement->error();
  }
  auto parts = std::unique_ptr<Parts>(new Parts{std::move(database).value(),
                                                std::move(held).value(),
                                                std::move(newest).value(),
                                                std::move(batch).value(),
                                                std::move(leaf).value(),
                                                std::move(body).value(),
                                                tip->header,
                                                header_hash(tip->header),
                                                tip->history,
                                                {},
                                                std::move(reader).value()});
  return std::unique_ptr<Ledger>(new Ledger(std::move(parts)));
}

namespace {

struct Inserts {
  Statement& batch;
  Statement& leaf;
  Statement& body;
};

Done insert(Inserts to, const Batch& batch, const Chain& after) {
  const auto height = static_cast<std::int64_t>(batch.header.height.value);
  const auto header = encode(batch.header);
  const auto time_us = static_cast<std::int64_t>(batch.header.time.value);
  const auto frontier = after.history.encode();
  to.batch.bind(1, height).bind(2, header).bind(3, batch.signature.bytes).bind(4, after.tip_hash.bytes);
  to.batch.bind(5, time_us).bind(6, frontier);
  if (const auto done = run(to.batch); !done) return done.error();
  std::int64_t at = 0;
  for (const auto& leaf : batch.leaves) {
    to.leaf.bind(1, height).bind(2, at++).bind(3, encode(leaf));
    if (const auto done = run(to.leaf); !done) return done.error();
  }
  at = 0;
  for (const auto& body : batch.observations) {
    to.body.bind(1, height).bind(2, at++).bind(3, body);
    if (const auto done = run(to.body); !done) return done.error();
  }
  return Ok{};
}

}  // namespace

Done Ledger::append(std::span<const std::shared_ptr<const Batch>> batches) {
  Parts& own = *parts_;
  Chain chain{own.tip, own.tip_hash, own.history};
  if (const auto begun = sqlite::execute(own.database.get(), "BEGIN IMMEDIATE"); !begun) return begun.error();
  const auto write = [&]() -> Done {
    const auto row = own.newest.step();
    if (!row) return row.error();
    const auto newest = own.newest.integer(0);
    own.newest.reset();
    if (newest != static_cast<std::int64_t>(own.tip.height.value)) {
      return Error{Errc::locked, "another process appended to this ledger"};
    }
    for (const auto& batch : batches) {
      if (batch->header.height <= chain.tip.height) {
        if (const auto done = check_held(own.held, batch->header); !done) return done.error();
        continue;
      }
      if (const auto done = check_follows(chain, *batch); !done) return done.error();
      chain.tip = batch->header;
      chain.tip_hash = header_hash(batch->header);
      chain.history.append(merkle_leaf(chain.tip_hash.bytes));
      const auto done = insert({own.insert_batch, own.insert_leaf, own.insert_observation}, *batch, chain);
      if (!done) return done.error();
    }
    return sqlite::execute(own.database.get(), "COMMIT");
  };
  const auto written = write();
  if (!written) {
    // Harmless when SQLite has rolled back by itself already.
    (void)sqlite::execute(own.database.get(), "ROLLBACK");
    return written;
  }
  own.tip = chain.tip;
  own.tip_hash = chain.tip_hash;
  own.history = std::move(chain.history);
  return Ok{};
}

Result<Tip> Ledger::tip() {
  const std::lock_guard lock(parts_->reading);
  return parts_->reader->tip();
}

Result<std::vector<Batch>> Ledger::read(Height from, std::uint32_t count_max, std::size_t bytes_max) {
  const std::lock_guard lock(parts_->reading);
  return parts_->reader->read(from, count_max, bytes_max);
}

Result<std::optional<Batch>> Ledger::at(Height height) {
  const std::lock_guard lock(parts_->reading);
  return parts_->reader->at(height);
}

Result<Height> Ledger::tip_height() {
  const std::lock_guard lock(parts_->reading);
  return parts_->reader->tip_height();
}

}  // namespace assay::publisher
