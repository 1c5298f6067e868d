#include "publisher/view.hpp"

#include <boost/json/array.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.hpp"
#include "core/decimal.hpp"

namespace assay::publisher {
namespace {

constexpr std::pair<std::uint16_t, std::string_view> reason_names[] = {
    {reason::few_sources, "few_sources"}, {reason::divergent, "divergent"},   {reason::depeg, "depeg"},
    {reason::excluded, "excluded"},       {reason::venue_down, "venue_down"}, {reason::rate_limit, "rate_limit"},
};

/// Confidence is unsigned: above the range of a mantissa (never attested) the digits are shown unscaled.
std::string confidence_text(const Leaf& leaf) {
  const bool fits = leaf.confidence <= static_cast<std::uint64_t>(price_mantissa_max);
  return fits ? to_text(static_cast<std::int64_t>(leaf.confidence), leaf.exponent) : std::to_string(leaf.confidence);
}

}  // namespace

boost::json::array reason_list(std::uint16_t bits) {
  boost::json::array out;
  for (const auto& [bit, text] : reason_names) {
    if ((bits & bit) != 0) out.emplace_back(text);
  }
  return out;
}

std::uint16_t reason_bit(std::string_view name) {
  for (const auto& [bit, text] : reason_names) {
    if (text == name) return bit;
  }
  return 0;
}

boost::json::object leaf_view(const Leaf& leaf, const Header& header) {
  boost::json::object view;
  view.reserve(20);
  view["price"] = to_text(leaf.price, leaf.exponent);
  view["bid"] = to_text(leaf.bid, leaf.exponent);
  view["ask"] = to_text(leaf.ask, leaf.exponent);
  view["confidence"] = confidence_text(leaf);
  view["ema"] = to_text(leaf.ema, leaf.exponent);
  view["status"] = name(leaf.status);
  view["reasons"] = reason_list(leaf.reasons);
  view["observers"] = leaf.observers;
  view["sources"] = leaf.sources;
  view["exponent"] = leaf.exponent;
  view["depth_usd"] = std::to_string(leaf.depth_usd);
  view["src_time_us"] = std::to_string(leaf.src_time.value);
  view["publish_time_us"] = std::to_string(leaf.publish_time.value);
  view["prev_publish_time_us"] = std::to_string(leaf.prev_publish_time.value);
  view["valid_until_us"] = std::to_string(leaf.valid_until.value);
  view["height"] = std::to_string(leaf.height.value);
  view["header_time_us"] = std::to_string(header.time.value);
  view["epoch"] = header.epoch.value;
  view["network_id"] = to_hex(header.network.value.bytes);
  return view;
}

}  // namespace assay::publisher
