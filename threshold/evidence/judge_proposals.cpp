#include <algorithm>

#include "core/merkle.hpp"
#include "threshold/evidence/reading.hpp"
#include "threshold/proposal.hpp"

namespace assay::threshold::evidence {
namespace {

/// A leader's PROP under the network file and epoch that this judge knows. What it says under another one, a judge who
/// knows that one may weigh.
Result<Signed<PropMessage>> read_proposal(const PublicNetwork& network, ByteSpan frame) {
  auto prop = read_as<PropMessage>(network, frame);
  if (!prop) return prop.error();
  const Committee& committee = network.committee;
  if (committee.quorum.leader(prop->envelope.view) != prop->envelope.sender) {
    return Error{Errc::not_leader, "nobody heeds a proposal of others"};
  }
  const Header& header = prop->message.header;
  if (header.network != committee.network || header.config_digest != committee.config_digest ||
      header.feed_count != network.limits().feed_count) {
    return Error{Errc::wrong_network, "a proposal under another network file than this one"};
  }
  const auto& new_view = prop->message.new_view;
  if (header.epoch != committee.epoch || prop->message.tip.header.epoch != committee.epoch ||
      (new_view && new_view->tip.header.epoch != committee.epoch)) {
    return Error{Errc::unsupported, "a proposal across the border of an epoch"};
  }
  return prop;
}

Done check_tip(const PublicNetwork& network, const PropMessage& message) {
  if (message.header.prev_header_hash != header_hash(message.tip.header)) {
    return Error{Errc::wrong_tip, "a header that does not extend the tip beside it"};
  }
  if (!verify_tip(network.committee, network.limits().feed_count, message.tip)) {
    return Error{Errc::bad_certificate, "a tip that nobody attested"};
  }
  return Ok{};
}

/// A re-proposal repeats what 2f+1 members have prepared: its inputs were judged when it was fresh.
bool is_reproposal(const PropMessage& message, const Mandate& mandate) {
  return mandate.locked && mandate.height == message.header.height && *mandate.locked == header_hash(message.header);
}

/// An honest leader counts no summary whose commitment is not a pair of points.
bool commitments_hold(const Signatures& signatures, const NewView& new_view) {
  return std::ranges::all_of(new_view.entries, [&](const VenterEntry& entry) {
    return !entry.summary.commitment || signatures.validate(*entry.summary.commitment);
  });
}

/// What the proposal must fit: everything is allowed where it carries no NEWVIEW.   errors  bad_new_view
Result<Mandate> mandate_of(const PublicNetwork& network, const Signed<PropMessage>& prop) {
  if (!prop.message.new_view) return Mandate{};
  return check_new_view(network.committee, network.limits().feed_count, prop.envelope.view, *prop.message.new_view);
}

}  // namespace

Result<Verdict> judge_one(const PublicNetwork& network, const BadProposal& one) {
  const auto prop = read_proposal(network, one.proposal);
  if (!prop) return prop.error();
  const PropMessage& message = prop->message;
  const auto guilty = [&](const char* what) { return verdict(network, Kind::bad_proposal, prop->envelope, what); };
  if (message.header.height != prop->envelope.height || next(message.tip.header.height) != message.header.height) {
    return guilty("header, tip and envelope of different heights");
  }
  if (const auto tip = check_tip(network, message); !tip) return guilty(tip.error().detail);
  const auto mandate = mandate_of(network, *prop);
  if (!mandate) return guilty("an invalid NEWVIEW");
  if (!check_mandate(*mandate, message.header)) return guilty("another batch than its own NEWVIEW allows");
  if (message.new_view && !commitments_hold(*network.committee.signatures, *message.new_view))
    return guilty("a NEWVIEW with commitments that are none");
  if (const auto list = check_list(message, network.committee.quorum); !list) return guilty(list.error().detail);
  return Error{Errc::bad_proof, "a proposal that does not refute itself"};
}

Result<Verdict> judge_one(const PublicNetwork& network, const WrongAggregate& one) {
  const auto prop = read_proposal(network, one.proposal);
  if (!prop) return prop.error();
  const PropMessage& message = prop->message;
  if (const auto tip = check_tip(network, message); !tip) return tip.error();
  const auto mandate = mandate_of(network, *prop);
  if (!mandate) return mandate.error();
  if (is_reproposal(message, *mandate)) return Error{Errc::bad_proof, "a re-proposal answers for no aggregate"};
  const Header& previous = message.tip.header;
  const bool genesis = previous.height.value == 0;
  if (genesis ? !one.previous.empty() : merkle_root(leaf_hashes(one.previous)) != previous.feeds_root) {
    return Error{Errc::bad_proof, "other leaves than those of the tip"};
  }
  if (one.bodies.size() != message.observers.size()) return Error{Errc::malformed, "one body for each listed"};
  Proposal proposal{message, {}, {}, {}, Origin::fresh, {}, std::nullopt};
  const auto guilty = [&](const char* what) { return verdict(network, Kind::wrong_aggregate, prop->envelope, what); };
  for (std::size_t i = 0; i < one.bodies.size(); ++i) {
    if (merkle_leaf(one.bodies[i]) != message.observers[i].digest) {
      return Error{Errc::bad_proof, "another observation than the listed one"};
    }
    auto body = read_body(network.committee, network.limits(), std::make_shared<const Bytes>(one.bodies[i]),
                          Author::verify_now);
    if (!body) return guilty("lists an observation that is none");
    proposal.bodies.push_back(std::move(body).value());
  }
  if (const auto inputs = check_inputs(proposal, prop->envelope.view); !inputs) {
    return guilty(inputs.error().detail);
  }
  const auto mine = recompute(network.policy, previous, one.previous, network.committee.quorum, proposal.bodies);
  if (!mine) return mine.error();
  const auto same = check_recomputed(message.header, *mine);
  if (!same) return guilty(same.error().detail);
  return Error{Errc::bad_proof, "the inputs give this header"};
}

Result<Verdict> judge(const PublicNetwork& network, const Evidence& evidence) {
  return std::visit(
      [&](const auto& one) -> Result<Verdict> {
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, CeremonyFault>) {
          return Error{Errc::unsupported, "a ceremony: verify_evidence() judges it"};
        } else {
          return judge_one(network, one);
        }
      },
      evidence);
}

}  // namespace assay::threshold::evidence
