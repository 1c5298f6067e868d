#include "threshold/sim/robbery.hpp"

#include <algorithm>

namespace assay::threshold::sim {
namespace {

constexpr std::size_t sector = LogFile::sector;

std::size_t sectors(const Bytes& image) {
  return (image.size() + sector - 1) / sector;
}

/// Cut anywhere, as by a disk that only said that it had written.
void cut(Bytes& image, Chance& chance) {
  image.resize(safety_header_size + chance.below(image.size() - safety_header_size));
}

void flip_bit(Bytes& image, Chance& chance) {
  image[chance.below(image.size())] ^= static_cast<std::uint8_t>(1U << chance.below(8));
}

/// One sector is as it was before its end was written.
void stale_sector(Bytes& image, Chance& chance) {
  const std::size_t from = chance.below(sectors(image)) * sector;
  const std::size_t end = std::min(from + sector, image.size());
  const std::size_t written = from + chance.below(end - from);
  std::fill(image.begin() + static_cast<std::ptrdiff_t>(written), image.begin() + static_cast<std::ptrdiff_t>(end), 0);
}

/// What belonged into one sector went to another.
void misdirect(Bytes& image, Chance& chance) {
  const Bytes before = image;
  const std::size_t from = chance.below(sectors(image)) * sector;
  const std::size_t to = chance.below(sectors(image)) * sector;
  const std::size_t size = std::min({sector, image.size() - from, image.size() - to});
  std::copy_n(before.begin() + static_cast<std::ptrdiff_t>(from), size,
              image.begin() + static_cast<std::ptrdiff_t>(to));
}

}  // namespace

std::optional<std::string> spoil(LogFile& log, Fault fault, const LogFile& foreign, Chance& chance) {
  const std::vector<Bytes> before = log.records();
  log.roll_back(before.size());  // what was torn is nobody's loss, spoilt or not
  Bytes& image = log.image();
  if (fault == Fault::log_rolled_back) cut(image, chance);
  if (fault == Fault::log_corrupt) flip_bit(image, chance);
  if (fault == Fault::log_stale) stale_sector(image, chance);
  if (fault == Fault::log_misdirected) misdirect(image, chance);
  if (fault == Fault::log_foreign) image = foreign.image();
  const auto after = log.read();
  if (!after) {
    if (fault == Fault::log_rolled_back) return "a log that was cut short is no damaged one";
    return std::nullopt;
  }
  if (fault == Fault::log_corrupt) return "a flipped bit was not noticed";
  if (fault == Fault::log_foreign) return "another node's log was not noticed";
  const bool older = after->size() <= before.size() && std::equal(after->begin(), after->end(), before.begin());
  if (!older) return std::string("records that were never written, after ").append(name(fault));
  return std::nullopt;
}

}  // namespace assay::threshold::sim
