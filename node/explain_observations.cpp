#include "node/explain_observations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "aggregator/aggregate.hpp"
#include "aggregator/ppm.hpp"
#include "core/bytes.hpp"
#include "core/leaf.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "node/failure.hpp"
#include "node/input.hpp"
#include "publisher/view.hpp"
#include "threshold/committee.hpp"

namespace assay::node {

namespace {

namespace json = boost::json;
using fetchers::JsonValue;

constexpr std::size_t file_size_max = std::size_t{64} << 20U;

/// What the file says of one feed.
struct Step {
  Header previous;
  std::vector<Leaf> leaves;
  std::vector<std::uint16_t> members;
  std::vector<Observation> observations;
};

template <class T>
bool read_number(JsonValue value, T& out) {
  const auto text = value.text();
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && failed == std::errc{} && end == text.data() + text.size();
}

/// An exact mantissa at the feed's exponent.
template <class T>
bool read_price(JsonValue value, std::int8_t exponent, T& out) {
  const auto decimal = parse_price(value.text());
  if (!decimal) {
    return false;
  }
  const auto mantissa = rescale(*decimal, exponent);
  if (!mantissa || compare(Decimal{static_cast<UInt128>(*mantissa), exponent}, *decimal) != 0) {
    return false;
  }
  out = static_cast<T>(*mantissa);
  return true;
}

std::optional<ObservationEntry> read_entry(JsonValue from, std::int8_t exponent) {
  ObservationEntry entry;
  bool good = read_price(from["price"], exponent, entry.price) && read_price(from["bid"], exponent, entry.bid) &&
              read_price(from["ask"], exponent, entry.ask) &&
              read_price(from["confidence"], exponent, entry.confidence) &&
              read_number(from["depth_usd"], entry.depth_usd) &&
              read_number(from["src_time_us"], entry.src_time.value) && read_number(from["sources"], entry.sources);
  for (const auto reason : from["reasons"]) {
    const auto bit = publisher::reason_bit(reason.text());
    good = good && bit != 0;
    entry.reasons = static_cast<std::uint16_t>(entry.reasons | bit);
  }
  return good ? std::optional(entry) : std::nullopt;
}

/// Why a line cannot be read; empty when it could.
std::string read_previous(JsonValue from, const FeedTerms& terms, Step& out) {
  if (!read_number(from["height"], out.previous.height.value) ||
      !read_number(from["time_us"], out.previous.time.value)) {
    return "expected height and time_us of the previous header";
  }
  const auto text = from["leaves"][terms.symbol];
  if (!text.exists()) {
    return {};
  }
  const auto bytes = from_hex(text.text());
  const auto leaf = bytes ? decode_leaf(*bytes) : Result<Leaf>(bytes.error());
  if (!leaf) {
    return "expected a leaf as 280 hex digits";
  }
  out.leaves.push_back(*leaf);
  return {};
}

std::string read_observation(JsonValue from, const FeedTerms& terms, Step& out) {
  Observation observation;
  std::uint16_t member = 0;
  if (!read_number(from["member"], member) || !read_number(from["time_us"], observation.time.value)) {
    return "expected member and time_us";
  }
  const auto feed = from["feeds"][terms.symbol];
  observation.feeds.emplace_back();
  if (feed.exists() && !feed.is_null()) {
    observation.feeds[0] = read_entry(feed, terms.exponent);
    if (!observation.feeds[0]) {
      return "expected price, bid, ask, confidence, depth_usd, src_time_us, reasons, sources";
    }
  }
  if (!out.members.empty() && member <= out.members.back()) {
    return "expected each member once, ascending";
  }
  out.members.push_back(member);
  out.observations.push_back(std::move(observation));
  return {};
}

std::optional<Step> read_step(const std::string& file, const FeedTerms& terms) {
  const auto input = read_input(file, file_size_max);
  if (!input) {
    return std::nullopt;
  }
  Step out;
  std::string_view text = *input;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = fetchers::take_line(text);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    const auto document = fetchers::JsonDocument::parse(as_bytes(line));
    std::string fault = "expected one JSON object a line";
    if (document && document->root().is_object()) {
      const auto previous = document->root()["previous"];
      fault = previous.exists() ? read_previous(previous, terms, out) : read_observation(document->root(), terms, out);
    }
    if (!fault.empty()) {
      fmt::print(stderr, "{}:{}: {}\n", file, number, fault);
      return std::nullopt;
    }
  }
  return out;
}

json::object entry_json(const Step& step, std::size_t i, const aggregator::AggregationPolicy& policy,
                        const Leaf& leaf) {
  const auto& entry = step.observations[i].feeds[0];
  json::object out{{"member", step.members[i]}};
  if (!entry) {
    out["price"] = out["confidence"] = out["from_median"] = nullptr;
    out["valid"] = false;
    return out;
  }
  const auto exponent = leaf.exponent;
  const auto apart = static_cast<std::int64_t>(aggregator::distance(entry->price, leaf.price));
  out["price"] = to_text(entry->price, exponent);
  out["confidence"] =
      to_text(static_cast<std::int64_t>(std::min<std::uint64_t>(entry->confidence, INT64_MAX)), exponent);
  out["valid"] = aggregator::is_valid_entry(*entry, step.observations[i].time, policy);
  out["from_median"] = (entry->price < leaf.price ? "-" : "") + to_text(apart, exponent);
  return out;
}

json::object leaf_json(const std::string& symbol, const aggregator::AggregateOutput& output, std::uint16_t quorum) {
  const auto& leaf = output.leaves.front();
  return {{"feed", symbol},
          {"header_time_us", std::to_string(output.time.value)},
          {"quorum", quorum},
          {"status", name(leaf.status)},
          {"price", to_text(leaf.price, leaf.exponent)},
          {"bid", to_text(leaf.bid, leaf.exponent)},
          {"ask", to_text(leaf.ask, leaf.exponent)},
          {"confidence", to_text(static_cast<std::int64_t>(leaf.confidence), leaf.exponent)},
          {"reasons", publisher::reason_list(leaf.reasons)},
          {"observers", leaf.observers},
          {"sources", leaf.sources},
          {"leaf", to_hex(encode(leaf))}};
}

std::string text_of(const json::object& leaf, const json::array& entries) {
  const auto word = [](const json::object& from, const char* key) {
    const auto& value = from.at(key);
    return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
  };
  auto out = fmt::format(
      "{}: {}\n  price {}  +-{}\n  bid {}  ask {}\n  {} valid entries, {} wanted; {} groups; said: {}\n",
      word(leaf, "feed"), word(leaf, "status"), word(leaf, "price"), word(leaf, "confidence"), word(leaf, "bid"),
      word(leaf, "ask"), word(leaf, "observers"), word(leaf, "quorum"), word(leaf, "sources"), word(leaf, "reasons"));
  for (const auto& each : entries) {
    const auto& entry = each.as_object();
    out +=
        fmt::format("  {} member {:>2}  {:>18}  +-{:<14} from the median {}\n", entry.at("valid").as_bool() ? '+' : '-',
                    word(entry, "member"), word(entry, "price"), word(entry, "confidence"), word(entry, "from_median"));
  }
  return out;
}

}  // namespace

Exit explain_observations(const config::NetworkSettings& network, std::size_t feed, const std::string& file,
                          Output form) {
  if (feed >= network.policy.feeds.size()) {
    fmt::print(stderr, "assay: a leg is not attested; name a feed\n");
    return Exit::usage;
  }
  aggregator::AggregationPolicy policy = network.policy;
  policy.feeds = {network.policy.feeds[feed]};
  policy.legs.clear();
  const auto step = read_step(file, policy.feeds[0].terms);
  const auto quorum = threshold::Quorum::of(static_cast<std::uint32_t>(network.members.size()));
  if (!step || !quorum) {
    return Exit::usage;
  }
  const auto votes = quorum->agree();
  const auto output = aggregator::aggregate(policy, {.previous = step->previous,
                                                     .previous_leaves = step->leaves,
                                                     .observations = step->observations,
                                                     .quorum = votes,
                                                     .faulty_max = quorum->f()});
  if (!output) {
    return complain(error_text("no leaf", output.error()));
  }
  auto leaf = leaf_json(policy.feeds[0].terms.symbol, *output, votes);
  json::array entries;
  for (std::size_t i = 0; i < step->members.size(); ++i) {
    entries.push_back(entry_json(*step, i, policy, output->leaves.front()));
  }
  if (form == Output::text) {
    fmt::print("{}", text_of(leaf, entries));
    return Exit::yes;
  }
  leaf["entries"] = std::move(entries);
  fmt::print("{}\n", json::serialize(leaf));
  return Exit::yes;
}

}  // namespace assay::node
