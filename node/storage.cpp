#include "node/storage.hpp"

namespace assay::node {

bool Storage::write(std::vector<std::shared_ptr<const Batch>>& batches) {
  if (batches.empty()) {
    return true;
  }
  if (const auto done = ledger_.append(batches); !done) {
    hooks_.failed(done.error());
    return false;
  }
  hooks_.grown(batches.back()->header.height);
  batches.clear();
  return true;
}

void Storage::run() {
  while (true) {
    auto tasks = tasks_.take_all();
    if (tasks.empty()) {
      return;
    }
    std::vector<std::shared_ptr<const Batch>> batches;
    for (auto& task : tasks) {
      if (auto* batch = std::get_if<std::shared_ptr<const Batch>>(&task)) {
        batches.push_back(std::move(*batch));
        continue;
      }
      if (!write(batches)) {
        return;
      }
      const auto& request = std::get<threshold::ReadLedger>(task);
      auto range = ledger_.read(request.from, request.count_max, range_bytes_max);
      hooks_.range(request.peer, range ? std::move(range).value() : std::vector<Batch>{});
    }
    if (!write(batches)) {
      return;
    }
  }
}

}  // namespace assay::node
