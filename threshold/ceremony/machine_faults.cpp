#include "threshold/ceremony/machine.hpp"

namespace assay::threshold::ceremony {

std::vector<Blame> Machine::absent() const {
  const Terms& terms = settings_.terms;
  std::vector<Blame> blames;
  const auto expect = [&](MessageType type, std::uint32_t attempt) {
    for (std::uint16_t i = 0; i < terms.parties.size(); ++i) {
      const Party& party = terms.parties[i];
      const bool due = type == MessageType::deal ? party.dealer.has_value() : party.member.has_value();
      if (due && i != me_ && board_.find(type, i, attempt) == nullptr) blames.push_back({i, Offence::absent, {}});
    }
  };
  switch (pace_.stage) {
    case Stage::dealing:
      expect(MessageType::deal, 0);
      break;
    case Stage::supporting:
      expect(MessageType::support, 0);
      break;
    case Stage::confirming:
      expect(MessageType::confirm, 0);
      break;
    case Stage::testing:
      if (!is_member()) break;
      expect(MessageType::test_commit, test_.attempt());
      if (blames.empty()) expect(MessageType::test_share, test_.attempt());
      break;
    case Stage::storing:
    case Stage::activated:
    case Stage::cancelled:
      break;
  }
  return blames;
}

void Machine::accuse(const Evidence& evidence) {
  if (failed_ || pace_.stage == Stage::activated) return;
  const auto verdict = judge(settings_.terms, ours_ ? &ours_->record : nullptr, evidence);
  if (!verdict) return;
  Bytes bytes = encode(evidence);
  outbox_.broadcast(sealed(MessageType::evidence, bytes));
  fail({Blame{verdict->party, verdict->offence, std::move(bytes)}});
}

void Machine::fail(std::vector<Blame> blames) {
  if (failed_ || pace_.stage == Stage::activated) return;
  failed_ = true;
  kept_.blames = std::move(blames);
  // Once it has confirmed, a member cannot take it back: the others may hold the certificate. It stays and listens.
  if (!is_member() || kept_.bound) {
    outbox_.tell(Failed{kept_.blames, false});
    return;
  }
  enter(Stage::cancelled);
  persist(Next::fail, Cancelled{kept_.blames});
}

}  // namespace assay::threshold::ceremony
