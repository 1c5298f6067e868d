// What may stand in a key file: decoding is total, and a plain file that it accepts seals to the same bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/key_file.hpp"

namespace {

using namespace assay;
using namespace assay::threshold;

/// For the plain files below, which take no randomness.
struct NoEntropy : Entropy {
  void fill(std::span<std::uint8_t>) override { check(false, "a plain file has neither salt nor nonce"); }
};

bool same(const KeyFile& a, const KeyFile& b) {
  return a.head == b.head && a.check == b.check &&
         std::ranges::equal(a.body.bytes().first<KeyFile::body_size>(), b.body.bytes().first<KeyFile::body_size>());
}

void try_both(const KeyFile& file, const KeyGuard& guard) {
  NoEntropy none;
  const bool plain = file.head[18] == 0;
  if (const auto key = open_identity(file, guard); key && plain) {
    check(same(seal(*key, KeyGuard(), none).value(), file), "one spelling");
  }
  const auto label = label_of(file.head);
  if (const auto stored = open_share(file, guard)) {
    check(!plain || same(seal(stored->share, stored->origin, KeyGuard(), none).value(), file), "one spelling");
    check(label && label->member == stored->share.member() && label->origin == stored->origin &&
              label->verifying_share == stored->share.verifying_share(),
          "a share is what its label says");
  }
  (void)protection_of(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < KeyFile::size) return 0;
  KeyFile file;
  std::copy_n(data, file.head.size(), file.head.begin());
  std::ranges::fill(file.body.bytes(), std::uint8_t{0});
  std::copy_n(data + file.head.size(), KeyFile::body_size, file.body.bytes().begin());
  std::copy_n(data + file.head.size() + KeyFile::body_size, 32, file.check.bytes.begin());
  SecretSlot raw = SecretSlot::make();
  std::ranges::fill(raw.bytes(), std::uint8_t{9});
  const auto guard = KeyGuard::of(std::move(raw));  // no passphrase here: argon2 would take a second for each input
  try_both(file, guard);
  // The checksum stands in the way of random bytes: once more with the one that fits.
  const ByteSpan body = std::as_const(file.body).bytes().first<KeyFile::body_size>();
  file.check = tagged_sha256("assay/key-check/v2", {file.head, file.head[18] == 0 ? ByteSpan() : body});
  try_both(file, guard);
  return 0;
}
