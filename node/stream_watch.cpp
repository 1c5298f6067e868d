#include "node/stream_watch.hpp"

#include <boost/json.hpp>

namespace assay::node {

namespace {

constexpr std::size_t frame_size_max = 8U << 20U;

std::string subscribe_frame(const std::vector<std::string>& feeds) {
  return boost::json::serialize(
      boost::json::object{{"op", "subscribe"}, {"id", 1}, {"feeds", boost::json::value_from(feeds)}});
}

/// Frames that carry prices; everything else on the stream is conversation.
bool carries_leaves(std::string_view text) {
  boost::system::error_code failed;
  const auto document = boost::json::parse(text, failed);
  const auto* object = failed ? nullptr : document.if_object();
  const auto* type = object == nullptr ? nullptr : object->if_contains("type");
  return type != nullptr && type->is_string() && (type->get_string() == "update" || type->get_string() == "batch");
}

}  // namespace

StreamWatch::StreamWatch(publisher::Pinned pinned, std::vector<FeedTerms> expected, std::vector<std::string> urls,
                         const std::vector<std::string>& feeds, OnFrame on_frame)
    : on_frame_(std::move(on_frame)), clients_(mono_now, entropy_), consumer_(pinned, std::move(expected), {}) {
  counters_.update([&](Counters& counters) {
    counters.newest.resize(urls.size());
    counters.link.assign(urls.size(), "connecting");
  });
  for (std::size_t i = 0; i < urls.size(); ++i) {
    add(i, urls[i], subscribe_frame(feeds));
  }
}

void StreamWatch::add(std::size_t endpoint, const std::string& url, const std::string& subscribe) {
  const auto set_link = [this, endpoint](std::string state) {
    counters_.update([&](Counters& counters) { counters.link[endpoint] = std::move(state); });
  };
  fetchers::WsEvents events;
  events.on_message = [this, endpoint](fetchers::WsConnectionId, ByteSpan bytes) {
    message(endpoint, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return fetchers::WsReaction{};
  };
  events.on_open = [set_link](fetchers::WsConnectionId) { set_link("open"); };
  events.on_down = [set_link](Error error, std::string_view text) {
    set_link(std::string(name(error.code)) + ": " + std::string(text));
  };
  const auto added = clients_.add({.url = url,
                                   .ca_file = {},
                                   .frames = {subscribe},
                                   .ping_interval = millis(15'000),
                                   .ping_frame = {},
                                   .silence_max = millis(60'000),
                                   .message_size_max = frame_size_max,
                                   .backoff_min = millis(100),
                                   .backoff_max = millis(2'000)},
                                  std::move(events));
  if (!added) {
    set_link(std::string("bad URL: ") + added.error().detail);
  }
}

void StreamWatch::message(std::size_t endpoint, std::string_view text) {
  if (!carries_leaves(text)) {
    return;
  }
  const auto now = wall_now();
  const auto verdict = consumer_.accept(text, now);
  if (const auto* rejection = std::get_if<publisher::Rejection>(&verdict)) {
    // Several nodes answer: the slower one repeats heights that are already behind us.
    if (rejection->why == publisher::Unfit::older_height) {
      return;
    }
    counters_.update([&](Counters& counters) {
      ++counters.refused;
      counters.forked = counters.forked || consumer_.forked();
      counters.last_refusal = std::string(name(rejection->why)) + ": " + rejection->detail;
    });
    return;
  }
  auto fresh = std::get<publisher::VerifiedFrame>(verdict);
  const auto height = fresh.header.height;
  std::erase_if(fresh.leaves, [&](const publisher::VerifiedLeaf& leaf) {
    auto& newest = newest_leaf_[leaf.symbol];
    return !(newest < height) || (newest = height, false);
  });
  counters_.update([&](Counters& counters) {
    counters.heights +=
        counters.newest.empty() || *std::max_element(counters.newest.begin(), counters.newest.end()) < height;
    counters.newest[endpoint] = std::max(counters.newest[endpoint], height);
    counters.leaves += fresh.leaves.size();
  });
  if (fresh.leaves.empty()) {
    return;
  }
  table_.update([&](PriceTable& table) {
    for (const auto& leaf : fresh.leaves) {
      table.put(leaf.symbol, leaf.leaf);
    }
  });
  if (on_frame_) {
    on_frame_(fresh, now);
  }
}

std::string stream_url(const std::string& text) {
  constexpr std::string_view path = "/v1/stream";
  auto url = text;
  if (url.starts_with("http")) {
    url.replace(0, 4, "ws");
  } else if (!url.starts_with("ws")) {
    url.insert(0, "ws://");
  }
  while (url.ends_with('/')) {
    url.pop_back();
  }
  if (!url.ends_with(path)) {
    url += path;
  }
  return url;
}

}  // namespace assay::node
