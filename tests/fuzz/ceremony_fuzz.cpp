// Bytes that a party of a key ceremony, its log or its operator's file may hold: decoding is total and one-spelled, no
// frame aborts a machine, and nothing convicts a party that did nothing.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/check.hpp"
#include "threshold/ceremony/machine.hpp"
#include "threshold/ceremony/repair_machine.hpp"

namespace {

using namespace assay;
using namespace assay::threshold;
using namespace assay::threshold::ceremony;

/// The same bytes each time: a counter.
class Counting final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = ++next_;
  }

 private:
  std::uint8_t next_ = 0;
};

/// Four members; the fuzzer speaks for the last one.
struct Scene {
  std::vector<IdentityKey> keys;
  std::optional<Terms> terms;

  Scene() {
    Counting entropy;
    Proposal proposal;
    proposal.kind = Kind::fresh;
    proposal.epoch = Epoch{1};
    proposal.share_generation = 1;
    proposal.network = "demo";
    proposal.new_threshold = 3;
    for (std::uint16_t i = 0; i < 4; ++i) {
      keys.push_back(IdentityKey::generate(entropy));
      proposal.members.push_back(recipient_of(keys.back()));
      proposal.dealers.push_back(MemberIndex{i});
    }
    terms = make_terms(propose(proposal, keys[0]), std::nullopt).value();
  }
};

template <class Decoded>
void one_spelling(const Decoded& decoded, ByteSpan bytes) {
  if (decoded) check(encode(*decoded) == Bytes(bytes.begin(), bytes.end()), "one spelling");
}

void decode_all(const Terms& terms, ByteSpan bytes) {
  one_spelling(decode_signed_proposal(bytes), bytes);
  one_spelling(decode_proposal(bytes), bytes);
  one_spelling(decode_deal(terms, bytes), bytes);
  one_spelling(decode_support(terms, bytes), bytes);
  one_spelling(decode_complaint(bytes), bytes);
  one_spelling(decode_confirm(bytes), bytes);
  one_spelling(decode_commitment(bytes), bytes);
  one_spelling(decode_test_share(terms, bytes), bytes);
  one_spelling(decode_query(bytes), bytes);
  one_spelling(decode_outcome(terms, bytes), bytes);
  one_spelling(decode_repair_round(bytes), bytes);
  one_spelling(decode_repair_pieces(terms, bytes), bytes);
  one_spelling(decode_repair_sum(terms, bytes), bytes);
  const auto evidence = decode_evidence(bytes);
  one_spelling(evidence, bytes);
  if (evidence) check(!judge(terms, nullptr, *evidence), "unsigned bytes convict nobody");
  if (const auto record = decode_record(terms, bytes)) {
    check(encode_record(terms, *record) == Bytes(bytes.begin(), bytes.end()), "one spelling");
  }
  (void)open_frame(terms, bytes);
}

/// Says it to a machine, signed by the last party, as each type of message; only that party may be blamed.
void tell(const Scene& scene, std::uint8_t type, ByteSpan payload) {
  Counting entropy;
  auto machine =
      Machine::make({*scene.terms, millis(1'000), millis(100)}, scene.keys[0], nullptr, {}, entropy, MonoTime{0});
  check(static_cast<bool>(machine), "a first start");
  const auto kind = static_cast<MessageType>(type % 9 + 1);
  const bool test = kind == MessageType::test_commit || kind == MessageType::test_share;
  const Scope scope{kind, 3, test ? 1U : 0U};
  (void)(*machine)->step(Tick{}, MonoTime{0});
  auto effects = (*machine)->step(FromPeer{seal(*scene.terms, scene.keys[3], scope, payload)}, MonoTime{1});
  for (std::uint64_t id = 1; id < 4; ++id) {
    for (auto& effect : (*machine)->step(Persisted{id}, MonoTime{2})) effects.push_back(std::move(effect));
  }
  for (const auto& effect : effects) {
    const auto* failed = std::get_if<Failed>(&effect);
    if (failed == nullptr) continue;
    for (const Blame& blame : failed->blames) check(blame.party == 3, "the honest are never blamed");
  }
}

/// A committee of four whose member 0 has lost its share; the others help, and the fuzzer speaks for the last one.
struct RepairScene {
  std::vector<IdentityKey> keys;
  std::vector<frost::SecretShare> shares;
  std::optional<Terms> terms;

  RepairScene() {
    Counting entropy;
    auto dealt = frost::deal(4, 3, entropy);
    shares = std::move(dealt->shares);
    EpochRecord record{Epoch{1}, 1, 3, dealt->group.group_key, dealt->group.verifying_shares, {}};
    Proposal proposal;
    proposal.kind = Kind::repair;
    proposal.epoch = record.epoch;
    proposal.share_generation = 1;
    proposal.network = "demo";
    proposal.old_threshold = proposal.new_threshold = 3;
    for (std::uint16_t i = 0; i < 4; ++i) {
      keys.push_back(IdentityKey::generate(entropy));
      record.identities.push_back(keys.back().public_key());
      proposal.members.push_back(recipient_of(keys.back()));
      if (i > 0) proposal.dealers.push_back(MemberIndex{i});
    }
    proposal.previous = epoch_record_digest(record);
    terms = make_terms(propose(proposal, keys[0]), record).value();
  }
};

/// Says it to the member and to a helper; only the last party may be blamed. The first round of Counting is known.
void tell_repair(const RepairScene& scene, std::uint8_t type, ByteSpan payload) {
  for (const std::uint16_t me : {std::uint16_t{0}, std::uint16_t{1}}) {
    Counting entropy;
    const auto* share = me == 0 ? nullptr : &scene.shares[1];
    auto machine =
        RepairMachine::make({*scene.terms, millis(1'000), millis(100)}, scene.keys[me], share, entropy, MonoTime{0});
    check(static_cast<bool>(machine), "a first start");
    (void)(*machine)->step(Tick{}, MonoTime{0});
    RepairRound round{};
    Counting().fill(round);
    (void)(*machine)->step(FromPeer{seal(*scene.terms, scene.keys[0], {MessageType::repair_ask, 0, 0}, encode(round))},
                           MonoTime{1});
    const auto kind = static_cast<MessageType>(type % 4 + static_cast<std::uint8_t>(MessageType::repair_ask));
    const auto effects =
        (*machine)->step(FromPeer{seal(*scene.terms, scene.keys[3], {kind, 3, 0}, payload)}, MonoTime{2});
    for (const auto& effect : effects) {
      const auto* failed = std::get_if<Failed>(&effect);
      if (failed == nullptr) continue;
      for (const Blame& blame : failed->blames) check(blame.party == 3, "the honest are never blamed");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scene scene;
  static const RepairScene repair;
  if (size == 0) return 0;
  const ByteSpan bytes(data + 1, size - 1);
  if (data[0] < 16) {
    tell(scene, data[0], bytes);
  } else if (data[0] < 20) {
    tell_repair(repair, data[0], bytes);
  } else {
    decode_all(*scene.terms, bytes);
  }
  return 0;
}
