#include "threshold/protocol.hpp"

#include <algorithm>

#include "threshold/machine.hpp"

namespace assay::threshold {
namespace {

/// What the ledger shows that I said must have been allowed by the log: no word of a view leaves before its record.
Done check_said(const ProtocolSettings& settings, const Restored& restored, const Remembered& remembered) {
  const auto said = open_envelope(settings.committee, restored.said);
  if (!said || said->sender != settings.me || planted(Mutant::rolled_back_log)) return Ok{};
  if (remembered.view && said->view <= *remembered.view) return Ok{};
  if (!verify(settings.committee, *said)) return Ok{};
  return Error{Errc::log_behind, "the ledger holds a message of mine of a view that my log does not know"};
}

}  // namespace

Result<std::unique_ptr<Protocol>> Protocol::make(ProtocolSettings settings, const IdentityKey& identity,
                                                 const frost::SecretShare& share, Restored restored, Entropy& entropy,
                                                 Now now) {
  if (settings.me.value >= settings.committee.quorum.n) return Error{Errc::unknown_member, "not in the committee"};
  if (const auto timing = settings.timing.validate(); !timing) return timing.error();
  const std::size_t feeds = settings.policy.feeds.size();
  if (feeds == 0 || feeds > feed_count_max) return Error{Errc::out_of_range, "1 to feed_count_max feeds"};
  if (settings.committee.record.identities[settings.me.value] != identity.public_key()) {
    return Error{Errc::bad_identity, "the identity key is not that of the member"};
  }
  if (share.member() != settings.me) return Error{Errc::bad_identity, "the share is of another member"};
  const Height tip = restored.tip.height;
  // Nothing was said in an epoch that begins above the tip.
  const bool begun = tip.value > 0 && restored.tip.epoch == settings.committee.epoch;
  if (restored.first_start && (begun || !restored.records.empty())) {
    return Error{Errc::log_behind, "a ledger or records without a safety log: the log was lost"};
  }
  if (restored.history.size() != tip.value + 1) {
    return Error{Errc::log_corrupt, "the history covers every header up to the tip"};
  }
  if (tip.value > 0 && restored.tip_leaves.size() != restored.tip.feed_count) {
    return Error{Errc::log_corrupt, "the tip has one leaf for each feed"};
  }
  const Limits limits{settings.committee.quorum, static_cast<std::uint32_t>(feeds)};
  const TipCertificate certificate{restored.tip, restored.tip_signature};
  if (const auto valid = verify_tip(settings.committee, limits.feed_count, certificate); !valid) return valid.error();
  auto remembered = remember({settings.committee.cfg, settings.me}, limits, restored.records, tip);
  if (!remembered) return remembered.error();
  if (const auto known = check_said(settings, restored, *remembered); !known) return known.error();
  Machine::Parts parts{std::move(settings), identity, share, entropy};
  return std::unique_ptr<Protocol>(
      std::make_unique<Machine>(std::move(parts), std::move(restored), std::move(remembered).value(), now));
}

Header genesis_header(const Committee& committee, std::uint32_t feed_count) {
  const Digest empty = merkle_root({});
  const Genesis own{committee.epoch, committee.config_digest, feed_count};
  const Genesis first = committee.descent ? committee.descent->genesis : own;
  return Header{.network = committee.network,
                .epoch = first.epoch,
                .config_digest = first.config_digest,
                .height = Height{0},
                .time = WallTime{0},
                .prev_header_hash = {},
                .feeds_root = empty,
                .feed_count = first.feed_count,
                .inputs_root = empty,
                .history_root = empty,
                .next_epoch_digest = {},
                .switch_height = {}};
}

std::size_t frame_bytes_max(Quorum quorum, std::uint32_t feed_count) {
  return std::max(Limits{quorum, feed_count}.frame(), range_frame_max);
}

std::size_t peer_queue_bytes(Quorum quorum, std::uint32_t feed_count) {
  constexpr std::size_t longest_frames = 8;
  const Limits limits{quorum, feed_count};
  return std::max<std::size_t>(longest_frames * limits.message(), 1U << 20) + range_frame_max;
}

PeerRate peer_rate(Quorum quorum, std::uint32_t feed_count, const Timing& timing) {
  constexpr std::uint64_t second = 1'000'000;
  constexpr std::uint64_t generous = 4;
  constexpr std::uint64_t kinds = std::variant_size_v<Message> - 3;
  // Nobody keeps a rhythm below a millisecond.
  const auto times = [](Micros span) {
    return std::min<std::uint64_t>(second / static_cast<std::uint64_t>(std::max<std::int64_t>(span.value, 1)) + 1,
                                   1000);
  };
  const std::uint64_t heights = times(timing.tick);
  const std::uint64_t repeats = times(timing.resend);
  const std::uint64_t frames = (kinds + 4 * std::uint64_t{quorum.f()}) * heights + Speaker::said_max * repeats;
  const std::uint64_t bytes =
      generous * (heights + repeats) * Limits{quorum, feed_count}.message() + repeats * range_frame_max;
  const auto links = static_cast<std::uint32_t>(times(timing.timeout));
  return {.frames_per_second = static_cast<std::uint32_t>(generous * frames),
          .bytes_per_second = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, 1U << 30)),
          .links_per_second = links,
          .strangers_per_second = quorum.n * links,
          .redial_max = std::clamp(Micros{timing.timeout.value / 2}, millis(1), millis(2000))};
}

}  // namespace assay::threshold
