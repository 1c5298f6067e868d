#pragma once
#include <map>
#include <string>
#include <vector>

#include "aggregator/policy.hpp"
#include "config/profiles.hpp"
#include "config/section.hpp"

namespace assay::config {

/// The explicit market hours of the file, by name.
using Calendars = std::map<std::string, std::vector<aggregator::OpenInterval>, std::less<>>;
Calendars read_calendars(Section& root);

/// What feeds and legs share with the rest of the file.
struct FeedContext {
  Micros observation_age_max;
  std::vector<std::string> groups;
  Calendars calendars;
  Profiles feed_profiles;
  Profiles source_profiles;

  explicit FeedContext(Section& root);
  /// After the last feed: complains of profiles that nobody uses, and of keys in them that nobody knows.
  void finish();
};

/// A feed that was read, and where its parts stand in the file: for what only the whole file can tell.
struct ReadFeed {
  aggregator::FeedPolicy policy;
  Section section;
  std::vector<Section> sources;  ///< parallel to policy.sources
};

/// A feed is attested; a leg only converts, so it has no ttl, no averages and no confirmations.
enum class FeedRole { feed, leg };

/// Reads one entry of `feeds` or `legs` with its sources or derivation, and checks the rules between its fields:
///   symbol BASE/QUOTE, units before any '_'; reference mantissa in [10^6, 10^17]; floor < reference < ceiling, all at
///   most 2^62; confidence_floor < wide; source ages <= src_age_max <= observation_age_max; each symbol of a venue
///   once; `via` exactly where a source's pair is another than the feed's; min_groups at least 3 and not above the
///   number of groups. Units and caps are make_plan()'s to check.
ReadFeed read_feed(Section section, FeedRole role, FeedContext& context);

}  // namespace assay::config
