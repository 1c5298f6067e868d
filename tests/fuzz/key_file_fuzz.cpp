// What may stand in a key file: decoding is total, and what it accepts encodes to the same bytes.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/check.hpp"
#include "threshold/crypto/key_file.hpp"

namespace {

using namespace assay;
using namespace assay::threshold;

void try_both(const KeyFileHead& head, ByteSpan secret) {
  const auto slot = [&] {
    auto body = SecretSlot::make();
    std::copy_n(secret.begin(), std::min<std::size_t>(secret.size(), 32), body.bytes().begin());
    return body;
  };
  if (const auto key = decode_identity_file(head, slot())) check(key_file_head(*key) == head, "one spelling");
  if (const auto share = decode_share_file(head, slot())) {
    check(key_file_head(share->share, share->generation) == head, "one spelling");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  KeyFileHead head{};
  if (size < head.size()) return 0;
  std::copy_n(data, head.size(), head.begin());
  const ByteSpan secret(data + head.size(), size - head.size());
  try_both(head, secret);
  // The checksum stands in the way of random bytes: once more with the one that fits.
  const Digest check_bytes = tagged_sha256("assay/key-check/v1", {ByteSpan(head).first(58)});
  std::ranges::copy(check_bytes.bytes, head.begin() + 58);
  try_both(head, secret);
  return 0;
}
