#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/io/peer_mesh.hpp"

namespace assay::threshold {

/// One mesh on a thread of its own, with everything it told. Tests wait for what must come, never for time to pass.
class MeshNode {
 public:
  struct Received {
    MemberIndex from;
    Bytes frame;
  };
  struct Ended {
    MemberIndex member;
    Errc code{};
  };

  explicit MeshNode(const MeshSettings& settings, std::function<void(const Received&)> on_frame = {})
      : on_frame_(std::move(on_frame)) {
    auto listening = PeerMesh::listen(settings, events());
    EXPECT_TRUE(listening) << listening.error().detail;
    mesh_ = std::move(listening).value();
    thread_ = std::thread([this] { mesh_->run(); });
  }
  ~MeshNode() {
    mesh_->stop();
    thread_.join();
  }
  MeshNode(const MeshNode&) = delete;
  MeshNode& operator=(const MeshNode&) = delete;

  PeerMesh& mesh() { return *mesh_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(mesh_->port()); }
  void send(std::uint16_t to, Bytes frame) {
    mesh_->post(
        [this, to, shared = std::make_shared<const Bytes>(std::move(frame))] { mesh_->send(MemberIndex{to}, shared); });
  }
  void broadcast(Bytes frame) {
    mesh_->post([this, shared = std::make_shared<const Bytes>(std::move(frame))] { mesh_->broadcast(shared); });
  }

  /// True as soon as `holds`, which sees what was told under the lock; false after a patience that only a hang needs.
  template <class Condition>
  bool wait(Condition holds) {
    std::unique_lock guard(mutex_);
    return told_.wait_for(guard, std::chrono::seconds(30), [&] { return holds(*this); });
  }
  bool wait_up(std::uint16_t member, int times = 1) {
    return wait([&](const MeshNode& seen) { return std::ranges::count(seen.ups, MemberIndex{member}) >= times; });
  }
  bool wait_down(std::uint16_t member, Errc code) {
    return wait([&](const MeshNode& seen) {
      return std::ranges::any_of(
          seen.downs, [&](const Ended& end) { return end.member == MemberIndex{member} && end.code == code; });
    });
  }

  // under the lock
  std::vector<Received> frames;
  std::vector<MemberIndex> ups;
  std::vector<Ended> downs;
  std::vector<Errc> refusals;
  int wakes = 0;

 private:
  template <class Change>
  void tell(Change change) {
    {
      const std::lock_guard guard(mutex_);
      change();
    }
    told_.notify_all();
  }
  MeshEvents events() {
    MeshEvents told;
    told.on_frame = [this](MemberIndex from, Bytes frame) {
      Received received{from, std::move(frame)};
      if (on_frame_) on_frame_(received);
      tell([&] { frames.push_back(std::move(received)); });
    };
    told.on_up = [this](MemberIndex member) { tell([&] { ups.push_back(member); }); };
    told.on_down = [this](MemberIndex member, Error error, const std::string&) {
      tell([&] { downs.push_back({member, error.code}); });
    };
    told.on_refused = [this](Error error, const std::string&) { tell([&] { refusals.push_back(error.code); }); };
    told.on_wake = [this] { tell([&] { ++wakes; }); };
    return told;
  }

  std::mutex mutex_;
  std::condition_variable told_;
  std::function<void(const Received&)> on_frame_;
  std::unique_ptr<PeerMesh> mesh_;
  std::thread thread_;
};

/// The identities of a committee, and settings for its members.
struct MeshCommittee {
  explicit MeshCommittee(std::size_t members) : addresses(members, "127.0.0.1:1") {
    SeededEntropy entropy(21);
    for (std::size_t i = 0; i < members; ++i) {
      keys.push_back(IdentityKey::generate(entropy));
      identities.push_back(keys.back().public_key());
    }
  }
  MeshSettings settings(std::uint16_t me) const {
    return {.me = MemberIndex{me},
            .listen = "127.0.0.1:0",
            .identities = identities,
            .addresses = addresses,
            .key = keys[me]};
  }
  /// Members are started from the lowest up, since the higher ones dial them.
  std::unique_ptr<MeshNode> start(std::uint16_t me) {
    auto node = std::make_unique<MeshNode>(settings(me));
    addresses[me] = node->address();
    return node;
  }

  std::vector<IdentityKey> keys;
  std::vector<PublicKey> identities;
  std::vector<std::string> addresses;
};

}  // namespace assay::threshold
