#include "config/profiles.hpp"

#include <algorithm>
#include <utility>

#include "core/nearest.hpp"

namespace assay::config {

Profiles::Profiles(Section& root, std::string_view key) {
  for (Section& section : root.sections(key, {0, 256})) {
    std::string name = section.text("name", 64);
    const bool taken =
        std::any_of(profiles_.begin(), profiles_.end(), [&name](const Profile& p) { return p.name == name; });
    if (taken) section.complain("name", "expected each profile once, got " + shown(name) + " again");
    profiles_.push_back({std::move(name), std::move(section)});
  }
}

void Profiles::apply(Section& section) {
  if (!section.has("profile")) return;
  const std::string name = section.text("profile", 64);
  const auto at =
      std::find_if(profiles_.begin(), profiles_.end(), [&name](const Profile& p) { return p.name == name; });
  if (at == profiles_.end()) {
    std::vector<std::string_view> known;
    for (const Profile& profile : profiles_) known.emplace_back(profile.name);
    const auto meant = nearest(name, known);
    section.complain("profile", "expected the name of a profile, got " + shown(name) +
                                    (meant ? "; did you mean \"" + std::string(*meant) + "\"?" : ""));
    return;
  }
  at->used = true;
  section.inherit(at->section);
}

void Profiles::finish() {
  for (Profile& profile : profiles_) {
    if (profile.used) {
      profile.section.finish();
    } else {
      profile.section.complain("name", "expected a profile that is used, got " + shown(profile.name) + ": remove it");
    }
  }
}

}  // namespace assay::config
