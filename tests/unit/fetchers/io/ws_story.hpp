#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fetchers/io/ws_client.hpp"
#include "fetchers/market/io/script_server.hpp"
#include "tests/unit/fetchers/io/support.hpp"

/// A client of a scripted server, and what it went through.
namespace assay::fetchers::testing {

/// What one client went through: "open", "message <text>", "down <code>".
struct Story {
  Diary<std::string> events;
  Diary<std::string> reasons;
  std::function<std::optional<std::string>(std::string_view)> reply;
  std::function<WsReaction(WsConnectionId, std::string_view)> react;  ///< instead

  WsEvents watch() {
    WsEvents watched;
    watched.on_open = [this](WsConnectionId) { events.add("open"); };
    watched.on_message = [this](WsConnectionId connection, ByteSpan message) {
      const std::string text(message.begin(), message.end());
      events.add("message " + text);
      if (react) return react(connection, text);
      return WsReaction{.reply = reply ? reply(text) : std::nullopt};
    };
    watched.on_close = [this](WsConnectionId) { events.add("close"); };
    watched.on_renewal = [this](const Done& replaced) { events.add(replaced ? "renewed" : "not renewed"); };
    watched.on_down = [this](Error error, std::string_view text) {
      reasons.add(std::string(text));
      events.add("down " + std::string(name(error.code)));
    };
    return watched;
  }
  std::size_t count(std::string_view what) const {
    const auto items = events.items();
    return static_cast<std::size_t>(std::count(items.begin(), items.end(), what));
  }
  bool comes(const std::string& what, std::size_t times = 1) {
    return events.eventually([&](const std::vector<std::string>& items) {
      return static_cast<std::size_t>(std::count(items.begin(), items.end(), what)) >= times;
    });
  }
};

inline market::ScriptStream stream_of(std::vector<std::string> texts, market::ScriptEnd end = market::ScriptEnd::stay) {
  market::ScriptStream stream;
  for (std::string& text : texts) stream.frames.push_back({Micros{}, std::move(text)});
  stream.end = end;
  return stream;
}

class WsClient : public ::testing::Test {
 protected:
  void serve(market::Script script, market::PkiSettings pki = {}) {
    files_ = pki_in(folder_, std::move(pki));
    auto server = market::ScriptServer::listen(files_, std::move(script),
                                               [this](std::string_view text) { heard_.add(std::string(text)); });
    ASSERT_TRUE(server);
    server_ = std::move(*server);
    serving_ = std::make_unique<Lent>(*server_);
  }

  WsEndpoint endpoint(const std::string& target) const {
    WsEndpoint endpoint;
    endpoint.url = "wss://localhost:" + std::to_string(server_->port()) + target;
    endpoint.ca_file = files_.ca_file;
    endpoint.backoff_min = millis(5);
    endpoint.backoff_max = millis(50);
    return endpoint;
  }

  std::size_t connect(WsEndpoint endpoint) {
    const auto added = clients_.add(std::move(endpoint), story_.watch());
    EXPECT_TRUE(added);
    if (!running_) running_ = std::make_unique<Lent>(clients_);
    return added ? *added : 0;
  }

  Folder folder_;
  market::PkiFiles files_;
  Diary<std::string> heard_;  ///< what the server heard
  Story story_;
  SeededEntropy entropy_;
  std::unique_ptr<market::ScriptServer> server_;
  std::unique_ptr<Lent> serving_;
  WsClients clients_{mono_now, entropy_};
  std::unique_ptr<Lent> running_;
};

}  // namespace assay::fetchers::testing
