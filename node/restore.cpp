#include "node/restore.hpp"

#include "threshold/envelope.hpp"

namespace assay::node {
namespace {

/// Twice the heights of a planned rotation, and as many again: a member that took part lately was observed there.
constexpr std::uint64_t heights_searched = 256;

Result<Bytes> newest_said(publisher::Ledger& ledger, Height tip, const threshold::Committee& committee,
                          MemberIndex me) {
  for (std::uint64_t back = 0; back < heights_searched && back < tip.value; ++back) {
    const auto batch = ledger.at(Height{tip.value - back});
    if (!batch) {
      return batch.error();
    }
    if (!*batch || (*batch)->header.epoch < committee.epoch) {
      break;
    }
    for (const auto& body : (*batch)->observations) {
      const auto said = threshold::open_envelope(committee, body);
      if (said && said->sender == me) {
        return body;
      }
    }
  }
  return Bytes{};
}

}  // namespace

Result<threshold::Restored> restore(publisher::Ledger& ledger, threshold::SafetyLog::Opened& log,
                                    const threshold::Committee& committee, MemberIndex me) {
  auto tip = ledger.tip();
  if (!tip) {
    return tip.error();
  }
  auto said = newest_said(ledger, tip->header.height, committee, me);
  if (!said) {
    return said.error();
  }
  return threshold::Restored{.first_start = log.first_start,
                             .records = std::move(log.records),
                             .tip = tip->header,
                             .tip_signature = tip->signature,
                             .tip_leaves = std::move(tip->leaves),
                             .history = std::move(tip->history),
                             .said = std::move(said).value()};
}

}  // namespace assay::node
