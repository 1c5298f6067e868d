#include "node/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "config/scalars.hpp"
#include "node/json_values.hpp"
#include "publisher/view.hpp"

namespace assay::node {

namespace {

namespace json = boost::json;
using aggregator::FeedPolicy;
using aggregator::FeedReport;
using aggregator::SourceReport;
using aggregator::Verdict;

/// Reason bits by name; of an absent opinion, why.
json::array reasons_of(const FeedReport& report) {
  if (report.entry) {
    return publisher::reason_list(report.entry->reasons);
  }
  return {json::value(name(report.absence))};
}

const FeedPolicy& rules_of(const Explanation& what) {
  return node_policy(what.book.policy(), what.node);
}

/// Why a source does not count; empty when it does.
std::string refusal_of(const Explanation& what, const SourceReport& line) {
  if (line.verdict == Verdict::counted) {
    return {};
  }
  const auto& source = rules_of(what).sources[line.source];
  const bool no_price =
      line.verdict == Verdict::silent || line.verdict == Verdict::crossed || line.verdict == Verdict::bad_price;
  if (no_price && what.refusals != nullptr) {
    const auto at = what.refusals->find({source.venue, source.symbol});
    if (at != what.refusals->end()) {
      return std::string(assay::name(at->second.code));
    }
  }
  return std::string(name(line.verdict));
}

json::object source_json(const Explanation& what, const SourceReport& line) {
  const auto& rules = rules_of(what);
  const auto& source = rules.sources[line.source];
  const auto exponent = rules.terms.exponent;
  return {{"venue", source.venue},
          {"symbol", source.symbol},
          {"price", text_or_null(digits_of(line.own))},
          {"converted", text_or_null(line.price == 0 ? "" : to_text(line.price, exponent))},
          {"uncertainty",
           text_or_null(line.uncertainty == 0 ? "" : to_text(static_cast<std::int64_t>(line.uncertainty), exponent))},
          {"weight_ppm", line.weight_ppm},
          {"counted", line.verdict == Verdict::counted},
          {"reason", text_or_null(refusal_of(what, line))}};
}

std::string why(const Explanation& what, const SourceReport& line) {
  const auto refused = refusal_of(what, line);
  switch (line.verdict) {
    case Verdict::counted:
      return "counts";
    case Verdict::halted:
      return "halted: its venue does not trade it now";
    case Verdict::silent:
      return refused == "silent" ? "silent: nothing heard of it" : "refused: " + refused;
    case Verdict::too_old:
      return "too old: for longer than age_max nothing told that it stands";
    case Verdict::from_future:
      return "its clock is ahead of ours";
    case Verdict::no_two_sides:
      return "no bid and ask";
    case Verdict::crossed:
      return "bid above ask";
    case Verdict::frozen:
      return "frozen: the same price for too long";
    case Verdict::unsettled:
      return "unsettled: a jump, not yet repeated";
    case Verdict::leg_down:
      return "a conversion it needs is not ok";
    case Verdict::bad_price:
      return refused == "bad_price" ? "does not fit the feed, or is no price" : "no price: " + refused;
    case Verdict::too_wide:
      return "spread too wide";
    case Verdict::too_thin:
      return "book too thin, or not known";
    case Verdict::outlier:
      return "outlier: too far from the others";
    case Verdict::readmission:
      return "was an outlier, not back for long enough";
  }
  return refused;
}

std::string joined(const json::array& words) {
  std::string out;
  for (const auto& word : words) {
    out += (out.empty() ? "" : ", ") + std::string(word.as_string());
  }
  return out;
}

std::string utc_millis(WallTime at) {
  const auto seconds = config::utc_text(at);
  return fmt::format("{}.{:03}Z", seconds.substr(0, seconds.size() - 1), at.value / 1000 % 1000);
}

/// "+-1.20 (59 ppm)"
std::string confidence_text(const ObservationEntry& entry, std::int8_t exponent) {
  const auto ppm = static_cast<UInt128>(entry.confidence) * 1'000'000 / static_cast<std::uint64_t>(entry.price);
  return fmt::format("+-{} ({} ppm)", to_text(static_cast<std::int64_t>(entry.confidence), exponent),
                     static_cast<std::uint64_t>(ppm));
}

std::string legs_text(const Explanation& what) {
  std::string out;
  for (const auto need : what.book.plan().nodes[what.node].needs) {
    const auto& rules = node_policy(what.book.policy(), need);
    const auto& report = what.book.report(need);
    out +=
        fmt::format("  {:<14} {}{}", rules.terms.symbol, name(state_of(report)), report.usable ? "" : ", not usable");
    if (report.entry) {
      out += fmt::format("  {}  {}", to_text(report.entry->price, rules.terms.exponent),
                         confidence_text(*report.entry, rules.terms.exponent));
    }
    const auto reasons = reasons_of(report);
    out += reasons.empty() ? "\n" : fmt::format("  [{}]\n", joined(reasons));
  }
  return out.empty() ? out : "rests on\n" + out;
}

std::string source_text(const Explanation& what, const SourceReport& line) {
  const auto& rules = rules_of(what);
  const auto& source = rules.sources[line.source];
  return fmt::format(
      "  {} {:<18} {:<14} {:>18} {:>18} {:>14} {:>6}  {}\n", line.verdict == Verdict::counted ? '+' : '-', source.venue,
      source.symbol, line.own.mantissa == 0 ? "-" : digits_of(line.own),
      line.price == 0 ? "-" : to_text(line.price, rules.terms.exponent),
      line.uncertainty == 0 ? "-" : to_text(static_cast<std::int64_t>(line.uncertainty), rules.terms.exponent),
      fmt::format("{}.{}%", line.weight_ppm / 10'000, line.weight_ppm / 1'000 % 10), why(what, line));
}

}  // namespace

std::string explain_json(const Explanation& what) {
  const auto& report = what.book.report(what.node);
  const auto& rules = rules_of(what);
  const auto price = [&](std::int64_t ObservationEntry::*field) {
    return text_or_null(report.entry ? to_text((*report.entry).*field, rules.terms.exponent) : "");
  };
  json::array sources;
  for (const auto& line : report.sources) {
    sources.push_back(source_json(what, line));
  }
  for (const auto& quote : what.unlisted) {
    sources.push_back(json::object{{"venue", quote.venue},
                                   {"symbol", quote.symbol},
                                   {"price", text_or_null(digits_of(quote.price))},
                                   {"converted", nullptr},
                                   {"uncertainty", nullptr},
                                   {"weight_ppm", 0},
                                   {"counted", false},
                                   {"reason", "unlisted"}});
  }
  const json::object out{
      {"at_ms", std::to_string(what.at.value / 1000)},
      {"feed", rules.terms.symbol},
      {"state", name(state_of(report))},
      {"price", price(&ObservationEntry::price)},
      {"bid", price(&ObservationEntry::bid)},
      {"ask", price(&ObservationEntry::ask)},
      {"confidence",
       text_or_null(report.entry ? to_text(static_cast<std::int64_t>(report.entry->confidence), rules.terms.exponent)
                                 : "")},
      {"depth_usd", text_or_null(report.entry ? std::to_string(report.entry->depth_usd) : "")},
      {"groups", report.entry ? report.entry->sources : 0},
      {"reasons", reasons_of(report)},
      {"sources", std::move(sources)}};
  return json::serialize(out);
}

std::string explain_text(const Explanation& what) {
  const auto& report = what.book.report(what.node);
  const auto& rules = rules_of(what);
  const auto exponent = rules.terms.exponent;
  std::string out = fmt::format("{} at {}: {}\n", rules.terms.symbol, utc_millis(what.at), name(state_of(report)));
  if (report.entry) {
    const auto& entry = *report.entry;
    out += fmt::format("  price {}  {}\n  bid {}  ask {}\n", to_text(entry.price, exponent),
                       confidence_text(entry, exponent), to_text(entry.bid, exponent), to_text(entry.ask, exponent));
    out += fmt::format("  depth {}\n",
                       entry.depth_usd == 0 ? "not known" : fmt::format("{} USD within 1 %", entry.depth_usd));
    if (rules.derived.kind == aggregator::Derivation::Kind::none) {
      const auto counted = std::count_if(report.sources.begin(), report.sources.end(),
                                         [](const SourceReport& line) { return line.verdict == Verdict::counted; });
      out += fmt::format("  {} of {} sources count, in {} groups; at least {} groups are wanted\n", counted,
                         report.sources.size(), entry.sources, rules.min_groups);
    }
    if (report.volatility_ppm > 0) {
      out += fmt::format("  moves {} ppm a root second\n", report.volatility_ppm);
    }
  }
  if (const auto reasons = reasons_of(report); !reasons.empty()) {
    out += fmt::format("  {}: {}\n", report.entry ? "said with it" : "no price", joined(reasons));
  }
  out += legs_text(what);
  if (!report.sources.empty() || !what.unlisted.empty()) {
    out += fmt::format("sources\n    {:<18} {:<14} {:>18} {:>18} {:>14} {:>6}\n", "venue", "symbol", "its price",
                       "as " + rules.terms.symbol, "uncertainty", "weight");
  }
  for (const auto& line : report.sources) {
    out += source_text(what, line);
  }
  for (const auto& quote : what.unlisted) {
    out += fmt::format("  - {:<18} {:<14} {:>18} {:>18} {:>14} {:>6}  unlisted: the network file does not name it\n",
                       quote.venue, quote.symbol, digits_of(quote.price), "-", "-", "0.0%");
  }
  return out;
}

std::string explain_step_text(const Explanation& what) {
  const auto& report = what.book.report(what.node);
  const auto exponent = rules_of(what).terms.exponent;
  auto out = fmt::format("{}  {:<9}", utc_millis(what.at), name(state_of(report)));
  if (report.entry) {
    out += fmt::format(" {:>18}  {:<28} {:>2} groups", to_text(report.entry->price, exponent),
                       confidence_text(*report.entry, exponent), report.entry->sources);
  }
  const auto reasons = reasons_of(report);
  return out + (reasons.empty() ? "\n" : fmt::format("  {}\n", joined(reasons)));
}

}  // namespace assay::node
