#include "core/feed.hpp"

namespace assay {

FeedId feed_id(std::string_view symbol) {
  return FeedId{tagged_sha256("assay/feed/v1", {as_bytes(symbol)})};
}

}  // namespace assay
