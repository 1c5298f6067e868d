#include <cstdlib>

#include "threshold/codec.hpp"
#include "threshold/durable.hpp"
#include "threshold/envelope.hpp"

using namespace assay;
using namespace assay::threshold;

/// First byte: message type, 0 for a safety log record, 255 for a whole frame or an epoch record. What decodes must
/// encode to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Limits limits{Quorum{4}, 2};
  const ByteSpan bytes(data + 1, size - 1);
  const Bytes input(bytes.begin(), bytes.end());
  if (data[0] == 0) {
    const LogOwner owner{{}, MemberIndex{2}};
    const auto record = decode_record(owner, limits, bytes);
    if (record && *record && encode_record(owner, **record) != input) std::abort();
    return 0;
  }
  if (data[0] == 255) {
    Committee committee{.quorum = Quorum{4}, .network = {}, .epoch = {}, .config_digest = {}, .cfg = {}, .record = {}};
    (void)open_envelope(committee, bytes);
    const auto record = decode_epoch_record(bytes);
    if (record && encode(*record) != input) std::abort();
    return 0;
  }
  if (data[0] > std::variant_size_v<Message>) return 0;
  const auto message = decode_payload(static_cast<MessageType>(data[0]), bytes, limits);
  if (message && encode_payload(*message) != input) std::abort();
  return 0;
}
