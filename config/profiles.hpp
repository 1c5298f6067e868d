#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/section.hpp"

namespace assay::config {

/// Named sets of values that feeds or sources share: whoever says `profile: NAME` takes from it every key that it does
/// not say itself. Part of the file, so still nothing has a default. Only the values are part of the network's
/// settings: the same values written out have the same digest. Lives within one load; sections that inherit() hold
/// pointers to it.
class Profiles {
 public:
  /// Reads the list `key`, 0..256 maps with a `name` each.
  Profiles(Section& root, std::string_view key);
  Profiles(const Profiles&) = delete;
  Profiles& operator=(const Profiles&) = delete;

  /// Lets the section inherit the profile that it names, if it names one.
  void apply(Section& section);
  /// After the last use: a profile that nobody uses, or a key of one that nobody knows, is wrong.
  void finish();

 private:
  struct Profile {
    std::string name;
    Section section;
    bool used = false;
  };
  std::vector<Profile> profiles_;
};

}  // namespace assay::config
