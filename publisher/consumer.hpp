#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "publisher/verify.hpp"

namespace assay::publisher {

/// What a consumer insists on beyond a valid signature.
struct ConsumerPolicy {
  Micros ahead_max = millis(2000);              ///< a header may be this far in my future
  Micros age_max = millis(10'000);              ///< and this far in my past
  Micros lag_max = millis(5000);                ///< a leaf may be this far behind the newest verified header
  std::vector<Status> accepted = {Status::ok};  ///< statuses good enough to act on
};

/// Why a verified consumer does not act. Ascending in gravity.
enum class Unfit : std::uint8_t {
  unknown_feed,  ///< nothing was ever accepted for this feed
  bad_status,    ///< a status that the policy does not accept
  expired,       ///< past valid_until
  suppressed,    ///< newer headers arrived, but not this feed's leaf
  too_old,       ///< header older than age_max
  too_new,       ///< header further in my future than ahead_max, or not after the header before it
  older_height,  ///< below the newest accepted height
  broken_link,   ///< next height, but prev_header_hash is not mine
  wrong_epoch,   ///< an epoch, or a configuration, that no header before has announced (core/epoch_rule.hpp)
  invalid,       ///< verify_frame refused: see code
  fork,          ///< two signed headers at one height: nothing is believed any more
};
/// The enumerator's own spelling. Total.
std::string_view name(Unfit why) noexcept;

struct Rejection {
  Unfit why{};
  Errc code{};  ///< of verify_frame when why == invalid
  std::string detail;
};

/// What a consumer checks, in order (docs/wire.md, "Subscriber frames"), as a value that steps: a frame and the time go
/// in, leaves or a typed rejection come out. Holds the newest leaf of each feed and the hashes of the last heights. One
/// thread.
class Consumer {
 public:
  /// expected   the feeds with their exponents; empty: any feed of the pinned key (its name still hashes to its id)
  /// persisted  height below which nothing is believed, from an earlier run
  Consumer(Pinned pinned, std::vector<FeedTerms> expected, ConsumerPolicy policy, Height persisted = Height{0});

  /// Steps 1-5. The frame's leaves are remembered when it is accepted; the same header may come again (other leaves).
  std::variant<VerifiedFrame, Rejection> accept(std::string_view json, WallTime now);

  /// Steps 6-7 for one feed at this moment: its newest leaf, if it may be acted on.
  std::variant<Leaf, Rejection> price(const FeedId& feed, WallTime now) const;

  [[nodiscard]] bool forked() const noexcept { return forked_; }
  [[nodiscard]] Height height() const noexcept { return height_; }  ///< newest accepted: persist this

  static constexpr std::size_t remembered_max = 1024;  ///< heights whose hashes are kept to notice a fork

 private:
  struct Seen {
    Leaf leaf;
    WallTime header_time;
  };
  std::optional<Rejection> judge(const VerifiedFrame& frame, WallTime now);
  void remember(const VerifiedFrame& frame);

  // configuration
  Pinned pinned_;
  std::vector<FeedTerms> expected_;
  ConsumerPolicy policy_;
  // volatile
  bool forked_ = false;
  Height height_;
  WallTime time_{};
  std::optional<Header> newest_header_;
  std::map<Height, Digest> remembered_;
  std::map<FeedId, Seen> newest_;
};

}  // namespace assay::publisher
