// What a disk may hold where the safety log was: reading is total, and what it accepts reads the same again.
#include <cstddef>
#include <cstdint>

#include "core/check.hpp"
#include "threshold/safety_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  using namespace assay::threshold;
  const SafetyLogIdentity identity{{}, MemberIndex{1}, Epoch{1}};
  const Bytes header = safety_header(identity, 5);
  (void)read_safety_log({data, size}, identity, 4096);

  Bytes file = header;  // past the header, where the interesting bytes are
  append_record(file, 5, ByteSpan(header));
  file.insert(file.end(), data, data + size);
  const auto read = read_safety_log(file, identity, 4096);
  if (!read) return 0;
  check(!read->records.empty() && read->records.front() == header, "a whole record before the damage is kept");
  check(read->good_bytes <= file.size(), "nothing is read beyond the file");
  const auto again = read_safety_log(ByteSpan(file).first(read->good_bytes), identity, 4096);
  check(again && again->records == read->records && again->good_bytes == read->good_bytes, "a cut log reads the same");
  return 0;
}
