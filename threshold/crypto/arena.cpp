#include "threshold/crypto/arena.hpp"

#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <utility>

#include "core/check.hpp"

namespace assay::threshold {
namespace {

constexpr std::size_t slots_per_chunk = 1024;
constexpr std::size_t chunks_max = secret_slots_max / slots_per_chunk;
constexpr std::size_t chunk_bytes = slots_per_chunk * SecretSlot::size;
constexpr std::size_t words_per_chunk = slots_per_chunk / 64;

/// Chunks appear on demand and stay until the process ends; a slot is a bit in `taken`.
struct Chunk {
  std::atomic<std::uint8_t*> memory{nullptr};
  std::array<std::atomic<std::uint64_t>, words_per_chunk> taken{};
};

constinit std::array<Chunk, chunks_max> chunks{};
constinit std::atomic<bool> all_locked{true};

std::uint8_t* new_chunk_memory() {
  check(sodium_init() >= 0, "libsodium initialises");
  auto* memory = static_cast<std::uint8_t*>(sodium_malloc(chunk_bytes));
  check(memory != nullptr, "locked memory is available");
  // sodium_malloc ignores a refused mlock; asking again tells.
  if (sodium_mlock(memory, chunk_bytes) != 0) all_locked.store(false);
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(memory) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(memory) + chunk_bytes;
  // A forked child must not inherit nonces; kernels before 4.14 refuse, and then nobody may fork.
  (void)madvise(reinterpret_cast<void*>(first), end - first, MADV_WIPEONFORK);
  sodium_memzero(memory, chunk_bytes);
  return memory;
}

std::uint8_t* memory_of(Chunk& chunk) {
  auto* memory = chunk.memory.load(std::memory_order_acquire);
  if (memory != nullptr) return memory;
  auto* fresh = new_chunk_memory();
  if (chunk.memory.compare_exchange_strong(memory, fresh, std::memory_order_acq_rel)) return fresh;
  sodium_free(fresh);
  return memory;
}

std::uint8_t* take_slot() {
  for (auto& chunk : chunks) {
    for (std::size_t word = 0; word < words_per_chunk; ++word) {
      auto seen = chunk.taken[word].load(std::memory_order_relaxed);
      while (seen != ~std::uint64_t{0}) {
        const auto bit = static_cast<std::size_t>(std::countr_one(seen));
        if (chunk.taken[word].compare_exchange_weak(seen, seen | std::uint64_t{1} << bit, std::memory_order_acquire)) {
          return memory_of(chunk) + (word * 64 + bit) * SecretSlot::size;
        }
      }
    }
  }
  check(false, "fewer than secret_slots_max secrets live at once");
  return nullptr;
}

void give_back(std::uint8_t* bytes) noexcept {
  for (auto& chunk : chunks) {
    const auto* memory = chunk.memory.load(std::memory_order_acquire);
    if (memory == nullptr || bytes < memory || bytes >= memory + chunk_bytes) continue;
    const auto slot = static_cast<std::size_t>(bytes - memory) / SecretSlot::size;
    chunk.taken[slot / 64].fetch_and(~(std::uint64_t{1} << slot % 64), std::memory_order_release);
    return;
  }
  check(false, "a secret slot lies in the arena");
}

}  // namespace

SecretSlot SecretSlot::make() {
  SecretSlot slot;
  slot.bytes_ = take_slot();
  return slot;
}

SecretSlot::SecretSlot(SecretSlot&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}

SecretSlot& SecretSlot::operator=(SecretSlot&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::exchange(other.bytes_, nullptr);
  }
  return *this;
}

SecretSlot::~SecretSlot() {
  wipe();
}

std::span<std::uint8_t, 64> SecretSlot::bytes() noexcept {
  check(bytes_ != nullptr, "the secret slot holds something");
  return std::span<std::uint8_t, 64>(bytes_, size);
}

std::span<const std::uint8_t, 64> SecretSlot::bytes() const noexcept {
  check(bytes_ != nullptr, "the secret slot holds something");
  return std::span<const std::uint8_t, 64>(bytes_, size);
}

void SecretSlot::wipe() noexcept {
  if (bytes_ == nullptr) return;
  sodium_memzero(bytes_, size);
  give_back(std::exchange(bytes_, nullptr));
}

bool secret_memory_is_locked() noexcept {
  const SecretSlot probe = SecretSlot::make();
  return all_locked.load();
}

void wipe_bytes(std::span<std::uint8_t> bytes) noexcept {
  sodium_memzero(bytes.data(), bytes.size());
}

}  // namespace assay::threshold
