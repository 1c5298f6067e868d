#include "node/storage.hpp"

#include <string>

#include "node/failure.hpp"
#include "node/log.hpp"

namespace assay::node {

std::string ledger_problem(const std::string& file, Error error) {
  const auto* remedy = error.code == Errc::log_corrupt
                           ? "; stop the node, move ledger.sqlite* away and start it: it catches up from its peers"
                           : "";
  return error_text(file, error) + remedy;
}

void Storage::read(const threshold::ReadLedger& request) {
  bool wake = false;
  reads_.update([&](Reads& reads) {
    wake = reads.empty();
    reads.insert_or_assign(request.peer, request);
  });
  if (wake) {
    (void)batches_.push(nullptr);  // a full queue is about to end the node anyway
  }
}

void Storage::keep(threshold::Accuse accuse) {
  accusations_.update([&](auto& waiting) {
    if (waiting.size() < accusations_max) {
      waiting.push_back(std::move(accuse));
    }
  });
  (void)batches_.push(nullptr);
}

void Storage::keep_accusations() {
  std::vector<threshold::Accuse> taken;
  accusations_.update([&](auto& waiting) { taken.swap(waiting); });
  for (const auto& accuse : taken) {
    hooks_.accused(accuse);
  }
}

bool Storage::write(std::vector<std::shared_ptr<const Batch>> taken) {
  std::erase(taken, nullptr);
  if (taken.empty()) {
    return true;
  }
  if (const auto done = ledger_.append(taken); !done) {
    hooks_.failed(done.error());
    return false;
  }
  hooks_.grown(taken.back()->header.height);
  return true;
}

void Storage::serve_one_read() {
  std::optional<threshold::ReadLedger> request;
  bool more = false;
  reads_.update([&](Reads& reads) {
    if (!reads.empty()) {
      request = reads.extract(reads.begin()).mapped();
      more = !reads.empty();
    }
  });
  if (!request) {
    return;
  }
  auto range = ledger_.read(request->from, request->count_max, range_bytes_max);
  if (!range) {
    log_warning(std::string("a peer's range could not be read from the ledger: ") + range.error().detail);
  }
  hooks_.range(request->peer, range ? std::move(range).value() : std::vector<Batch>{});
  if (more) {
    (void)batches_.push(nullptr);
  }
}

void Storage::run() {
  while (true) {
    auto taken = batches_.take_all();
    if (taken.empty()) {
      return;
    }
    keep_accusations();
    if (!write(std::move(taken))) {
      return;
    }
    serve_one_read();
  }
}

}  // namespace assay::node
