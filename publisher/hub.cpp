#include "publisher/hub.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <numeric>
#include <set>
#include <type_traits>
#include <utility>

namespace assay::publisher {
namespace {

namespace json = boost::json;

constexpr std::int64_t second_us = 1'000'000;

SharedText shared(const json::object& message) {
  return std::make_shared<const std::string>(json::serialize(message));
}

SharedText error_text(Error error) {
  return shared({{"type", "error"}, {"code", name(error.code)}, {"message", error.detail}});
}

}  // namespace

Hub::Hub(std::shared_ptr<const FeedList> feeds, HubLimits limits, std::string hello)
    : feeds_(std::move(feeds)), limits_(limits), hello_(std::make_shared<const std::string>(std::move(hello))) {
  for (std::uint32_t i = 0; i < feeds_->size(); ++i) index_of_.emplace((*feeds_)[i].symbol, i);
}

std::optional<ClientId> Hub::connect(MonoTime now) {
  if (clients_.size() >= limits_.clients_max) return std::nullopt;
  const ClientId id{++last_client_};
  Client& client = clients_[id];
  client.tokens_us = second_us * limits_.requests_burst / limits_.requests_per_second;
  client.refilled = now;
  reply(client, hello_);
  return id;
}

void Hub::disconnect(ClientId id) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  Client& client = found->second;
  for (const auto& [name, set] : client.subscriptions) release(set);
  if (client.wanted) release(*client.wanted);
  clients_.erase(found);
}

void Hub::reply(Client& client, SharedText text) {
  client.reply_bytes += text->size();
  client.replies.push_back(std::move(text));
}

bool Hub::spend_token(Client& client, MonoTime now) const {
  const std::int64_t price_us = second_us / limits_.requests_per_second;
  const std::int64_t full_us = price_us * limits_.requests_burst;
  const std::int64_t passed_us = std::clamp((now - client.refilled).value, std::int64_t{0}, full_us);
  client.refilled = now;
  client.tokens_us = std::min(full_us, client.tokens_us + passed_us);
  if (client.tokens_us < price_us) return false;
  client.tokens_us -= price_us;
  return true;
}

std::optional<Close> Hub::receive(ClientId id, std::string_view text, MonoTime now) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return std::nullopt;
  Client& client = found->second;
  if (!spend_token(client, now)) return Close{CloseCode::too_fast, "too many requests"};
  if (client.replies.size() >= limits_.replies_max || client.reply_bytes >= limits_.reply_bytes_max) {
    return Close{CloseCode::too_fast, "replies are not read"};
  }
  const auto request = parse_request(text);
  if (!request) {
    reply(client, error_text(request.error()));
    if (++client.faults >= limits_.faults_max) return Close{CloseCode::bad_message, "too many bad messages"};
    return std::nullopt;
  }
  std::visit(
      [&](const auto& asked) {
        using Asked = std::decay_t<decltype(asked)>;
        if constexpr (std::is_same_v<Asked, Subscribe>) {
          subscribe(client, asked);
        } else if constexpr (std::is_same_v<Asked, Unsubscribe>) {
          unsubscribe(client, asked);
        } else {
          reply(client, shared({{"type", "pong"}, {"t", asked.time}}));
        }
      },
      *request);
  return std::nullopt;
}

void Hub::subscribe(Client& client, const Subscribe& request) {
  if (client.subscriptions.size() >= limits_.subscriptions_max && !client.subscriptions.contains(request.id)) {
    reply(client, error_text({Errc::too_large, "too many subscriptions on one connection"}));
    return;
  }
  std::set<std::uint32_t> wanted;
  json::array rejected;
  std::uint64_t more = 0;
  for (const auto& symbol : request.feeds) {
    if (symbol == "*") {
      for (std::uint32_t i = 0; i < feeds_->size(); ++i) wanted.insert(i);
    } else if (const auto known = index_of_.find(symbol); known != index_of_.end()) {
      wanted.insert(known->second);
    } else if (rejected.size() >= limits_.rejected_max) {
      ++more;
    } else {
      rejected.push_back(json::object{{"feed", symbol}, {"reason", "unknown_feed"}});
    }
  }
  json::array accepted;
  for (const auto index : wanted) accepted.emplace_back((*feeds_)[index].symbol);
  json::object answer{{"type", "subscribed"}, {"id", request.id}, {"feeds", accepted}, {"rejected", rejected}};
  if (more > 0) answer["rejected_more"] = more;
  if (latest_) answer["height"] = std::to_string(latest_->source().header.height.value);
  reply(client, shared(answer));

  const auto set = wanted.empty() ? sets_.end() : share(FeedSet(wanted.begin(), wanted.end()));
  if (const auto old = client.subscriptions.find(request.id); old != client.subscriptions.end()) {
    release(old->second);
    client.subscriptions.erase(old);
  }
  if (set != sets_.end()) client.subscriptions.emplace(request.id, set);
  rebuild_wanted(client);
  // The snapshot: the newest batch counts as not yet sent.
  client.held = nullptr;
  client.sent = std::nullopt;
  client.sequence = sequence_ == 0 ? 0 : sequence_ - 1;
}

void Hub::unsubscribe(Client& client, const Unsubscribe& request) {
  const auto found = client.subscriptions.find(request.id);
  if (found == client.subscriptions.end()) {
    reply(client, error_text({Errc::out_of_range, "no subscription of this id"}));
    return;
  }
  release(found->second);
  client.subscriptions.erase(found);
  rebuild_wanted(client);
  reply(client, shared({{"type", "unsubscribed"}, {"id", request.id}}));
}

void Hub::rebuild_wanted(Client& client) {
  std::set<std::uint32_t> all;
  for (const auto& [id, set] : client.subscriptions) all.insert(set->first.begin(), set->first.end());
  const auto old = std::exchange(client.wanted, std::nullopt);
  if (!all.empty()) client.wanted = share(FeedSet(all.begin(), all.end()));
  if (old) release(*old);
  if (!client.wanted) client.held = nullptr;
}

Hub::SetRef Hub::share(FeedSet set) {
  const auto place = sets_.try_emplace(std::move(set)).first;
  ++place->second.users;
  return place;
}

void Hub::release(SetRef set) {
  if (--set->second.users == 0) sets_.erase(set);
}

void Hub::publish(std::shared_ptr<const Batch> batch) {
  if (latest_ && batch->header.height <= latest_->source().header.height) return;
  auto frames = BatchFrames::make(std::move(batch), feeds_);
  if (!frames) return;
  latest_.emplace(std::move(frames).value());
  ++sequence_;
}

SharedText Hub::frame_of(SetRef set) {
  auto& [indices, shared_set] = *set;
  if (shared_set.sequence != sequence_) {
    shared_set.frame = std::make_shared<const std::string>(indices.size() == 1 ? latest_->update(indices.front())
                                                                               : latest_->batch(indices));
    shared_set.sequence = sequence_;
    ++counters_.frames_built;
  }
  return shared_set.frame;
}

SharedText Hub::take(ClientId id) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return nullptr;
  Client& client = found->second;
  if (!client.replies.empty()) {
    auto text = std::move(client.replies.front());
    client.replies.pop_front();
    client.reply_bytes -= text->size();
    return text;
  }
  if (client.held) {
    ++counters_.frames_taken;
    return std::exchange(client.held, nullptr);
  }
  if (!client.wanted || client.sequence == sequence_) return nullptr;

  const bool slow = sequence_ - client.sequence > 1;
  const Height height = latest_->source().header.height;
  const auto before = std::exchange(client.sent, height);
  client.sequence = sequence_;
  auto frame = frame_of(*client.wanted);
  if (!before || height == next(*before)) {
    ++counters_.frames_taken;
    return frame;
  }
  // Held, so that the notice and the frame after it agree even if a newer batch comes in between.
  counters_.frames_conflated += height.value - before->value - 1;
  client.held = std::move(frame);
  return shared({{"type", "conflated"},
                 {"from", std::to_string(next(*before).value)},
                 {"to", std::to_string(height.value - 1)},
                 {"reason", slow ? "slow_consumer" : "late_node"}});
}

bool Hub::subscribed(ClientId id) const {
  const auto found = clients_.find(id);
  return found != clients_.end() && found->second.wanted.has_value();
}

}  // namespace assay::publisher
