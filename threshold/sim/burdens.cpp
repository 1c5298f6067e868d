#include "threshold/sim/burdens.hpp"

#include <algorithm>

namespace assay::threshold::sim {
namespace {

constexpr std::uint64_t kinds = 16;      ///< of frames that a height may need, apart from retries
constexpr std::uint64_t kept_said = 64;  ///< frames that a member goes on saying

}  // namespace

Burdens::Burdens(const World& world, Invariants& invariants)
    : world_(world), invariants_(invariants), loads_(world.seats()) {
  const Timing& timing = world.settings().timing;
  const auto heights = static_cast<std::uint64_t>(timing.resend.value / timing.tick.value) + 1;
  const auto span = static_cast<std::uint64_t>(timing.resend.value);
  for (std::size_t epoch = 0; epoch < world.epochs(); ++epoch) {
    const Limits limits = world.limits(epoch);
    const std::uint64_t rate = peer_rate(limits.quorum, limits.feed_count, timing).bytes_per_second;
    const std::uint64_t bytes = rate * span / 1'000'000 + peer_queue_bytes(limits.quorum, limits.feed_count);
    bounds_.effects = std::max(bounds_.effects, kept_said + limits.quorum.n * (Limits::range_batches + 2));
    bounds_.frames = std::max(bounds_.frames, (kinds + 4U * limits.quorum.f()) * heights + kept_said);
    bounds_.bytes = std::max(bounds_.bytes, bytes);
  }
}

void Burdens::report(const char* invariant, Seat seat, std::uint64_t found) {
  invariants_.report(invariant, "member " + std::to_string(seat) + ": " + std::to_string(found));
}

void Burdens::does(Seat seat, const Effect& effect) {
  if (seat >= world_.members() || !invariants_.trusted(MemberIndex{seat})) return;
  if (loads_.size() <= seat) loads_.resize(world_.seats());
  ++loads_[seat].effects;
  if (const auto* one = std::get_if<Send>(&effect)) return sends(seat, one->to, one->frame->size());
  if (const auto* one = std::get_if<Broadcast>(&effect)) {
    for (std::uint16_t to = 0; to < world_.members(); ++to) {
      if (to != seat) sends(seat, MemberIndex{to}, one->frame->size());
    }
  }
  if (!std::holds_alternative<Persist>(effect)) return;
  const std::size_t waiting = world_.seat(seat).disk.waiting.size() + 1;
  if (waiting > bounds_.records) report("disk_queue", seat, waiting);
}

void Burdens::sends(Seat seat, MemberIndex to, std::size_t bytes) {
  Sent& sent = loads_[seat].to[to.value];
  if (world_.now() - sent.since >= world_.settings().timing.resend) sent = {world_.now(), 0, 0};
  ++sent.frames;
  sent.bytes += bytes;
  if (sent.frames > bounds_.frames) report("too_much_to_a_peer", seat, sent.frames);
  if (sent.bytes > bounds_.bytes) report("too_much_to_a_peer", seat, sent.bytes);
}

void Burdens::settled(Seat seat, const threshold::Event&, const Protocol&, Now) {
  if (seat >= loads_.size()) return;
  const std::uint64_t effects = std::exchange(loads_[seat].effects, 0);
  if (effects > bounds_.effects) report("too_many_effects", seat, effects);
}

void Burdens::ended(Seat seat, std::optional<Error>) {
  if (seat < loads_.size()) loads_[seat] = Load{};
}

}  // namespace assay::threshold::sim
