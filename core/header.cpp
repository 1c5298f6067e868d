#include "core/header.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace assay {
namespace {

constexpr std::array<std::uint8_t, 16> domain = {'a', 's', 's', 'a', 'y', '/', 'b', 'a',
                                                 't', 'c', 'h', '/', 'v', '1', 0,   0};

}  // namespace

HeaderBytes encode(const Header& header) {
  ByteWriter out(header_size);
  out.raw(domain).digest(header.network.value).u32(header.epoch.value).digest(header.config_digest);
  out.u64(header.height.value).u64(header.time.value).digest(header.prev_header_hash);
  out.digest(header.feeds_root).u32(header.feed_count).digest(header.inputs_root).digest(header.history_root);
  out.digest(header.next_epoch_digest).u64(header.switch_height.value);
  check(out.size() == header_size, "a header is written in full");
  HeaderBytes bytes{};
  std::copy(out.bytes().begin(), out.bytes().end(), bytes.begin());
  return bytes;
}

Result<Header> decode_header(ByteSpan bytes) {
  ByteReader in(bytes);
  if (in.array<domain.size()>() != domain) {
    in.fail({Errc::bad_domain, "the domain assay/batch/v1"});
  }
  Header header;
  header.network = NetworkId{in.digest()};
  header.epoch = Epoch{in.u32()};
  header.config_digest = in.digest();
  header.height = Height{in.u64()};
  header.time = WallTime{in.u64()};
  header.prev_header_hash = in.digest();
  header.feeds_root = in.digest();
  header.feed_count = in.u32();
  header.inputs_root = in.digest();
  header.history_root = in.digest();
  header.next_epoch_digest = in.digest();
  header.switch_height = Height{in.u64()};
  if (header.next_epoch_digest.is_zero() != (header.switch_height.value == 0)) {
    in.fail({Errc::out_of_range, "next epoch digest and switch height, both or neither"});
  }
  if (const auto done = in.done(); !done) {
    return done.error();
  }
  return header;
}

Digest header_hash(const Header& header) {
  return sha256(encode(header));
}

}  // namespace assay
