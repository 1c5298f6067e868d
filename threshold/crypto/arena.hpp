#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace assay::threshold {

/// 64 bytes of locked memory: never swapped, never in a core dump, empty in a forked child, wiped when given back.
/// Move-only and unprintable: what every secret of the committee lives in. All slots come from one arena, because a
/// guarded allocation of its own would cost each nonce five pages. The arena is the one process-wide object here: it
/// is memory, as the heap is, and holds no behaviour.
///   bound  secret_slots_max slots alive at once; asking for more is our own leak and aborts
///   cost   make and drop well under 1 us;  any thread; one slot belongs to one thread at a time
class SecretSlot {
 public:
  static constexpr std::size_t size = 64;

  SecretSlot() = default;  ///< holds nothing
  static SecretSlot make();
  SecretSlot(SecretSlot&& other) noexcept;
  SecretSlot& operator=(SecretSlot&& other) noexcept;
  ~SecretSlot();

  explicit operator bool() const noexcept { return bytes_ != nullptr; }
  std::span<std::uint8_t, 64> bytes() noexcept;
  std::span<const std::uint8_t, 64> bytes() const noexcept;
  void wipe() noexcept;  ///< zeroes the bytes and gives the slot back

 private:
  std::uint8_t* bytes_ = nullptr;
};

inline constexpr std::size_t secret_slots_max = 16 * 1024;

/// False when the operating system would not lock the arena (RLIMIT_MEMLOCK): secrets then may reach the swap, and the
/// node says so when it starts.
bool secret_memory_is_locked() noexcept;

/// Zeroes memory in a way the compiler may not drop.
void wipe_bytes(std::span<std::uint8_t> bytes) noexcept;

}  // namespace assay::threshold
