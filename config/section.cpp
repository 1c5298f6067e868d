#include "config/section.hpp"

#include <algorithm>

#include "config/scalars.hpp"
#include "core/bytes.hpp"
#include "core/decimal.hpp"
#include "core/nearest.hpp"

namespace assay::config {
namespace {

constexpr std::size_t key_count_max = 128;  // no section knows half as many, and looking for duplicates is quadratic

std::string range_text(Range range) {
  return std::to_string(range.least) + " to " + std::to_string(range.most);
}

std::string kind_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return shown(node.text);
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "";
}

/// What fits below 2^62 at an exponent, in words.
std::string too_high(std::int8_t exponent) {
  return "expected at most " + assay::to_text(price_mantissa_max, exponent) + ", which is 2^62 at exponent " +
         std::to_string(exponent) + "; choose a coarser exponent";
}

std::string wanted_text(std::string_view wanted, const Node& got) {
  return "expected " + std::string(wanted) + ", got " + kind_text(got);
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::size_t shown_max = 60;
  std::string out = "\"";
  for (const char c : text.substr(0, shown_max)) out += (c < ' ' || c > '~') ? '?' : c;
  return out + (text.size() > shown_max ? "...\"" : "\"");
}

void Problems::add(const Node& at, std::string key, std::string expected) {
  list.push_back(ConfigError{file, at.line, at.column, std::move(key), std::move(expected)});
}

Section::Section(const Node& node, std::string path, Problems& problems)
    : node_(&node), path_(std::move(path)), problems_(&problems), readable_(node.kind == Node::Kind::map) {
  if (!readable_) {
    problems_->add(node, path_, wanted_text("a map", node));
    return;
  }
  if (node.entries.size() > key_count_max) {
    problems_->add(node, path_, "expected at most " + std::to_string(key_count_max) + " keys");
    readable_ = false;
    return;
  }
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const Node& key = node.entries[i].key;
    const auto same = [&key](const Entry& other) { return other.key.text == key.text; };
    if (key.kind != Node::Kind::scalar) {
      problems_->add(key, path_, "expected a plain word as key");
    } else if (own(key.text) != &node.entries[i].value) {
      const auto first = std::find_if(node.entries.begin(), node.entries.end(), same);
      problems_->add(key, path_of(key.text), "expected once, already given in line " + std::to_string(first->key.line));
    }
  }
}

std::string Section::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const Node* Section::find(std::string_view key) const {
  const Node* found = own(key);
  return found != nullptr || profile_ == nullptr ? found : profile_->own(key);
}

const Node* Section::own(std::string_view key) const {
  for (const Entry& entry : node_->entries) {
    if (entry.key.kind == Node::Kind::scalar && entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

bool Section::has(std::string_view key) {
  know(key);
  return readable_ && find(key) != nullptr;
}

void Section::know(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  if (profile_ != nullptr) profile_->know(key);
}

const Node* Section::take(std::string_view key) {
  know(key);
  if (!readable_) return nullptr;
  const Node* found = find(key);
  if (found == nullptr) refuse(key, *node_, "expected, but missing");
  return found;
}

const Node* Section::scalar(std::string_view key, std::string_view wanted) {
  const Node* found = take(key);
  if (found == nullptr || found->kind == Node::Kind::scalar) return found;
  refuse(key, *found, wanted_text(wanted, *found));
  return nullptr;
}

std::int64_t Section::integer(std::string_view key, Range range) {
  const std::string wanted = "an integer from " + range_text(range);
  const Node* found = scalar(key, wanted);
  if (found == nullptr) return range.least;
  const auto value = parse_integer(found->text);
  if (value && *value >= range.least && *value <= range.most) return *value;
  refuse(key, *found, wanted_text(wanted, *found));
  return range.least;
}

std::string Section::text(std::string_view key, std::size_t length_max) {
  const std::string wanted = "text of 1 to " + std::to_string(length_max) + " bytes";
  const Node* found = scalar(key, wanted);
  if (found == nullptr) return {};
  if (!found->text.empty() && found->text.size() <= length_max) return found->text;
  refuse(key, *found, wanted_text(wanted, *found));
  return {};
}

bool Section::flag(std::string_view key) {
  constexpr std::string_view words[] = {"false", "true"};
  return choice(key, words) == 1;
}

std::size_t Section::choice(std::string_view key, std::span<const std::string_view> words) {
  std::string wanted;
  for (const std::string_view word : words) {
    wanted += (wanted.empty() ? "" : word == words.back() ? " or " : ", ") + std::string(word);
  }
  const Node* found = scalar(key, wanted);
  if (found == nullptr) return 0;
  const auto at = std::find(words.begin(), words.end(), found->text);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  refuse(key, *found, wanted_text(wanted, *found));
  return 0;
}

Micros Section::millis(std::string_view key, Range range) {
  const std::int64_t value = integer(key, range);
  return good({key}) ? assay::millis(value) : Micros{};
}

std::int64_t Section::price(std::string_view key, std::int8_t exponent) {
  const std::string wanted = "a positive decimal number with at most " + std::to_string(-exponent) + " decimals";
  const Node* found = scalar(key, wanted);
  if (found == nullptr) return 1;
  const Result<Decimal> value = parse_price(found->text);
  if (value) {
    const Result<std::int64_t> mantissa = rescale(value.value(), exponent);
    if (!mantissa && mantissa.error().code == Errc::overflow) {
      refuse(key, *found, too_high(exponent));
      return 1;
    }
    if (mantissa && compare(Decimal{static_cast<UInt128>(mantissa.value()), exponent}, value.value()) == 0) {
      return mantissa.value();
    }
  }
  refuse(key, *found, wanted_text(wanted, *found));
  return 1;
}

WallTime Section::time(std::string_view key) {
  constexpr std::string_view wanted = "a time such as 2026-01-31T14:30:00Z";
  const Node* found = scalar(key, wanted);
  if (found == nullptr) return WallTime{};
  if (const auto value = parse_utc(found->text)) return *value;
  refuse(key, *found, wanted_text(wanted, *found));
  return WallTime{};
}

PublicKey Section::public_key(std::string_view key) {
  constexpr std::string_view wanted = "a public key of 64 lower-case hex digits";
  const Node* found = scalar(key, wanted);
  if (found == nullptr) return {};
  if (const auto bytes = bytes32_from_hex(found->text)) return PublicKey{bytes.value()};
  refuse(key, *found, wanted_text(wanted, *found));
  return {};
}

std::vector<PublicKey> Section::public_keys(std::string_view key, std::size_t count_max) {
  const std::string wanted =
      "a list of up to " + std::to_string(count_max) + " public keys of 64 lower-case hex digits";
  std::vector<PublicKey> out;
  const Node* found = take(key);
  if (found == nullptr) return out;
  if (found->kind != Node::Kind::list || found->items.size() > count_max) {
    refuse(key, *found, wanted_text(wanted, *found));
    return out;
  }
  for (std::size_t i = 0; i < found->items.size(); ++i) {
    const Node& item = found->items[i];
    const std::string place = path_of(key) + "[" + std::to_string(i) + "]";
    const auto bytes = bytes32_from_hex(item.kind == Node::Kind::scalar ? item.text : "");
    if (!bytes) {
      bad_.push_back(key);
      problems_->add(item, place, wanted_text("a public key of 64 lower-case hex digits", item));
      continue;
    }
    const PublicKey parsed{bytes.value()};
    const auto same = std::find(out.begin(), out.end(), parsed);
    if (same != out.end()) {
      bad_.push_back(key);
      problems_->add(item, place, "expected a key of its own, got one that is listed already");
    }
    out.push_back(parsed);
  }
  return out;
}

std::vector<std::string> Section::texts(std::string_view key, std::size_t count_max, std::size_t length_max) {
  const std::string wanted =
      "a list of up to " + std::to_string(count_max) + " texts of 1 to " + std::to_string(length_max) + " bytes";
  const Node* found = take(key);
  if (found == nullptr) return {};
  std::vector<std::string> out;
  const bool fits = found->kind == Node::Kind::list && found->items.size() <= count_max;
  const bool plain = fits && std::all_of(found->items.begin(), found->items.end(), [length_max](const Node& item) {
                       return item.kind == Node::Kind::scalar && !item.text.empty() && item.text.size() <= length_max;
                     });
  if (!plain) {
    refuse(key, *found, wanted_text(wanted, *found));
    return {};
  }
  for (const Node& item : found->items) out.push_back(item.text);
  return out;
}

bool Section::is_none(std::string_view key) {
  know(key);
  const Node* found = readable_ ? find(key) : nullptr;
  return found != nullptr && found->kind == Node::Kind::scalar && found->text == "none";
}

Section Section::section(std::string_view key) {
  static const Node none;
  const Node* found = take(key);
  if (found != nullptr) return Section(*found, path_of(key), *problems_);
  Problems unheard;
  Section absent(none, path_of(key), unheard);
  absent.problems_ = problems_;
  return absent;
}

std::vector<Section> Section::sections(std::string_view key, Range count) {
  std::vector<Section> out;
  const Node* found = take(key);
  if (found == nullptr) return out;
  const auto size = static_cast<std::int64_t>(found->items.size());
  if (found->kind != Node::Kind::list || size < count.least || size > count.most) {
    const std::string got = found->kind == Node::Kind::list ? std::to_string(size) : kind_text(*found);
    refuse(key, *found, "expected a list of " + range_text(count) + " entries, got " + got);
    return out;
  }
  for (std::size_t i = 0; i < found->items.size(); ++i) {
    out.emplace_back(found->items[i], path_of(key) + "[" + std::to_string(i) + "]", *problems_);
  }
  return out;
}

void Section::refuse(std::string_view key, const Node& at, std::string expected) {
  bad_.push_back(key);
  // What a profile says wrongly is wrong once, however many use it.
  if (profile_ != nullptr && own(key) == nullptr && profile_->own(key) != nullptr) {
    if (profile_->good({key})) profile_->refuse(key, at, std::move(expected));
    return;
  }
  problems_->add(at, path_of(key), std::move(expected));
}

bool Section::good(std::initializer_list<std::string_view> keys) const {
  return readable_ && std::none_of(keys.begin(), keys.end(), [this](std::string_view key) {
           const bool read = std::find(known_.begin(), known_.end(), key) != known_.end() && find(key) != nullptr;
           return !read || std::find(bad_.begin(), bad_.end(), key) != bad_.end();
         });
}

void Section::complain(std::string_view key, std::string expected) {
  if (good({key})) refuse(key, *find(key), std::move(expected));
}

void Section::finish() {
  if (!readable_) return;
  for (const Entry& entry : node_->entries) {
    if (entry.key.kind != Node::Kind::scalar) continue;
    if (std::find(known_.begin(), known_.end(), entry.key.text) != known_.end()) continue;
    std::string expected = "unknown key";
    if (const auto meant = nearest(entry.key.text, known_))
      expected += "; did you mean \"" + std::string(*meant) + "\"?";
    problems_->add(entry.key, path_of(shown(entry.key.text).substr(1, shown(entry.key.text).size() - 2)), expected);
  }
}

}  // namespace assay::config
