#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/document.hpp"
#include "config/error.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/time.hpp"

namespace assay::config {

/// Where a reader puts what it finds wrong, so that one run tells everything.
struct Problems {
  std::string file;
  std::vector<ConfigError> list;

  void add(const Node& at, std::string key, std::string expected);
};

/// Bounds of an integer, both inclusive.
struct Range {
  std::int64_t least{};
  std::int64_t most{};
};

/// One map of a file while it is being read. Each read names a key, says what is wrong with its value and then answers
/// a harmless one, so reading goes on. At the end of its life the reader calls finish(): keys never asked for are
/// refused, with the nearest known one. Holds references: lives within one load.
class Section {
 public:
  /// Anything but a map is reported once; all keys then read as absent without further complaint.
  Section(const Node& node, std::string path, Problems& problems);

  bool has(std::string_view key);  ///< asks for an optional key
  std::int64_t integer(std::string_view key, Range range);
  std::string text(std::string_view key, std::size_t length_max);
  bool flag(std::string_view key);                                 ///< true or false
  Micros millis(std::string_view key, Range range);                ///< an integer of milliseconds; zero when refused
  std::int64_t price(std::string_view key, std::int8_t exponent);  ///< decimal text, exact at the exponent, 1..2^62
  WallTime time(std::string_view key);                             ///< 2026-01-31T14:30:00Z
  PublicKey public_key(std::string_view key);                      ///< 64 hex digits
  std::vector<PublicKey> public_keys(std::string_view key, std::size_t count_max);
  std::size_t choice(std::string_view key, std::span<const std::string_view> words);  ///< index of the word
  std::vector<std::string> texts(std::string_view key, std::size_t count_max, std::size_t length_max);
  bool is_none(std::string_view key);  ///< the word `none` instead of a value
  Section section(std::string_view key);
  std::vector<Section> sections(std::string_view key, Range count);

  /// Keys that this map lacks are looked up in `profile`, and complained of there, once. The profile must outlive this.
  void inherit(Section& profile) { profile_ = &profile; }

  /// True when all these keys were read and nothing was wrong with them: then a rule between them means something.
  bool good(std::initializer_list<std::string_view> keys) const;
  bool good() const { return readable_ && bad_.empty(); }  ///< every key read so far
  /// A complaint about the value of a key; dropped when something is wrong with it already.
  void complain(std::string_view key, std::string expected);
  void finish();

 private:
  void know(std::string_view key);
  const Node* take(std::string_view key);  ///< nullptr: missing, and said so
  const Node* find(std::string_view key) const;
  const Node* own(std::string_view key) const;  ///< find() without the profile
  const Node* scalar(std::string_view key, std::string_view wanted);
  void refuse(std::string_view key, const Node& at, std::string expected);
  std::string path_of(std::string_view key) const;

  const Node* node_;
  Section* profile_ = nullptr;
  std::string path_;
  Problems* problems_;
  std::vector<std::string_view> known_;  ///< keys asked for: string literals of the readers
  std::vector<std::string_view> bad_;    ///< of these, the ones refused
  bool readable_ = true;
};

/// `"text"`, shortened, with control characters replaced: safe to print.
std::string shown(std::string_view text);

}  // namespace assay::config
